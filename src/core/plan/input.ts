import type { Applied, ExemptedName, ImpactName, ImpactRow, Stranded } from '../model/applied.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Instant } from '../model/words.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { ScopeDiffs } from './diff-scopes.ts';
import type { DocumentChange, Plan, ResetChange } from './plan.ts';
import type { Capabilities } from './unenforceable.ts';

/** Everything a plan is made of, gathered before. */
export interface PlanInput {
  readonly set: PolicySet;
  readonly applied: Applied;
  /** What each enforcer can do. */
  readonly capabilities: Capabilities;
  readonly documents: readonly DocumentChange[];
  readonly diffs: ScopeDiffs;
  readonly impact: readonly ImpactRow[];
  readonly names: readonly ImpactName[];
  readonly stranded: readonly Stranded[];
  /** Of the changed policies on whole accounts: administrators. Not judged by overrides yet. */
  readonly verdicts: readonly Verdict[];
  /** Of the resets, by account; judged. */
  readonly resetVerdicts: readonly Verdict[];
  /** Scopes whose members lose an exemption; their impact is counted with the changed ones. */
  readonly uncovered: readonly ScopeKey[];
  /** The exemptions that come or change, with how many people each names, and whom they newly leave unprotected. */
  readonly exempting: readonly { readonly document: string; readonly people: number }[];
  readonly exempted: readonly ExemptedName[];
  readonly unboundUsers: Plan['unboundUsers'];
  readonly resets: readonly ResetChange[];
  readonly now: Instant;
}
