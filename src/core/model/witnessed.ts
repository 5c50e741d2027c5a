import type { AuditHead } from './audit.ts';
import type { Instant } from './words.ts';

/** A reset that was executed, as it is known outside the store: by ids and times alone. */
export interface ExecutedReset {
  readonly account: string;
  readonly requestId: string;
  readonly userId: number;
  /** The request's own time: factors enrolled before it went. */
  readonly requestedAt: Instant;
  readonly executedAt: Instant;
}

/** What is known outside the store of what the store has said. */
export interface Witnessed {
  /** The newest head of each account's chain; with the number 0 that of one which was only announced. */
  readonly heads: readonly AuditHead[];
  readonly resets: readonly ExecutedReset[];
  /** Lines that are none of ours: cut short by a crash, or written by somebody else. */
  readonly unreadable: number;
}
