import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type CompiledQuery, Kysely, type RawBuilder } from 'kysely';
import { Client } from 'pg';
import { NONE } from '../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../src/adapters/enforcers/portal/enforcer.ts';
import type { Engine } from '../../src/adapters/store/engine.ts';
import type { StoreOptions } from '../../src/adapters/store/options.ts';
import { connections } from '../../src/adapters/store/postgresql/connect.ts';
import { postgresDialect } from '../../src/adapters/store/postgresql/driver.ts';
import { POSTGRESQL } from '../../src/adapters/store/postgresql/engine.ts';
import { openPostgres } from '../../src/adapters/store/postgresql/open.ts';
import { TYPES } from '../../src/adapters/store/postgresql/types.ts';
import { connection } from '../../src/adapters/store/sqlite/connection.ts';
import { sqliteDialect } from '../../src/adapters/store/sqlite/driver.ts';
import { SQLITE } from '../../src/adapters/store/sqlite/engine.ts';
import { openSqlite } from '../../src/adapters/store/sqlite/open.ts';
import type { Tables } from '../../src/adapters/store/tables.ts';
import { FACTOR_KINDS } from '../../src/core/model/words.ts';
import type { World } from '../../src/flows/world.ts';
import { administer, onSocket } from '../../test/servers/postgresql-database.ts';

export type EngineName = 'sqlite' | 'postgresql';

/** The moment at which everything of the worlds happens, to the millisecond that the clock has ticked on. */
export const NOW = Date.UTC(2026, 0, 1);

/** A row as it comes. */
export type Row = Readonly<Record<string, unknown>>;

/** A statement that ran, and when it began. */
export interface Ran {
  readonly text: string;
  readonly at: number;
}

/** One store of some size, and a connection for the peers, which go to the driver itself. */
export interface Place {
  readonly engine: EngineName;
  /** What differs between engines, for the peers' SQL. */
  readonly words: Engine;
  readonly world: World;
  readonly folder: string;
  /** The store as `padlock.yaml` has it. */
  readonly called: string;
  /** On PostgreSQL, where psql finds the database. */
  readonly psql: readonly string[];
  /** Compiles queries, and logs those that run through it. */
  readonly db: Kysely<Tables>;
  readonly logged: CompiledQuery[];
  /** What the store ran since it was emptied. */
  readonly ran: Ran[];
  all(query: CompiledQuery): Promise<readonly Row[]>;
  /** Runs statements in one transaction; each must change so many rows. */
  write(queries: readonly CompiledQuery[], rows: number): Promise<void>;
  exec(text: string): Promise<void>;
  /** Stays as it is while nobody else writes anything. */
  written(): Promise<string>;
  close(): Promise<void>;
}

const KEYRING = { active: 'k1', keys: new Map([['k1', Buffer.alloc(32, 7)]]) };

/** Opens a new, empty store in a folder of its own; `socket`: of the server, for PostgreSQL. */
export async function openPlace(engine: EngineName, folder: string, socket: string): Promise<Place> {
  mkdirSync(folder);
  const ran: Ran[] = [];
  const options: StoreOptions = {
    access: 'write',
    keyring: () => KEYRING,
    random: { bytes: (length) => Buffer.alloc(length, 7) },
    onStatement: (text) => void ran.push({ text, at: performance.now() }),
  };
  return engine === 'sqlite' ? onFile(folder, ran, options) : onServer(folder, socket, ran, options);
}

async function onFile(folder: string, ran: Ran[], options: StoreOptions): Promise<Place> {
  const path = join(folder, 'padlock.db');
  const store = await openSqlite({ path, ...options });
  const raw = connection(path, false, 10_000);
  const watcher = new Database(path, { readonly: true });
  const logged: CompiledQuery[] = [];
  const prepared = new Map<string, Database.Statement>();
  const statement = (text: string) => {
    const known = prepared.get(text) ?? raw.prepare(text);
    prepared.set(text, known);
    return known;
  };
  return {
    ...{ engine: 'sqlite', words: SQLITE, world: worldOf(store), folder, called: `sqlite:${path}`, psql: [], logged, ran },
    db: new Kysely<Tables>({ dialect: sqliteDialect(raw, () => {}), log: (event) => void logged.push(event.query) }),
    all: async ({ sql, parameters }) => statement(sql).all(parameters) as Row[],
    write: async (queries, rows) => {
      statement('begin immediate').run();
      for (const { sql, parameters } of queries) agree(rows, statement(sql).run(parameters).changes);
      statement('commit').run();
    },
    exec: async (text) => void raw.exec(text),
    written: async () => JSON.stringify(watcher.pragma('data_version')),
    close: async () => {
      watcher.close();
      raw.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let databases = 0;

async function onServer(folder: string, socket: string, ran: Ran[], options: StoreOptions): Promise<Place> {
  const database = `bench_${++databases}`;
  await administer(socket, `create database ${database} template template0`);
  const server = onSocket(socket, database);
  const store = await openPostgres({ server, ...options });
  const pool = connections(server, 10_000);
  const raw = new Client({ host: socket, user: 'padlock', database, types: TYPES });
  await raw.connect();
  const logged: CompiledQuery[] = [];
  const run = ({ sql, parameters }: CompiledQuery) => raw.query<Row>(sql, [...parameters]);
  return {
    ...{ engine: 'postgresql', words: POSTGRESQL, world: worldOf(store), folder, logged, ran },
    called: `postgres://padlock@/${database}?host=${socket}`,
    psql: ['--host', socket, '--username', 'padlock', '--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--dbname', database],
    db: new Kysely<Tables>({ dialect: postgresDialect(pool, 'reading', () => {}), log: (event) => void logged.push(event.query) }),
    all: async (query) => (await run(query)).rows,
    write: async (queries, rows) => {
      await raw.query('begin');
      for (const query of queries) agree(rows, (await run(query)).rowCount);
      await raw.query('commit');
    },
    exec: async (text) => void (await raw.query(text)),
    // The next transaction that writes would have this number.
    written: async () => String((await raw.query('select pg_snapshot_xmax(pg_current_snapshot()) as next')).rows[0]?.next),
    close: async () => {
      await raw.end();
      await pool.end();
      await store.close();
      await administer(socket, `drop database ${database} with (force)`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function agree(expected: number, changed: number | null): void {
  if (changed !== expected) throw new Error(`the peer changed ${changed} rows, not ${expected}`);
}

/** A query as the driver takes it. */
export function compiled(place: Place, query: RawBuilder<unknown>): CompiledQuery {
  return query.compile(place.db);
}

function worldOf(store: World['store']): World {
  let ticks = 0;
  return {
    store,
    clock: { now: () => NOW + ++ticks },
    enforcers: { portal: portalEnforcer(FACTOR_KINDS), none: NONE },
    rights: { policy: ['Administrator'] },
    actor: { channel: 'cli', subject: 'bench' },
    actorUser: '1',
  };
}
