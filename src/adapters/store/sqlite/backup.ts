import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { PadlockError } from '../../../core/model/errors.ts';
import { ownFile, storeFailure } from './failures.ts';

/**
 * Copies the store as it is at one moment, while others read and write it, to a file that must not exist; for its owner alone from
 * its first byte, and synced. Nothing that was deleted comes along. `store/missing`, `store/corrupt`, `store/unavailable`; then no
 * file is left.
 */
export function copyStore(path: string, target: string, patience = 10_000): void {
  if (!existsSync(path)) {
    throw new PadlockError('store/missing', `there is no store at ${path}`, { fix: 'name it by the key store of the configuration' });
  }
  try {
    const database = new Database(path, { readonly: true, timeout: patience });
    try {
      ownFile(target);
      database.prepare('vacuum into ?').run(target);
    } finally {
      database.close();
    }
    const file = openSync(target, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    rmSync(target, { force: true });
    throw storeFailure(cause, {
      message: `the store cannot be copied to ${target}`,
      state: 'no backup was made',
      fix: 'name a file in a folder that is there, is writable and has room',
    });
  }
}
