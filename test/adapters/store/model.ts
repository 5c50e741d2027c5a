import type { ImpactName, ImpactRow } from '../../../src/core/model/applied.ts';
import type { Requirement, Standing } from '../../../src/core/model/requirement.ts';
import { REASONS, reasonIndex } from '../../../src/core/model/requirement.ts';
import type { ScopeKey } from '../../../src/core/model/scope.ts';
import type { Obligation, Terms } from '../../../src/core/model/terms.ts';
import { type Instant, ROLES } from '../../../src/core/model/words.ts';
import { judge } from '../../../src/core/policy/requirement.ts';
import type { ProposedTerms } from '../../../src/core/ports/store.ts';

/** A membership that has not ended, as it is judged before and after a change. */
export interface ModelMember {
  readonly scope: ScopeKey;
  readonly userId: number;
  readonly address: string;
  readonly before: Standing;
  readonly after: Standing;
}

/** A member with both judgements. */
export interface ModelJudged extends ModelMember {
  readonly was: Requirement;
  readonly is: Requirement;
}

/** Judges every member of the proposed scopes, one by one, by the terms and obligations of each side. */
export function judgeBoth(
  members: readonly ModelMember[],
  proposed: readonly ProposedTerms[],
  obligations: readonly Obligation[],
  now: Instant,
): ModelJudged[] {
  return proposed.flatMap(({ scope, before, after, obligation }) => {
    const rows = obligations.filter((o) => o.scope === scope);
    const rowsAfter = obligation === null ? rows : [...rows, obligation];
    const side = (standing: Standing, terms: Terms | null, known: readonly Obligation[]) => judge(standing, terms ?? undefined, known, now);
    return members
      .filter((m) => m.scope === scope)
      .map((m) => ({ ...m, was: side(m.before, before, rows), is: side(m.after, after, rowsAfter) }));
  });
}

/** The rows of `StoreReading.impact`, counted one by one. */
export function modelImpact(judged: readonly ModelJudged[], now: Instant): ImpactRow[] {
  const groups = Map.groupBy(judged, (j) => JSON.stringify([j.scope, j.after.role, j.after.kinds, j.was.reason, j.is.reason]));
  const rows = [...groups.values()].flatMap((list): ImpactRow[] => {
    const [first] = list;
    if (first === undefined) return [];
    const deadlines = list.flatMap((j) => (j.is.reason === 'within-grace' && j.is.deadline !== null ? [j.is.deadline] : []));
    const ends = list.flatMap((j) => j.after.exemptions.filter((e) => e.startsAt <= now && now < e.expiresAt).map((e) => e.expiresAt));
    return [
      {
        scope: first.scope,
        role: first.after.role,
        kinds: first.after.kinds,
        before: first.was.reason,
        after: first.is.reason,
        count: list.length,
        firstDeadline: deadlines.length === 0 ? null : Math.min(...deadlines),
        lastDeadline: deadlines.length === 0 ? null : Math.max(...deadlines),
        exemptUntil: ends.length === 0 ? null : Math.max(...ends),
      },
    ];
  });
  return sortRows(rows);
}

/** Rows in one order, so that two lists of them compare. */
export function sortRows(rows: readonly ImpactRow[]): ImpactRow[] {
  const order = (r: ImpactRow) => [ROLES.indexOf(r.role), r.kinds ?? -1, reasonIndex(r.before), reasonIndex(r.after)];
  return rows.toSorted((a, b) => byText(a.scope, b.scope) || order(a).reduce((found, n, i) => found || n - (order(b)[i] ?? 0), 0));
}

/** The names of `StoreReading.impactNames`: newly overdue first, then pending, each by address, `cap` of each. */
export function modelNames(judged: readonly ModelJudged[], cap: number | null): ImpactName[] {
  const scopes = [...new Set(judged.map((j) => j.scope))].toSorted(byText);
  return scopes.flatMap((scope) =>
    (['overdue', 'pending'] as const).flatMap((group) =>
      judged
        .filter((j) => j.scope === scope && inGroup(j, group))
        .toSorted((a, b) => byText(a.address.toLowerCase(), b.address.toLowerCase()) || a.userId - b.userId)
        .slice(0, cap ?? undefined)
        .map((j) => ({ scope, group, user: j.address, role: j.after.role, deadline: j.is.deadline })),
    ),
  );
}

function inGroup({ was, is }: ModelJudged, group: 'overdue' | 'pending'): boolean {
  if (group === 'pending') return is.reason === 'within-grace';
  return is.reason === 'past-deadline' && was.reason !== 'past-deadline';
}

/** The states that a requirement can have. */
export const STATES = [...new Set(REASONS.map((r) => r.state))];

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
