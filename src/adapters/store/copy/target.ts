import { type Kysely, type RawBuilder, sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Connection } from '../engine.ts';
import { upgrade } from '../migrate.ts';
import { POSTGRESQL } from '../postgresql/engine.ts';
import type { Tables } from '../tables.ts';
import { type Beginning, type Extent, isMarked, moveMark, putMark, readMark } from './mark.ts';
import { type FlatRow, START } from './rows.ts';
import { refuseOtherShape, type TableShape, tablesBeside } from './shape.ts';

/**
 * Makes the tables and the mark in one transaction, or finds the mark of the copy that was begun before: how far each table is.
 * `store/not-empty`.
 */
export async function begin(
  target: Kysely<Tables>,
  shown: string,
  beginning: Beginning,
  tables: readonly TableShape[],
): Promise<ReadonlyMap<string, Extent>> {
  return target.transaction().execute(async (db) => {
    if (await isMarked(db)) {
      const mark = await readMark(db);
      refuseOtherBeginning(shown, mark.beginning, beginning);
      return mark.tables;
    }
    await refuseTables(db, shown);
    const beside = await tablesBeside(db);
    await upgrade(db, POSTGRESQL);
    await refuseOtherShape(db, tables, beside);
    // What migrations write by themselves stands in the source, as it is by now.
    for (const { name } of tables.toReversed()) await sql`delete from ${sql.table(name)}`.execute(db);
    await putMark(db, beginning, tables, START);
    return new Map();
  });
}

/** Any table of anybody: a store shares its database with nothing. What belongs to an extension was not put there by hand. */
async function refuseTables(db: Connection, shown: string): Promise<void> {
  const { rows } = await sql<{ name: string; space: string }>`select c.relname as name, n.nspname as space
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
      and not exists (select 1 from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by c.relname = 'schema_version' desc, n.nspname, c.relname limit 1`.execute(db);
  const [found] = rows;
  if (found === undefined) return;
  const what = found.name === 'schema_version' ? 'a padlock store' : `a table ${found.space}.${found.name}`;
  throw new PadlockError('store/not-empty', `there is ${what} in ${shown}; nothing was copied`, {
    fix: 'name a database without any table (createdb NAME); if this is the copy made before, name it by store in padlock.yaml',
  });
}

function refuseOtherBeginning(shown: string, then: Beginning, now: Beginning): void {
  if (then.schema !== now.schema) throw changed(shown, `the store had schema ${then.schema}, and has ${now.schema}`);
  const names = [...new Set([...then.heads, ...now.heads].map((head) => head.account))].sort();
  const moved = names.flatMap((name) => {
    const [before, after] = [then, now].map(({ heads }) => heads.find((head) => head.account === name));
    if (before?.hash === after?.hash) return [];
    return [`${name} was at entry ${before?.seq ?? 0}, and is at ${after?.seq === before?.seq ? 'another' : (after?.seq ?? 0)}`];
  });
  if (moved.length > 0) throw changed(shown, moved.join(', '));
}

/** What was copied before is no part of the source any more, so that the whole would be neither state: `store/half-copied`. */
export function changed(shown: string, why: string): PadlockError {
  return new PadlockError('store/half-copied', `the store was changed since its copy to ${shown} was begun: ${why}; nothing was copied`, {
    fix: 'make the database anew (dropdb, createdb), and copy again while nothing writes to the store',
  });
}

/** Brings rows of a table over, and moves its mark, or neither. One statement, whatever their number. */
export async function append(
  target: Kysely<Tables>,
  table: TableShape,
  rows: readonly FlatRow[],
  before: Extent,
  after: Extent,
): Promise<void> {
  const names = sql.join(table.columns.map((column) => sql.ref(column.name)));
  const values = table.columns.map(({ name, type }): RawBuilder<unknown> => {
    return type === 'blob' ? POSTGRESQL.fromHex(sql.ref(name)) : sql.ref(name);
  });
  const types = Object.fromEntries(table.columns.map(({ name, type }) => [name, type === 'integer' ? 'integer' : 'text'] as const));
  const insert = sql`insert into ${sql.table(table.name)} (${names}) select ${sql.join(values)} from ${POSTGRESQL.rows(rows, types)} as r`;
  await target.transaction().execute(async (db) => {
    await moveMark(db, table.name, before, after);
    await insert.execute(db).catch((cause: unknown) => Promise.reject(untaken(table, cause)));
  });
}

/** Rows that break what every row keeps to (SQLSTATE, classes 22 and 23): SQLite had its checks switched off when they were written. */
function untaken(table: TableShape, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (!/^2[23]/.test(code)) return cause;
  return new PadlockError(
    'store/corrupt',
    `a row of ${table.name} refers to one that is not there, or cannot stand (${code}); the copy stopped`,
    {
      fix: 'mend or restore the store, and make the target anew before copying again',
      cause,
    },
  );
}

/** Ids go on behind the highest that the source ever gave, not behind the highest that is left: the audit log names people by them. */
export async function continueIds(db: Connection, tables: readonly TableShape[]): Promise<void> {
  for (const { name, lastId } of tables) {
    if (lastId === null) continue;
    await sql`select setval(pg_get_serial_sequence(${name}, 'id'), greatest(${lastId}::bigint, (select max(id) from ${sql.table(name)})))`.execute(
      db,
    );
  }
}
