import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/** When somebody who had been disabled was enabled again: the old deadline stands, and a report says why they are overdue at once. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await sql.raw(engine.schema('alter table users add column reenabled_at integer')).execute(db);
}
