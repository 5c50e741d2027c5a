import { expect, test } from 'vitest';
import { removalStops } from '../../../src/core/authentication/removal.ts';
import { REASONS } from '../../../src/core/model/requirement.ts';

const then = (reason: string, scope = 'northwind') => {
  const row = REASONS.find((one) => one.reason === reason);
  if (row === undefined) throw new RangeError(reason);
  const where = { obligedSince: null, deadline: null, exemptUntil: null, document: null, file: null, line: null };
  return { scope, requirement: { state: row.state, reason: row.reason, rule: row.rule, ...where } };
};

test.each(REASONS.map(({ reason, state }) => [reason, state] as const))('without it: %s', (reason, state) => {
  const stops = state === 'Pending' || state === 'Overdue';
  expect(removalStops(3, 1, [then(reason)])).toEqual(stops ? ['northwind'] : []);
});

test('every scope that would ask is named', () => {
  expect(removalStops(1, 0, [then('past-deadline', 'a'), then('enrolled', 'b'), then('within-grace', 'c')])).toEqual(['a', 'c']);
});

test('a kind that another factor still gives is no loss, whatever is asked', () => {
  expect(removalStops(1, 1, [then('past-deadline')])).toEqual([]);
});
