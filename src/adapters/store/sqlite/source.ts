import { existsSync } from 'node:fs';
import { Kysely } from 'kysely';
import type { Connection } from '../engine.ts';
import { checkSchema } from '../migrate.ts';
import { PATIENCE } from '../options.ts';
import type { Tables } from '../tables.ts';
import { connection } from './connection.ts';
import { sqliteDialect } from './driver.ts';
import { SQLITE } from './engine.ts';
import { missingFile, translated } from './open.ts';

/** A SQLite store that is read as a whole, while others work on it. */
export interface SqliteSource {
  /** Runs over one snapshot. */
  read<T>(work: (db: Connection) => Promise<T>): Promise<T>;
  close(): void;
}

/** Opens a store's file to read all of it. `store/missing`, `store/older-schema`, `store/newer-schema`, `store/corrupt`, `store/unavailable`. */
export async function openSource(path: string, patience = PATIENCE): Promise<SqliteSource> {
  if (!existsSync(path)) throw missingFile(path);
  const database = connection(path, true, patience);
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database, () => {}) });
  const guarded = <T>(work: Promise<T>) => work.catch((cause: unknown) => Promise.reject(translated(cause)));
  try {
    await guarded(checkSchema(db, SQLITE));
  } catch (cause) {
    database.close();
    throw cause;
  }
  return {
    read: (work) => guarded(db.transaction().setAccessMode('read only').execute(work)),
    close: () => database.close(),
  };
}
