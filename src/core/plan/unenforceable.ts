import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Terms } from '../model/terms.ts';
import type { EnforcerName } from '../model/words.ts';
import { rulesOf } from '../policy/rules.ts';
import type { EnforcerCapabilities, PolicyFeature } from '../ports/enforcer.ts';

/** What each enforcer that an account can have is able to do. */
export type Capabilities = Readonly<Record<EnforcerName, EnforcerCapabilities>>;

/** Something that terms ask for and an enforcer cannot do. `requireMfa`: it stops nobody, and all the rest does not matter. */
export interface Unenforceable {
  readonly field: 'requireMfa' | PolicyFeature;
  readonly enforcer: EnforcerName;
  /** In words that follow the enforcer's name; empty for `requireMfa`. */
  readonly why: string;
}

/** Whether an enforcer stops people at the sign-in of a scope. */
export function enforcesScope({ enforcesAccount, enforcesMyGlue }: EnforcerCapabilities, scope: ScopeKey): boolean {
  return scopeOf(scope).myGlueAccount === undefined ? enforcesAccount : enforcesMyGlue;
}

/**
 * What of a scope's terms its enforcer cannot do, with why:
 *
 * | nothing is required                              | nothing                            |
 * | it stops nobody of this scope                    | `requireMfa` alone                 |
 * | a feature that the policy uses and it cannot do  | that feature, in the enforcer's words |
 */
export function unenforceable(
  terms: Pick<Terms, 'scope' | 'requireMfa' | 'rules' | 'grace'> | null,
  enforcer: EnforcerCapabilities,
): Unenforceable[] {
  if (terms?.requireMfa !== true) return [];
  if (!enforcesScope(enforcer, terms.scope)) {
    return [{ field: 'requireMfa', enforcer: enforcer.name, why: '' }];
  }
  return USES.flatMap(([field, uses]): Unenforceable[] => {
    const why = enforcer.cannot[field];
    return why === undefined || !uses(terms) ? [] : [{ field, enforcer: enforcer.name, why }];
  });
}

/** What of a policy uses a feature, in the order in which a plan tells them. */
const USES: readonly (readonly [PolicyFeature, (terms: Pick<Terms, 'rules' | 'grace'>) => boolean])[] = [
  ['gracePeriod', (terms) => terms.grace > 0],
  ['upstreamMfa', (terms) => (rulesOf(terms).sso ?? []).some((provider) => provider.upstreamMfa === 'Trust')],
  ['localChallenge', (terms) => (rulesOf(terms).sso ?? []).some((provider) => provider.localChallenge === 'Never')],
  ['existingSessions', (terms) => rulesOf(terms).existingSessions === 'Revoke'],
  ['enrollment', (terms) => rulesOf(terms).enrollment === 'Token'],
];
