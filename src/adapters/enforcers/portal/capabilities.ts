import type { FactorKind } from '../../../core/model/words.ts';
import type { EnforcerCapabilities } from '../../../core/ports/enforcer.ts';

/**
 * Padlock's own portal reads the store at every sign-in: a requirement bites in the commit that applies it. People set up the kinds
 * that it is configured for; others that they have still count.
 */
export function portalCapabilities(kinds: readonly FactorKind[]): EnforcerCapabilities {
  return {
    name: 'portal',
    enforcesAccount: true,
    enforcesMyGlue: true,
    grace: true,
    enrolls: kinds,
    resets: true,
    knowsEnrollment: true,
  };
}
