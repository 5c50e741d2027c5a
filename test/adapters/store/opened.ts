import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Keyring } from '../../../src/adapters/store/envelope.ts';
import type { StoreOptions } from '../../../src/adapters/store/options.ts';
import { openPostgres } from '../../../src/adapters/store/postgresql/open.ts';
import type { PostgresServer } from '../../../src/adapters/store/postgresql/server.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite/open.ts';
import type { Random } from '../../../src/core/ports/random.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { dumpOf, load, newDatabase } from '../../servers/postgresql-database.ts';
import { RawPostgres } from '../../servers/raw-postgres.ts';

/** A keyring of one key, the same in every run. */
export const KEYRING: Keyring = { active: 'k1', keys: new Map([['k1', Buffer.alloc(32, 7)]]) };

/** Real randomness: nothing tested here depends on it. */
export const RANDOM: Random = { bytes: (length) => randomBytes(length) };

/** A store of its own in a folder of its own, with a second connection to look behind the port. */
export interface Opened {
  readonly store: Store;
  /** Where its file is; on PostgreSQL, where it would be: things that stand beside it have a folder there. */
  readonly path: string;
  /** For seeding in bulk, and for looking at what was written. */
  readonly raw: Database.Database;
  /** Where it is, as JSON has it: another process opens it by {@link openAt}. */
  readonly place: StorePlace;
  /** The same database opened once more, as another process would. */
  again(options?: Partial<StoreOptions>): Promise<Store>;
  /** Takes a backup as it is done on the engine, and gives how it is restored: to another place, opened there. */
  backup(): () => Promise<{ readonly store: Store; close(): Promise<void> }>;
  /** Closes everything and removes the folder. */
  close(): Promise<void>;
}

/** A folder that is gone after `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'padlock-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The engine that a run of the tests is on, where a test names none. */
export const ENGINE = process.env['TEST_STORE'] === 'postgresql' ? 'postgresql' : 'sqlite';

/** Where a store is, on either engine. */
export type StorePlace = { readonly path: string } | { readonly server: PostgresServer };

/** Opens the store at a place, with the tests' keys. */
export function openAt(place: StorePlace, options: Partial<StoreOptions> = {}): Promise<Store> {
  const all: StoreOptions = { keyring: () => KEYRING, random: RANDOM, access: 'write', ...options };
  return 'path' in place ? openSqlite({ ...place, ...all }) : openPostgres({ ...place, ...all });
}

/** Opens a new store on the run's engine. */
export function openTemporary(options: Partial<StoreOptions> = {}): Promise<Opened> {
  return ENGINE === 'postgresql' ? openTemporaryPostgres(options) : openTemporarySqlite(options);
}

/** Opens a new SQLite store in a temporary folder. */
export async function openTemporarySqlite(options: Partial<StoreOptions> = {}): Promise<Opened> {
  const folder = temporaryFolder();
  const path = join(folder.path, 'padlock.db');
  const again = (more: Partial<StoreOptions> = {}) => openAt({ path }, { ...options, ...more });
  const store = await again();
  const raw = new Database(path, { timeout: 10_000 });
  raw.pragma('synchronous = OFF');
  const close = async () => {
    raw.close();
    await store.close();
    folder.remove();
  };
  const backup = () => {
    const copy = join(folder.path, 'backup.db');
    rmSync(copy, { force: true });
    raw.prepare('vacuum into ?').run(copy);
    return async () => {
      const restored = join(folder.path, 'restored.db');
      copyFileSync(copy, restored);
      const other = await openAt({ path: restored }, options);
      return { store: other, close: () => other.close() };
    };
  };
  return { store, path, raw, place: { path }, again, backup, close };
}

/** Opens a new store in a database of its own of the run's PostgreSQL server. */
export async function openTemporaryPostgres(options: Partial<StoreOptions> = {}): Promise<Opened> {
  const folder = temporaryFolder();
  const { server, drop } = await newDatabase();
  const again = (more: Partial<StoreOptions> = {}) => openAt({ server }, { ...options, ...more });
  const store = await again();
  const raw = new RawPostgres(server.host, server.database);
  const close = async () => {
    raw.close();
    await store.close();
    await drop();
    folder.remove();
  };
  const backup = () => {
    const dump = dumpOf(server);
    return async () => {
      const restored = await newDatabase();
      load(restored.server, dump);
      const other = await openAt({ server: restored.server }, options);
      const end = async () => {
        await other.close();
        await restored.drop();
      };
      return { store: other, close: end };
    };
  };
  return {
    store,
    path: join(folder.path, 'padlock.db'),
    raw: raw as unknown as Database.Database,
    place: { server },
    again,
    backup,
    close,
  };
}

/** The names of the store's tables. */
export function tablesOf(raw: Database.Database): string[] {
  if ((raw as unknown) instanceof RawPostgres) return (raw as unknown as RawPostgres).tables();
  const names = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name";
  return raw.prepare(names).pluck().all() as string[];
}

/** Every row of every table as one text, for "nothing was written". */
export function contentOf(raw: Database.Database): string {
  if ((raw as unknown) instanceof RawPostgres) return (raw as unknown as RawPostgres).content();
  // SQLite's own count of ids too: one that was used up was written.
  const tables = raw.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all() as string[];
  return tables.map((table) => `${table} ${JSON.stringify(raw.prepare(`select * from "${table}"`).all())}`).join('\n');
}
