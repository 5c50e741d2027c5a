import { PadlockError } from '../model/errors.ts';
import type { Duration, Instant } from '../model/words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY } as const;
type Unit = keyof typeof UNITS;

/** The largest number before a unit. */
const MOST_COUNTED = 99_999;

/** A duration: a whole number and one unit. */
export const DURATION_PATTERN = '^(0|[1-9][0-9]{0,4})[smhdw]$';

/** RFC 3339 with upper-case T and Z or an offset, or a bare date. Whether the calendar has the day is {@link isInstant}'s to say. */
export const INSTANT_PATTERN =
  '^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$';

const DURATION = new RegExp(DURATION_PATTERN);
const INSTANT = new RegExp(INSTANT_PATTERN);

/** Whether a text is a duration as documents write it. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/**
 * Whether a text is an instant or a date as documents write it, on a day that the calendar has (no 30 February). Whatever
 * is one can also be written in full, in UTC and at either edge: the last day before the year 3000 ends outside of that.
 */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false;
  const date = text.slice(0, 10);
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return false;
  return INSTANT.test(formatInstant(text.length > 10 ? Date.parse(text) : midnight.getTime() + DAY));
}

/** `14d` → milliseconds. Throws `internal/unexpected` for a text that the schema refuses. */
export function parseDuration(text: string): Duration {
  if (!isDuration(text)) throw misuse(text, 'duration');
  return Number(text.slice(0, -1)) * UNITS[text.slice(-1) as Unit];
}

/**
 * Milliseconds in the largest unit that holds them exactly, days at most: `14d`, `36h`. Less than a second is cut off.
 * Weeks only where the number of days would have more digits than documents may write.
 */
export function formatDuration(duration: Duration): string {
  const seconds = Math.trunc(duration / SECOND);
  if (duration > MOST_COUNTED * DAY) return `${duration / UNITS.w}w`;
  for (const unit of ['d', 'h', 'm'] as const) {
    const size = UNITS[unit] / SECOND;
    if (seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/**
 * `2026-12-01T08:00:00Z` → milliseconds since the epoch. A bare date is UTC: at the `start` of an interval its midnight,
 * at the `end` the following one, so that the half-open interval includes the day.
 * Throws `internal/unexpected` for a text that the schema refuses.
 */
export function parseInstant(text: string, edge: 'start' | 'end'): Instant {
  if (!isInstant(text)) throw misuse(text, 'instant');
  if (text.length > 10) return Date.parse(text);
  return Date.parse(`${text}T00:00:00Z`) + (edge === 'end' ? DAY : 0);
}

/** A full instant in UTC, milliseconds only when there are any: `2027-01-01T00:00:00Z`. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function misuse(text: string, word: string): PadlockError {
  return new PadlockError('internal/unexpected', `${JSON.stringify(text)} is not a ${word}, and was not checked before it was used`);
}
