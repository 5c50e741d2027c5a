import type { Duration, Instant } from '../model/words.ts';

/** Codes that somebody may get wrong in a row, of the app and for recovery together, before codes are no way in any more. */
export const CODE_CAP = 10;

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;

/** Wrong passwords that cost nothing: people mistype. */
const FREE_FAILURES = 4;
const LONGEST_DELAY = 5 * 60 * SECOND;

/** From this age on a failure is forgotten. */
const FORGOTTEN_AFTER = 24 * HOUR;

/** Failures of all kinds from one address, whoever they were meant for, in an hour. */
const ADDRESS_CAP = 100;

/**
 * How long after the last wrong password the next is looked at: a second after the fifth, doubling up to five minutes. It never
 * becomes a lockout, which would let anybody lock anybody out.
 */
export function passwordDelay(failures: number): Duration {
  return failures <= FREE_FAILURES ? 0 : Math.min(SECOND * 2 ** (failures - FREE_FAILURES - 1), LONGEST_DELAY);
}

/** Whether a password is looked at now, after so many wrong ones, the last of them then; null: there was none. */
export function mayTryPassword(failures: number, lastFailureAt: Instant | null, now: Instant): boolean {
  const delay = passwordDelay(countedFailures(failures, lastFailureAt, now));
  return delay === 0 || lastFailureAt === null || now - lastFailureAt >= delay;
}

/** The failures that still count: none when the last of them is a day old. */
export function countedFailures(failures: number, lastFailureAt: Instant | null, now: Instant): number {
  return lastFailureAt === null || now - lastFailureAt >= FORGOTTEN_AFTER ? 0 : failures;
}

/** Whether anything is looked at from an address, after so many failures since its hour began; null: it has not begun. */
export function mayTryFrom(failures: number, windowStart: Instant | null, now: Instant): boolean {
  return failures < ADDRESS_CAP || windowStart === null || now - windowStart >= HOUR;
}
