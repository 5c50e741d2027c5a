import type { ExemptionWindow, Proof } from './requirement.ts';
import type { ScopeKey } from './scope.ts';
import type { EnforcerName, Instant, Role } from './words.ts';

/** One member's facts in one scope, for a judgement in TypeScript. */
export interface MemberFacts {
  readonly scope: ScopeKey;
  readonly role: Role;
  readonly enabled: boolean;
  readonly service: boolean;
  readonly localPassword: boolean;
  readonly kinds: number | null;
  readonly joined: Instant;
  readonly exemptions: readonly ExemptionWindow[];
  readonly proofs: readonly Proof[];
}

/** A person with every membership that has not ended. */
export interface PersonFacts {
  readonly account: string;
  readonly enforcer: EnforcerName;
  readonly id: number;
  readonly externalId: string;
  readonly address: string | null;
  readonly name: string | null;
  readonly lastSignIn: Instant | null;
  readonly memberships: readonly MemberFacts[];
}
