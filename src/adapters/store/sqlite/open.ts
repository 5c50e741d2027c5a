import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Store } from '../../../core/ports/store.ts';
import { checkSchema, migrate } from '../migrate.ts';
import { PATIENCE, type StoreOptions } from '../options.ts';
import { sqlStore } from '../store.ts';
import type { Tables } from '../tables.ts';
import { connection, unavailable } from './connection.ts';
import { sqliteDialect } from './driver.ts';
import { SQLITE } from './engine.ts';
import { ownFile, storeFailure } from './failures.ts';
import { surveyDialect } from './survey.ts';

export interface SqliteOptions extends StoreOptions {
  /** Path of the SQLite file. */
  readonly path: string;
}

/**
 * Opens the embedded store: WAL, synchronous FULL, foreign keys, a busy time-out.
 * `store/missing`, `store/unavailable`, `store/corrupt`, `store/older-schema`, `store/newer-schema`.
 */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const { path, access } = options;
  const onStatement = options.onStatement ?? (() => {});
  if (access === 'read' && !existsSync(path)) {
    throw missingFile(path);
  }
  const opened: Database.Database[] = [];
  const connect = (readonly: boolean) => {
    const database = connection(path, readonly, options.patience ?? PATIENCE);
    opened.push(database);
    return new Kysely<Tables>({ dialect: sqliteDialect(database, onStatement) });
  };
  try {
    if (access === 'read') {
      const reading = connect(true);
      await checkSchema(reading, SQLITE);
      return closing(
        sqlStore({ ...options, engine: SQLITE, reading, surveying: reading, writing: reading, scrub: async () => false }),
        opened,
      );
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // The log beside it gets the same permissions.
    ownFile(path);
    const writing = connect(false);
    await migrate(writing, SQLITE);
    const scrub = async () => scrubbed(opened[0]);
    const reading = connect(true);
    const data = { path, patience: options.patience ?? PATIENCE };
    const surveying = options.surveysAside === true ? new Kysely<Tables>({ dialect: surveyDialect(data, onStatement) }) : reading;
    return closing(sqlStore({ ...options, engine: SQLITE, reading, surveying, writing, scrub }), opened);
  } catch (cause) {
    for (const database of opened) database.close();
    if (cause instanceof PadlockError) throw cause;
    throw unavailable(path, cause);
  }
}

/**
 * kysely closes a connection only once it was used: here each is closed, the reading one first, since the last to go takes
 * the log back into the file and a reading one cannot.
 */
function closing(store: Store, opened: readonly Database.Database[]): Store {
  const close = async () => {
    for (const database of opened.toReversed()) database.close();
    await store.close();
  };
  const guarded = <T>(work: Promise<T>) => work.catch((cause: unknown) => Promise.reject(translated(cause)));
  return {
    read: (work) => guarded(store.read(work)),
    survey: (work) => guarded(store.survey(work)),
    write: (now, work) => guarded(store.write(now, work)),
    scrub: () => guarded(store.scrub()),
    close,
  };
}

/** Writes the file anew, without the pages that were freed, and takes the log back into it. False: somebody else still reads the log. */
function scrubbed(database: Database.Database | undefined): boolean {
  if (database === undefined) return false;
  database.exec('vacuum');
  const [row] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  return row?.busy === 0;
}

/** Nothing stands where a store is to be read. */
export function missingFile(path: string): PadlockError {
  return new PadlockError('store/missing', `there is no store at ${path}`, {
    fix: 'import a directory first: padlock directory import --account NAME people.csv',
  });
}

/** SQLite's own failures (busy, full, read-only, damaged) as ours; everything else as it is. The transaction was rolled back. */
export function translated(cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause;
  return storeFailure(cause, {
    message: 'the store failed',
    state: 'nothing was written',
    fix: 'check the disk and the permissions of the store, then run it again',
  });
}
