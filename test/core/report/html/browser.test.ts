import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookAt, openBrowser } from '../../../browser.ts';
import { headOf, hostilePage, materialOf, pageOf, quietPage } from './page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Every element that a report is made of. */
const ELEMENTS =
  'a article bdi body br caption circle code dd defs div dl dt figcaption figure footer h1 h2 h3 head header html li line link main meta nav p pattern polygon polyline rect section span strong style svg table tbody td text th thead time title tr ul'.split(
    ' ',
  );

const PAGES = [
  ['with something in every section', () => pageOf(materialOf(headOf()))],
  ['with nothing to say', quietPage],
  ['with hostile names', hostilePage],
] as const;

describe.each(PAGES)('in Chromium, a report %s', (_, make) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('%s, %d wide: breaks no rule of accessibility, fetches nothing, runs nothing, fits', async (scheme, width) => {
    const seen = await lookAt(browser, await make(), { scheme, width });
    expect(seen.violations).toEqual([]);
    expect(seen.complaints).toEqual([]);
    expect(seen.overflows).toBe(false);
    expect(seen.elements.filter((name) => !ELEMENTS.includes(name))).toEqual([]);
    expect(seen.title).toMatch(/^MFA compliance · /);
  });
});
