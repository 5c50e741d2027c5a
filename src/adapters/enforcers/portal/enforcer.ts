import { PadlockError } from '../../../core/model/errors.ts';
import type { FactorKind } from '../../../core/model/words.ts';
import type { Enforcer } from '../../../core/ports/enforcer.ts';

/**
 * Padlock's own portal reads the store at every sign-in: a requirement bites, and a reset has happened, in the commit that writes it.
 * So nothing is pushed, nothing can differ, and it says so. People set up the kinds that it is configured for; others that they have
 * still count.
 */
export function portalEnforcer(kinds: readonly FactorKind[]): Enforcer {
  return {
    capabilities: {
      name: 'portal',
      place: 'here',
      enforcesAccount: true,
      enforcesMyGlue: true,
      grace: 'prompt',
      enrolls: kinds,
      resets: true,
      sessions: true,
      enrollment: 'store',
      cannot: {},
    },
    push: async (demands) => demands.map(({ scope }) => ({ scope, outcome: 'read-from-store' })),
    reset: async () => ({ outcome: 'in-store' }),
    drift: async () => [],
    // biome-ignore lint/correctness/useYield: it has nobody to give, and says so.
    async *enrollment(account) {
      throw new PadlockError('enforcer/cannot', `the portal keeps no list of its own: who of ${account} is enrolled stands in the store`, {
        fix: 'padlock status lists them',
      });
    },
  };
}
