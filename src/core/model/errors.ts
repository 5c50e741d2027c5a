import type { Json } from './words.ts';

/** Exit codes of the command line, by name. Which error gives which is decided here and nowhere else. */
export const EXIT = { ok: 0, error: 1, changes: 2, notCompliant: 3, refused: 4, stale: 5, incomplete: 6, usage: 64 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Every error code, closed: `room/what`. Stable, documented, and never reused for something else.
 * The value is the exit code that the command line ends with.
 */
export const ERROR_CODES = {
  // documents: the text is at fault
  'document/syntax': EXIT.error,
  'document/too-large': EXIT.error,
  'document/too-deep': EXIT.error,
  'document/too-costly': EXIT.error,
  'document/encoding': EXIT.error,
  'document/alias': EXIT.error,
  'document/tag': EXIT.error,
  'document/merge-key': EXIT.error,
  'document/duplicate-key': EXIT.error,
  'document/not-a-mapping': EXIT.error,
  'document/unknown-kind': EXIT.error,
  'document/unknown-version': EXIT.error,
  'document/unknown-field': EXIT.error,
  'document/missing-field': EXIT.error,
  'document/wrong-type': EXIT.error,
  'document/yaml-1.1-boolean': EXIT.error,
  'document/not-allowed': EXIT.error,
  'document/invalid-value': EXIT.error,
  'document/invalid-duration': EXIT.error,
  'document/invalid-instant': EXIT.error,
  'document/invalid-name': EXIT.error,
  'document/null-scope': EXIT.error,
  'document/duplicate-name': EXIT.error,
  'document/none': EXIT.incomplete,
  'document/unreadable': EXIT.incomplete,
  // policy: documents that are well-formed one by one, but not together or not with the directory
  'policy/duplicate-scope': EXIT.error,
  'policy/unknown-account': EXIT.error,
  'policy/unknown-myglue-account': EXIT.error,
  'policy/account-only-field': EXIT.error,
  'policy/role-not-in-scope': EXIT.error,
  'policy/weaker-role-factors': EXIT.error,
  'policy/trust-without-proof': EXIT.error,
  'policy/immutable-scope': EXIT.error,
  'policy/owned-elsewhere': EXIT.error,
  'policy/unknown-user': EXIT.error,
  'policy/ends-before-start': EXIT.error,
  'policy/duplicate-request': EXIT.error,
  'policy/invalid-schedule': EXIT.error,
  // plan and apply
  'plan/stale': EXIT.stale,
  'plan/unreadable': EXIT.usage,
  'plan/refused': EXIT.refused,
  // rights
  'rights/denied': EXIT.error,
  'rights/unknown-actor': EXIT.error,
  // directory
  'directory/unreadable': EXIT.incomplete,
  'directory/incomplete': EXIT.incomplete,
  'directory/invalid-row': EXIT.error,
  'directory/duplicate-row': EXIT.error,
  'directory/duplicate-address': EXIT.error,
  'directory/still-member': EXIT.error,
  'directory/still-named': EXIT.error,
  'directory/unmapped-role': EXIT.error,
  'directory/unmapped-myglue-account': EXIT.error,
  'directory/no-key': EXIT.incomplete,
  'directory/wrong-key': EXIT.incomplete,
  'directory/unauthorized': EXIT.incomplete,
  'directory/rate-limited': EXIT.incomplete,
  'directory/unreachable': EXIT.incomplete,
  'directory/contract-broken': EXIT.incomplete,
  // enforcers
  'enforcer/unreachable': EXIT.incomplete,
  'enforcer/cannot': EXIT.error,
  'enforcer/not-carried': EXIT.error,
  'enforcer/unfinished': EXIT.error,
  // store
  'store/unavailable': EXIT.incomplete,
  'store/missing': EXIT.incomplete,
  'store/newer-schema': EXIT.error,
  'store/older-schema': EXIT.error,
  'store/conflict': EXIT.stale,
  'store/clock-behind': EXIT.error,
  'store/unknown-user': EXIT.error,
  'store/ambiguous-user': EXIT.error,
  'store/audit-broken': EXIT.error,
  'store/corrupt': EXIT.incomplete,
  'store/restored': EXIT.error,
  'store/lost': EXIT.error,
  'store/not-forgotten': EXIT.error,
  'store/not-empty': EXIT.error,
  'store/half-copied': EXIT.incomplete,
  'store/copy-differs': EXIT.error,
  // what is known of the store outside of it
  'witness/unreadable': EXIT.incomplete,
  'witness/unwritable': EXIT.error,
  // keys
  'keys/missing': EXIT.error,
  'keys/invalid': EXIT.error,
  'keys/unreadable-record': EXIT.error,
  'keys/unwritable': EXIT.error,
  // signing in
  'sign-in/busy': EXIT.error,
  'sign-in/breached-unreadable': EXIT.error,
  // the portal as a service
  'notify/failed': EXIT.error,
  'portal/not-listening': EXIT.error,
  // report
  'report/incomplete': EXIT.incomplete,
  'report/not-written': EXIT.error,
  'report/unreadable': EXIT.error,
  // configuration and the command line
  'config/invalid': EXIT.usage,
  'config/unreadable': EXIT.usage,
  'usage/invalid': EXIT.usage,
  'usage/no-such-path': EXIT.usage,
  'internal/unexpected': EXIT.error,
} as const satisfies Record<string, ExitCode>;

/** One of the closed union of error codes. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What a code means, a common cause, and what to do, for people who look it up. Backticks mark code. */
export interface Help {
  readonly means: string;
  readonly cause: string;
  readonly remedy: string;
}

/** Something wrong at one place of a text: what, where, the text at fault, and what to do. */
export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  /** From 1; 0 when the fault is the file's as a whole. */
  readonly line: number;
  readonly column: number;
  /** The text at fault, at most 80 characters, never a secret. */
  readonly text?: string;
  /** What to write instead, or to do next. */
  readonly fix?: string;
}

/**
 * An error with a stable code. `message` says what and why, `fix` what to do next; both are fit for anyone's eyes:
 * private detail stands in `cause` alone. `faults` carries every fault of a text at once.
 */
export class PadlockError extends Error {
  override readonly name = 'PadlockError';
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly faults: readonly Fault[];
  readonly data: Json;

  constructor(code: ErrorCode, message: string, more: { fix?: string; cause?: unknown; faults?: readonly Fault[]; data?: Json } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.fix = more.fix;
    this.faults = more.faults ?? [];
    this.data = more.data ?? null;
  }

  /** The exit code that the command line ends with. */
  get exitCode(): ExitCode {
    return ERROR_CODES[this.code];
  }
}

/** Faults in the order in which a reader meets them: by file, line, column, code. */
export function sortFaults(faults: readonly Fault[]): Fault[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...faults].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code));
}
