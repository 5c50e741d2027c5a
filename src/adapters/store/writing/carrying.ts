import { sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Json } from '../../../core/model/words.ts';
import type { Connection } from '../engine.ts';

/** The row of a reset that is still to be carried out elsewhere. */
const pending = (account: string, requestId: string) =>
  sql`request_id = ${requestId} and elsewhere = 'pending' and account_id = (select id from accounts where slug = ${account})`;

/** Writes notes down where none stand, and gives those that do: the first writer's. */
export async function noteReset(db: Connection, account: string, requestId: string, notes: Json): Promise<Json> {
  const text = JSON.stringify(notes);
  await sql`update resets set elsewhere_notes = ${text} where elsewhere_notes is null and ${pending(account, requestId)}`.execute(db);
  const { rows } = await sql<{
    notes: string | null;
  }>`select elsewhere_notes as notes from resets where ${pending(account, requestId)}`.execute(db);
  const standing = rows[0]?.notes ?? null;
  if (standing !== null) return JSON.parse(standing) as Json;
  throw new PadlockError('store/conflict', `reset ${requestId} of ${account} is not to be carried out any more`);
}

/** Settles it. */
export async function carriedReset(db: Connection, account: string, requestId: string): Promise<boolean> {
  const done = await sql`update resets set elsewhere = 'done', elsewhere_notes = null where ${pending(account, requestId)}`.execute(db);
  return Number(done.numAffectedRows ?? 0n) > 0;
}
