import { allowedFor, kindsOf } from '../model/demand.ts';
import { rolesOf as rolesIn, type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Obligation, Terms } from '../model/terms.ts';
import type { Role } from '../model/words.ts';
import { deadlineOf } from '../policy/deadline.ts';
import { rulesOf } from '../policy/rules.ts';
import type { DemandStage, PersonElsewhere, ScopeDemand } from '../ports/enforcer.ts';

/**
 * What a scope asks, as an enforcer with a copy of its own must ask it: the same deadlines as the requirement function has, but by
 * role, since no row is kept for each person.
 *
 * | no terms, turned off, or ReportOnly | no stages                                                                       |
 * | a row of obligation that asks a role | a stage: whoever has none of the row's kinds, and none that is allowed now, was asked then |
 * | a row that asks no more than an earlier stage | nothing: the earlier stage holds                                       |
 * | no row for what is allowed: taken out by hand | asked with the last stage, else at once                                  |
 */
export function demandOf(
  scope: ScopeKey,
  terms: Terms | null,
  obligations: readonly Obligation[],
  exempt: readonly PersonElsewhere[],
): ScopeDemand {
  const asking = terms?.requireMfa === true && !terms.reportOnly ? terms : null;
  return {
    scope,
    stages: asking === null ? [] : rolesIn(scopeOf(scope)).flatMap((role) => stagesOf(asking, obligations, role)),
    grace: asking?.grace ?? 0,
    trust: asking?.trust ?? [],
    revokes: asking !== null && rulesOf(asking).existingSessions === 'Revoke',
    exempt,
  };
}

function stagesOf(terms: Terms, obligations: readonly Obligation[], role: Role): DemandStage[] {
  const allowed = allowedFor(terms.demand, role);
  if (allowed === 0) return [];
  const rows = obligations
    .map(({ demand, since }) => ({ asked: allowedFor(demand, role), since }))
    .filter(({ asked }) => asked !== 0)
    .sort((a, b) => a.since - b.since);
  const stages: DemandStage[] = [];
  let standing: number | null = null;
  for (const { asked, since } of rows) {
    // Who has a kind that is allowed now is asked nothing, whatever was asked then.
    const mask: number = (asked | allowed) & (standing ?? ~0);
    if (mask === standing) continue;
    standing = mask;
    stages.push({ role, kinds: kindsOf(mask), from: deadlineOf(terms, since, since) ?? since });
  }
  if (standing === allowed) return stages;
  return [...stages, { role, kinds: kindsOf(allowed), from: stages.at(-1)?.from ?? 0 }];
}
