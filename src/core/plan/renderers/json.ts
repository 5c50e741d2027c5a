import { formatInstant } from '../../documents/values.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Instant, Json, JsonObject } from '../../model/words.ts';
import type { DocumentChange, Edit, Exempted, Impact, Plan, ResetChange, ScopeChange } from '../plan.ts';
import { troubleOf } from '../resets.ts';
import { isExemptionIn } from '../uncovered.ts';
import { unenforceableWords } from './told.ts';

/**
 * The plan for programs: everything that the text says and what it leaves out (scopes as declared, passed guards, settled
 * resets). Instants are RFC 3339 texts in UTC, absent values null, people named up to `names` for each scope and group.
 *
 *     { now, digest, counts: { changes, held, unchanged },
 *       scopes: [{ scope, account, myGlueAccount, action, via, document, place, enforcer, unenforceable: [{ field, why }], held, digest,
 *                  edits: [{ field, before, after, place }], impact: {…, names: [{ group, user, role, deadline }] }, verdicts }],
 *       documents: [{ kind, name, account, scope, action, held, place, edits }],
 *       exempted: [{ document, people, scopes: [{ scope, people, open, apart: [{ role, count }], limit, warns, names: [{ user, role }] }] }],
 *       resets: [{ requestId, account, user, outcome, reason, settled, code, fix, place }],
 *       verdicts: [{ guard, scope, outcome, message, remedy, data }],
 *       unknownUsers: [{ called, place }], unboundUsers: [{ called, place }] }
 */
export function planJson(plan: Plan, options: { readonly names: number | 'all' }): JsonObject {
  return {
    now: formatInstant(plan.now),
    digest: plan.digest,
    counts: { ...plan.counts },
    scopes: plan.scopes.map((change) => scopeJson(change, options.names)),
    documents: plan.documents.map((d) => documentJson(d, isExemptionIn(d, plan.exemptionsHeld))),
    exempted: plan.exempted.map((e) => exemptedJson(e, options.names)),
    resets: plan.resets.map((reset) => resetJson(reset, plan.verdicts)),
    verdicts: plan.verdicts.map(verdictJson),
    unknownUsers: plan.unknownUsers.map(({ called, place }) => ({ called, place })),
    unboundUsers: plan.unboundUsers.map(({ called, place }) => ({ called, place })),
  };
}

function scopeJson(change: ScopeChange, names: number | 'all'): Json {
  const { account, myGlueAccount } = scopeOf(change.scope);
  return {
    scope: change.scope,
    account,
    myGlueAccount: myGlueAccount ?? null,
    action: change.action,
    via: change.via,
    document: change.document,
    place: change.place,
    enforcer: change.enforcer,
    unenforceable: change.unenforceable.map((cannot) => ({ field: cannot.field, why: unenforceableWords(cannot).join('') })),
    reportOnly: change.after?.reportOnly ?? false,
    held: change.held,
    digest: change.digest,
    edits: change.edits.map(editJson),
    impact: impactJson(change.impact, names),
    verdicts: change.verdicts.map(verdictJson),
  };
}

function impactJson(impact: Impact, names: number | 'all'): Json {
  const capped = (['overdue', 'pending'] as const).flatMap((group) => {
    const people = impact.names.filter((name) => name.group === group);
    return names === 'all' ? people : people.slice(0, names);
  });
  return {
    members: impact.members,
    enrolled: impact.enrolled,
    notEnrolled: impact.notEnrolled.map(({ role, count }) => ({ role, count })),
    exempt: impact.exempt,
    exemptUntil: instant(impact.exemptUntil),
    newlyRequired: impact.newlyRequired,
    newlyRequiredNotEnrolled: impact.newlyRequiredNotEnrolled,
    overdueAtOnce: impact.overdueAtOnce,
    pending: impact.pending,
    firstDeadline: instant(impact.firstDeadline),
    lastDeadline: instant(impact.lastDeadline),
    unknown: impact.unknown,
    wouldBeRequired: impact.wouldBeRequired,
    names: capped.map(({ group, user, role, deadline }) => ({ group, user, role, deadline: instant(deadline) })),
  };
}

function documentJson(change: DocumentChange, held: boolean): Json {
  const { kind, name, account, scope, action, place } = change;
  return { kind, name, account, scope, action, held, place, edits: change.edits.map(editJson) };
}

function exemptedJson({ document, people, scopes }: Exempted, names: number | 'all'): Json {
  return {
    document,
    people,
    scopes: scopes.map((s) => ({
      scope: s.scope,
      people: s.people,
      open: s.open,
      apart: s.apart.map(({ role, count }) => ({ role, count })),
      limit: s.limit,
      warns: s.warns,
      names: (names === 'all' ? s.names : s.names.slice(0, names)).map(({ user, role }) => ({ user, role })),
    })),
  };
}

function editJson(edit: Edit): Json {
  return { field: edit.field, before: edit.before ?? null, after: edit.after ?? null, place: edit.place };
}

function resetJson(reset: ResetChange, verdicts: readonly Verdict[]): Json {
  const { requestId, account, user, outcome, reason, settled, place } = reset;
  const trouble = troubleOf(reset, verdicts);
  return { requestId, account, user, outcome, reason, settled, code: trouble?.code ?? null, fix: trouble?.fix ?? null, place };
}

function verdictJson(verdict: Verdict): Json {
  const { guard, scope, outcome, message, remedy, data } = verdict;
  return { guard, scope, outcome, message, remedy, data };
}

function instant(value: Instant | null): string | null {
  return value === null ? null : formatInstant(value);
}
