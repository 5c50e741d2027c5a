import { printable } from '../../layout/width.ts';
import type { ResetOutcome } from '../../model/applied.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { EnforcerName } from '../../model/words.ts';
import { LIFT } from '../guards/guard.ts';
import type { Action, DocumentChange, Plan, ResetChange, ScopeChange } from '../plan.ts';
import { isUnmet } from '../resets.ts';
import { isExemptionIn } from '../uncovered.ts';
import type { Unenforceable } from '../unenforceable.ts';
import { documentHeadlines, type Headline } from './edits.ts';

// What of a plan people are told, whatever the format: renderers lay it out and decide nothing more.

/** After these, something else holds for people. */
export const HITS: ReadonlySet<Action> = new Set(['create', 'update', 'delete', 'repair']);

/** The scopes that are told, by account in the plan's order, each account's own before its MyGlue accounts. */
export function toldByAccount(plan: Plan): { readonly account: string; readonly changed: readonly ScopeChange[] }[] {
  const told = plan.scopes.filter(isTold);
  const accounts = [...new Set(told.map((change) => scopeOf(change.scope).account))];
  return accounts.map((account) => {
    const own = told.filter((change) => change.scope === account);
    return {
      account,
      changed: [...own, ...told.filter((change) => change.scope !== account && scopeOf(change.scope).account === account)],
    };
  });
}

/** What an enforcer cannot do of a scope, as words around its name, which each format marks in its own way. */
export function unenforceableWords({ field, enforcer, why }: Unenforceable): readonly [string, EnforcerName, string] {
  if (field === 'requireMfa') return ['the enforcer is ', enforcer, ', so nothing makes people enroll'];
  return [`${field}, since the enforcer `, enforcer, ` ${why}`];
}

const KINDS = { MfaPolicy: 'policy', MfaExemption: 'exempt', ComplianceReport: 'report' } as const;

/**
 * Documents that no scope's line tells of: exemptions, reports, and policies that change without any effect. `held`: with the
 * account's other changes of exemptions.
 */
export function toldDocuments(plan: Plan): {
  readonly change: DocumentChange;
  readonly kind: (typeof KINDS)[keyof typeof KINDS];
  readonly headlines: readonly Headline[];
  readonly held: boolean;
}[] {
  const told = new Set(plan.scopes.filter(isTold).map((change) => change.scope));
  return plan.documents.flatMap((change) => {
    if (change.kind === 'MfaPolicy' && change.scope !== null && told.has(change.scope)) return [];
    const headlines = documentHeadlines(change);
    return headlines.length === 0
      ? []
      : [{ change, kind: KINDS[change.kind], headlines, held: isExemptionIn(change, plan.exemptionsHeld) }];
  });
}

/** Requests that are not settled, and those that somebody must look at. */
export function openResets(plan: Plan): readonly ResetChange[] {
  return plan.resets.filter((reset) => !reset.settled || isUnmet(reset));
}

/** What apply would make of a reset request, in words; the reason follows. Null: the reason names the person. */
const RESET_WORDS: Readonly<Record<Exclude<ResetOutcome, 'Executed'>, string | null>> = {
  AwaitingApproval: 'awaits approval',
  Held: 'held',
  Expired: 'expired',
  Refused: 'refused',
  UserChanged: null,
  NoSuchUser: null,
};

/** What becomes of a request, in one line. */
export function resetHeadline(reset: ResetChange): Headline {
  const [user, reason, { place }] = [printable(reset.user), printable(reset.reason), reset];
  if (reset.outcome === 'Executed') return { sign: '+', text: `reset the factors of ${user}`, place };
  const words = RESET_WORDS[reset.outcome];
  return { sign: '!', text: words === null ? `not executed: ${reason}` : `${words}: ${user}, ${reason}`, place };
}

/** Not told: a scope that stays as it is, and one that only stands on another line of its document. */
function isTold(change: ScopeChange): boolean {
  if (change.verdicts.some(worthTelling)) return true;
  if (change.action !== 'move') return change.action !== 'none';
  const [before, after] = [change.before?.origin, change.after?.origin];
  return before?.document !== after?.document || before?.via !== after?.via;
}

/** Guards that passed say nothing of a scope. */
export function worthTelling(verdict: Verdict): boolean {
  return verdict.outcome !== 'passed';
}

/** What lifts a refusal, where the override itself stands beneath. */
export function remedyBeside(verdict: Verdict): string {
  return verdict.remedy.replace(LIFT, 'lift it with the GuardOverride below');
}

/** What is told of somebody whom an exemption in force names and does not cover. Why, nobody can say: both look alike in the store. */
export const UNBOUND = 'has no exemption in force (not known at the time, or removed by hand)';

/** What covers them: applying the same document again changes nothing. */
export const BINDS = 'any edit of the exemption, of its ticket or reason too, binds whom it names';
