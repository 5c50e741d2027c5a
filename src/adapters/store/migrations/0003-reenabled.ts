import { type Kysely, sql } from 'kysely';

/** When somebody who had been disabled was enabled again: the old deadline stands, and a report says why they are overdue at once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table users add column reenabled_at integer`.execute(db);
}
