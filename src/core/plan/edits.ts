import { canonical } from '../model/canonical.ts';
import { type DocumentSource, placeOf } from '../model/positions.ts';
import type { Json, JsonObject } from '../model/words.ts';
import type { Edit } from './plan.ts';

/**
 * The fields that differ between two canonical specs, in the order of the document, those that went last.
 * `myGlueDefault` is opened: its fields are edits of their own, `myGlueDefault.gracePeriod`.
 */
export function editsBetween(
  before: JsonObject | null,
  after: JsonObject | null,
  source: DocumentSource | null,
  pointer = '/spec',
  prefix = '',
): Edit[] {
  const fields = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
  return [...fields].flatMap((field) => {
    const [old, next] = [before?.[field], after?.[field]];
    if (same(old, next)) return [];
    if (field === 'myGlueDefault' && isObject(old) && isObject(next)) {
      return editsBetween(old, next, source, `${pointer}/${field}`, `${field}.`);
    }
    return [{ field: `${prefix}${field}`, before: old, after: next, place: source && placeOf(source, `${pointer}/${field}`) }];
  });
}

/** Whether two canonical values are one; absent equals absent alone. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonical(a) === canonical(b);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
