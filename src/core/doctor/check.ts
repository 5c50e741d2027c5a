/** What one check found. `warning`: it works, and somebody should look; only a `fault` ends the command with 1. */
export type CheckOutcome = 'ok' | 'warning' | 'fault';

/** One check of `padlock doctor`: what was looked at, what was found, and how to mend it. */
export interface Check {
  readonly name: string;
  readonly outcome: CheckOutcome;
  readonly message: string;
  /** One a line: the persons, requests or records that it is about. */
  readonly details: readonly string[];
  /** What to do about it; null where nothing is to be done. */
  readonly fix: string | null;
}

/** Nothing is wrong. */
export function fine(name: string, message: string): Check {
  return { name, outcome: 'ok', message, details: [], fix: null };
}

/** It works, and somebody should look. */
export function warning(name: string, message: string, fix: string, details: readonly string[] = []): Check {
  return { name, outcome: 'warning', message, details, fix };
}

/** It does not work, or is not safe. */
export function fault(name: string, message: string, fix: string, details: readonly string[] = []): Check {
  return { name, outcome: 'fault', message, details, fix };
}
