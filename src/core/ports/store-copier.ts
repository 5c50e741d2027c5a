import type { AuditHead } from '../model/audit.ts';
import type { Instant } from '../model/words.ts';
import type { StoreAuditing } from './store-auditing.ts';

/** How far a copy is, table by table. */
export interface CopyStep {
  readonly doing: 'copying' | 'verifying';
  readonly table: string;
  /** Rows of it, so far and in all. */
  readonly done: number;
  readonly total: number;
}

/** The chains as they arrived, to be judged: an adapter only reads them. */
export type CopiedChains = Pick<StoreAuditing, 'auditEntries' | 'recordedResets'>;

/** What a copy is asked for with. */
export interface CopyRequest {
  readonly now: Instant;
  /**
   * Judges what arrived, against the heads that the source had, in the transaction that ends the copy. What it throws leaves the
   * target half-copied, so that nobody works on it.
   */
  readonly verify: (target: CopiedChains, heads: readonly AuditHead[]) => Promise<void>;
  readonly progress: (step: CopyStep) => void;
}

/** A copy that is whole and verified. */
export interface CopiedStore {
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Every account's head, the same in both stores. */
  readonly heads: readonly AuditHead[];
  /** Rows that an earlier call had brought over, and this one found to be the source's still. */
  readonly resumed: number;
  /** Somebody wrote to the source since the moment that was copied: the copy does not have it. */
  readonly movedOn: boolean;
}

/**
 * Copies a store as it is at one moment, while others read and write it, to an empty database. Interrupted at any moment it carries
 * on when called again, and until it has ended well no padlock opens the target.
 * Errors: `store/missing`, `store/older-schema`, `store/not-empty`, `store/half-copied` (begun from another state of the source),
 * `store/copy-differs`, `store/corrupt`, `store/conflict` (two at once), `store/unavailable`.
 */
export interface StoreCopier {
  /** Where to, for people. */
  readonly place: string;
  copy(request: CopyRequest): Promise<CopiedStore>;
}
