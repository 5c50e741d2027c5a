import type { AuditBody, AuditEntry, ListedEntry } from '../model/audit.ts';
import { wordsIn } from '../model/audit.ts';
import type { Json, JsonObject } from '../model/words.ts';

/** What stands where words were erased. */
const GONE = '(erased)';

/** An entry's detail with its words put back in their places. */
export function detailOf(entry: AuditEntry): Json {
  const { detail } = JSON.parse(entry.body) as AuditBody;
  const places = new Set(wordsIn(detail).map(({ pointer }) => pointer));
  return fill(detail, '', places, new Map(entry.words.map((w) => [w.pointer, w.value])));
}

/** The person whom an entry is about, by the store's id: named by its detail, or by themselves at the portal. */
export function personIn(entry: ListedEntry): number | undefined {
  const { target, detail } = JSON.parse(entry.body) as AuditBody;
  const user = detail !== null && typeof detail === 'object' && !Array.isArray(detail) ? (detail as JsonObject)['user'] : undefined;
  if (typeof user === 'number') return user;
  return entry.channel === 'portal' && target === entry.subject && /^\d+$/.test(target) ? Number(target) : undefined;
}

function fill(value: Json, pointer: string, places: ReadonlySet<string>, words: ReadonlyMap<string, string>): Json {
  if (places.has(pointer)) {
    const text = words.get(pointer);
    return text === undefined ? GONE : (JSON.parse(text) as Json);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, inner]) => [key, fill(inner, `${pointer}/${key}`, places, words)]),
  );
}
