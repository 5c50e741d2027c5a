import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** A transaction, reading or writing, on either engine. */
export type Connection = Transaction<Tables> | Kysely<Tables>;

/** The SQL type of a column of a list that goes in as one JSON parameter. */
export type ColumnType = 'integer' | 'text';

/**
 * What differs between engines, as fragments. Everything else in this folder is one SQL for all.
 */
export interface Engine {
  /** A list of flat objects, given as one JSON parameter, as a relation with these columns: `(select … )`. */
  rows(list: readonly object[], columns: Readonly<Record<string, ColumnType>>): RawBuilder<unknown>;
  /** The largest of some values; null where one of them is. */
  greatest(values: readonly RawBuilder<unknown>[]): RawBuilder<number>;
  /** The smallest of some values; null where one of them is. */
  least(values: readonly RawBuilder<unknown>[]): RawBuilder<number>;
  /** ASCII letters in lower case, all else as it is: `addressKey` of the model. */
  addressKey(address: RawBuilder<unknown>): RawBuilder<string>;
  /** Bytes from hexadecimal text, since JSON holds none. */
  fromHex(text: RawBuilder<unknown>): RawBuilder<Uint8Array>;
  /** Whether a list of numbers at a place of a JSON text holds one; no list, no. */
  listHolds(json: RawBuilder<unknown>, path: string, number: number): RawBuilder<unknown>;
  /** What the engine finds wrong with its own pages, in its words; at most some. */
  damage(db: Connection): Promise<readonly string[]>;
  /** What follows a table's definition that is kept in the order of its key. */
  readonly clustered: string;
}

/** SQLite 3.38 or newer. */
export const SQLITE: Engine = {
  rows(list, columns) {
    const picked = Object.entries(columns).map(
      ([name, type]) => sql`cast(value ->> ${sql.lit(`$.${name}`)} as ${sql.raw(type)}) as ${sql.ref(name)}`,
    );
    return sql`(select ${sql.join(picked)} from json_each(${JSON.stringify(list)}))`;
  },
  greatest: (values) => sql<number>`max(${sql.join(values)})`,
  least: (values) => sql<number>`min(${sql.join(values)})`,
  // SQLite's own lower() knows ASCII alone.
  addressKey: (address) => sql<string>`lower(${address})`,
  damage: async (db) => {
    const { rows } = await sql<Record<string, string>>`pragma quick_check(10)`.execute(db);
    return rows.flatMap((row) => Object.values(row)).filter((text) => text !== 'ok');
  },
  // Of a number that is no list, json_each would give the number itself.
  listHolds: (json, path, number) =>
    sql`(json_type(${json}, ${sql.lit(path)}) = 'array' and exists (select 1 from json_each(${json}, ${sql.lit(path)}) where value = ${number}))`,
  fromHex: (text) => sql<Uint8Array>`unhex(${text})`,
  clustered: 'without rowid',
};
