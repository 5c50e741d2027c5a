import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Keyring } from '../../../src/adapters/store/envelope.ts';
import type { StoreOptions } from '../../../src/adapters/store/options.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite/open.ts';
import type { Random } from '../../../src/core/ports/random.ts';
import type { Store } from '../../../src/core/ports/store.ts';

/** A keyring of one key, the same in every run. */
export const KEYRING: Keyring = { active: 'k1', keys: new Map([['k1', Buffer.alloc(32, 7)]]) };

/** Real randomness: nothing tested here depends on it. */
export const RANDOM: Random = { bytes: (length) => randomBytes(length) };

/** A store of its own in a folder of its own, with a second connection to look behind the port. */
export interface Opened {
  readonly store: Store;
  readonly path: string;
  /** For seeding in bulk, and for looking at what was written. */
  readonly raw: Database.Database;
  /** Closes everything and removes the folder. */
  close(): Promise<void>;
}

/** A folder that is gone after `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'padlock-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Opens a new SQLite store in a temporary folder. */
export async function openTemporary(options: Partial<StoreOptions> = {}): Promise<Opened> {
  const folder = temporaryFolder();
  const path = join(folder.path, 'padlock.db');
  const store = await openSqlite({ path, keyring: () => KEYRING, random: RANDOM, access: 'write', ...options });
  const raw = new Database(path, { timeout: 10_000 });
  raw.pragma('synchronous = OFF');
  const close = async () => {
    raw.close();
    await store.close();
    folder.remove();
  };
  return { store, path, raw, close };
}

/** Every row of every table as one text, for "nothing was written". */
export function contentOf(raw: Database.Database): string {
  const tables = raw.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all() as string[];
  return tables.map((table) => `${table} ${JSON.stringify(raw.prepare(`select * from "${table}"`).all())}`).join('\n');
}
