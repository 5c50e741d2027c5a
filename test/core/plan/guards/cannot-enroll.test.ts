import { describe, expect, it } from 'vitest';
import type { MfaPolicyRules } from '../../../../src/core/documents/schema.ts';
import { cannotEnroll, mayStrand } from '../../../../src/core/plan/guards/cannot-enroll.ts';
import { limitsOf } from '../../../../src/core/policy/limits.ts';
import { termsOf } from '../../policy/world.ts';
import { brief, question } from '../world.ts';

const judged = (people: number, names: readonly string[], limit?: number) =>
  cannotEnroll({
    ...question({}, { factors: ['passkey'] }, [], limitsOf(limit === undefined ? undefined : { cannotEnroll: limit })),
    stranded: { scope: 'northwind', people, names },
  });

it('nobody is stranded: it has nothing to say', () => {
  expect(cannotEnroll(question({}, { factors: ['passkey'] }))).toBeUndefined();
  expect(judged(0, [])).toBeUndefined();
});

it('says how many, some names, the limit and the remedy', () => {
  const verdict = judged(1, ['ada@northwind.example']);
  expect(verdict && brief(verdict)).toBe(
    'cannot-enroll refused: 1 person could enroll no kind that all their scopes allow (ada@northwind.example), limit 0',
  );
  expect(verdict).toMatchObject({ scope: 'northwind', data: { people: 1, limit: 0, names: ['ada@northwind.example'] } });
  expect(verdict?.remedy).toContain('one kind in common');
  expect(judged(7, ['a', 'b'])?.message).toContain('7 people could enroll no kind that all their scopes allow (a, b, …), limit 0');
});

it.each([
  [1, 0, 'refused'],
  [1, 1, 'passed'],
  [2, 1, 'refused'],
  [3, 5, 'passed'],
])('%d of at most %d: %s', (people, limit, outcome) => {
  expect(judged(people, ['a'], limit)?.outcome).toBe(outcome);
});

describe('whether anybody need be counted', () => {
  const [PASSKEY, BOTH] = [2, 3];
  it.each([
    ['every kind', { requireMfa: true }, BOTH, false],
    ['fewer kinds', { requireMfa: true, factors: ['passkey'] }, BOTH, true],
    ['fewer kinds of one role', { requireMfa: true, factorsByRole: { Administrator: ['passkey'] } }, BOTH, true],
    ['of a role that is not asked', { requireMfa: true, roles: ['Lite'], factorsByRole: { Editor: ['passkey'] } }, BOTH, false],
    ['turned off', { requireMfa: false, factors: ['passkey'] }, BOTH, false],
    ['report only', { requireMfa: true, mode: 'ReportOnly', factors: ['passkey'] }, BOTH, false],
    ['all that the enforcer can enroll', { requireMfa: true, factors: ['passkey'] }, PASSKEY, false],
    ['another than it can enroll', { requireMfa: true, factors: ['totp'] }, PASSKEY, true],
    ['it can enroll nothing', { requireMfa: true }, 0, true],
  ] as [string, MfaPolicyRules, number, boolean][])('%s', (_, rules, enrollable, expected) => {
    expect(mayStrand([termsOf({ requireMfa: false }), termsOf(rules)], () => enrollable)).toBe(expected);
  });
});
