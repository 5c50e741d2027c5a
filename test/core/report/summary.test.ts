import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PadlockError } from '../../../src/core/model/errors.ts';
import { REASONS } from '../../../src/core/model/requirement.ts';
import { ENFORCER_NAMES } from '../../../src/core/model/words.ts';
import { classify, FINDING_CLASSES } from '../../../src/core/report/classify.ts';
import { summarize } from '../../../src/core/report/summary.ts';
import { COUNTS, count, facts, HELD, SCOPES } from './northwind.ts';

describe('Northwind IT', () => {
  const summary = summarize(SCOPES, COUNTS, HELD);
  const scope = (key: string) => summary.scopes.find((found) => found.facts.scope === key);

  test('an account comes before its MyGlue accounts', () => {
    expect(summary.scopes.map((found) => found.facts.scope)).toEqual([
      'northwind',
      'northwind/bakery',
      'northwind/clinic',
      'northwind/garage',
    ]);
    const mixed = ['b', 'a/z', 'a-b', 'a', 'a/b'].map((key) => facts(key));
    const order = summarize(mixed, [], new Map(mixed.map((found) => [found.scope, 0]))).scopes.map((found) => found.facts.scope);
    expect(order.indexOf('a')).toBeLessThan(order.indexOf('a/b'));
    expect(order.indexOf('a/b')).toBeLessThan(order.indexOf('a/z'));
  });

  test('everyone is considered, break-glass members apart from missing and exempt', () => {
    expect(summary.total.members).toBe(62);
    expect(scope('northwind')).toMatchObject({
      members: 35,
      overdue: 5,
      pending: 3,
      breakGlassNotEnrolled: 1,
      classes: { 'break-glass': 2, 'not-applicable': 1, enrolled: 20, upstream: 2, exempt: 2, unknown: 0, missing: 8 },
    });
  });

  test('ReportOnly is never enforced and never compliant; its effect is told apart', () => {
    expect(scope('northwind/clinic')).toMatchObject({
      enforced: false,
      compliant: false,
      wouldBeLockedOut: 4,
      overdue: 0,
      classes: { enrolled: 6 },
    });
  });

  test('where nobody can enforce, nobody is missing', () => {
    expect(scope('northwind/garage')).toMatchObject({ enforced: false, compliant: false, overdue: 0, classes: { unknown: 4, missing: 0 } });
    expect(summary).toMatchObject({ enforcedScopes: 1, compliant: false });
  });
});

describe('compliant', () => {
  const judged = (...counts: Parameters<typeof count>[]) => {
    const rows = counts.map((args) => count(...args));
    return summarize([facts('northwind')], rows, new Map([['northwind', rows.reduce((sum, row) => sum + row.count, 0)]]));
  };

  test.each([
    ['yes: all enrolled', [['northwind', 'enrolled', 3]], true],
    ['yes: within grace', [['northwind', 'within-grace', 3]], true],
    [
      'no: one overdue',
      [
        ['northwind', 'enrolled', 3],
        ['northwind', 'past-deadline', 1],
      ],
      false,
    ],
    [
      'not evaluated: one unknown',
      [
        ['northwind', 'enrolled', 3],
        ['northwind', 'cannot-tell', 1],
      ],
      null,
    ],
    [
      'no: overdue weighs more than unknown',
      [
        ['northwind', 'past-deadline', 1],
        ['northwind', 'cannot-tell', 1],
      ],
      false,
    ],
    ['yes: an overdue break-glass member is listed apart', [['northwind', 'past-deadline', 1, { breakGlass: true }]], true],
  ] satisfies [string, Parameters<typeof count>[], boolean | null][])('%s', (_, counts, compliant) => {
    const summary = judged(...counts);
    expect(summary.scopes[0]?.compliant).toBe(compliant);
    expect(summary.compliant).toBe(compliant);
  });

  test('no scope at all is not evaluated, never compliant', () => {
    expect(summarize([], [], new Map()).compliant).toBeNull();
  });

  test('one scope that was not evaluated leaves the whole so', () => {
    const scopes = [facts('northwind'), facts('southwind')];
    const counts = [count('northwind', 'enrolled', 1), count('southwind', 'cannot-tell', 1)];
    expect(
      summarize(
        scopes,
        counts,
        new Map([
          ['northwind', 1],
          ['southwind', 1],
        ]),
      ).compliant,
    ).toBeNull();
  });

  test('turned off is not compliant: it protects nobody', () => {
    expect(summarize([facts('northwind', { requireMfa: false })], [], new Map([['northwind', 0]])).compliant).toBe(false);
  });
});

describe('a figure that does not agree with the store is refused, never shown', () => {
  test.each([
    ['fewer were counted', [count('northwind', 'enrolled', 2)], new Map([['northwind', 3]])],
    ['more were counted', [count('northwind', 'enrolled', 4)], new Map([['northwind', 3]])],
    ['the total was not read', [count('northwind', 'enrolled', 3)], new Map()],
    ['people of a scope that was not read', [count('elsewhere', 'enrolled', 3)], new Map([['northwind', 0]])],
  ])('%s', (_, counts, held) => {
    const act = () => summarize([facts('northwind')], counts, held);
    expect(act).toThrow(PadlockError);
    expect(act).toThrow(expect.objectContaining({ code: 'report/incomplete', exitCode: 6 }));
  });
});

test('the sum of the classes is the total, of every scope and of all', () => {
  const row = fc.record({
    reason: fc.constantFrom(...REASONS.map(({ reason }) => reason)),
    breakGlass: fc.boolean(),
    enrolled: fc.boolean(),
    count: fc.nat(1000),
    scope: fc.constantFrom('a', 'a/b', 'c'),
    role: fc.constant('Editor' as const),
  });
  fc.assert(
    fc.property(fc.array(row), fc.constantFrom(...ENFORCER_NAMES), fc.boolean(), (rows, enforcer, reportOnly) => {
      const scopes = ['a', 'a/b', 'c'].map((scope) => facts(scope, { enforcer, reportOnly }));
      const held = new Map(scopes.map(({ scope }) => [scope, rows.reduce((sum, one) => sum + (one.scope === scope ? one.count : 0), 0)]));
      const summary = summarize(scopes, rows, held);
      for (const figures of [...summary.scopes, summary.total]) {
        expect(FINDING_CLASSES.reduce((sum, name) => sum + figures.classes[name], 0)).toBe(figures.members);
        expect(figures.overdue + figures.pending + figures.wouldBeLockedOut).toBe(figures.classes.missing);
      }
      expect(summary.total.members).toBe(rows.reduce((sum, one) => sum + one.count, 0));
      const missing = rows.filter((one) => classify(one, enforcer !== 'none') === 'missing').reduce((sum, one) => sum + one.count, 0);
      expect(summary.total.classes.missing).toBe(missing);
      if (reportOnly || enforcer === 'none') expect(summary).toMatchObject({ enforcedScopes: 0, compliant: false });
    }),
  );
});
