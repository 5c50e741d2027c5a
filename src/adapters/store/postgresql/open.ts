import { Kysely, sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Store } from '../../../core/ports/store.ts';
import { checkSchema, isUnmade, migrate } from '../migrate.ts';
import { PATIENCE, type StoreOptions } from '../options.ts';
import { sqlStore } from '../store.ts';
import type { Tables } from '../tables.ts';
import { connections, untilThere } from './connect.ts';
import { postgresDialect } from './driver.ts';
import { POSTGRESQL } from './engine.ts';
import { serverFailure } from './failures.ts';
import { type PostgresServer, shownServer } from './server.ts';

export interface PostgresOptions extends StoreOptions {
  readonly server: PostgresServer;
}

/** The oldest server that is known to do what is asked of it here. */
const OLDEST = 150_000;

/**
 * Opens a store on PostgreSQL: reads in one snapshot each, writes one at a time over all processes. Its schema is made or upgraded by
 * whoever comes first; the others wait for that one.
 * `store/missing`, `store/unavailable`, `store/corrupt`, `store/older-schema`, `store/newer-schema`.
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { server, access, patience = PATIENCE, onStatement = () => {} } = options;
  const shown = shownServer(server);
  const pool = connections(server, patience);
  const over = (purpose: 'reading' | 'alone') => new Kysely<Tables>({ dialect: postgresDialect(pool, purpose, onStatement) });
  const [reading, alone] = [over('reading'), over('alone')];
  try {
    await untilThere(() => checkVersion(reading, shown));
    if (access === 'write') await migrate(alone, POSTGRESQL);
    else if (await isUnmade(reading)) throw missing(shown);
    else await checkSchema(reading);
  } catch (cause) {
    await pool.end();
    throw serverFailure(cause, shown, 'nothing was read or written');
  }
  const store = sqlStore({
    ...options,
    engine: POSTGRESQL,
    reading,
    writing: access === 'write' ? alone : reading,
    scrub: scrubber(alone),
  });
  const guarded = <T>(work: Promise<T>) =>
    work.catch((cause: unknown) => Promise.reject(serverFailure(cause, shown, 'nothing was written')));
  return {
    read: (work) => guarded(store.read(work)),
    write: (now, work) => guarded(store.write(now, work)),
    scrub: () => guarded(store.scrub()),
    close: () => pool.end(),
  };
}

/** Whether no store was ever made in a database. `store/missing`: there is no such database; `store/unavailable`. */
export async function isUnmadeAt(server: PostgresServer): Promise<boolean> {
  const pool = connections(server, PATIENCE);
  try {
    const db = new Kysely<Tables>({ dialect: postgresDialect(pool, 'reading', () => {}) });
    return await untilThere(() => isUnmade(db));
  } catch (cause) {
    throw serverFailure(cause, shownServer(server), 'nothing was read or written');
  } finally {
    await pool.end();
  }
}

async function checkVersion(db: Kysely<Tables>, shown: string): Promise<void> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(db);
  if (Number(rows[0]?.version) >= OLDEST) return;
  throw new PadlockError('store/unavailable', `${shown} is older than version 15; nothing was read or written`, {
    fix: 'upgrade the server',
  });
}

function missing(shown: string): PadlockError {
  return new PadlockError('store/missing', `there is no store in ${shown}`, {
    fix: 'import a directory first: padlock directory import --account NAME people.csv',
  });
}

/** Rewrites the tables that rows were deleted from. What stands in the server's own log and backups is the server's. */
function scrubber(db: Kysely<Tables>): () => Promise<boolean> {
  return async () => {
    const tables = await db.introspection.getTables();
    for (const { name } of tables) await sql`vacuum full ${sql.table(name)}`.execute(db);
    return true;
  };
}
