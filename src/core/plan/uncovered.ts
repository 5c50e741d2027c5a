import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Terms } from '../model/terms.ts';
import type { Verdict } from '../model/verdict.ts';
import { limitsOf } from '../policy/limits.ts';
import { rulesOf } from '../policy/rules.ts';
import { documentDigest, planDigest } from './digest.ts';
import { withOverrides } from './guards/guard.ts';
import { overdueVerdict } from './guards/overdue-at-once.ts';
import { impactOf } from './impact.ts';
import type { PlanInput } from './input.ts';
import type { DocumentChange, ScopeChange } from './plan.ts';

/**
 * An exemption that ends sooner makes people overdue just as a policy does. The verdicts of `overdue-at-once` on the scopes
 * whose terms stay, and the accounts whose changes of exemptions are held: because of one of those, or because a scope that
 * changes and loses cover at once is held for it. Terms stay as well where the change was held before (`standing`), and
 * where they are brought back: the guard lets a repair pass, not what an exemption's end adds to it.
 */
export function judgeUncovered(
  input: Omit<PlanInput, 'exempted'>,
  judged: readonly ScopeChange[],
  standing: ReadonlySet<ScopeKey>,
): { readonly verdicts: readonly Verdict[]; readonly held: ReadonlySet<string> } {
  const rows = Map.groupBy(input.impact, (row) => row.scope);
  const names = Map.groupBy(input.names, (name) => name.scope);
  const repaired = new Map(judged.filter((s) => s.action === 'repair').map((s) => [s.scope, s.after]));
  const terms = new Map<ScopeKey, Terms>(input.applied.terms.map((t) => [t.scope, t]));
  const changing = new Map(judged.filter((s) => !standing.has(s.scope) && !repaired.has(s.scope)).map((s) => [s.scope, s]));
  const verdicts = input.uncovered.flatMap((scope): Verdict[] => {
    const inForce = (standing.has(scope) ? undefined : repaired.get(scope)) ?? terms.get(scope);
    if (inForce === undefined || changing.has(scope)) return [];
    const impact = impactOf(rows.get(scope) ?? [], names.get(scope) ?? [], inForce);
    const verdict = overdueVerdict(scope, impact, limitsOf(rulesOf(inForce).guards));
    if (verdict === undefined) return [];
    const message = `${verdict.message}, by exemptions that end`;
    return [withOverrides({ ...verdict, message }, digestOfExemptions(input, scope), input.set.overrides, input.now)];
  });
  const refused = [...verdicts, ...input.uncovered.flatMap((scope) => changing.get(scope)?.verdicts ?? [])].filter(
    (v) => v.guard === 'overdue-at-once' && v.outcome === 'refused',
  );
  return { verdicts, held: new Set(refused.map((v) => scopeOf(v.scope).account)) };
}

/** Whether a document is a change of an exemption in one of some accounts. */
export function isExemptionIn(document: DocumentChange, accounts: ReadonlySet<string>): boolean {
  const changed = document.kind === 'MfaExemption' && document.action !== 'none' && document.action !== 'move';
  return changed && accounts.has(document.account ?? '');
}

function digestOfExemptions(input: Pick<PlanInput, 'documents'>, scope: ScopeKey): string {
  const { account } = scopeOf(scope);
  return planDigest([scope, ...input.documents.filter((d) => isExemptionIn(d, new Set([account]))).map(documentDigest)]);
}
