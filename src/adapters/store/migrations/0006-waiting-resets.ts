import { type Kysely, sql } from 'kysely';

/** Why a reset was asked for and when the request ends, beside what became of it: whoever approves a waiting one reads the first and is held to the second. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table resets add column asked text').execute(db);
  await sql.raw('alter table resets add column expires_at integer').execute(db);
}
