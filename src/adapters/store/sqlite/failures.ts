import { closeSync, existsSync, openSync } from 'node:fs';
import { PadlockError } from '../../../core/model/errors.ts';

/** What was not done, and what helps where it is neither damage nor another process. */
interface Otherwise {
  /** `nothing was written`. */
  readonly state: string;
  readonly message: string;
  readonly fix: string;
}

/**
 * A failure of SQLite or of the file system as ours. A damaged file is `store/corrupt`: no disk and no permission mends it. One that
 * another process holds, and everything else, is `store/unavailable`: the same command may go through later.
 */
export function storeFailure(cause: unknown, { state, message, fix }: Otherwise): PadlockError {
  const code = codeOf(cause);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return new PadlockError('store/corrupt', `the store is damaged, or no padlock store (${code}); ${state}`, {
      fix: 'check the path; if it is the right one, keep the file, and restore a backup: "The store is lost, and a backup is restored" in docs/runbook.md',
      cause,
    });
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new PadlockError('store/unavailable', `another process writes to the store, and has not finished (${code}); ${state}`, {
      fix: 'run it again when that one is done; nothing is wrong with the store',
      cause,
    });
  }
  return new PadlockError('store/unavailable', `${message} (${code}); ${state}`, { fix, cause });
}

/** The code of a failure. */
function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
}

/** Makes an empty file for its owner alone, for SQLite to fill: what SQLite makes by itself, everybody may read. One that is there stays. */
export function ownFile(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    // Another process was faster.
    if (codeOf(cause) !== 'EEXIST') throw cause;
  }
}
