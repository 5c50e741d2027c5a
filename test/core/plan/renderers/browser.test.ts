import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderPlanHtml } from '../../../../src/core/plan/renderers/html.ts';
import { lookAt, openBrowser } from '../../../browser.ts';
import { everything, impact, nothing, plan, resetChange, scopeChange, shortenedAndHeld, verdict } from './northwind.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Every element that a plan is made of. */
const ELEMENTS =
  'a article bdi body caption code dd defs details div dl dt footer h1 h2 h3 head header html li line link main meta p pattern pre rect section span strong style summary svg table tbody td th thead time title tr ul'.split(
    ' ',
  );

const EVIL = '"><img src=http://evil.example/x onerror=alert(1)></title></style><script>alert(2)</script>';
const LONG = `${'policies-'.repeat(40)}bakery.yaml:9`;

const hostile = plan({
  scopes: [
    scopeChange('northwind', {
      action: 'update',
      place: LONG,
      edits: [{ field: 'enrollment', before: EVIL, after: EVIL, place: LONG }],
      impact: impact({
        members: 1,
        overdueAtOnce: 1,
        names: [{ scope: 'northwind', group: 'overdue', user: `${'x'.repeat(200)}@evil.example`, role: 'Lite', deadline: null }],
      }),
      verdicts: [verdict({ guard: 'weakened', outcome: 'overridden', message: EVIL, remedy: `${EVIL} ${LONG}` })],
    }),
    scopeChange(`northwind/${'very-long-client-name-'.repeat(2)}x`, { action: 'orphan' }),
  ],
  resets: [resetChange({ requestId: EVIL, user: EVIL, reason: LONG, place: LONG })],
  unknownUsers: [{ called: EVIL, place: LONG }],
});

describe.each([
  ['of everything', everything],
  ['with a held scope', shortenedAndHeld],
  ['with nothing to say', nothing],
  ['with hostile texts', hostile],
])('in Chromium, a plan %s', (_, of) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)('%s, %d wide: breaks no rule of accessibility, fetches nothing, runs nothing, fits', async (scheme, width) => {
    // What is folded away is looked at too.
    const html = [...renderPlanHtml(of, { names: 'all', generator: 'padlock 0.0.0' })].join('\n').replaceAll('<details>', '<details open>');
    const seen = await lookAt(browser, html, { scheme, width });
    expect(seen.violations).toEqual([]);
    expect(seen.complaints).toEqual([]);
    expect(seen.overflows).toBe(false);
    expect(seen.elements.filter((name) => !ELEMENTS.includes(name))).toEqual([]);
    expect(seen.title).toMatch(/^Plan: /);
  });
});
