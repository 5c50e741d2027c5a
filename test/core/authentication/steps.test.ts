import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Asked, challengeKinds, mayPostpone, nextStep, type SignInFacts, type Step } from '../../../src/core/authentication/steps.ts';
import { kindsOf } from '../../../src/core/model/demand.ts';
import { REASONS, type Reason } from '../../../src/core/model/requirement.ts';

const NOW = Date.UTC(2026, 10, 25, 8);
const [NONE, TOTP, PASSKEY, BOTH] = [0, 1, 2, 3] as const;

/** What one scope asks, by its reason. */
function asked(reason: Reason, some: Partial<Asked> & { readonly deadline?: number | null } = {}): Asked {
  const row = REASONS.find((one) => one.reason === reason);
  if (row === undefined) throw new RangeError(reason);
  const { deadline = row.state === 'Pending' ? NOW + 1000 : null, ...rest } = some;
  const where = { obligedSince: null, exemptUntil: null, document: null, file: null, line: null };
  const requirement = { state: row.state, reason, rule: row.rule, deadline, ...where };
  return { scope: 'northwind', requirement, allowed: BOTH, token: false, revokes: false, ...rest };
}
const facts = (kinds: number, ...list: Asked[]): SignInFacts => ({ asked: list, kinds, enrollable: BOTH });
const [overdue, pending] = [asked('past-deadline'), asked('within-grace')];

describe('the table of the next step', () => {
  test.each<[string, SignInFacts, 'password' | 'second-factor', Step]>([
    ['password, a factor, nothing required', facts(TOTP), 'password', { step: 'challenge', kinds: ['totp'] }],
    [
      'password, a factor, Overdue for another kind',
      facts(TOTP, asked('past-deadline', { allowed: PASSKEY })),
      'password',
      { step: 'challenge', kinds: ['totp'] },
    ],
    ['password, none, Overdue', facts(NONE, overdue), 'password', { step: 'set-up', kinds: ['totp', 'passkey'], until: null }],
    ['password, none, Pending', facts(NONE, pending), 'password', { step: 'set-up', kinds: ['totp', 'passkey'], until: NOW + 1000 }],
    [
      'password, none, Overdue and Pending',
      facts(NONE, pending, overdue),
      'password',
      { step: 'set-up', kinds: ['totp', 'passkey'], until: null },
    ],
    [
      'a second factor not of an allowed kind, Overdue',
      facts(TOTP, asked('past-deadline', { allowed: PASSKEY })),
      'second-factor',
      { step: 'set-up', kinds: ['passkey'], until: null },
    ],
    [
      'a second factor, Pending for another kind',
      facts(TOTP, asked('within-grace', { allowed: PASSKEY })),
      'second-factor',
      { step: 'set-up', kinds: ['passkey'], until: NOW + 1000 },
    ],
    ['password, none, nothing due', facts(NONE), 'password', { step: 'session' }],
    ['a second factor, nothing due', facts(TOTP, asked('enrolled')), 'second-factor', { step: 'session' }],
  ])('%s', (_, given, proven, step) => {
    expect(nextStep(given, proven, false)).toEqual(step);
  });

  test.each([
    'disabled',
    'no-policy',
    'turned-off',
    'role-not-listed',
    'enrolled',
    'proven-upstream',
    'cannot-tell',
    'exempted',
    'report-only',
  ] as const)('%s asks nothing of somebody without a factor', (reason) => {
    expect(nextStep(facts(NONE, asked(reason)), 'password', false)).toEqual({ step: 'session' });
  });
});

describe('several scopes at once', () => {
  test('a kind that ends both is offered; else any that ends one', () => {
    const both = [asked('past-deadline', { allowed: BOTH }), asked('past-deadline', { allowed: PASSKEY })];
    expect(nextStep(facts(NONE, ...both), 'password', false)).toMatchObject({ kinds: ['passkey'] });
    const apart = [asked('past-deadline', { allowed: TOTP }), asked('past-deadline', { allowed: PASSKEY })];
    expect(nextStep(facts(NONE, ...apart), 'password', false)).toMatchObject({ kinds: ['totp', 'passkey'] });
  });

  test('what comes later is ended with what is due, where one kind does both', () => {
    const later = [asked('past-deadline'), asked('within-grace', { allowed: PASSKEY })];
    expect(nextStep(facts(NONE, ...later), 'password', false)).toMatchObject({ kinds: ['passkey'], until: null });
    const apart = [asked('past-deadline', { allowed: TOTP }), asked('within-grace', { allowed: PASSKEY })];
    expect(nextStep(facts(NONE, ...apart), 'password', false)).toMatchObject({ kinds: ['totp'] });
  });

  test('of two deadlines the first counts', () => {
    const two = [asked('within-grace', { deadline: NOW + 9 }), asked('within-grace', { deadline: NOW + 5 })];
    expect(nextStep(facts(NONE, ...two), 'password', false)).toMatchObject({ until: NOW + 5 });
  });
});

describe('what cannot be set up here', () => {
  test('Overdue: stuck, and says where; Pending: nothing is asked', () => {
    const none = { ...facts(NONE, overdue), enrollable: 0 };
    expect(nextStep(none, 'password', false)).toEqual({ step: 'stuck', scopes: ['northwind'] });
    expect(nextStep({ ...facts(NONE, pending), enrollable: 0 }, 'password', false)).toEqual({ step: 'session' });
    const one = [asked('past-deadline', { scope: 'a' }), asked('past-deadline', { scope: 'b', allowed: PASSKEY })];
    expect(nextStep({ asked: one, kinds: NONE, enrollable: TOTP }, 'password', false)).toEqual({ step: 'stuck', scopes: ['b'] });
  });
});

describe('an enrollment token', () => {
  const token = asked('past-deadline', { token: true });
  test('is asked once, before the first factor alone', () => {
    expect(nextStep(facts(NONE, token), 'password', false)).toEqual({ step: 'token', until: null });
    expect(nextStep(facts(NONE, token), 'password', true)).toMatchObject({ step: 'set-up' });
    const narrowed = asked('past-deadline', { token: true, allowed: PASSKEY });
    expect(nextStep(facts(TOTP, narrowed), 'second-factor', false)).toMatchObject({ step: 'set-up' });
    expect(nextStep(facts(NONE, asked('turned-off', { token: true })), 'password', false)).toEqual({ step: 'session' });
  });
});

describe('kinds that answer', () => {
  test.each<[string, number, Asked[], number]>([
    ['nothing asks: whatever is held', BOTH, [], BOTH],
    ['one is allowed: that one', BOTH, [asked('enrolled', { allowed: PASSKEY })], PASSKEY],
    ['two scopes, one kind for both', BOTH, [asked('enrolled'), asked('enrolled', { allowed: PASSKEY })], PASSKEY],
    ['two scopes, a kind for each', BOTH, [asked('enrolled', { allowed: TOTP }), asked('enrolled', { allowed: PASSKEY })], BOTH],
    ['none is allowed: the old one', TOTP, [asked('past-deadline', { allowed: PASSKEY })], TOTP],
    ['exempt: whatever is held', TOTP, [asked('exempted', { allowed: PASSKEY })], TOTP],
  ])('%s', (_, kinds, list, answering) => {
    expect(challengeKinds({ asked: list, kinds })).toBe(answering);
  });
});

const anyAsked = fc
  .record({
    reason: fc.constantFrom(...REASONS.map(({ reason }) => reason)),
    allowed: fc.integer({ min: 1, max: 3 }),
    token: fc.boolean(),
    deadline: fc.integer({ min: NOW - 5, max: NOW + 5 }),
  })
  .map(({ reason, allowed, token, deadline }) => asked(reason, { allowed, token, ...(reason === 'within-grace' && { deadline }) }));
const anyFacts = fc.record({
  asked: fc.array(anyAsked, { maxLength: 4 }),
  kinds: fc.integer({ min: 0, max: 3 }),
  enrollable: fc.integer({ min: 0, max: 3 }),
});
const anyProven = fc.constantFrom('password', 'second-factor');

describe('whatever the facts', () => {
  const holds = (check: (given: SignInFacts, step: Step, proven: 'password' | 'second-factor') => void) =>
    fc.assert(
      fc.property(anyFacts, anyProven, fc.boolean(), (given, proven, shown) => {
        check(given, nextStep(given, proven, shown), proven);
      }),
      { numRuns: 5000 },
    );

  test('the password alone of whoever has a factor leads to the challenge, by kinds that are held', () => {
    holds((given, step, proven) => {
      if (proven === 'second-factor' || given.kinds === 0) return expect(step.step).not.toBe('challenge');
      if (step.step !== 'challenge') throw new Error(step.step);
      expect(step.kinds.length).toBeGreaterThan(0);
      expect(kindsOf(given.kinds)).toEqual(expect.arrayContaining([...step.kinds]));
    });
  });

  test('nobody is in while a scope is Overdue, and nobody may postpone', () => {
    holds((given, step) => {
      if (!given.asked.some(({ requirement }) => requirement.state === 'Overdue')) return;
      expect(step.step).not.toBe('session');
      expect(mayPostpone(step, NOW)).toBe(false);
    });
  });

  test('nobody is held up where nothing is Overdue or Pending', () => {
    holds((given, step) => {
      if (given.asked.some(({ requirement: { state } }) => state === 'Overdue' || state === 'Pending')) return;
      expect(['challenge', 'session']).toContain(step.step);
    });
  });

  test('a set-up offers kinds that can be set up and end something that is due', () => {
    holds((given, step) => {
      if (step.step !== 'set-up') return;
      expect(step.kinds.length).toBeGreaterThan(0);
      const due = given.asked.filter(({ requirement: { state } }) => state === (step.until === null ? 'Overdue' : 'Pending'));
      for (const kind of step.kinds) {
        expect(kindsOf(given.enrollable)).toContain(kind);
        expect(due.some(({ allowed }) => kindsOf(allowed).includes(kind))).toBe(true);
      }
    });
  });

  test('what may be postponed may be until its deadline and not at it', () => {
    holds((_, step) => {
      if ((step.step !== 'set-up' && step.step !== 'token') || step.until === null) return expect(mayPostpone(step, NOW)).toBe(false);
      expect([mayPostpone(step, step.until - 1), mayPostpone(step, step.until)]).toEqual([true, false]);
    });
  });
});
