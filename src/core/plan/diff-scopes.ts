import type { MfaPolicySpec } from '../documents/schema.ts';
import type { Applied, DocumentInForce } from '../model/applied.ts';
import { canonical } from '../model/canonical.ts';
import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Obligation, Terms, TermsInForce } from '../model/terms.ts';
import type { EnforcerName, Instant, Json } from '../model/words.ts';
import { addsObligation, wholeSecond } from '../policy/deadline.ts';
import { effectiveTerms, type Policy } from '../policy/effective.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { changedByHand } from './by-hand.ts';
import { editsBetween, same } from './edits.ts';
import type { Action, DocumentChange, Edit } from './plan.ts';

/** What changes in one actual scope, before anybody is counted. */
export interface ScopeDiff {
  readonly scope: ScopeKey;
  readonly action: Action;
  readonly via: 'own' | 'default';
  readonly document: string;
  readonly place: string;
  readonly edits: readonly Edit[];
  /** Those of the edits that bring back what was changed in the store by hand. */
  readonly byHand: readonly Edit[];
  readonly before: TermsInForce | null;
  /** What was applied last: `before`, unless that was changed by hand since. */
  readonly reviewed: Terms | null;
  readonly after: Terms | null;
  /** The row that applying it adds. */
  readonly obligation: Obligation | null;
  readonly enforcer: EnforcerName;
  /** Its own document's change; null for a scope that only follows its account's default. */
  readonly own: DocumentChange | null;
}

/** The scopes that change, by key, and how many stay as they are. */
export interface ScopeDiffs {
  readonly changed: readonly ScopeDiff[];
  readonly unchanged: number;
  /** Every policy as it will be: declared, kept, and other channels'. */
  readonly policies: readonly Policy[];
}

/**
 * Terms as they will be against terms in force, for every actual scope that the directory knows. A scope changes by
 * its own document, or by its account's `myGlueDefault` where it has none. "In force" is what was applied last: what was changed
 * by hand since is a change of its own (`changedByHand`), and so is an obligation that is missing.
 *
 * | in force | will be                  | its own document | action                        |
 * | none     | some                     |                  | create                        |
 * | some     | other rules              |                  | update                        |
 * | some     | same rules               | update           | update (what is the document's alone: breakGlass, myGlueDefault) |
 * | some     | same rules               | create, delete   | update (another document declares it: the default's gives way, or comes in) |
 * | some     | same rules               | none, move, orphan; changed by hand | repair     |
 * | some     | same rules               | orphan           | orphan                        |
 * | some     | same rules, other origin | none, move       | move                          |
 * | some     | none                     |                  | delete                        |
 * | else                                                   || none                          |
 */
export function diffScopes(set: PolicySet, documents: readonly DocumentChange[], applied: Applied, now: Instant): ScopeDiffs {
  const own = new Map(documents.filter((d) => d.kind === 'MfaPolicy').map((d) => [d.scope ?? '', d]));
  const kept = applied.documents.filter(
    (d) => d.kind === 'MfaPolicy' && (d.channel !== set.channel || own.get(d.scope ?? '')?.action === 'orphan'),
  );
  const policies = [...set.policies, ...kept.map(policyInForce)];
  const inForce = new Map(applied.terms.map((t) => [t.scope, t]));
  const recorded = recordedTerms(applied);
  const scopes = applied.accounts.flatMap((a) => a.scopes.map((scope) => ({ scope, enforcer: a.enforcer })));
  const effective = effectiveTerms(
    policies,
    scopes.map((s) => s.scope),
  );
  const obligations = Map.groupBy(applied.obligations, (o) => o.scope);
  const changed = scopes.flatMap(({ scope, enforcer }): ScopeDiff[] => {
    const [before, after, document] = [inForce.get(scope) ?? null, effective.get(scope) ?? null, own.get(scope) ?? null];
    const { edits, reviewed } = changedByHand(recorded.get(scope) ?? null, before);
    const adds = after !== null && addsObligation(after, obligations.get(scope) ?? []);
    const byHand = after === null ? [] : [...edits, ...missing(adds, reviewed, obligations.get(scope) ?? [])];
    const action = actionFor(before, after, document, reviewed, byHand.length > 0);
    if (action === 'none') return [];
    const origin = (after ?? before)?.origin;
    return [
      {
        scope,
        action,
        via: origin?.via ?? 'own',
        document: origin?.document ?? document?.name ?? '',
        place: placeFor(before, after, document),
        edits: withByHand(action === 'repair' ? [] : editsOf(reviewed, after, document, set, scope), byHand),
        byHand,
        before,
        reviewed,
        after,
        // Whole seconds: a deadline that people are told has no fractions.
        obligation: adds ? { scope, demand: after.demand, since: wholeSecond(now) } : null,
        enforcer,
        own: document,
      },
    ];
  });
  return { changed, unchanged: inForce.size - changed.filter((c) => c.before !== null).length, policies };
}

/** Every scope's terms as the documents in force compile to them, whatever the store's own terms say. */
export function recordedTerms(applied: Applied): Map<ScopeKey, Terms> {
  const policies = applied.documents.filter((d) => d.kind === 'MfaPolicy').map(policyInForce);
  return effectiveTerms(
    policies,
    applied.accounts.flatMap((a) => a.scopes),
  );
}

/** What was applied and enforces has left its row; where none is, somebody removed it. */
function missing(adds: boolean, reviewed: Terms | null, rows: readonly Obligation[]): Edit[] {
  if (!adds || reviewed === null || !addsObligation(reviewed, rows)) return [];
  return [{ field: 'obligation', before: 'missing', after: 'counted from this apply', place: null }];
}

function withByHand(edits: readonly Edit[], byHand: readonly Edit[]): readonly Edit[] {
  const said = new Set(edits.map((edit) => edit.field));
  return [...edits, ...byHand.filter((edit) => !said.has(edit.field))];
}

function actionFor(
  before: TermsInForce | null,
  after: Terms | null,
  document: DocumentChange | null,
  reviewed: Terms | null,
  byHand: boolean,
): Action {
  if (before === null && after === null) return document?.action ?? 'none';
  if (after === null) return 'delete';
  if (reviewed === null) return 'create';
  if (!same(reviewed.rules, after.rules)) return 'update';
  if (document?.action === 'update' || document?.action === 'create' || document?.action === 'delete') return 'update';
  if (byHand || before === null) return 'repair';
  if (document?.action === 'orphan') return 'orphan';
  return canonical(before.origin as unknown as Json) === canonical(after.origin as unknown as Json) ? 'none' : 'move';
}

/** The first edit's line; else that of the document, or of what is in force. */
function placeFor(before: Terms | null, after: Terms | null, document: DocumentChange | null): string {
  const edited = document?.action === 'update' ? document.edits.find((e) => e.place !== null)?.place : undefined;
  if (edited !== undefined && edited !== null) return edited;
  const origin = (after ?? before)?.origin;
  if (origin === undefined) return document?.place ?? '';
  return `${origin.file}:${origin.lines.requireMfa}`;
}

/** A document's own edits; where the scope passes between its own document and the default, or follows that, what differs in its rules. */
function editsOf(
  before: Terms | null,
  after: Terms | null,
  document: DocumentChange | null,
  set: PolicySet,
  scope: ScopeKey,
): readonly Edit[] {
  const passes = before !== null && after !== null && (document?.action === 'create' || document?.action === 'delete');
  if (document !== null && !passes) return document.edits;
  if (after?.origin.via === 'own') return editsBetween(before?.rules ?? null, after.rules, document?.source ?? null);
  const account = set.policies.find((p) => p.scope === scopeOf(scope).account);
  return editsBetween(before?.rules ?? null, after?.rules ?? null, account?.source ?? null, '/spec/myGlueDefault');
}

/** A policy in force, read back as one that decides. */
export function policyInForce(document: DocumentInForce): Policy {
  return { scope: document.scope ?? '', name: document.name, spec: document.spec as unknown as MfaPolicySpec, source: document.source };
}
