import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalLimits, DEFAULT_LIMITS, judgingLimits, limitsOf } from '../../../src/core/policy/limits.ts';

const defaults = { administrators: 1, overdueAtOnce: 25, cannotEnroll: 0, resets: 10, directory: 25 };
const tight = { administrators: 2, overdueAtOnce: '10%', cannotEnroll: 0, resets: 5, directory: '0%' } as const;
const loose = { administrators: 1, overdueAtOnce: '100%', cannotEnroll: 3, resets: 50, directory: '50%' } as const;
const rules = (guards?: typeof tight | typeof loose) => ({ requireMfa: true, ...(guards && { guards }) });

it('the defaults, and limits as numbers', () => {
  expect(limitsOf(undefined)).toEqual(defaults);
  expect(limitsOf(tight)).toEqual({ administrators: 2, overdueAtOnce: 10, cannotEnroll: 0, resets: 5, directory: 0 });
  expect(limitsOf({ overdueAtOnce: '100%' })).toEqual({ ...defaults, overdueAtOnce: 100 });
});

it('the canonical form says what differs from the defaults', () => {
  expect(canonicalLimits(undefined)).toBeUndefined();
  expect(canonicalLimits({ overdueAtOnce: '25%', resets: 10 })).toBeUndefined();
  expect(canonicalLimits({ overdueAtOnce: '0%', resets: 10 })).toEqual({ overdueAtOnce: '0%' });
  expect(limitsOf(canonicalLimits(loose))).toEqual(limitsOf(loose));
});

it('a first policy is judged by its own limits, a scope that loses its policy by those in force', () => {
  expect(judgingLimits(undefined, rules(loose))).toEqual(limitsOf(loose));
  expect(judgingLimits(rules(tight), undefined)).toEqual(limitsOf(tight));
  expect(judgingLimits(rules(loose), undefined)).toEqual(limitsOf(loose));
  expect(judgingLimits(undefined, undefined)).toEqual(DEFAULT_LIMITS);
});

it('a later policy by the stricter of each, whichever side it stands on', () => {
  expect(judgingLimits(rules(tight), rules(loose))).toEqual(limitsOf(tight));
  expect(judgingLimits(rules(loose), rules(tight))).toEqual(limitsOf(tight));
  expect(judgingLimits(rules(), rules(loose))).toEqual(defaults);
  expect(judgingLimits(rules(loose), rules())).toEqual(defaults);
});

it('no proposal loosens what judges it', () => {
  const percent = fc.nat({ max: 100 }).map((n) => `${n}%`);
  const guards = fc.record({
    administrators: fc.integer({ min: 1, max: 5 }),
    overdueAtOnce: percent,
    cannotEnroll: fc.nat(9),
    resets: fc.nat(20),
    directory: percent,
  });
  fc.assert(
    fc.property(guards, guards, (before, after) => {
      const judging = judgingLimits({ requireMfa: true, guards: before }, { requireMfa: true, guards: after });
      const inForce = limitsOf(before);
      expect(judging.administrators).toBeGreaterThanOrEqual(inForce.administrators);
      for (const key of ['overdueAtOnce', 'cannotEnroll', 'resets', 'directory'] as const) {
        expect(judging[key]).toBeLessThanOrEqual(inForce[key]);
        expect(judging[key]).toBe(Math.min(inForce[key], limitsOf(after)[key]));
      }
    }),
  );
});
