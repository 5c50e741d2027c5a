import type { ErrorCode, Fault } from '../../model/errors.ts';
import type { PadlockDocument } from '../document.ts';
import type { Skipped } from '../read.ts';

/** What a check of documents found, for the formats that other programs read. */
export interface Check {
  /** The version of Padlock. */
  readonly version: string;
  readonly exitCode: number;
  readonly documents: readonly PadlockDocument[];
  readonly skipped: readonly Skipped[];
  /** Sorted. */
  readonly faults: readonly Fault[];
  /** Why there is nothing to tell of: no document at all, a path that cannot be read. */
  readonly failure?: { readonly code: ErrorCode; readonly message: string; readonly fix?: string | undefined };
}

/** A fault as one sentence: what is wrong, and what to write instead. */
export function sentenceOf({ message, fix }: { readonly message: string; readonly fix?: string | undefined }): string {
  return fix === undefined ? message : `${message}; ${fix}`;
}
