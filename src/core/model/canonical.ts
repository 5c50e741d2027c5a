import type { Json } from './words.ts';

/**
 * Canonical JSON in the manner of RFC 8785: keys sorted by UTF-16 units, no white space, so that equal values are equal texts.
 * Numbers are integers here, for which JSON.stringify already is canonical.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
