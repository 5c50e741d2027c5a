import { allowedFor, type Demand, type KindMask } from '../model/demand.ts';
import type { Obligation, Terms } from '../model/terms.ts';
import { type Instant, ROLES, type Role } from '../model/words.ts';

/**
 * Since when somebody of a role with some kinds has been asked for more: the earliest row that asks the role
 * for kinds of which the person has none. Null when no row does.
 */
export function obligedSince(obligations: readonly Obligation[], role: Role, kinds: KindMask): Instant | null {
  let earliest: Instant | null = null;
  for (const row of obligations) {
    const asked = allowedFor(row.demand, role);
    if (asked === 0 || (asked & kinds) !== 0) continue;
    if (earliest === null || row.since < earliest) earliest = row.since;
  }
  return earliest;
}

/**
 * The deadline, derived and never stored: max(`enforceFrom`, obliged since, first joined the scope) + `gracePeriod`.
 * Null when no obligation is recorded: then there is nothing to postpone until, and the requirement holds at once.
 *
 * | event                                              | why the outcome follows                                     |
 * | off and on; ReportOnly and back; reset; re-enabled | rows are append-only, the earliest counts: old deadline      |
 * | days in ReportOnly or off before the first time    | no row was written then: no grace used up                   |
 * | role added, kinds narrowed                         | a new demand, a new row: whole grace for whom no row asked   |
 * | grace shortened                                    | grace is read from the terms in force: bites at once         |
 * | promotion into a role long obliged                 | that role's row, and the scope was joined long ago           |
 */
export function deadlineOf(terms: Pick<Terms, 'enforceFrom' | 'grace'>, since: Instant | null, joined: Instant): Instant | null {
  if (since === null) return null;
  return Math.max(terms.enforceFrom ?? since, since, joined) + terms.grace;
}

/**
 * Whether applying these terms at a moment adds a row: only an enforcing policy obliges, and a demand of which every
 * listed role was already asked for a subset of its kinds says nothing new.
 */
export function addsObligation(
  terms: Pick<Terms, 'requireMfa' | 'reportOnly' | 'demand'>,
  existing: readonly { readonly demand: Demand }[],
): boolean {
  if (!terms.requireMfa || terms.reportOnly) return false;
  return ROLES.some((role) => {
    const asked = allowedFor(terms.demand, role);
    if (asked === 0) return false;
    return !existing.some((row) => {
      const earlier = allowedFor(row.demand, role);
      return earlier !== 0 && (earlier & ~asked) === 0;
    });
  });
}

/** An instant cut to its second. */
export function wholeSecond(instant: Instant): Instant {
  return instant - (instant % 1000);
}
