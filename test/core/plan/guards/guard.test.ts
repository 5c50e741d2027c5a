import { expect, it } from 'vitest';
import { passed, refused, share, withOverrides } from '../../../../src/core/plan/guards/guard.ts';
import { NOW } from '../world.ts';

const DIGEST = '0123456789abcdef'.repeat(4);
const refusal = refused('weakened', 'northwind', 'why', 'what to do', null);
const override = {
  name: 'once',
  scope: 'northwind',
  guard: 'weakened',
  digest: DIGEST,
  reason: 'agreed',
  expiresAt: NOW + 1,
} as const;

it('an override lifts the refusal of its scope, guard and digest, and says whose it is', () => {
  expect(withOverrides(refusal, DIGEST, [override], NOW)).toMatchObject({
    outcome: 'overridden',
    remedy: 'overridden by once: agreed',
    digest: DIGEST,
  });
});

it.each([
  ['another scope', { scope: 'northwind/cafe' }],
  ['another guard', { guard: 'overdue-at-once' as const }],
  ['another digest', { digest: 'f'.repeat(64) }],
  ['its first digits: a digest can be made to begin so', { digest: DIGEST.slice(0, 12) }],
  ['all but the last digit', { digest: `${DIGEST.slice(0, 63)}0` }],
  ['one that has lapsed', { expiresAt: NOW }],
])('%s lifts nothing', (_, other) => {
  expect(withOverrides(refusal, DIGEST, [{ ...override, ...other }], NOW)).toEqual({ ...refusal, digest: DIGEST });
});

it('what passed stays as it is', () => {
  const verdict = passed('weakened', 'northwind', 'fine', null);
  expect(withOverrides(verdict, DIGEST, [override], NOW)).toEqual({ ...verdict, digest: DIGEST });
  expect(passed('orphaned', 'northwind', 'kept', null, 'note').outcome).toBe('note');
});

it('a share never looks larger than it is', () => {
  expect([share(18, 60), share(299, 1000), share(0, 0), share(3, 3)]).toEqual(['30 %', '29 %', '0 %', '100 %']);
});

it('a share that is above its limit never reads like the limit', () => {
  expect([share(254, 1000, 25), share(251, 1000, 25), share(25001, 100_000, 25)]).toEqual(['25.4 %', '25.1 %', '25.001 %']);
  expect([share(250, 1000, 25), share(249, 1000, 25), share(299, 1000, 25)]).toEqual(['25 %', '24 %', '29 %']);
  expect([share(1, 1_000_000, 0), share(1, 1, 0)]).toEqual(['0.0001 %', '100 %']);
});
