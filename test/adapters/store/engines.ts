import type { StoreOptions } from '../../../src/adapters/store/options.ts';
import type { Contracted } from '../../contract/store-world.ts';
import { contentOf, type Opened, openTemporaryPostgres, openTemporarySqlite } from './opened.ts';

/** A store on one of the engines, with a connection to look behind the port. */
export interface OnEngine extends Contracted, Pick<Opened, 'again'> {
  /** Seeds in bulk, by other statements than the store's own. */
  insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
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
      const opened = await openTemporarySqlite(options);
      return {
        ...contracted(opened),
        insert: async (table, rows) => {
          const columns = Object.keys(rows[0] ?? {});
          const statement = opened.raw.prepare(`insert into ${table} (${columns}) values (${columns.map((c) => `@${c}`)})`);
          opened.raw.transaction(() => {
            for (const row of rows) statement.run(row);
          })();
        },
      };
    },
  },
  {
    name: 'PostgreSQL',
    open: async (options) => {
      const opened = await openTemporaryPostgres(options);
      return {
        ...contracted(opened),
        insert: async (table, rows) => {
          const columns = Object.keys(rows[0] ?? {}).join(', ');
          opened.raw
            .prepare(`insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, ?)`)
            .run(JSON.stringify(rows));
        },
      };
    },
  },
];

function contracted({ store, raw, again, close }: Opened) {
  return {
    store,
    rows: async (query: string) => raw.prepare(query).all() as Record<string, unknown>[],
    run: async (statement: string) => {
      raw.exec(statement);
    },
    content: async () => contentOf(raw),
    again,
    close,
  };
}
