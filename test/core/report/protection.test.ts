import { describe, expect, test } from 'vitest';
import { CONDITIONS, type Condition, metConditions, protectionOf, shareOf } from '../../../src/core/report/protection.ts';
import { summarize } from '../../../src/core/report/summary.ts';
import { COUNTS, count, facts, HELD, SCOPES } from './northwind.ts';

const summary = summarize(SCOPES, COUNTS, HELD);
const one = (some: Parameters<typeof facts>[1], ...counts: Parameters<typeof count>[]) => {
  const rows = counts.map((args) => count(...args));
  return summarize([facts('northwind', some)], rows, new Map([['northwind', rows.reduce((sum, row) => sum + row.count, 0)]]));
};

describe('protection', () => {
  test('counts as protected only who is enrolled where it is enforced, of everybody who is asked', () => {
    // Northwind: 20 enrolled and 2 upstream of 32 asked; the clinic is ReportOnly, nothing enforces in the garage.
    expect(protectionOf(summary.scopes)).toEqual({ protected: 22, asked: 47, unknown: 4 });
  });

  test('DEC-01: a scope in ReportOnly protects nobody, however many are enrolled', () => {
    const { scopes } = one({ reportOnly: true }, ['northwind', 'enrolled', 6], ['northwind', 'report-only', 4]);
    expect(protectionOf(scopes)).toEqual({ protected: 0, asked: 10, unknown: 0 });
  });

  test.each([
    [{ protected: 0, asked: 0, unknown: 0 }, null],
    [{ protected: 0, asked: 5, unknown: 5 }, null],
    [{ protected: 0, asked: 5, unknown: 4 }, 0],
    [{ protected: 3, asked: 4, unknown: 1 }, 0.75],
  ])('the share of %j is %s: what could not be evaluated is no zero', (protection, share) => {
    expect(shareOf(protection)).toBe(share);
  });
});

describe('--fail-on', () => {
  const all = Object.keys(CONDITIONS) as Condition[];

  test('tells which of the conditions asked for are met, in their order', () => {
    expect(metConditions(all, summary, 1)).toEqual(all);
    expect(metConditions(['unknown', 'overdue'], summary, 0)).toEqual(['overdue', 'unknown']);
    expect(metConditions([], summary, 9)).toEqual([]);
  });

  test.each([
    ['everybody enrolled', {}, 'enrolled', []],
    ['within grace', {}, 'within-grace', ['missing']],
    ['overdue', {}, 'past-deadline', ['not-compliant', 'overdue', 'missing']],
    ['exempt', {}, 'exempted', []],
    ['cannot tell', {}, 'cannot-tell', ['not-compliant', 'unknown']],
    ['DEC-01: ReportOnly, all enrolled', { reportOnly: true }, 'enrolled', ['not-enforced', 'not-compliant']],
    ['turned off', { requireMfa: false }, 'turned-off', ['not-enforced', 'not-compliant']],
    ['no policy', { requireMfa: false, document: null }, 'no-policy', ['not-enforced', 'not-compliant']],
    ['nothing enforces', { enforcer: 'none' }, 'past-deadline', ['not-enforced', 'not-compliant', 'unknown']],
  ] as const)('%s', (_, some, reason, met) => {
    expect(metConditions(all, one(some, ['northwind', reason, 3]), 0)).toEqual(met);
  });

  test('nothing at all is not compliant: it was not evaluated', () => {
    expect(metConditions(all, summarize([], [], new Map()), 0)).toEqual(['not-compliant']);
  });
});
