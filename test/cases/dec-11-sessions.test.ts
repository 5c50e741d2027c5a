// DEC-11: a second door with its own reading of the rule. Elsewhere a re-check of running sessions read a raw flag and cut people who owed
// nothing. Here a session is judged by the one requirement function: Enforce and Revoke end it for whoever is Overdue, and for nobody else.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { postpone } from '../../src/flows/sign-in/postpone.ts';
import { DAY } from '../flows/northwind.ts';
import { exempting, Portal, rulesOf } from '../flows/sign-in/portal.ts';

const [WADE, ADA, FRIDA, BEN] = ['wade', 'ada', 'frida', 'ben'].map((name) => `${name}@northwind.example`) as [
  string,
  string,
  string,
  string,
];

let portal: Portal;
let held: Record<string, string>;
beforeEach(async () => {
  portal = await Portal.open();
  held = { enrolled: (await portal.enrolled(BEN)).token };
  for (const [name, address] of [
    ['exempt', WADE],
    ['asked', ADA],
    ['other role', FRIDA],
  ] as const) {
    const welcome = await portal.welcome(address);
    if (welcome.is === 'in') held[name] = welcome.token;
  }
});
afterEach(() => portal.close());

const all = async () =>
  Object.fromEntries(await Promise.all(Object.entries(held).map(async ([name, token]) => [name, await portal.holds(token)])));
const stand = { enrolled: 'session', exempt: 'session', asked: 'session', 'other role': 'session' };
const rules = (...more: string[]) => ({
  ...rulesOf(['requireMfa: true', 'roles: [Editor]', ...more]),
  ...exempting([WADE], '2027-01-31'),
});

it('Enforce and Revoke, at once: the Overdue session alone ends', async () => {
  await portal.apply(rules('existingSessions: Revoke'));
  expect(await all()).toEqual({ ...stand, asked: 'revoked' });
});

it('Enforce and Keep, the default: none ends, and the next sign-in is asked', async () => {
  await portal.apply(rules());
  expect(await all()).toEqual(stand);
  expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'set-up', until: null } });
});

it('within grace none ends; at the deadline the Overdue one does', async () => {
  await portal.apply(rules('existingSessions: Revoke', 'gracePeriod: 1d'));
  expect(await all()).toEqual(stand);
  const begun = portal.northwind.now;
  for (let minutes = 20; minutes < 11 * 60; minutes += 20) {
    portal.northwind.now = begun + minutes * 60_000;
    expect(await all()).toEqual(stand);
  }
  portal.northwind.now = begun + DAY - 60_000;
  const entered = await portal.entered(ADA);
  held = { asked: (await postpone(portal.world, entered.token, ''))?.token ?? '' };
  expect(await all()).toEqual({ asked: 'session' });
  portal.northwind.now = begun + DAY;
  expect(await all()).toEqual({ asked: 'revoked' });
});

it('only reporting: none ends', async () => {
  await portal.apply(rules('existingSessions: Revoke', 'mode: ReportOnly'));
  expect(await all()).toEqual(stand);
});

it('when the exemption ends, so does the session of whom it covered', async () => {
  await portal.apply({ ...rules('existingSessions: Revoke'), ...exempting([WADE], '2026-11-26') });
  expect(await portal.holds(held['exempt'] ?? '')).toBe('session');
  portal.northwind.now = Date.UTC(2026, 10, 27) - 60_000;
  const { token } = await portal.entered(WADE);
  expect(await portal.holds(token)).toBe('session');
  portal.later(60_000);
  expect(await portal.holds(token)).toBe('revoked');
});
