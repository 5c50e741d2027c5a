import { statSync } from 'node:fs';
import type { StorePlace } from '../place.ts';
import { copyStore } from './backup.ts';
import { openSqlite } from './open.ts';

/** A store in a file. */
export function sqlitePlace(path: string): StorePlace {
  return {
    shown: path,
    files: [path, `${path}-wal`, `${path}-shm`],
    stands: async () => {
      const file = statSync(path, { throwIfNoEntry: false });
      if (file === undefined) return 'nothing';
      return file.size === 0 ? 'empty' : 'store';
    },
    open: (options) => openSqlite({ ...options, path }),
    backup: (target) => {
      copyStore(path, target);
      return sqlitePlace(target);
    },
  };
}
