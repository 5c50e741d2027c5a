import type { Instant } from '../../../core/model/words.ts';
import type { Answer } from './transport.ts';

/** What was spent so far: of one request and of the whole read. */
export interface Spent {
  /** Tries of this request, the one just answered included. */
  readonly tries: number;
  /** Tries again of all requests of the read. */
  readonly again: number;
  /** Milliseconds waited in the whole read. */
  readonly waited: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long it is tried. IT Glue counts requests over 5 minutes: whoever waits so long is let in again. */
export const PATIENCE = {
  /** Of one request. */
  tries: 6,
  /** Of all requests of a read, beyond their first. */
  again: 30,
  /** The longest `Retry-After` that is waited for; a longer one ends the read, for it is never tried earlier than asked. */
  longestAsked: 6 * MINUTE,
  /** In all, over a read. */
  waited: 20 * MINUTE,
  /** Before the second try, doubled before each further one up to `longest`. */
  first: { limited: 15 * SECOND, failed: SECOND },
  longest: { limited: 2 * MINUTE, failed: 30 * SECOND },
} as const;

/**
 * How many milliseconds to wait before a request is tried again; null: it is not. `chance` is of [0, 1) and spreads those who were
 * turned away together.
 *
 * | answer                        | waited                                                        |
 * |-------------------------------|---------------------------------------------------------------|
 * | a document, or a broken one   | not tried again                                               |
 * | 408, 429, 5xx, `Retry-After`  | as long as it says, and up to a second more; past the cap: not |
 * | 429                           | 15 s, 30 s, 1 min, 2 min, 2 min; half of it by chance          |
 * | 408, 5xx, no answer           | 1 s, 2 s, 4 s, 8 s, 16 s; half of it by chance                 |
 * | any other status              | not tried again                                               |
 */
export function waitBeforeNext(answer: Answer, spent: Spent, now: Instant, chance: number): number | null {
  if (!isPassing(answer) || spent.tries >= PATIENCE.tries || spent.again >= PATIENCE.again) return null;
  const asked = answer.kind === 'refused' ? retryAfter(answer.retryAfter, now) : null;
  const wait = asked === null ? backOff(answer, spent.tries, chance) : asked + Math.floor(chance * SECOND);
  const tooLong = (asked ?? 0) > PATIENCE.longestAsked || spent.waited + wait > PATIENCE.waited;
  return tooLong ? null : wait;
}

/** Whether the same request may well be answered later. */
function isPassing(answer: Answer): boolean {
  if (answer.kind === 'refused') return answer.status === 408 || answer.status === 429 || answer.status >= 500;
  return answer.kind === 'silent';
}

function backOff(answer: Answer, tries: number, chance: number): number {
  const kind = answer.kind === 'refused' && answer.status === 429 ? 'limited' : 'failed';
  const whole = Math.min(PATIENCE.longest[kind], PATIENCE.first[kind] * 2 ** (tries - 1));
  return Math.floor(whole / 2 + (chance * whole) / 2);
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`: the one form of dates that servers may send (RFC 9110, section 5.6.7). */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * The milliseconds that a `Retry-After` asks for (RFC 9110, section 10.2.3: seconds, or a date); null for none, or one that is neither.
 * A date that has passed is 0.
 */
export function retryAfter(text: string | null, now: Instant): number | null {
  const said = text?.trim() ?? '';
  if (/^\d{1,9}$/.test(said)) return Number(said) * SECOND;
  const date = HTTP_DATE.test(said) ? Date.parse(said) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
