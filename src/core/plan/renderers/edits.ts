import { formatDuration, formatInstant } from '../../documents/values.ts';
import { cut, printable } from '../../layout/width.ts';
import { allowedFor } from '../../model/demand.ts';
import { rolesOf, scopeOf } from '../../model/scope.ts';
import type { Terms } from '../../model/terms.ts';
import type { Json, JsonObject } from '../../model/words.ts';
import type { Action, DocumentChange, Edit, ScopeChange } from '../plan.ts';

/** One line of what changes: a sign, the words, and where it is declared. */
export interface Headline {
  readonly sign: '+' | '~' | '-' | '!' | ' ';
  readonly text: string;
  readonly place: string;
}

/** What a field means where a policy says nothing. */
const ABSENT: Readonly<Record<string, string>> = {
  mode: 'Enforce',
  enforceFrom: 'the next sign-in',
  gracePeriod: '0d',
  roles: 'every role',
  factors: 'every kind',
  existingSessions: 'Keep',
  enrollment: 'Open',
  approvals: '0',
  deletionPolicy: 'Orphan',
  upstreamMfa: 'Additional',
  localChallenge: 'Always',
};

/** Texts longer than this are cut, and lists of more names counted: a reason may have 500 characters, an exemption 1 000 people. */
const LONGEST_VALUE = 60;
const MOST_NAMES = 5;

/**
 * What changes in one scope, one headline an edit.
 *
 * | action | sign | words                                                  |
 * | none   |      | as declared                                            |
 * | create | +    | the requirement, when it begins, its grace             |
 * | update | ~    | each edit; without one, the document that declares it now |
 * | move   | ~    | the document that declares it now                      |
 * | delete | -    | the requirement that goes                              |
 * | orphan | !    | the document is gone, the requirement stays            |
 * | repair | ~    | each edit that brings back what was changed by hand    |
 */
export function scopeHeadlines(change: ScopeChange): Headline[] {
  const { place } = change;
  switch (change.action) {
    case 'none':
      return [{ sign: ' ', text: 'as declared', place }];
    case 'create':
      return [{ sign: '+', text: change.after === null ? 'nothing required' : requirement(change.after, true), place }];
    case 'delete':
      return [{ sign: '-', text: change.before === null ? 'nothing required' : requirement(change.before, false), place }];
    case 'orphan':
      return [{ sign: '!', text: 'document gone, requirement kept', place }];
    case 'move':
      return [declaredBy(change)];
    case 'repair':
    case 'update': {
      const edits = change.edits.flatMap((edit) => editHeadlines([edit], place, change.byHand.includes(edit)));
      return edits.length === 0 ? [declaredBy(change)] : edits;
    }
  }
}

/** What changes in one document that is no scope's requirement, one headline an edit; none where it only stands elsewhere. */
export function documentHeadlines(change: DocumentChange): Headline[] {
  const { place } = change;
  const spec = change.after ?? change.before;
  const whole = (sign: Headline['sign']): Headline[] => [{ sign, text: spec === null ? change.kind : summary(change, spec), place }];
  const by: Readonly<Record<Action, () => Headline[]>> = {
    none: () => [],
    create: () => whole('+'),
    delete: () => whole('-'),
    orphan: () => [{ sign: '!', text: 'document gone, what it says is kept', place }],
    update: () => editHeadlines(change.edits, place),
    repair: () => editHeadlines(change.edits, place, true),
    move: () => [],
  };
  return by[change.action]();
}

function declaredBy({ document, place }: ScopeChange): Headline {
  return { sign: '~', text: `declared by ${printable(document)} now`, place };
}

function summary(change: DocumentChange, spec: JsonObject): string {
  switch (change.kind) {
    case 'MfaExemption': {
      const users = Array.isArray(spec['users']) ? spec['users'].length : 0;
      return `exempt ${users} ${users === 1 ? 'person' : 'people'} until ${value('expiresAt', spec['expiresAt'])}: ${value('reason', spec['reason'])}`;
    }
    case 'ComplianceReport':
      return `report on ${value('accounts', spec['accounts'])}, ${value('schedule', spec['schedule'])} ${value('timeZone', spec['timeZone'] ?? 'UTC')}`;
    case 'MfaPolicy':
      return 'policy, with no effect on any scope';
  }
}

/** `require MFA of Administrator, from the next sign-in, grace 14d`; when it begins only where it begins to bite. */
function requirement(terms: Terms, begins: boolean): string {
  if (!terms.requireMfa) return 'MFA not required';
  const asked = rolesOf(scopeOf(terms.scope)).filter((role) => allowedFor(terms.demand, role) !== 0);
  const whom = asked.length === rolesOf(scopeOf(terms.scope)).length ? '' : ` of ${asked.join(', ')}`;
  const mode = terms.reportOnly ? ', report only' : '';
  if (!begins || terms.reportOnly) return `require MFA${whom}${mode}`;
  const from = terms.enforceFrom === null ? 'from the next sign-in' : `from ${formatInstant(terms.enforceFrom)}`;
  const grace = terms.grace === 0 ? '' : `, grace ${formatDuration(terms.grace)}`;
  return `require MFA${whom}${mode}, ${from}${grace}`;
}

/** `byHand`: what is brought back was changed in the store, by nobody's document. */
function editHeadlines(edits: readonly Edit[], place: string, byHand = false): Headline[] {
  const words = byHand ? 'restore ' : '';
  return edits.flatMap((edit) =>
    phrases(edit.field, edit.before, edit.after).map((text) => ({ sign: '~' as const, text: words + text, place: edit.place ?? place })),
  );
}

/** `gracePeriod was 30d, is 365d`: one phrase a member that differs, as `phrases` has it. `word`: in the place of `was`. */
export function wasAndIs(field: string, was: Json | undefined, is: Json | undefined, word = 'was'): string[] {
  if (isObject(was) && isObject(is)) {
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return keys.flatMap((key) =>
      JSON.stringify(was[key]) === JSON.stringify(is[key]) ? [] : wasAndIs(`${field}.${key}`, was[key], is[key], word),
    );
  }
  return [`${printable(field)} ${word} ${value(field, was)}, is ${value(field, is)}`];
}

/**
 * | before, after       | words                                      |
 * | an object, gone     | `suspend removed`                          |
 * | objects             | one phrase a member that differs           |
 * | lists               | `roles: Manager added, Lite removed`       |
 * | anything else       | `gracePeriod 30d → 7d`, absence in words   |
 */
function phrases(field: string, before: Json | undefined, after: Json | undefined): string[] {
  if (isObject(before) && after === undefined) return [`${printable(field)} removed`];
  if (isObject(after) && (isObject(before) || before === undefined)) {
    const old = before ?? {};
    const keys = [...new Set([...Object.keys(old), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      JSON.stringify(old[key]) === JSON.stringify(after[key]) ? [] : phrases(`${field}.${key}`, old[key], after[key]),
    );
  }
  if (isList(before) && isList(after)) return [`${printable(field)}: ${listDifference(before, after)}`];
  return [`${printable(field)} ${value(field, before)} → ${value(field, after)}`];
}

/** Members of a list go by their provider, where they are objects. */
function listDifference(before: readonly Json[], after: readonly Json[]): string {
  const named = (list: readonly Json[]) => new Map(list.map((item) => [nameOf(item), JSON.stringify(item)]));
  const [old, next] = [named(before), named(after)];
  const said = [
    ['added', [...next.keys()].filter((name) => !old.has(name))],
    ['changed', [...next].filter(([name, text]) => old.has(name) && old.get(name) !== text).map(([name]) => name)],
    ['removed', [...old.keys()].filter((name) => !next.has(name))],
  ] as const;
  const different = said.filter(([, names]) => names.length > 0).map(([word, names]) => `${some(names)} ${word}`);
  return different.length === 0 ? 'in another order' : different.join(', ');
}

function some(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function nameOf(item: Json): string {
  return isObject(item) ? value('provider', item['provider']) : value('', item);
}

function value(field: string, of: Json | undefined): string {
  if (of === undefined) return ABSENT[field.slice(field.lastIndexOf('.') + 1)] ?? 'not set';
  const text = isList(of) ? of.map(nameOf).join(', ') : typeof of === 'string' ? of : JSON.stringify(of);
  return cut(printable(text), LONGEST_VALUE);
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !isList(json);
}
