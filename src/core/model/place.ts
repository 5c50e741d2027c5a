import { beginning } from './beginning.ts';
import type { ErrorCode, Fault } from './errors.ts';

/**
 * A fault at the place that a row of a directory carries: `people.csv:7`, or `users.json: data[6]` where lines tell nothing.
 * `text` is cut to 80 characters.
 */
export function faultAt(place: string, code: ErrorCode, message: string, fix: string, text?: string): Fault {
  const colon = place.lastIndexOf(':');
  const rest = place.slice(colon + 1);
  const shown = text === undefined ? {} : { text: beginning(text, 80) };
  if (/^[0-9]+$/.test(rest)) return { code, message, file: place.slice(0, colon), line: Number(rest), column: 1, fix, ...shown };
  if (colon < 0) return { code, message, file: place, line: 0, column: 0, fix, ...shown };
  return { code, message: `${rest.trim()}: ${message}`, file: place.slice(0, colon), line: 0, column: 0, fix, ...shown };
}
