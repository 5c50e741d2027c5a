import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/** What a request said of its approval when it was last seen, and who gave it: an approval is somebody's act, not a field. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await sql.raw(engine.schema('alter table resets add column approved integer not null default 0')).execute(db);
  await sql.raw(engine.schema('alter table resets add column approver_id integer references users')).execute(db);
}
