import type { Applied, DocumentInForce } from '../model/applied.ts';
import { placeOf } from '../model/positions.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { EnforcerName, Instant, Json } from '../model/words.ts';
import { addsObligation } from '../policy/deadline.ts';
import type { EnforcerFinding } from '../ports/enforcer.ts';
import { changedByHand, termsEdits } from './by-hand.ts';
import { recordedTerms } from './diff-scopes.ts';
import type { ExemptionByHand } from './exemptions-by-hand.ts';
import type { DocumentChange, Edit } from './plan.ts';

/** What kind of difference was found. */
export type DriftKind = 'by-hand' | 'unbound' | 'held' | 'undeclared' | 'orphan' | 'ending' | 'unapplied' | 'elsewhere' | 'door';

/** One thing that is not as it was applied or declared. */
export interface DriftFinding {
  readonly kind: DriftKind;
  readonly of: 'scope' | 'exemption' | 'report' | 'policy' | 'reset' | 'enforcer';
  /** The scope's key, the document's name, the request's id, or the enforcer with its account. */
  readonly name: string;
  /** Field by field: what it was, as applied or declared, and what it is. Empty where there is no field to tell of. */
  readonly fields: readonly { readonly field: string; readonly was: Json | undefined; readonly is: Json | undefined }[];
  /** `file:line` of the document; empty when none is known. */
  readonly place: string;
}

/** What a look for drift found. */
export interface Drift {
  readonly now: Instant;
  readonly findings: readonly DriftFinding[];
  /** What was looked at: scopes with a requirement in force, documents in force. */
  readonly scopes: number;
  readonly documents: number;
  /** Whether declared documents were compared too. */
  readonly declared: boolean;
}

/** What an enforcer said of one account, and the resets that it has still to carry out. */
export interface ElsewhereDrift {
  readonly account: string;
  readonly enforcer: EnforcerName;
  readonly findings: readonly EnforcerFinding[];
  readonly resets: readonly string[];
}

/** What drift is looked for in. `changes`: of declared documents against those in force; null: none were given. */
export interface DriftInput {
  readonly applied: Applied;
  readonly exemptions: readonly ExemptionByHand[];
  /** Exemptions with people to whom they never were bound. */
  readonly unbound: readonly ExemptionByHand[];
  readonly changes: readonly DocumentChange[] | null;
  /** Of the enforcers that decide by a copy of their own. */
  readonly elsewhere: readonly ElsewhereDrift[];
  readonly now: Instant;
}

/**
 * Everything that is not as it should be, by kind:
 *
 * | by-hand    | the store's terms, obligations or exemptions are not what its documents made of them   |
 * | unbound    | an exemption names somebody who is known, and does not exempt them                     |
 * | held       | a scope that follows its account's default has not got it: a guard held it, or somebody removed it |
 * | undeclared | a requirement is in force that no document in force declares                           |
 * | orphan     | a policy in force is not declared any more: its requirement is kept                    |
 * | ending     | a document in force is not declared any more, and the next apply lets it go            |
 * | unapplied  | a document is declared and not in force, or in force otherwise                         |
 * | elsewhere  | an enforcer does not ask what is in force, or has not carried out a reset: the next apply does it |
 * | door       | a way around MFA stands open at an enforcer, and is to be closed there                  |
 */
export function driftOf({ applied, exemptions, unbound, changes, elsewhere, now }: DriftInput): Drift {
  return {
    now,
    findings: [
      ...scopeFindings(applied),
      ...exemptions.map((found) => exemptionFinding('by-hand', found)),
      ...unbound.map((found) => exemptionFinding('unbound', found)),
      ...(changes ?? []).flatMap(documentFinding),
      ...elsewhere.flatMap(elsewhereFindings),
    ],
    scopes: applied.terms.length,
    documents: applied.documents.length,
    declared: changes !== null,
  };
}

function scopeFindings(applied: Applied): DriftFinding[] {
  const recorded = recordedTerms(applied);
  const inForce = new Map(applied.terms.map((t) => [t.scope, t]));
  const rows = Map.groupBy(applied.obligations, (o) => o.scope);
  const scopes = applied.accounts.flatMap((a) => a.scopes);
  return scopes.flatMap((scope): DriftFinding[] => {
    const [was, is] = [recorded.get(scope) ?? null, inForce.get(scope) ?? null];
    const { edits, reviewed } = changedByHand(was, is);
    const unobliged = reviewed !== null && was !== null && addsObligation(reviewed, rows.get(scope) ?? []);
    const byHand = [...edits, ...(unobliged ? [{ field: 'obligation', before: 'missing', after: 'recorded', place: null }] : [])];
    if (byHand.length > 0) return [scopeFinding('by-hand', scope, byHand, was ?? is)];
    const others = termsEdits(is, was);
    if (others.length === 0) return [];
    return [scopeFinding(was === null ? 'undeclared' : 'held', scope, others, was ?? is)];
  });
}

function scopeFinding(
  kind: DriftKind,
  scope: ScopeKey,
  edits: readonly Edit[],
  terms: Applied['terms'][number] | null | { readonly origin: Applied['terms'][number]['origin'] },
): DriftFinding {
  const place = terms === null ? '' : `${terms.origin.file}:${terms.origin.lines.requireMfa}`;
  return { kind, of: 'scope', name: scope, fields: edits.map(wasAndIs), place };
}

function exemptionFinding(kind: DriftKind, found: ExemptionByHand): DriftFinding {
  return { kind, of: 'exemption', name: found.name, fields: found.edits.map(wasAndIs), place: placeOfDocument(found.document) };
}

/** An edit goes from what is in force to what was applied. */
function wasAndIs({ field, before, after }: Edit) {
  return { field, was: after, is: before };
}

const OF = { MfaPolicy: 'policy', MfaExemption: 'exemption', ComplianceReport: 'report' } as const;

function documentFinding(change: DocumentChange): DriftFinding[] {
  const { action, place } = change;
  if (action === 'none' || action === 'move' || action === 'repair') return [];
  const gone = action === 'orphan' || action === 'delete';
  const of = OF[change.kind];
  const name = change.scope ?? change.name;
  const fields = action === 'update' ? change.edits.map(({ field, before, after }) => ({ field, was: after, is: before })) : [];
  return [
    {
      kind: gone ? (action === 'orphan' ? 'orphan' : 'ending') : 'unapplied',
      of: change.scope === null ? of : 'policy',
      name,
      fields,
      place,
    },
  ];
}

/** By scope: what is the matter with the account as a whole stands first. */
function elsewhereFindings({ account, enforcer, findings, resets }: ElsewhereDrift): DriftFinding[] {
  const groups = Map.groupBy(findings, ({ scope, mends }) => `${mends} ${scope ?? ''}`);
  const found = [...groups.values()].map((group): DriftFinding => {
    const { scope = null, mends = 'by-hand' } = group[0] ?? {};
    const fields = group.map(({ what, is, shouldBe }) => ({ field: what, was: shouldBe, is }));
    const named = scope === null ? { of: 'enforcer' as const, name: `${enforcer} of ${account}` } : { of: 'scope' as const, name: scope };
    return { kind: mends === 'push' ? 'elsewhere' : 'door', ...named, fields, place: enforcer };
  });
  return [...found, ...resets.map((name): DriftFinding => ({ kind: 'elsewhere', of: 'reset', name, fields: [], place: enforcer }))];
}

function placeOfDocument(document: DocumentInForce | null): string {
  return document === null ? '' : placeOf(document.source, '/metadata/name');
}
