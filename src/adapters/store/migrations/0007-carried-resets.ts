import { type Kysely, sql } from 'kysely';
import type { Engine } from '../engine.ts';

/**
 * Whether a reset has factors to remove at an enforcer that keeps its own, and what it needs to go on there: null where the store was
 * all, else `pending` or `done`. What is to be pushed of policies is not kept: it is what differs there.
 */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await sql.raw(engine.schema('alter table resets add column elsewhere text')).execute(db);
  await sql.raw(engine.schema('alter table resets add column elsewhere_notes text')).execute(db);
  await sql.raw(engine.schema("create index resets_pending on resets (account_id) where elsewhere = 'pending'")).execute(db);
}
