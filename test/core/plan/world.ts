import { NONE } from '../../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../../src/adapters/enforcers/portal/enforcer.ts';
import type { Applied, ImpactRow } from '../../../src/core/model/applied.ts';
import type { Reason } from '../../../src/core/model/requirement.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { FACTOR_KINDS } from '../../../src/core/model/words.ts';
import { diffDocuments } from '../../../src/core/plan/diff-documents.ts';
import { diffScopes, type ScopeDiff } from '../../../src/core/plan/diff-scopes.ts';
import type { ScopeQuestion } from '../../../src/core/plan/guards/guard.ts';
import { impactOf } from '../../../src/core/plan/impact.ts';
import type { PlanInput } from '../../../src/core/plan/input.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { addsObligation } from '../../../src/core/policy/deadline.ts';
import { effectiveTerms } from '../../../src/core/policy/effective.ts';
import { limitsOf } from '../../../src/core/policy/limits.ts';
import { applied, day, held, inForceOf, policyText, read, setOf } from '../policy/world.ts';

/** The world of the tests of plans: texts that are in force, and texts that are declared. */

export const NOW = day(100);

/** What the enforcers of this program can do. */
export const CAPABILITIES = { portal: portalEnforcer(FACTOR_KINDS).capabilities, none: NONE.capabilities };

/** What is in force once these texts were applied, each at version 1. */
export function appliedFrom(texts: readonly string[], more: Partial<Applied> = {}): Applied {
  const base = applied(more);
  const set = setOf(read(...texts), base);
  const scopes = base.accounts.flatMap((a) => a.scopes);
  const terms = held(effectiveTerms(set.policies, scopes).values());
  const obligations = terms.filter((t) => addsObligation(t, [])).map(({ scope, demand }) => ({ scope, demand, since: day(0) }));
  return { ...base, documents: inForceOf(set), terms, obligations, ...more };
}

/** The changes from what is in force to what is declared. */
export function changesTo(texts: readonly string[], inForce: Applied, now = NOW) {
  const set = setOf(read(...texts), inForce);
  const documents = diffDocuments(set, inForce.documents);
  return { set, documents, diffs: diffScopes(set, documents, inForce, now) };
}

/** One row of the store's counts. */
export function row(scope: string, from: Reason, to: Reason, count: number, more: Partial<ImpactRow> = {}): ImpactRow {
  const none = { firstDeadline: null, lastDeadline: null, exemptUntil: null };
  return { scope, role: 'Editor', kinds: 0, before: from, after: to, count, ...none, ...more };
}

/** The plan from one state to another. */
export function planTo(texts: readonly string[], inForce: Applied, more: Partial<PlanInput> = {}): Plan {
  const changes = changesTo(texts, inForce);
  return makePlan({
    ...changes,
    applied: inForce,
    capabilities: CAPABILITIES,
    impact: [],
    names: [],
    stranded: [],
    verdicts: [],
    resets: [],
    resetVerdicts: [],
    uncovered: [],
    exempting: [],
    exempted: [],
    unboundUsers: [],
    now: NOW,
    ...more,
  });
}

/** What a guard of one scope is asked: an edit of the account's policy, with counted people. */
export function question(
  before: object | null,
  proposed: object,
  rows: readonly ImpactRow[] = [],
  limits = limitsOf(undefined),
): ScopeQuestion {
  const inForce = appliedFrom(before === null ? [] : [policyText('northwind', before)]);
  const [diff] = changesTo([policyText('northwind', proposed)], inForce).diffs.changed as [ScopeDiff];
  return { diff, impact: impactOf(rows, [], diff.after), limits, applied: inForce, stranded: undefined, now: NOW };
}

/** A verdict in short. */
export function brief({ guard, outcome, message }: Verdict): string {
  return `${guard} ${outcome}: ${message}`;
}
