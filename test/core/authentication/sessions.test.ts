import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attemptStands, endOf, LIMITS, provenRecently, type SessionFacts } from '../../../src/core/authentication/sessions.ts';
import { REASONS } from '../../../src/core/model/requirement.ts';
import type { Attempt, Session, SignInState } from '../../../src/core/model/sign-in.ts';

const T = Date.UTC(2026, 10, 25, 8);
const MINUTE = 60_000;
const session: Session = {
  hash: 's',
  userId: 1,
  scope: 'northwind',
  method: 'totp',
  epoch: 4,
  createdAt: T,
  seenAt: T,
  provenAt: T,
  device: '',
};
const state: SignInState = {
  userId: 1,
  account: 'northwind',
  epoch: 4,
  passwordHash: 'h',
  passwordVersion: 2,
  codeFailures: 0,
  lockedAt: null,
  kinds: 1,
};
const attempt: Attempt = {
  hash: 'a',
  userId: 1,
  scope: 'northwind',
  proven: 'password',
  method: 'none',
  tokenShown: false,
  epoch: 4,
  passwordVersion: 2,
  createdAt: T,
};
const facts = (some: Partial<SessionFacts> = {}): SessionFacts => ({ session, state, canSignIn: true, asked: [], ...some });
const asked = (reason: string, revokes: boolean) => {
  const row = REASONS.find((one) => one.reason === reason);
  if (row === undefined) throw new RangeError(reason);
  const where = { obligedSince: null, deadline: null, exemptUntil: null, document: null, file: null, line: null };
  return {
    scope: 'northwind',
    requirement: { state: row.state, reason: row.reason, rule: row.rule, ...where },
    allowed: 3,
    token: false,
    revokes,
  };
};

describe('a session', () => {
  test.each<[string, SessionFacts, number, string | null]>([
    ['stands', facts(), T, null],
    ['stands until just before it is idle', facts(), T + LIMITS.idle - 1, null],
    ['is idle at the limit', facts(), T + LIMITS.idle, 'idle'],
    [
      'stands while it is used, until just before its end',
      facts({ session: { ...session, seenAt: T + LIMITS.session - 2 } }),
      T + LIMITS.session - 1,
      null,
    ],
    [
      'is over at its end however much it is used',
      facts({ session: { ...session, seenAt: T + LIMITS.session } }),
      T + LIMITS.session,
      'expired',
    ],
    ['ends with the epoch', facts({ state: { ...state, epoch: 5 } }), T, 'ended'],
    ['ends with the person', facts({ canSignIn: false }), T, 'disabled'],
    ['stands while the person is locked by the guesses of others', facts({ state: { ...state, lockedAt: T } }), T, null],
    ['stands through a step of NTP', facts(), T - MINUTE, null],
    ['is nobody\u2019s where the clock stands back further', facts(), T - MINUTE - 1, 'expired'],
  ])('%s', (_, given, now, end) => {
    expect(endOf(given, LIMITS, now)).toBe(end);
  });

  test.each(REASONS.flatMap(({ reason }) => [true, false].map((revokes) => [reason, revokes] as const)))(
    '%s, revoking: %s: ended only where Overdue and revoking',
    (reason, revokes) => {
      expect(endOf(facts({ asked: [asked(reason, revokes)] }), LIMITS, T)).toBe(revokes && reason === 'past-deadline' ? 'revoked' : null);
    },
  );

  test('one scope that revokes is enough, and only if it is the one that is Overdue', () => {
    expect(endOf(facts({ asked: [asked('enrolled', true), asked('past-deadline', false)] }), LIMITS, T)).toBeNull();
    expect(endOf(facts({ asked: [asked('enrolled', false), asked('past-deadline', true)] }), LIMITS, T)).toBe('revoked');
  });

  test('once over by time, it stays over', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 * LIMITS.session }), fc.nat({ max: LIMITS.session }), (after, more) => {
        if (endOf(facts(), LIMITS, T + after) !== null) expect(endOf(facts(), LIMITS, T + after + more)).not.toBeNull();
      }),
    );
  });

  test('a proof is recent for five minutes', () => {
    expect([provenRecently(session, LIMITS, T + 5 * MINUTE - 1), provenRecently(session, LIMITS, T + 5 * MINUTE)]).toEqual([true, false]);
  });
});

describe('a half-done sign-in', () => {
  test.each<[string, Partial<SignInState>, boolean, number, boolean]>([
    ['stands', {}, true, T, true],
    ['stands for a quarter of an hour', {}, true, T + 15 * MINUTE - 1, true],
    ['and no longer', {}, true, T + 15 * MINUTE, false],
    ['not before it began', {}, true, T - 1, false],
    ['not after the epoch rose', { epoch: 5 }, true, T, false],
    ['not with another password', { passwordVersion: 3 }, true, T, false],
    ['not of somebody locked', { lockedAt: T - 1 }, true, T, false],
    ['not of somebody who cannot sign in', {}, false, T, false],
  ])('%s', (_, some, canSignIn, now, stands) => {
    expect(attemptStands(attempt, { ...state, ...some }, canSignIn, LIMITS, now)).toBe(stands);
  });
});
