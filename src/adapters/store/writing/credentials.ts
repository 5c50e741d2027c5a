import { sql } from 'kysely';
import type { Failures } from '../../../core/model/sign-in.ts';
import type { Instant } from '../../../core/model/words.ts';
import type { Connection } from '../engine.ts';

/** Counts one more failure of a key; older than `since`, the count begins anew. */
export async function addFailure(db: Connection, key: string, since: Instant, now: Instant): Promise<Failures> {
  const { rows } = await sql<{ count: number; first_at: number; last_at: number }>`insert into failures (key, count, first_at, last_at)
    values (${key}, 1, ${now}, ${now}) on conflict (key) do update set last_at = ${now},
      count = case when failures.last_at < ${since} then 1 else failures.count + 1 end,
      first_at = case when failures.last_at < ${since} then ${now} else failures.first_at end
    returning count, first_at, last_at`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new RangeError(key);
  return { count: row.count, firstAt: row.first_at, lastAt: row.last_at };
}

/** Takes back one failure that was counted in advance. */
export async function takeBackFailure(db: Connection, key: string): Promise<void> {
  await sql`update failures set count = count - 1 where key = ${key} and count > 0`.execute(db);
}

/** Begins a count anew. */
export async function clearFailures(db: Connection, key: string): Promise<void> {
  await db.deleteFrom('failures').where('key', '=', key).execute();
}

/** Counts a code in advance, as if it were wrong. */
export async function addCodeFailure(db: Connection, userId: number): Promise<number> {
  const { rows } = await sql<{
    code_failures: number;
  }>`insert into sign_in_state (user_id, code_failures, locked_at) values (${userId}, 1, null)
    on conflict (user_id) do update set code_failures = sign_in_state.code_failures + 1 returning code_failures`.execute(db);
  return rows[0]?.code_failures ?? 1;
}

/** A complete sign-in: the count begins anew. A lock stays. */
export async function clearCodeFailures(db: Connection, userId: number): Promise<void> {
  await sql`update sign_in_state set code_failures = 0 where user_id = ${userId} and code_failures <> 0`.execute(db);
}

/** Locks a person, and ends every half-done sign-in. */
export async function lock(db: Connection, userId: number, now: Instant): Promise<boolean> {
  const { numAffectedRows } = await sql`insert into sign_in_state (user_id, code_failures, locked_at) values (${userId}, 0, ${now})
    on conflict (user_id) do update set locked_at = ${now} where sign_in_state.locked_at is null`.execute(db);
  await db
    .deleteFrom('set_ups')
    .where('bearer', 'in', db.selectFrom('attempts').select('hash').where('user_id', '=', userId))
    .execute();
  await db.deleteFrom('attempts').where('user_id', '=', userId).execute();
  return Number(numAffectedRows ?? 0n) === 1;
}

/** Unlocks a person; the count begins anew. */
export async function unlock(db: Connection, userId: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sign_in_state')
    .set({ locked_at: null, code_failures: 0 })
    .where('user_id', '=', userId)
    .where('locked_at', 'is not', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Takes the place of a person's recovery codes. */
export async function putRecoveryCodes(db: Connection, userId: number, hashes: readonly string[], now: Instant): Promise<void> {
  await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  if (hashes.length === 0) return;
  await db
    .insertInto('recovery_codes')
    .values(hashes.map((hash) => ({ user_id: userId, hash, created_at: now, used_at: null })))
    .execute();
}

/** Uses a recovery code up: of its person alone, and once. */
export async function useRecoveryCode(db: Connection, userId: number, hash: string, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Sets a password: its version rises, so that half-done sign-ins that rest on the old one are over. */
export async function putPassword(db: Connection, userId: number, hash: string, now: Instant): Promise<void> {
  await sql`insert into passwords (user_id, hash, version, changed_at) values (${userId}, ${hash}, 1, ${now})
    on conflict (user_id) do update set hash = excluded.hash, version = passwords.version + 1, changed_at = excluded.changed_at`.execute(
    db,
  );
  await db
    .updateTable('links')
    .set({ replaced_at: now })
    .where('user_id', '=', userId)
    .where('purpose', 'in', ['invitation', 'password-reset'])
    .where('used_at', 'is', null)
    .where('replaced_at', 'is', null)
    .execute();
}

/** The same password hashed otherwise: its version stays. */
export async function rehash(db: Connection, userId: number, from: string, to: string): Promise<void> {
  await db.updateTable('passwords').set({ hash: to }).where('user_id', '=', userId).where('hash', '=', from).execute();
}

/** Every session and half-done sign-in of a person is over. */
export async function raiseEpoch(db: Connection, userId: number): Promise<void> {
  await sql`update users set epoch = epoch + 1 where id = ${userId}`.execute(db);
}

/** When somebody last signed in. */
export async function markSignedIn(db: Connection, userId: number, now: Instant): Promise<void> {
  await db.updateTable('users').set({ last_sign_in: now }).where('id', '=', userId).execute();
}
