import { expect, test } from 'vitest';
import { enforcesScope, unenforceable } from '../../../src/core/plan/unenforceable.ts';
import type { EnforcerCapabilities } from '../../../src/core/ports/enforcer.ts';
import { terms } from './renderers/northwind.ts';
import { CAPABILITIES } from './world.ts';

const able = (more: Partial<EnforcerCapabilities>): EnforcerCapabilities => ({ ...CAPABILITIES.portal, ...more });
const EVERYTHING = {
  requireMfa: true,
  sso: [
    { provider: 'entra', upstreamMfa: 'Trust' as const, amr: ['mfa'] },
    { provider: 'okta', localChallenge: 'Never' as const },
  ],
  existingSessions: 'Revoke' as const,
  enrollment: 'Token' as const,
};
const everything = terms('northwind', { grace: 1, rules: EVERYTHING });
const CANNOT = {
  gracePeriod: 'prompts nobody before the deadline',
  upstreamMfa: 'takes no proof from elsewhere',
  localChallenge: 'always asks',
  existingSessions: 'ends no session',
  enrollment: 'takes no token',
};

test('an account and its MyGlue accounts may differ', () => {
  const half = able({ enforcesMyGlue: false });
  expect([enforcesScope(half, 'northwind'), enforcesScope(half, 'northwind/bakery')]).toEqual([true, false]);
  expect(unenforceable(terms('northwind/bakery'), half)).toEqual([{ field: 'requireMfa', enforcer: 'portal', why: '' }]);
  expect(unenforceable(terms('northwind'), half)).toEqual([]);
});

test('each feature that the policy uses and the enforcer cannot, in its words', () => {
  const found = unenforceable(everything, able({ cannot: CANNOT }));
  expect(Object.fromEntries(found.map(({ field, why }) => [field, why]))).toEqual(CANNOT);
  expect(unenforceable(everything, able({}))).toEqual([]);
});

test('what the policy does not use is not told; nor anything where nothing is required, or nothing enforced at all', () => {
  expect(unenforceable(terms('northwind', { grace: 0, rules: { requireMfa: true } }), able({ cannot: CANNOT }))).toEqual([]);
  expect(unenforceable({ ...everything, requireMfa: false }, able({ cannot: CANNOT }))).toEqual([]);
  expect(unenforceable(null, CAPABILITIES.none)).toEqual([]);
  expect(unenforceable(everything, { ...CAPABILITIES.none, cannot: CANNOT }).map(({ field }) => field)).toEqual(['requireMfa']);
});
