import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { GuardName, Verdict } from '../model/verdict.ts';
import { judgingLimits } from '../policy/limits.ts';
import { rulesOf } from '../policy/rules.ts';
import type { ScopeDiff } from './diff-scopes.ts';
import { documentDigest, peopleDigest, planDigest, scopeDigest } from './digest.ts';
import { cannotEnroll } from './guards/cannot-enroll.ts';
import { type ScopeGuard, withOverrides } from './guards/guard.ts';
import { orphaned } from './guards/orphaned.ts';
import { overdueAtOnce } from './guards/overdue-at-once.ts';
import { ofSuspensionAlone, suspended } from './guards/suspended.ts';
import { weakened } from './guards/weakened.ts';
import { impactOf } from './impact.ts';
import type { PlanInput } from './input.ts';
import type { Plan, ScopeChange } from './plan.ts';
import { isExemptionIn, judgeUncovered } from './uncovered.ts';

/** The guards of one scope, in the order in which a plan tells them. */
const SCOPE_GUARDS: readonly ScopeGuard[] = [suspended, overdueAtOnce, cannotEnroll, weakened, orphaned];

/** Makes the plan: guards judge, what they refuse is held, and everything gets its digest. Pure. */
export function makePlan(input: PlanInput): Plan {
  const judged = judgeScopes(input);
  const verdicts = input.verdicts.map((v) => overriddenByAccount(v, judged, input));
  const lockedOut = refusedScopes(verdicts, 'administrators');
  const uncovered = judgeUncovered(input, judged);
  const scopes = holdFollowers(
    judged.map((s) => (lockedOut.has(scopeOf(s.scope).account) && changes(s) && !ofSuspensionAlone(s) ? { ...s, held: true } : s)),
  );
  const others = input.documents.filter((d) => d.kind !== 'MfaPolicy' && d.action !== 'none');
  const counted = [...scopes.filter(changes), ...others.filter((d) => d.action !== 'move')];
  const heldDocuments = others.filter((d) => isExemptionIn(d, uncovered.held));
  return {
    now: input.now,
    scopes,
    documents: input.documents.filter((d) => d.action !== 'none'),
    exemptionsHeld: uncovered.held,
    resets: input.resets,
    verdicts: [...uncovered.verdicts, ...verdicts, ...input.resetVerdicts],
    unknownUsers: input.set.unknownUsers,
    unboundUsers: input.unboundUsers,
    counts: {
      changes: counted.length,
      held: scopes.filter((s) => s.held).length + heldDocuments.length,
      unchanged: input.diffs.unchanged + scopes.filter((s) => s.action === 'move').length,
    },
    digest: planDigest([...scopes.map((s) => s.digest), ...others.map(documentDigest), peopleDigest(input.set)]),
  };
}

/** Whether applying it would change what holds: an orphan is kept, a move is only another line. */
export function changes(scope: Pick<ScopeChange, 'action'>): boolean {
  return scope.action === 'create' || scope.action === 'update' || scope.action === 'delete' || scope.action === 'repair';
}

function judgeScopes(input: PlanInput): ScopeChange[] {
  const rows = Map.groupBy(input.impact, (row) => row.scope);
  const names = Map.groupBy(input.names, (name) => name.scope);
  const exemptions = new Map(input.applied.accounts.map((a) => [a.account, a.exemptionsVersion]));
  return input.diffs.changed.map((diff) => {
    const impact = impactOf(rows.get(diff.scope) ?? [], names.get(diff.scope) ?? [], diff.after ?? diff.before);
    const digest = scopeDigest(diff, exemptions.get(scopeOf(diff.scope).account) ?? 0, input.set.channel);
    const stranded = input.stranded.find((s) => s.scope === diff.scope);
    const question = { diff, impact, limits: limitsFor(diff), applied: input.applied, stranded, now: input.now };
    const verdicts = SCOPE_GUARDS.flatMap((guard) => guard(question) ?? []).map((v) =>
      withOverrides(v, digest, input.set.overrides, input.now),
    );
    const { scope, action, via, document, place, edits, byHand, before, after, enforcer } = diff;
    const held = verdicts.some((v) => v.outcome === 'refused');
    return { scope, action, via, document, place, edits, byHand, before, after, enforcer, impact, verdicts, held, digest };
  });
}

function limitsFor(diff: ScopeDiff) {
  return judgingLimits(rulesOf(diff.reviewed), rulesOf(diff.after));
}

/** An account's verdict is lifted by a digest over all that changes in the account. */
function overriddenByAccount(verdict: Verdict, scopes: readonly ScopeChange[], input: PlanInput): Verdict {
  const digests = scopes.filter((s) => scopeOf(s.scope).account === verdict.scope).map((s) => s.digest);
  return withOverrides(verdict, planDigest(digests), input.set.overrides, input.now);
}

function refusedScopes(verdicts: readonly Verdict[], guard: GuardName): Set<ScopeKey> {
  return new Set(verdicts.filter((v) => v.guard === guard && v.outcome === 'refused').map((v) => v.scope));
}

/** A scope that follows its account's default comes from the account's document: held with it. */
function holdFollowers(scopes: readonly ScopeChange[]): ScopeChange[] {
  const held = new Set(scopes.filter((s) => s.held).map((s) => s.scope));
  return scopes.map((s) => (s.via === 'default' && held.has(scopeOf(s.scope).account) ? { ...s, held: true } : s));
}
