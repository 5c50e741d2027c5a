import type { AuditEntry, AuditHead, ListedEntry, RecordedReset } from '../model/audit.ts';
import type { ExecutedReset } from '../model/witnessed.ts';
import type { Instant } from '../model/words.ts';

/** Which entries a list holds, newest first. */
export interface AuditFilter {
  readonly account?: string;
  readonly since?: Instant;
  /** `reset` for all of resets, `reset.executed` for these alone. */
  readonly act?: string;
  /** Entries of this person's doing, or about them. */
  readonly userId?: number;
  /** Of one account, by number: entries before this one. Absent: by time. */
  readonly before?: number;
  readonly limit: number;
}

/** Reading the audit chains. Nothing here judges them: `core/audit` does. */
export interface StoreAuditing {
  /** The last entry of each account's chain. */
  auditHeads(): Promise<readonly AuditHead[]>;
  /** An account's entries in order, as they are stored; streamed. */
  auditEntries(account: string): AsyncIterable<AuditEntry>;
  /** The hash of one entry; undefined when there is none. */
  auditHash(account: string, seq: number): Promise<string | undefined>;
  /** Entries newest first, and how many there are in all. */
  auditList(filter: AuditFilter): Promise<{ readonly entries: readonly ListedEntry[]; readonly count: number }>;
  /** Every reset request of an account as its row is. */
  recordedResets(account: string): Promise<readonly RecordedReset[]>;
  /** Resets whose execution was audited behind an entry of an account's chain. */
  executedResets(account: string, afterSeq: number): Promise<readonly ExecutedReset[]>;
}
