import { sql } from 'kysely';
import type { Engine } from '../engine.ts';

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
  // A copy of a file takes its name once it is whole.
  refuseHalfCopied: async () => {},
  // Of a number that is no list, json_each would give the number itself.
  listHolds: (json, path, number) =>
    sql`(json_type(${json}, ${sql.lit(path)}) = 'array' and exists (select 1 from json_each(${json}, ${sql.lit(path)}) where value = ${number}))`,
  fromHex: (text) => sql<Uint8Array>`unhex(${text})`,
  schema: (statement) => statement,
  clustered: 'without rowid',
};
