import { sql } from 'kysely';
import type { AuditHead } from '../../../core/model/audit.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Instant } from '../../../core/model/words.ts';
import type { Connection } from '../engine.ts';

/** What a copy was begun from: another source, or the same one later, is told by it. */
export interface Beginning {
  readonly at: Instant;
  /** The version of the schema, in both. */
  readonly schema: number;
  readonly heads: readonly AuditHead[];
}

/** Rows of a table, from the first of its key on, and the digest over them. */
export interface Extent {
  readonly rows: number;
  readonly digest: string;
}

/** The step that is the beginning; every other is a table's. */
const BEGINNING = '';

/** Whether a store is being copied to a database. The mark comes and goes with the schema and with the verification of the whole. */
export async function isMarked(db: Connection): Promise<boolean> {
  const { rows } = await sql<{ marked: boolean }>`select to_regclass('store_copy') is not null as marked`.execute(db);
  return rows[0]?.marked === true;
}

/** Refuses to work on a database that holds a part of a store: `store/half-copied`. */
export async function refuseHalfCopied(db: Connection): Promise<void> {
  if (!(await isMarked(db))) return;
  const { beginning, tables } = await readMark(db);
  const rows = [...tables.values()].reduce((sum, extent) => sum + extent.rows, 0);
  const heads = beginning.heads.map(({ account, seq }) => `${account} at entry ${seq}`).join(', ') || 'without an entry';
  const words = `it holds a part of a store (${heads}), ${rows} rows so far: its copy was begun ${new Date(beginning.at).toISOString()}`;
  throw new PadlockError('store/half-copied', `${words}, and has not ended; nothing was read or written`, {
    fix: 'run the same padlock store copy again, with store naming the file that is copied: it carries on',
  });
}

/** Marks a database, in the transaction that made the tables in it. */
export async function putMark(
  db: Connection,
  beginning: Beginning,
  tables: readonly { readonly name: string }[],
  start: Extent,
): Promise<void> {
  await sql`create table store_copy (step text primary key, detail text not null)`.execute(db);
  const steps = [sql`(${BEGINNING}, ${JSON.stringify(beginning)})`, ...tables.map(({ name }) => sql`(${name}, ${JSON.stringify(start)})`)];
  await sql`insert into store_copy (step, detail) values ${sql.join(steps)}`.execute(db);
}

/** What a mark says: from what, and how far each table is. */
export async function readMark(db: Connection): Promise<{ readonly beginning: Beginning; readonly tables: ReadonlyMap<string, Extent> }> {
  const { rows } = await sql<{ step: string; detail: string }>`select step, detail from store_copy`.execute(db);
  const details = new Map(rows.map(({ step, detail }) => [step, detail]));
  const beginning = JSON.parse(details.get(BEGINNING) ?? '{"at":0,"schema":0,"heads":[]}') as Beginning;
  details.delete(BEGINNING);
  return { beginning, tables: new Map([...details].map(([name, detail]) => [name, JSON.parse(detail) as Extent])) };
}

/** Moves a table's mark on, together with the rows. Another process that copies to the same database is found here: `store/conflict`. */
export async function moveMark(db: Connection, table: string, before: Extent, after: Extent): Promise<void> {
  const { numAffectedRows } = await sql`update store_copy set detail = ${JSON.stringify(after)}
    where step = ${table} and detail = ${JSON.stringify(before)}`.execute(db);
  if (numAffectedRows === 1n) return;
  throw new PadlockError('store/conflict', `another process copies to the same database; this one stopped at ${table}`, {
    fix: 'let that one end, or end it and run this again: it carries on',
  });
}

/** Lets a database be used. */
export async function removeMark(db: Connection): Promise<void> {
  await sql`drop table store_copy`.execute(db);
}
