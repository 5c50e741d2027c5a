import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestReset } from '../../../src/flows/administering/resets.ts';
import { openBrowser, violationsOn } from '../../browser.ts';
import { keyOf } from '../../core/report/keys.ts';
import { AMIR, DANA, MIA, Office, southwind } from '../../flows/administering/office.ts';
import { DAY } from '../../flows/northwind.ts';
import { Reports } from '../../flows/reports.ts';
import { type Served, serveNorthwind } from './served.ts';

/** For looking at pages with one's own eyes: where screenshots go, if anywhere. */
const SHOTS = process.env['PADLOCK_SHOTS'];

/** Everything that somebody could put in a name to do harm. */
const HOSTILE = `<script>alert(1)</script> =cmd() \u202Egnp.exe`;

let served: Served;
let browser: Browser;
let token: string;
let reports: Reports;
const ids: Record<string, number> = {};

beforeAll(async () => {
  const key = keyOf('the key');
  reports = new Reports(key);
  [served, browser] = [await serveNorthwind({ archive: reports, check: key.check }), await openBrowser()];
  const office = await Office.open(served.portal);
  const dana = await office.by(DANA);
  ({ token } = dana);
  for (const address of [AMIR, MIA, DANA, 'noah@bakery.example']) ids[address] = await served.portal.idOf(address);
  office.one('update users set name = ? where id = ? returning 1', HOSTILE, ids[MIA]);
  await requestReset(dana, ids[AMIR] ?? 0, { requestId: 'PORTAL-00000000000000AA', reason: `called back ${HOSTILE}` });
  await requestReset(dana, ids['noah@bakery.example'] ?? 0, { requestId: 'PORTAL-00000000000000AB', reason: 'lost phone' });
  office.one(
    'insert into sign_in_state (user_id, code_failures, locked_at) values (?, 10, ?) returning 1',
    ids[MIA],
    served.portal.northwind.now,
  );
  await keepReports();
  office.one("update factors set key_id = 'gone' where user_id = ? returning 1", ids[MIA]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

/** Runs as a folder of some weeks holds them: whole, changed, not signed, and one on a second account too. */
async function keepReports(): Promise<void> {
  const { northwind } = served.portal;
  const runs = async (weeks: number) => {
    const now = northwind.now - weeks * 7 * DAY;
    await reports.run({ ...northwind.world(), clock: { now: () => now } });
    return (await reports.names()).at(-1)?.replace(/[.]json$/, '') ?? '';
  };
  const changed = await runs(3);
  reports.files.set(`${changed}.csv`, 'changed');
  reports.files.delete(`${await runs(2)}.sig.json`);
  await runs(1);
  southwind(served.portal);
  await runs(0);
}

const pages = (): [string, string][] => [
  ['users', '/admin/users'],
  ['bakery', '/admin/users?scope=northwind/bakery'],
  ['users-overdue', '/admin/users?show=open&q=a'],
  ['users-none', '/admin/users?q=nobody-is-called-so'],
  ['person', `/admin/users/${ids[MIA]}`],
  ['person-waiting', `/admin/users/${ids[AMIR]}`],
  ['person-self', `/admin/users/${ids[DANA]}`],
  ['policies', '/admin/policies'],
  ['exemptions', '/admin/exemptions'],
  ['resets', '/admin/resets'],
  ['reports', '/admin/reports'],
  ['audit', '/admin/audit'],
];

async function signedIn(look: { width: number; colorScheme: 'light' | 'dark' }): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.colorScheme,
    bypassCSP: false,
  });
  // Over http a browser keeps no such cookie: it is handed over by hand.
  await context.setExtraHTTPHeaders({ cookie: `__Host-padlock=${token}` });
  return context;
}

describe.each([
  { name: 'desktop', width: 1280, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, colorScheme: 'dark' },
] as const)('at $width, $colorScheme', ({ name, width, colorScheme }) => {
  test('every page is accessible, fits, is small, and asks nobody else for anything', async () => {
    const context = await signedIn({ width, colorScheme });
    const found: string[] = [];
    for (const [called, path] of pages()) {
      const page = await context.newPage();
      page.on('console', (message) => found.push(`${called} console: ${message.text()}`));
      page.on('pageerror', (error) => found.push(`${called} error: ${error.message}`));
      page.on('dialog', (dialog) => {
        found.push(`${called} asked: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(served.origin)) found.push(`${called} fetched: ${request.url()}`);
      });
      const response = await page.goto(`${served.origin}${path}`, { waitUntil: 'load' });
      expect([called, response?.status()]).toEqual([called, 200]);
      const size = (await response?.body())?.length ?? 0;
      if (size > 60_000) found.push(`${called} is ${size} bytes`);
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: `${SHOTS}/${name}-${called}.png`, fullPage: true });
      }
      if ((await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')) === true) found.push(`${called} overflows`);
      if ((await page.evaluate("document.querySelectorAll('main script').length")) !== 0) found.push(`${called} has a script`);
      found.push(...(await violationsOn(page)).map((violation) => `${called} ${violation}`));
      await page.close();
    }
    expect(found).toEqual([]);
    expect(served.faults).toEqual([]);
    await context.close();
  }, 120_000);
});

test('a kept report opens as its own page, and has no right to anything', async () => {
  const context = await signedIn({ width: 1280, colorScheme: 'light' });
  const page = await context.newPage();
  const found: string[] = [];
  await page.goto(`${served.origin}/admin/reports`);
  await page
    .getByRole('link', { name: /^Open HTML/ })
    .first()
    .click();
  await page.waitForSelector('#clients');
  page.on('console', (message) => found.push(message.text()));
  page.on('request', (request) => {
    if (!/^data:/.test(request.url()) && !request.url().startsWith(`${served.origin}/admin/reports`)) found.push(request.url());
  });
  const response = await page.reload();
  expect(response?.headers()['content-security-policy']).toMatch(/^sandbox; default-src 'none'; /);
  expect(await page.evaluate('self.origin')).toBe('null');
  expect(await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).not.toBe('none');
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/kept.png` });
  expect(found).toEqual([]);
  await context.close();
});
