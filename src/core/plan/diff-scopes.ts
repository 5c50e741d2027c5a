import type { MfaPolicySpec } from '../documents/schema.ts';
import type { Applied, DocumentInForce } from '../model/applied.ts';
import { canonical } from '../model/canonical.ts';
import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Obligation, Terms, TermsInForce } from '../model/terms.ts';
import type { EnforcerName, Instant, Json } from '../model/words.ts';
import { addsObligation, wholeSecond } from '../policy/deadline.ts';
import { effectiveTerms, type Policy } from '../policy/effective.ts';
import type { PolicySet } from '../policy/policy-set.ts';
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
  readonly before: TermsInForce | null;
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
 * its own document, or by its account's `myGlueDefault` where it has none.
 *
 * | in force | will be                  | its own document | action                        |
 * | none     | some                     |                  | create                        |
 * | some     | other rules              |                  | update                        |
 * | some     | same rules               | update           | update (what is the document's alone: breakGlass, myGlueDefault) |
 * | some     | same rules, other origin |                  | move                          |
 * | some     | same rules, same origin  | orphan           | orphan                        |
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
  const scopes = applied.accounts.flatMap((a) => a.scopes.map((scope) => ({ scope, enforcer: a.enforcer })));
  const effective = effectiveTerms(
    policies,
    scopes.map((s) => s.scope),
  );
  const obligations = Map.groupBy(applied.obligations, (o) => o.scope);
  const changed = scopes.flatMap(({ scope, enforcer }): ScopeDiff[] => {
    const [before, after, document] = [inForce.get(scope) ?? null, effective.get(scope) ?? null, own.get(scope) ?? null];
    const action = actionFor(before, after, document);
    if (action === 'none') return [];
    const adds = after !== null && addsObligation(after, obligations.get(scope) ?? []);
    const origin = (after ?? before)?.origin;
    return [
      {
        scope,
        action,
        via: origin?.via ?? 'own',
        document: origin?.document ?? document?.name ?? '',
        place: placeFor(before, after, document),
        edits: editsOf(before, after, document, set, scope),
        before,
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

function actionFor(before: TermsInForce | null, after: Terms | null, document: DocumentChange | null): Action {
  if (before === null) return after === null ? (document?.action ?? 'none') : 'create';
  if (after === null) return 'delete';
  if (!same(before.rules, after.rules)) return 'update';
  if (document?.action === 'update' || document?.action === 'create' || document?.action === 'delete') return 'update';
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
