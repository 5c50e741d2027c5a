import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/** Why a reset was asked for and when the request ends, beside what became of it: whoever approves a waiting one reads the first and is held to the second. */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await sql.raw(engine.schema('alter table resets add column asked text')).execute(db);
  await sql.raw(engine.schema('alter table resets add column expires_at integer')).execute(db);
}
