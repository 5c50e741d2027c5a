import type { StoreOptions } from '../../../src/adapters/store/options.ts';
import { openPostgres } from '../../../src/adapters/store/postgresql/open.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite/open.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import type { Contracted } from '../../contract/store-world.ts';
import { contentOf, KEYRING, openTemporary, RANDOM } from './opened.ts';
import { contentOfPostgres, openTemporaryPostgres } from './opened-postgresql.ts';

/** A store on one of the engines, with a connection to look behind the port. */
export interface OnEngine extends Contracted {
  /** Seeds in bulk, by other statements than the store's own. */
  insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** The same database opened once more, as another process would. */
  again(options?: Partial<StoreOptions>): Promise<Store>;
}

/** An engine that a store can be on. */
export interface StoreEngine {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A new, empty store. */
  open(options?: Partial<StoreOptions>): Promise<OnEngine>;
}

/** Every engine: what holds for a store holds on each. */
export const ENGINES: readonly StoreEngine[] = [
  {
    name: 'SQLite',
    open: async (options) => {
      const { store, raw, path, close } = await openTemporary(options);
      return {
        store,
        rows: async (query) => raw.prepare(query).all() as Record<string, unknown>[],
        run: async (statement) => {
          raw.exec(statement);
        },
        content: async () => contentOf(raw),
        insert: async (table, rows) => {
          const columns = Object.keys(rows[0] ?? {});
          const statement = raw.prepare(`insert into ${table} (${columns}) values (${columns.map((c) => `@${c}`)})`);
          raw.transaction(() => {
            for (const row of rows) statement.run(row);
          })();
        },
        again: (more) => openSqlite({ path, keyring: () => KEYRING, random: RANDOM, access: 'write', ...options, ...more }),
        close,
      };
    },
  },
  {
    name: 'PostgreSQL',
    open: async (options) => {
      const { store, raw, server, close } = await openTemporaryPostgres(options);
      return {
        store,
        rows: async (query) => (await raw.query<Record<string, unknown>>(query)).rows,
        run: async (statement) => {
          await raw.query(statement);
        },
        content: () => contentOfPostgres(raw),
        insert: async (table, rows) => {
          const columns = Object.keys(rows[0] ?? {}).join(', ');
          await raw.query(`insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`, [
            JSON.stringify(rows),
          ]);
        },
        again: (more) => openPostgres({ server, keyring: () => KEYRING, random: RANDOM, access: 'write', ...options, ...more }),
        close,
      };
    },
  },
];
