import { sql } from 'kysely';
import type { AuditHead } from '../../../core/model/audit.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { CopiedStore, CopyRequest, StoreCopier } from '../../../core/ports/store-copier.ts';
import type { Connection } from '../engine.ts';
import { SCHEMA_VERSION } from '../migrate.ts';
import type { StoreOptions } from '../options.ts';
import { type Connected, connect } from '../postgresql/connected.ts';
import { serverFailure } from '../postgresql/failures.ts';
import { type PostgresServer, shownServer } from '../postgresql/server.ts';
import { auditEntries, auditHeads, recordedResets } from '../reading/audit.ts';
import { SQLITE } from '../sqlite/engine.ts';
import { openSource } from '../sqlite/source.ts';
import { type Extent, removeMark } from './mark.ts';
import { extended, type FlatRow, rowsOf, START } from './rows.ts';
import { shapeOf, type TableShape } from './shape.ts';
import { append, begin, changed, continueIds } from './target.ts';

/** From where to where; `rows`: how many one transaction brings over. */
export interface CopyOptions extends Pick<StoreOptions, 'patience' | 'onStatement'> {
  /** The SQLite file. */
  readonly path: string;
  readonly server: PostgresServer;
  readonly rows?: number;
}

/** Rows that one transaction brings over, and characters of them, about: one of the two ends a batch. */
const ROWS = 2000;
const CHARACTERS = 4_000_000;

/** Copies a SQLite store to PostgreSQL: {@link StoreCopier}. Everything is read in one snapshot of the source. */
export function sqliteToPostgres(options: CopyOptions): StoreCopier {
  const place = shownServer(options.server);
  return { place, copy: (request) => copy(options, request) };
}

async function copy(options: CopyOptions, request: CopyRequest): Promise<CopiedStore> {
  const source = await openSource(options.path, options.patience);
  try {
    const target = await connect(options);
    try {
      const { version, ...copied } = await source.read((db) => copySnapshot(db, target, options.rows ?? ROWS, request));
      return { ...copied, movedOn: (await source.read(dataVersion)) !== version };
    } catch (cause) {
      throw serverFailure(cause, target.shown, 'what was copied so far stays, and the same command carries on');
    } finally {
      await target.end();
    }
  } finally {
    source.close();
  }
}

async function copySnapshot(db: Connection, target: Connected, batch: number, { now, verify, progress }: CopyRequest) {
  const version = await dataVersion(db);
  const damage = await SQLITE.damage(db);
  if (damage !== null && damage.length > 0) {
    throw new PadlockError('store/corrupt', `the store's pages are damaged (${damage[0]}); nothing was copied`, {
      fix: 'restore a backup: padlock doctor says what is wrong',
    });
  }
  const [tables, heads] = [await shapeOf(db), await auditHeads(db)];
  const marks = await begin(target.alone, target.shown, { at: now, schema: SCHEMA_VERSION, heads }, tables);
  const extents = new Map<TableShape, Extent>();
  for (const table of tables) extents.set(table, await copyTable(db, target, table, marks.get(table.name) ?? START, batch, progress));
  await target.alone.transaction().execute(async (arrived) => {
    await sql`analyze ${sql.join(tables.map(({ name }) => sql.table(name)))}`.execute(arrived);
    await continueIds(arrived, tables);
    for (const [table, extent] of extents) await verifyTable(arrived, table, extent, progress);
    refuseOtherHeads(heads, await auditHeads(arrived));
    const chains = { auditEntries: (a: string) => auditEntries(arrived, a), recordedResets: (a: string) => recordedResets(arrived, a) };
    await verify(chains, heads);
    await removeMark(arrived);
  });
  const resumed = [...marks.values()].reduce((sum, mark) => sum + mark.rows, 0);
  return { version, heads, resumed, tables: [...extents].map(([{ name }, { rows }]) => ({ name, rows })) };
}

/** Reads a table once, from its first row on: what was brought over before must be there still, and what follows is brought over. */
async function copyTable(
  db: Connection,
  target: Connected,
  table: TableShape,
  mark: Extent,
  most: number,
  progress: CopyRequest['progress'],
): Promise<Extent> {
  const total = await countOf(db, table);
  let [extent, before] = [START, mark];
  let [batch, characters]: [FlatRow[], number] = [[], 0];
  const flush = async () => {
    if (batch.length > 0) await append(target.alone, table, batch, before, extent);
    [before, batch, characters] = [extent, [], 0];
    progress({ doing: 'copying', table: table.name, done: extent.rows, total });
  };
  for await (const row of rowsOf(db, table)) {
    extent = extended(extent, row);
    if (extent.rows <= mark.rows) {
      if (extent.rows === mark.rows) refuseChanged(target, table, extent, mark);
      continue;
    }
    batch.push(row);
    for (const value of Object.values(row)) characters += typeof value === 'string' ? value.length : 8;
    if (batch.length === most || characters >= CHARACTERS) await flush();
  }
  if (extent.rows < mark.rows) refuseChanged(target, table, extent, mark);
  await flush();
  return extent;
}

function refuseChanged({ shown }: Connected, { name }: TableShape, extent: Extent, mark: Extent): void {
  if (extent.digest !== mark.digest) throw changed(shown, `what was copied of ${name} (${mark.rows} rows) is not what stands there now`);
}

async function verifyTable(db: Connection, table: TableShape, source: Extent, progress: CopyRequest['progress']): Promise<void> {
  let extent = START;
  for await (const row of rowsOf(db, table)) {
    extent = extended(extent, row);
    if (extent.rows % ROWS === 0) progress({ doing: 'verifying', table: table.name, done: extent.rows, total: source.rows });
  }
  if (extent.rows !== source.rows) throw differs(`${table.name} has ${extent.rows} rows, and ${source.rows} were copied`);
  if (extent.digest !== source.digest) throw differs(`the rows of ${table.name} are not those that were copied, byte for byte`);
}

function refuseOtherHeads(source: readonly AuditHead[], target: readonly AuditHead[]): void {
  const [there, here] = [source, target].map((heads) => JSON.stringify(heads.map(({ account, seq, hash }) => [account, seq, hash])));
  if (there !== here) throw differs('the audit log does not end as that of the source');
}

function differs(why: string): PadlockError {
  return new PadlockError('store/copy-differs', `${why}; the copy stays marked as unfinished, and no padlock works on it`, {
    fix: 'make the database anew (dropdb, createdb), and copy again; the store that is copied is as it was',
  });
}

/** A number that is another one once any other connection has written. */
async function dataVersion(db: Connection): Promise<number> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db);
  return rows[0]?.data_version ?? 0;
}

async function countOf(db: Connection, { name }: TableShape): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(db);
  return rows[0]?.count ?? 0;
}
