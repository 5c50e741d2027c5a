import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { GuardName, Verdict } from '../model/verdict.ts';
import { judgingLimits } from '../policy/limits.ts';
import { rulesOf } from '../policy/rules.ts';
import type { ScopeDiff } from './diff-scopes.ts';
import { planDigest, scopeDigest } from './digest.ts';
import { cannotEnroll } from './guards/cannot-enroll.ts';
import { type ScopeGuard, withOverrides } from './guards/guard.ts';
import { orphaned } from './guards/orphaned.ts';
import { overdueAtOnce } from './guards/overdue-at-once.ts';
import { ofSuspensionAlone, suspended } from './guards/suspended.ts';
import { weakened } from './guards/weakened.ts';
import { impactOf } from './impact.ts';
import type { PlanInput } from './input.ts';
import type { ScopeChange } from './plan.ts';
import { judgeUncovered } from './uncovered.ts';
import { unenforceable } from './unenforceable.ts';

/** The guards of one scope, in the order in which a plan tells them. */
const SCOPE_GUARDS: readonly ScopeGuard[] = [suspended, overdueAtOnce, cannotEnroll, weakened, orphaned];

/** What the guards say of everything that changes. */
export interface Judgement {
  readonly scopes: readonly ScopeChange[];
  /** On whole accounts: administrators. */
  readonly accounts: readonly Verdict[];
  /** On scopes whose terms stay, and whose people lose an exemption. */
  readonly uncovered: readonly Verdict[];
  /** Accounts whose changes of exemptions are held. */
  readonly exemptionsHeld: ReadonlySet<string>;
}

/**
 * Judges a change by what the store counted of it. `earlier`: a judgement of the same change after which something was held. What
 * was held stays so, as it was told; the rest is judged again, by counts in which the held is in force as before.
 */
export function judge(input: Omit<PlanInput, 'exempted'>, earlier?: Judgement): Judgement {
  const judged = judgeScopes(input, earlier);
  const accounts = merged(
    earlier?.accounts ?? [],
    input.verdicts.map((v) => overriddenByAccount(v, judged, input)),
  );
  const lockedOut = refusedScopes(accounts, 'administrators');
  const wasHeld = earlier?.exemptionsHeld ?? new Set();
  const uncovered = judgeUncovered(input, judged, new Set(earlier?.scopes.filter((s) => s.held).map((s) => s.scope)));
  const scopes = holdFollowers(
    judged.map((s) => (lockedOut.has(scopeOf(s.scope).account) && changes(s) && !ofSuspensionAlone(s) ? { ...s, held: true } : s)),
  );
  return {
    scopes,
    accounts,
    uncovered: [...(earlier?.uncovered ?? []).filter((v) => wasHeld.has(scopeOf(v.scope).account)), ...uncovered.verdicts],
    exemptionsHeld: new Set([...wasHeld, ...uncovered.held]),
  };
}

/** Whether applying it would change what holds: an orphan is kept, a move is only another line. */
export function changes(scope: Pick<ScopeChange, 'action'>): boolean {
  return scope.action === 'create' || scope.action === 'update' || scope.action === 'delete' || scope.action === 'repair';
}

function judgeScopes(input: Omit<PlanInput, 'exempted'>, earlier: Judgement | undefined): ScopeChange[] {
  const rows = Map.groupBy(input.impact, (row) => row.scope);
  const names = Map.groupBy(input.names, (name) => name.scope);
  const exemptions = new Map(input.applied.accounts.map((a) => [a.account, a.exemptionsVersion]));
  const heldBefore = new Map(earlier?.scopes.filter((s) => s.held).map((s) => [s.scope, s]));
  return input.diffs.changed.map((diff) => {
    const before = heldBefore.get(diff.scope);
    if (before !== undefined) return before;
    const impact = impactOf(rows.get(diff.scope) ?? [], names.get(diff.scope) ?? [], diff.after ?? diff.before);
    const digest = scopeDigest(diff, exemptions.get(scopeOf(diff.scope).account) ?? 0, input.set.channel);
    const stranded = input.stranded.find((s) => s.scope === diff.scope);
    const question = { diff, impact, limits: limitsFor(diff), applied: input.applied, stranded, now: input.now };
    const verdicts = SCOPE_GUARDS.flatMap((guard) => guard(question) ?? []).map((v) =>
      withOverrides(v, digest, input.set.overrides, input.now),
    );
    const held = verdicts.some((v) => v.outcome === 'refused');
    const cannot = unenforceable(diff.after, input.capabilities[diff.enforcer]);
    return changeOf(diff, { impact, verdicts, held, digest, unenforceable: cannot });
  });
}

function changeOf(diff: ScopeDiff, judged: Pick<ScopeChange, 'impact' | 'verdicts' | 'held' | 'digest' | 'unenforceable'>): ScopeChange {
  const { scope, action, via, document, place, edits, byHand, before, after, enforcer } = diff;
  return { scope, action, via, document, place, edits, byHand, before, after, enforcer, ...judged };
}

function limitsFor(diff: ScopeDiff) {
  return judgingLimits(rulesOf(diff.reviewed), rulesOf(diff.after));
}

/** An account's verdict is lifted by a digest over all that changes in the account. */
function overriddenByAccount(verdict: Verdict, scopes: readonly ScopeChange[], input: Pick<PlanInput, 'set' | 'now'>): Verdict {
  const digests = scopes.filter((s) => scopeOf(s.scope).account === verdict.scope).map((s) => s.digest);
  return withOverrides(verdict, planDigest(digests), input.set.overrides, input.now);
}

/** The later verdict of each account, but that a refusal stays; an account that was not asked again keeps its own. */
function merged(earlier: readonly Verdict[], later: readonly Verdict[]): Verdict[] {
  const again = new Map(later.map((v) => [v.scope, v]));
  const kept = earlier.map((v) => (v.outcome === 'refused' ? v : (again.get(v.scope) ?? v)));
  return [...kept, ...later.filter((v) => !earlier.some((e) => e.scope === v.scope))];
}

function refusedScopes(verdicts: readonly Verdict[], guard: GuardName): Set<ScopeKey> {
  return new Set(verdicts.filter((v) => v.guard === guard && v.outcome === 'refused').map((v) => v.scope));
}

/** A scope that follows its account's default comes from the account's document: held with it. */
function holdFollowers(scopes: readonly ScopeChange[]): ScopeChange[] {
  const held = new Set(scopes.filter((s) => s.held).map((s) => s.scope));
  return scopes.map((s) => (s.via === 'default' && held.has(scopeOf(s.scope).account) ? { ...s, held: true } : s));
}
