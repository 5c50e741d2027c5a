import { expect, it } from 'vitest';
import { overdueAtOnce } from '../../../../src/core/plan/guards/overdue-at-once.ts';
import { limitsOf } from '../../../../src/core/policy/limits.ts';
import { brief, question, row } from '../world.ts';

/** `people` of `members` become overdue. */
function judged(people: number, members: number, limit?: string) {
  const rows = [
    row('northwind', 'enrolled', 'past-deadline', people),
    row('northwind', 'enrolled', 'enrolled', members - people, { kinds: 1 }),
  ];
  const limits = limitsOf(limit === undefined ? undefined : { overdueAtOnce: limit });
  return overdueAtOnce(question({}, { factors: ['passkey'] }, rows, limits));
}

it.each([
  [5, 20, undefined, 'passed'],
  [6, 20, undefined, 'refused'],
  [251, 1000, undefined, 'refused'],
  [250, 1000, undefined, 'passed'],
  [9, 9, undefined, 'passed'],
  [10, 10, undefined, 'refused'],
  [3, 10, undefined, 'refused'],
  [2, 10, undefined, 'passed'],
  [1, 10, '0%', 'refused'],
  [10, 10, '100%', 'passed'],
])('%d of %d, limit %s: %s', (people, members, limit, outcome) => {
  expect(judged(people, members, limit)?.outcome).toBe(outcome);
});

it('nobody overdue: it has nothing to say', () => {
  expect(judged(0, 20)).toBeUndefined();
});

it('who was overdue before, or is disabled, does not count', () => {
  const rows = [
    row('northwind', 'past-deadline', 'past-deadline', 50),
    row('northwind', 'turned-off', 'past-deadline', 1),
    row('northwind', 'enrolled', 'disabled', 90),
  ];
  expect(overdueAtOnce(question({}, { factors: ['passkey'] }, rows))?.message).toBe('1 of 51 members (1 %), limit 25 %');
});

it('says counts, limit and remedy', () => {
  const verdict = judged(18, 60);
  expect(verdict && brief(verdict)).toBe('overdue-at-once refused: 18 of 60 members (30 %), limit 25 %');
  expect(verdict).toMatchObject({ scope: 'northwind', data: { people: 18, members: 60, limit: 25, population: 10 } });
  expect(verdict?.remedy).toContain('gracePeriod');
});
