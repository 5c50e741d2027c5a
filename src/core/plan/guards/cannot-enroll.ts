import { allowedFor, type KindMask } from '../../model/demand.ts';
import { rolesOf, type ScopeKey, scopeOf } from '../../model/scope.ts';
import type { Terms } from '../../model/terms.ts';
import { LIFT, passed, refused, type ScopeGuard } from './guard.ts';

/**
 * People who are newly asked for a factor, or for fewer kinds than before, have none that is allowed, and could enroll no single
 * kind that all their scopes allow. An enrollment token is no obstacle. Who they are is the store's to find; where
 * the enforcer makes nobody enroll, nobody is stranded either.
 */
export const cannotEnroll: ScopeGuard = ({ diff, stranded, limits }) => {
  if (stranded === undefined || stranded.people === 0) return undefined;
  const { people, names } = stranded;
  const data = { people, limit: limits.cannotEnroll, names: [...names] };
  const who = `${names.join(', ')}${people > names.length ? ', …' : ''}`;
  const message = `${people === 1 ? '1 person' : `${people} people`} could enroll no kind that all their scopes allow (${who}), limit ${limits.cannotEnroll}`;
  if (people <= limits.cannotEnroll) return passed('cannot-enroll', diff.scope, message, data);
  const remedy = `allow them one kind in common in all their scopes, or ${LIFT}`;
  return refused('cannot-enroll', diff.scope, message, remedy, data);
};

/**
 * Whether terms could leave somebody without a kind to enroll: some scope asks a role for kinds that are not all that the
 * enforcer can enroll. Where none does, nobody needs to be counted.
 */
export function mayStrand(terms: Iterable<Terms>, enrollable: (scope: ScopeKey) => KindMask): boolean {
  for (const { scope, requireMfa, reportOnly, demand } of terms) {
    if (!requireMfa || reportOnly) continue;
    const kinds = enrollable(scope);
    const narrow = (asked: KindMask) => asked !== 0 && (kinds === 0 || (kinds & ~asked) !== 0);
    if (rolesOf(scopeOf(scope)).some((role) => narrow(allowedFor(demand, role)))) return true;
  }
  return false;
}
