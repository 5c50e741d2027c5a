/**
 * Threat: whoever has the password types it again after every few codes. Elsewhere (listmonk CVE-2026-128332) each sign-in by password
 * gave fresh guesses. Here the count of codes is the person's: only a complete sign-in clears it.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CODE_CAP } from '../../src/core/authentication/throttle.ts';
import { Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
let codes: readonly string[];
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
  codes = (await portal.enrolled(ADA)).codes;
});
afterEach(() => portal.close());

test.each([
  ['a code', () => portal.wrongCode(ADA)],
  ['a recovery code', () => 'zzzz-zzzz-zzzz-zzzz'],
  ['no code at all', () => ''],
  ['one of each in turn', (i: number) => (i % 2 === 0 ? portal.wrongCode(ADA) : 'zzzz-zzzz-zzzz-zzzz')],
])('password and %s, again and again: locked at the tenth', async (_, guess) => {
  for (let i = 1; i <= CODE_CAP; i++) {
    const { token } = await portal.entered(ADA);
    const outcome = i < CODE_CAP ? { outcome: 'wrong', why: 'wrong' } : { outcome: 'locked' };
    expect(await portal.code(token, guess(i)), `guess ${i}`).toEqual(outcome);
    expect(await portal.codeFailures(ADA)).toBe(i);
  }
  expect(await portal.password(ADA)).toEqual({ outcome: 'locked' });
});

test('waiting, a new half-done sign-in or another address gives none back; a complete sign-in gives them all', async () => {
  for (let i = 0; i < CODE_CAP - 1; i++) {
    const { token } = await portal.entered(ADA);
    await portal.code(token, portal.wrongCode(ADA));
    portal.later(24 * 3_600_000);
  }
  expect(await portal.codeFailures(ADA)).toBe(CODE_CAP - 1);
  await portal.signedIn(ADA);
  expect(await portal.codeFailures(ADA)).toBe(0);
});

test('so does one with a recovery code', async () => {
  const { token } = await portal.entered(ADA);
  for (let i = 0; i < CODE_CAP - 1; i++) await portal.code(token, portal.wrongCode(ADA));
  expect(await portal.code(token, codes[0])).toMatchObject({ outcome: 'in', step: { step: 'session' }, codesLeft: 9 });
  expect(await portal.codeFailures(ADA)).toBe(0);
});

test('a right password takes back its own count and no other', async () => {
  for (let i = 0; i < 3; i++) await portal.password(ADA, `guess ${i}`);
  await portal.entered(ADA);
  await portal.password(ADA, 'guess 3');
  await portal.password(ADA, 'guess 4');
  expect(await portal.password(ADA)).toEqual({ outcome: 'wait' });
});
