import type { EnforcerName, FactorKind } from '../model/words.ts';

/**
 * What an enforcer can do. A requirement that needs what it cannot is `Unenforceable`: shown and reported so, and never
 * counted as compliant.
 */
export interface EnforcerCapabilities {
  readonly name: EnforcerName;
  /** Stops people at sign-in: of the account, of its MyGlue accounts. */
  readonly enforcesAccount: boolean;
  readonly enforcesMyGlue: boolean;
  /** Lets people postpone within a grace period. */
  readonly grace: boolean;
  /** Kinds that it can enroll at sign-in. */
  readonly enrolls: readonly FactorKind[];
  /** Removes factors on request, and ends sessions. */
  readonly resets: boolean;
  /** Knows who is enrolled; else only what the directory says is known. */
  readonly knowsEnrollment: boolean;
}
