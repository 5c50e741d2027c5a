import Database from 'better-sqlite3';
import type { PadlockError } from '../../../core/model/errors.ts';
import { storeFailure } from './failures.ts';

/** Opens a file as every connection of a store is. */
export function connection(path: string, readonly: boolean, timeout: number): Database.Database {
  try {
    const database = new Database(path, { readonly, timeout });
    if (!readonly) database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    if (!readonly) database.pragma('secure_delete = ON');
    database.pragma('cache_size = -65536');
    return database;
  } catch (cause) {
    throw unavailable(path, cause);
  }
}

/** A file that cannot be opened as a store. */
export function unavailable(path: string, cause: unknown): PadlockError {
  return storeFailure(cause, {
    message: `the store at ${path} cannot be opened`,
    state: 'nothing was read or written',
    fix: 'check that its folder is there and writable, and that the disk is not full',
  });
}
