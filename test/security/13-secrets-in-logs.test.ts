/**
 * Threat: what lets somebody in ends up where many look: a log that is shipped elsewhere, an error, the audit log, the table of mails that
 * wait. Secrets are planted in every place where a person or a browser can put them, through every step of signing in and past it; then
 * everything that was written is searched for each of them.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { portalApp } from '../../src/apps/portal/app.ts';
import { type Log, portalLog } from '../../src/apps/portal/log.ts';
import { portalMetrics } from '../../src/apps/portal/metrics.ts';
import { PadlockError } from '../../src/core/model/errors.ts';
import type { Notifier } from '../../src/core/ports/notifier.ts';
import { askForMail } from '../../src/flows/sign-in/links.ts';
import { sendNotices } from '../../src/flows/sign-in/notices.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { Client } from '../apps/portal/client.ts';
import { Place } from '../apps/portal/running.ts';
import { setUpApp } from '../apps/portal/sign-up.ts';
import { examplePolicies } from '../flows/northwind.ts';
import { ACCOUNT, PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

/** A log that keeps its lines. */
function keeping(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, log: portalLog({ now: () => 0 }, { write: (line) => void lines.push(line) }) };
}

describe('what is told of an error', () => {
  test.each<[string, () => unknown]>([
    ['words of others', () => new Error('near "PLANTED": syntax error')],
    ['of several lines, like places', () => new Error('PLANTED\n    at PLANTED (file:///x.ts:1:2)\n  at PLANTED:3:4')],
    ['a cause of others', () => new PadlockError('store/unavailable', 'the store cannot be read', { cause: new Error('PLANTED') })],
    ['a code of others', () => Object.assign(new Error('x'), { code: 'PLANTED secret ' })],
    ['a fault of ours that nobody thought of', () => new PadlockError('internal/unexpected', '"PLANTED" is not a duration')],
    ['data of an error', () => new PadlockError('store/conflict', 'it went on elsewhere', { data: { token: 'PLANTED' } })],
    ['no error at all', () => 'PLANTED'],
    ['an object', () => ({ token: 'PLANTED', toString: () => 'PLANTED' })],
    ['properties', () => Object.assign(new TypeError('x'), { parameters: ['PLANTED'], sql: 'PLANTED' })],
  ])('%s: where and of which class, and nothing of it', (_, error) => {
    const { log, lines } = keeping();
    log.fault(error(), 'abcd1234');
    log.background('mails', error());
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('PLANTED');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', fault: 'abcd1234' });
  });
});

describe('a request', () => {
  let portal: Portal;
  beforeEach(async () => {
    portal = await Portal.open();
  });
  afterEach(() => portal.close());

  test.each([
    ['GET', '/invitation/PLANTED'],
    ['GET', '/password-reset/PLANTED'],
    ['GET', '/unlock/PLANTED'],
    ['POST', '/unlock/PLANTED'],
    ['GET', '/sign-in/northwind?password=PLANTED'],
    ['GET', '/PLANTED'],
    ['GET', '/no/such/page/PLANTED'],
    ['PLANTED', '/'],
    ['POST', '/sign-in/PLANTED/PLANTED'],
  ])('%s %s is told by its pattern', async (method, path) => {
    const { log, lines } = keeping();
    const metrics = portalMetrics(async () => 0);
    const app = portalApp({
      signIn: portal.world,
      worldOf: () => portal.northwind.world(),
      passwords: { has: () => false },
      addressOf: () => '192.0.2.1',
      onRequest: (told) => {
        log.request(told);
        metrics.request(told);
      },
      onFault: (error, id) => log.fault(error, id),
    });
    const headers = { origin: portal.site.origin, cookie: 'PLANTED=PLANTED', authorization: 'PLANTED', 'user-agent': 'PLANTED' };
    await app.request(`${portal.site.origin}${path}`, { method, headers });
    expect(lines).toHaveLength(1);
    expect(lines.join() + (await metrics.text())).not.toContain('PLANTED');
  });

  test('what waits to be mailed holds no link, and neither does the log of what is sent', async () => {
    await portal.northwind.apply(examplePolicies());
    await portal.enrolled(ADA);
    const tokens: string[] = [];
    const lossy: Notifier = {
      async send({ text }) {
        tokens.push(...(text.match(/[\w-]{43}/g) ?? []));
        throw new PadlockError('notify/failed', 'the mail server did not take a mail');
      },
    };
    await askForMail(portal.world, 'password-reset', { scope: ACCOUNT, address: ADA, from: '192.0.2.1' });
    const { failed } = await sendNotices(portal.world, lossy);
    expect(tokens).toHaveLength(1);
    const { log, lines } = keeping();
    for (const error of failed) log.background('mail', error);
    for (const place of [lines.join(), contentOf(portal.northwind.opened.raw)]) expect(place).not.toContain(tokens[0]);
  });
});

describe('a portal as people use it', () => {
  let place: Place;
  beforeAll(() => {
    place = Place.made();
  }, 120_000);
  afterAll(() => place.remove());

  test('no password, code, secret, token or recovery code stands in its logs, its output, the store or the audit log', async () => {
    const running = await place.start(['demo', '--portal', '--port', '0']);
    const links = running.stdout.match(/\/invitation\/[\w-]{43}/g) ?? [];
    const planted = new Map<string, string>();
    const plant = (what: string, secret: string | undefined) => planted.set(what, secret ?? '');
    const client = new Client(running.origin);
    const cookie = (what: string) => plant(what, client.cookie.split('=')[1]);
    const link = links[1] ?? '';
    await client.get(link);
    cookie('a visitor');
    await client.post(link, { password: 'PLANTED-too-far', again: 'apart' });
    plant('a password that was not taken', 'PLANTED-too-far');
    await client.post(link, { password: PASSWORD, again: PASSWORD });
    plant('the password', PASSWORD);
    cookie('a half-done sign-in');
    const done = await setUpApp(client);
    plant('the secret of the app', done.secret);
    for (const [index, code] of [...done.text.matchAll(/<li>(?:<code>)?([0-9a-zA-Z-]{8,})/g)].entries())
      plant(`recovery code ${index}`, code[1]);
    cookie('a session');
    const other = new Client(running.origin);
    await other.get('/sign-in/northwind');
    for (const [what, address, password] of [
      ['a wrong password', ADA, 'PLANTED-wrong'],
      ['a password typed as an address', 'PLANTED-address', 'x'],
    ] as const) {
      await other.post('/sign-in/northwind', { address, password });
      plant(what, password === 'x' ? address : password);
    }
    await other.post('/sign-in/northwind', { address: ADA, password: PASSWORD });
    await other.get('/code');
    await other.post('/code', { code: 'PLANTED-code' });
    plant('a wrong code', 'PLANTED-code');
    await other.post('/help/northwind', { about: 'password-reset', address: ADA });
    await running.until(() => place.mails().some((mail) => mail.includes('/password-reset/')));
    const mailed = /\/password-reset\/([\w-]{43})/.exec(place.mails().join())?.[1];
    plant('a mailed token', mailed);
    await other.get(`/password-reset/${mailed}?again=1`);
    await other.get(`/unlock/${'P'.repeat(43)}`);
    plant('a token that is none', 'P'.repeat(43));
    await running.kill('SIGTERM');

    expect(planted.size).toBeGreaterThan(15);
    const store = place.content();
    const audit = place.run(['audit', 'export', '--account', 'northwind']).stdout;
    expect(running.lines.length).toBeGreaterThan(12);
    for (const [what, text] of planted) {
      expect(text.length, what).toBeGreaterThan(7);
      for (const [where, written] of Object.entries({ logs: running.stderr, store, audit })) {
        expect(written.includes(text) ? `${what} stands in the ${where}` : '').toBe('');
      }
      expect(running.stdout.includes(text), `${what} stands in what the command says`).toBe(false);
    }
  });
});
