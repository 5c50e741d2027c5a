import { existsSync, statSync } from 'node:fs';
import type { StorePlace } from '../place.ts';
import { copyStore } from './backup.ts';
import { openSqlite } from './open.ts';

/** A store in a file. */
export function sqlitePlace(path: string): StorePlace {
  return {
    shown: path,
    files: [path, `${path}-wal`, `${path}-shm`],
    isMade: async () => existsSync(path),
    // Nothing stands at the path, or a file without a byte.
    isEmpty: async () => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0,
    open: (options) => openSqlite({ ...options, path }),
    backup: (target) => {
      copyStore(path, target);
      return sqlitePlace(target);
    },
  };
}
