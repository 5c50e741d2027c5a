import { sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Connection } from '../engine.ts';

/** The types that migrations give to columns. */
type Type = 'integer' | 'text' | 'blob';

/** A table as it is copied: nothing of it is written down by hand, so that a migration's new one is never left out. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
  /** The columns of its primary key, in the key's order. */
  readonly key: readonly string[];
  /** The highest id that it ever gave, where it counts them: one that was given is never given again. */
  readonly lastId: number | null;
}

/** A table that both databases make for themselves. */
const OWN: ReadonlySet<string> = new Set(['schema_version']);

/** The tables of a SQLite store, each behind those that it refers to. */
export async function shapeOf(db: Connection): Promise<readonly TableShape[]> {
  const { rows: columns } = await sql<{ table: string; name: string; type: string; pk: number }>`
    select m.name as "table", c.name, lower(c.type) as type, c.pk from sqlite_schema as m join pragma_table_info(m.name) as c
    where m.type = 'table' and substr(m.name, 1, 7) <> 'sqlite_' order by m.name, c.cid`.execute(db);
  const { rows: references } = await sql<{ table: string; parent: string }>`
    select m.name as "table", f."table" as parent from sqlite_schema as m join pragma_foreign_key_list(m.name) as f
    where m.type = 'table' and f."table" <> m.name`.execute(db);
  const { rows: ids } = await sql<{ name: string; seq: number }>`select name, seq from sqlite_sequence`.execute(db);
  const byTable = Map.groupBy(
    columns.filter((column) => !OWN.has(column.table)),
    (column) => column.table,
  );
  const shapes = [...byTable].map(([name, all]): TableShape => {
    const key = all.filter((column) => column.pk > 0).sort((a, b) => a.pk - b.pk);
    return {
      name,
      columns: all.map((column) => ({ name: column.name, type: column.type as Type })),
      key: key.map((column) => column.name),
      lastId: ids.find((id) => id.name === name)?.seq ?? null,
    };
  });
  return parentsFirst(
    shapes,
    Map.groupBy(references, (reference) => reference.table),
  );
}

function parentsFirst(
  shapes: readonly TableShape[],
  references: ReadonlyMap<string, readonly { readonly parent: string }[]>,
): readonly TableShape[] {
  const ordered = new Set<TableShape>();
  const put = (shape: TableShape) => {
    for (const { parent } of references.get(shape.name) ?? []) {
      const found = shapes.find((other) => other.name === parent);
      if (found !== undefined && !ordered.has(found)) put(found);
    }
    ordered.add(shape);
  };
  for (const shape of shapes) put(shape);
  return [...ordered];
}

/** What columns are called where they arrive. */
const ARRIVED: Readonly<Record<string, Type>> = { int8: 'integer', text: 'text', bytea: 'blob' };

/** The tables of a target that are no store's: those of extensions. */
export async function tablesBeside(target: Connection): Promise<ReadonlySet<string>> {
  return new Set((await target.introspection.getTables()).map((table) => table.name));
}

/** Refuses a source that is not made as a store is, where it was changed by hand: `store/corrupt`. `beside`: no tables of a store. */
export async function refuseOtherShape(target: Connection, shapes: readonly TableShape[], beside: ReadonlySet<string>): Promise<void> {
  const arrived = (await target.introspection.getTables()).filter((table) => !OWN.has(table.name) && !beside.has(table.name));
  const here = arrived.flatMap((t) => t.columns.map((column) => `${t.name}.${column.name} ${ARRIVED[column.dataType] ?? column.dataType}`));
  const there = shapes.flatMap((t) => t.columns.map((column) => `${t.name}.${column.name} ${column.type}`));
  const odd = [...new Set(here).symmetricDifference(new Set(there))].sort()[0];
  const unordered = shapes.find((shape) => shape.key.length === 0);
  if (odd === undefined && unordered === undefined) return;
  throw new PadlockError(
    'store/corrupt',
    `the store has other tables than a padlock makes: ${odd ?? unordered?.name}; nothing was copied`,
    {
      fix: 'take away by hand what was added by hand, then copy again',
    },
  );
}
