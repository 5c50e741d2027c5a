import type { Kysely, RawBuilder, Transaction } from 'kysely';
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
  /** What the engine finds wrong with its own pages, in its words, at most some; null where that is a server's own matter. */
  damage(db: Connection): Promise<readonly string[] | null>;
  /** Refuses a database that a store is only being copied to: `store/half-copied`. */
  refuseHalfCopied(db: Connection): Promise<void>;
  /** A statement of a migration, written for SQLite, as the engine has it: types of columns, ids that count up. */
  schema(statement: string): string;
  /** What follows a table's definition that is kept in the order of its key. */
  readonly clustered: string;
}
