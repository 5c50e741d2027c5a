import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Connection } from '../engine.ts';
import type { Extent } from './mark.ts';
import type { TableShape } from './shape.ts';

/** A row as both databases have it: bytes as hexadecimal text, its columns in the table's order. */
export type FlatRow = Readonly<Record<string, number | string | null>>;

/** No row yet. */
export const START: Extent = { rows: 0, digest: '0'.repeat(64) };

/** Rows that one step of reading carries. */
const STEP = 500;

/** A table's rows in the order of its key, which is the same in both databases: numbers, and texts byte by byte. Streamed. */
export async function* rowsOf(db: Connection, table: TableShape): AsyncIterable<FlatRow> {
  const columns = sql.join(table.columns.map((column) => sql.ref(column.name)));
  const query = sql<
    Record<string, unknown>
  >`select ${columns} from ${sql.table(table.name)} order by ${sql.join(table.key.map((key) => sql.ref(key)))}`;
  for await (const { rows } of db.getExecutor().stream<Record<string, unknown>>(query.compile(db), STEP)) {
    for (const row of rows) yield flat(table, row);
  }
}

/** What a digest is over, with one more row: SHA-256 over the digest before and the row, so that it goes on where it stood. */
export function extended({ rows, digest }: Extent, row: FlatRow): Extent {
  return { rows: rows + 1, digest: hash('sha256', `${digest}\n${JSON.stringify(row)}`) };
}

function flat(table: TableShape, row: Readonly<Record<string, unknown>>): FlatRow {
  const values: Record<string, number | string | null> = {};
  for (const { name, type } of table.columns) {
    const value = row[name];
    if (value === null) values[name] = null;
    else if (type === 'integer' && Number.isSafeInteger(value)) values[name] = value as number;
    // PostgreSQL has no text with a zero byte, and JSON no bytes.
    else if (type === 'text' && typeof value === 'string' && !value.includes('\0')) values[name] = value;
    else if (type === 'blob' && value instanceof Uint8Array) values[name] = Buffer.from(value).toString('hex');
    else throw oddValue(table, name, row);
  }
  return values;
}

/** SQLite takes any value into any column; a padlock writes none of these. The key is named, the value may be secret. */
function oddValue(table: TableShape, column: string, row: Readonly<Record<string, unknown>>): PadlockError {
  const key = table.key.map((name) => `${name} ${JSON.stringify(row[name])}`).join(', ');
  return new PadlockError(
    'store/corrupt',
    `${table.name}.${column} of the row with ${key} holds what no padlock writes; the copy stopped`,
    {
      fix: 'mend or restore the store, and make the target anew before copying again',
    },
  );
}
