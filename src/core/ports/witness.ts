import type { AuditHead } from '../model/audit.ts';
import type { ExecutedReset, Witnessed } from '../model/witnessed.ts';

/** What is to be known outside the store. */
export interface Testimony {
  readonly heads: readonly AuditHead[];
  readonly resets: readonly ExecutedReset[];
  /** Heads from which chains go on after a restored store was acknowledged: they take the place of newer ones. */
  readonly acknowledged?: readonly AuditHead[];
}

/**
 * A memory outside the store of how far its audit chains had come and which resets were executed: what tells a store that was
 * restored or cut short. Holds ids and hashes, no names.
 * Errors: `witness/unreadable`, `witness/unwritable`.
 */
export interface Witness {
  /** Where it is kept, for people. */
  readonly place: string;
  /** Nothing known is a valid answer. */
  read(): Promise<Witnessed>;
  /** Refuses when nothing could be appended, and makes no file: asked before an act, since no act goes unwitnessed. */
  ready(): Promise<void>;
  /** Appends, and comes back when it is on the disk. */
  append(testimony: Testimony): Promise<void>;
}
