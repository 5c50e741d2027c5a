/**
 * Threat: whoever has the password sends a thousand codes at once. Elsewhere (Zitadel GHSA-7h8m-vrxx-vr4m) each was compared before
 * any was counted, and the limit fell. Here each is counted first, in a transaction of its own: no more than the cap are looked at.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as check from '../../src/core/authentication/kinds/totp/check.ts';
import { CODE_CAP } from '../../src/core/authentication/throttle.ts';
import { showToken } from '../../src/flows/sign-in/links.ts';
import { proveAgain } from '../../src/flows/sign-in/settings.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

vi.mock(import('../../src/core/authentication/kinds/totp/check.ts'), { spy: true });

const ADA = 'ada@northwind.example';
const AT_ONCE = 1000;

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

const looked = () => vi.mocked(check.checkTotp).mock.calls.length;

async function guesses(guess: (code: string) => Promise<unknown>): Promise<unknown[]> {
  const codes = Array.from({ length: AT_ONCE }, (_, i) =>
    String(i * 997)
      .padStart(6, '0')
      .slice(-6),
  );
  return Promise.all(codes.map(guess));
}

test('a thousand codes at once: ten are looked at, the person is locked, the half-done sign-in is over, and nobody is in', async () => {
  await portal.rules(['requireMfa: true']);
  await portal.enrolled(ADA);
  const [one, other] = [await portal.entered(ADA), await portal.entered(ADA)];
  const before = [looked(), portal.sessions()];
  const outcomes = await guesses((code) => portal.code(code.endsWith('1') ? one.token : other.token, code));
  expect(looked() - (before[0] ?? 0)).toBeLessThanOrEqual(CODE_CAP);
  expect(outcomes.filter((outcome) => (outcome as { outcome: string }).outcome === 'in')).toEqual([]);
  expect(portal.sessions()).toBe(before[1]);
  expect(await portal.locked(ADA)).toBe(true);
  expect([await portal.holds(one.token), await portal.holds(other.token)]).toEqual(['nobody', 'nobody']);
  // The right code, too, comes too late.
  expect(await portal.code(one.token, portal.codeOf(ADA))).toEqual({ outcome: 'over' });
  expect(await portal.password(ADA)).toEqual({ outcome: 'locked' });
});

test('nor through the question that comes before a change of factors, however long somebody waits between', async () => {
  await portal.rules(['requireMfa: true']);
  const { token } = await portal.enrolled(ADA);
  const before = looked();
  const prove = (typed: string) => proveAgain(portal.world, token, { password: PASSWORD, typed, from: '192.0.2.1' });
  const outcomes: unknown[] = await guesses(prove);
  expect(outcomes.filter((outcome) => (outcome as { outcome: string }).outcome === 'wait').length).toBeGreaterThan(AT_ONCE - CODE_CAP);
  for (let i = 0; i < 5; i++) {
    portal.later(300_000);
    outcomes.push(await prove(portal.wrongCode(ADA)));
  }
  expect(looked() - before).toBe(CODE_CAP);
  expect(outcomes.filter((outcome) => (outcome as { outcome: string }).outcome === 'proven')).toEqual([]);
  expect(await portal.locked(ADA)).toBe(true);
  expect(await prove(portal.codeOf(ADA))).toEqual({ outcome: 'locked' });
});

test('a wrong password there is no wrong code: it slows down, and locks nobody out', async () => {
  await portal.rules(['requireMfa: true']);
  const { token } = await portal.enrolled(ADA);
  for (let i = 0; i < 3; i++) {
    await proveAgain(portal.world, token, { password: 'not it', typed: portal.codeOf(ADA), from: '192.0.2.1' });
    portal.later(300_000);
  }
  expect([await portal.codeFailures(ADA), await portal.locked(ADA)]).toEqual([0, false]);
});

test('nor are more enrollment tokens than the cap compared', async () => {
  await portal.rules(['requireMfa: true', 'enrollment: Token']);
  const welcome = await portal.welcome(ADA);
  if (welcome.is !== 'in') throw new Error(welcome.is);
  const right = await portal.link(ADA, 'enrollment-token');
  const outcomes = await guesses((code) => showToken(portal.world, welcome.token, code, 'a browser'));
  expect(outcomes.filter((outcome) => (outcome as { outcome: string }).outcome === 'wrong').length).toBeLessThan(CODE_CAP + 1);
  expect(await showToken(portal.world, welcome.token, right, 'a browser')).toEqual({ outcome: 'over' });
  expect(await portal.locked(ADA)).toBe(true);
});

test('no more than ten names at once are looked up for a password: the fifth wrong one slows the next down', async () => {
  await portal.enrolled(ADA);
  const verified = portal.hasher.verified;
  const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => portal.password(ADA, `guess ${i}`)));
  expect(portal.hasher.verified - verified).toBeLessThanOrEqual(5);
  expect(outcomes.filter(({ outcome }) => outcome === 'wait')).toHaveLength(AT_ONCE - 5);
});
