/**
 * Threat: a code that was seen over a shoulder or on the wire is sent again while its window lasts. Elsewhere (Rodauth CVE-2026-82470)
 * a code of the step before could be replayed. Here a step is used up with every step before it, by enrolling too.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSetUp } from '../../src/flows/sign-in/set-up.ts';
import { proveAgain, renewCodes } from '../../src/flows/sign-in/settings.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
});
afterEach(() => portal.close());

test('the same step and older ones are refused, in any sign-in and before a change of factors', async () => {
  await portal.enrolled(ADA);
  const waiting = [await portal.entered(ADA), await portal.entered(ADA)] as const;
  const [older, same] = [portal.codeOf(ADA, -30), portal.codeOf(ADA)];
  const session = await portal.code((await portal.entered(ADA)).token, same);
  if (session.outcome !== 'in') throw new Error(session.outcome);
  expect(await portal.code(waiting[0].token, same)).toEqual({ outcome: 'wrong', why: 'replayed' });
  expect(await portal.code(waiting[1].token, older)).toEqual({ outcome: 'wrong', why: 'replayed' });
  portal.later(20_000);
  expect(await portal.code(waiting[0].token, same)).toEqual({ outcome: 'wrong', why: 'replayed' });
  const proof = { password: PASSWORD, typed: same, from: '192.0.2.1' };
  expect(await proveAgain(portal.world, session.token, proof)).toEqual({ outcome: 'wrong', why: 'replayed' });
});

test('a code of the next step uses this one up as well', async () => {
  await portal.enrolled(ADA);
  const [now, next] = [portal.codeOf(ADA), portal.codeOf(ADA, 30)];
  const waiting = await portal.entered(ADA);
  expect(await portal.code((await portal.entered(ADA)).token, next)).toMatchObject({ outcome: 'in' });
  expect(await portal.code(waiting.token, now)).toEqual({ outcome: 'wrong', why: 'replayed' });
});

test('the code that confirmed the set-up is used up with it', async () => {
  const welcome = await portal.welcome(ADA);
  if (welcome.is !== 'in') throw new Error(welcome.is);
  await portal.setUpTotp(ADA, welcome.token);
  const { token } = await portal.entered(ADA);
  expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'wrong', why: 'replayed' });
  expect(await portal.code(token, portal.codeOf(ADA, -30))).toEqual({ outcome: 'wrong', why: 'replayed' });
  portal.later(30_000);
  expect(await portal.code(token, portal.codeOf(ADA))).toMatchObject({ outcome: 'in' });
});

test('one code sent to nine half-done sign-ins at once makes one session', async () => {
  await portal.enrolled(ADA);
  const tokens: string[] = [];
  for (let i = 0; i < 9; i++) tokens.push((await portal.entered(ADA)).token);
  const outcomes = await Promise.all(tokens.map((token) => portal.code(token, portal.codeOf(ADA))));
  expect(outcomes.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
});

test('an old phone goes on to count for itself, whatever a new one shows', async () => {
  const { token } = await portal.enrolled(ADA);
  const old = portal.phones.get(ADA) ?? new Uint8Array();
  const added = await portal.setUpTotp(ADA, token);
  const fresh = portal.phones.get(ADA) ?? new Uint8Array();
  portal.later(60_000);
  for (const phone of [old, fresh]) {
    portal.phones.set(ADA, phone);
    expect(await portal.code((await portal.entered(ADA)).token, portal.codeOf(ADA))).toMatchObject({ outcome: 'in' });
    expect(await portal.code((await portal.entered(ADA)).token, portal.codeOf(ADA))).toMatchObject({ outcome: 'wrong', why: 'replayed' });
  }
  expect(await openSetUp(portal.world, added.token, 'totp')).toBeDefined();
  expect(await renewCodes(portal.world, added.token)).toMatchObject({ outcome: 'done' });
});
