import { type Kysely, sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Store } from '../../../core/ports/store.ts';
import { checkSchema, isUnmade, migrate } from '../migrate.ts';
import type { StoreOptions } from '../options.ts';
import { sqlStore } from '../store.ts';
import type { Tables } from '../tables.ts';
import { connect } from './connected.ts';
import { POSTGRESQL } from './engine.ts';
import { serverFailure } from './failures.ts';
import type { PostgresServer } from './server.ts';

export interface PostgresOptions extends StoreOptions {
  readonly server: PostgresServer;
}

/**
 * Opens a store on PostgreSQL: reads in one snapshot each, writes one at a time over all processes. Its schema is made or upgraded by
 * whoever comes first; the others wait for that one.
 * `store/missing`, `store/unavailable`, `store/corrupt`, `store/older-schema`, `store/newer-schema`, `store/half-copied`.
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { access } = options;
  const { shown, reading, alone, end } = await connect(options);
  try {
    if (access === 'write') await migrate(alone, POSTGRESQL);
    else if (await isUnmade(reading)) throw missing(shown);
    else await checkSchema(reading, POSTGRESQL);
  } catch (cause) {
    await end();
    throw serverFailure(cause, shown, 'nothing was read or written');
  }
  const store = sqlStore({
    ...options,
    engine: POSTGRESQL,
    reading,
    surveying: reading,
    writing: access === 'write' ? alone : reading,
    scrub: scrubber(alone),
  });
  const guarded = <T>(work: Promise<T>) =>
    work.catch((cause: unknown) => Promise.reject(serverFailure(cause, shown, 'nothing was written')));
  return {
    read: (work) => guarded(store.read(work)),
    survey: (work) => guarded(store.survey(work)),
    write: (now, work) => guarded(store.write(now, work)),
    scrub: () => guarded(store.scrub()),
    close: end,
  };
}

/** Whether no store was ever made in a database. `store/missing`: there is no such database; `store/unavailable`. */
export async function isUnmadeAt(server: PostgresServer): Promise<boolean> {
  const { shown, reading, end } = await connect({ server });
  try {
    return await isUnmade(reading);
  } catch (cause) {
    throw serverFailure(cause, shown, 'nothing was read or written');
  } finally {
    await end();
  }
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
