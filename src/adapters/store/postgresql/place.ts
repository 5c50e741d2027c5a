import { PadlockError } from '../../../core/model/errors.ts';
import type { StorePlace } from '../place.ts';
import { isUnmadeAt, openPostgres } from './open.ts';
import { type PostgresServer, shownServer } from './server.ts';

/** A store in a database of a server. */
export function postgresPlace(server: PostgresServer): StorePlace {
  return {
    shown: shownServer(server),
    files: [],
    stands: async () => ((await isUnmadeAt(server)) ? 'nothing' : 'store'),
    open: (options) => openPostgres({ ...options, server }),
    backup: () => {
      throw new PadlockError('usage/invalid', `a backup of ${shownServer(server)} is made by the server's own tools; no backup was made`, {
        fix: 'run pg_dump --format=custom, or keep base backups and the log (WAL); the keys and the heads are backed up apart from it',
      });
    },
  };
}
