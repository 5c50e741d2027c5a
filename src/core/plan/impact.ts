import type { ImpactName, ImpactRow } from '../model/applied.ts';
import { allowedFor, type Demand } from '../model/demand.ts';
import type { Reason } from '../model/requirement.ts';
import type { Terms } from '../model/terms.ts';
import { ROLES, type Role } from '../model/words.ts';
import type { Impact } from './plan.ts';

/** Reasons under which something is asked of somebody, met or not. */
const ASKED: ReadonlySet<Reason> = new Set(['enrolled', 'proven-upstream', 'cannot-tell', 'exempted', 'within-grace', 'past-deadline']);

/** Adds up what the store counted of one scope. `terms` are those after the change, or before when none are left. */
export function impactOf(rows: readonly ImpactRow[], names: readonly ImpactName[], terms: Terms | null): Impact {
  const enabled = rows.filter((row) => row.after !== 'disabled');
  const enrolled = (row: ImpactRow) => ((row.kinds ?? 0) & allowed(terms?.demand, row.role)) !== 0;
  const newly = enabled.filter((row) => !ASKED.has(row.before) && ASKED.has(row.after));
  const exempt = enabled.filter((row) => row.after === 'exempted');
  const pending = enabled.filter((row) => row.after === 'within-grace');
  const open = enabled.filter((row) => row.kinds !== null && !enrolled(row));
  return {
    members: sum(enabled),
    enrolled: sum(enabled.filter(enrolled)),
    notEnrolled: ROLES.map((role) => ({ role, count: sum(open.filter((row) => row.role === role)) }))
      .filter((entry) => entry.count > 0)
      .sort((a, b) => b.count - a.count),
    exempt: sum(exempt),
    exemptUntil: largest(exempt.map((row) => row.exemptUntil)),
    newlyRequired: sum(newly),
    newlyRequiredNotEnrolled: sum(newly.filter((row) => !enrolled(row))),
    overdueAtOnce: sum(enabled.filter((row) => row.after === 'past-deadline' && row.before !== 'past-deadline')),
    pending: sum(pending),
    firstDeadline: smallest(pending.map((row) => row.firstDeadline)),
    lastDeadline: largest(pending.map((row) => row.lastDeadline)),
    unknown: sum(enabled.filter((row) => row.kinds === null)),
    wouldBeRequired: sum(enabled.filter((row) => row.after === 'report-only')),
    names,
    rows,
  };
}

/** Members of some roles, and how many of them have a kind that the demand allows: for the words of `weakened`. */
export function countRoles(rows: readonly ImpactRow[], roles: readonly Role[], demand: Demand): { people: number; enrolled: number } {
  const members = rows.filter((row) => row.after !== 'disabled' && roles.includes(row.role));
  return { people: sum(members), enrolled: sum(members.filter((row) => ((row.kinds ?? 0) & allowed(demand, row.role)) !== 0)) };
}

/** Every kind counts where nothing is asked. */
function allowed(demand: Demand | undefined, role: Role): number {
  const asked = demand === undefined ? 0 : allowedFor(demand, role);
  return asked === 0 ? -1 : asked;
}

function sum(rows: readonly ImpactRow[]): number {
  return rows.reduce((total, row) => total + row.count, 0);
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => (a === null ? b : b === null ? a : Math.max(a, b)), null);
}

function smallest(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);
}
