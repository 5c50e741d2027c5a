import { formatDuration, formatInstant } from '../documents/values.ts';
import { allowedFor, kindsOf } from '../model/demand.ts';
import { rolesOf, scopeOf } from '../model/scope.ts';
import type { Terms, TermsInForce } from '../model/terms.ts';
import type { Json, JsonObject } from '../model/words.ts';
import { compileTerms } from '../policy/compile.ts';
import { editsBetween } from './edits.ts';
import type { Edit } from './plan.ts';

/** What somebody changed in the store behind Padlock's back, and what had been applied. */
export interface ByHand {
  /** From what is in force to what was applied; empty where nothing was changed by hand. */
  readonly edits: readonly Edit[];
  /** What was applied last: what guards compare a change with. Null: nothing was. */
  readonly reviewed: Terms | null;
}

/**
 * Terms in force against those that the recorded documents compile to, for one scope.
 *
 * | in force | recorded    | it is                                                                     |
 * | some     | own         | by hand, where they differ: document and terms are written together       |
 * | none     | own         | by hand: the terms were removed                                           |
 * | some     | the default | by hand, where they differ from what their own rules compile to; other rules may be held by a guard |
 * | else                   | not known: held by a guard, or not yet applied                            |
 */
export function changedByHand(recorded: Terms | null, inForce: TermsInForce | null): ByHand {
  if (recorded === null || (inForce === null && recorded.origin.via === 'default')) return { edits: [], reviewed: inForce };
  const own = recorded.origin.via === 'own' || inForce === null;
  const reviewed = own ? recorded : asCompiled(inForce);
  const edits = termsEdits(inForce, reviewed);
  return { edits, reviewed: edits.length === 0 ? inForce : reviewed };
}

/** Everything in which terms differ, in the words of a document: what decides, then the rules that decide nothing by themselves. */
export function termsEdits(from: Terms | null, to: Terms | null): Edit[] {
  if (from === null || to === null) {
    const said = (terms: Terms | null): Json => (terms === null ? 'none' : `declared by ${terms.origin.document}`);
    return from === to ? [] : [{ field: 'terms', before: said(from), after: said(to), place: to && placeOfTerms(to) }];
  }
  const place = placeOfTerms(to);
  const decisive = editsBetween(decides(from), decides(to), null).map((edit) => ({ ...edit, place }));
  const said = new Set(decisive.map((edit) => edit.field));
  const rules = editsBetween(from.rules, to.rules, null).map((edit) => ({ ...edit, place }));
  return [...decisive, ...rules.filter((edit) => !said.has(edit.field))];
}

/** The place of the requirement that terms were compiled from. */
function placeOfTerms(terms: Terms): string {
  return `${terms.origin.file}:${terms.origin.lines.requireMfa}`;
}

/** The terms again from their own rules. */
function asCompiled(terms: Terms): Terms {
  const { file, lines } = terms.origin;
  const source = { file, line: lines.requireMfa, at: {} };
  return { ...compileTerms(terms.scope, terms.rules as never, { ...terms.origin, source }), origin: terms.origin };
}

/** What requirements are judged by, as a document would say it, defaults left out. */
function decides(terms: Terms): JsonObject {
  const kinds = rolesOf(scopeOf(terms.scope)).map((role) => [role, kindsOf(allowedFor(terms.demand, role)).join(', ') || 'not asked']);
  const trust = terms.trust.map((t) => `${t.provider} ${t.claim}=${t.value} up to ${formatDuration(t.maxAge)}`).sort();
  return {
    requireMfa: terms.requireMfa,
    ...(terms.reportOnly && { mode: 'ReportOnly' }),
    ...(terms.enforceFrom !== null && { enforceFrom: formatInstant(terms.enforceFrom) }),
    ...(terms.grace !== 0 && { gracePeriod: formatDuration(terms.grace) }),
    kinds: Object.fromEntries(kinds) as JsonObject,
    ...(trust.length > 0 && { trusted: trust }),
  };
}
