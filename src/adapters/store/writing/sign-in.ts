import { sql } from 'kysely';
import { type Attempt, type Link, type NoticeAbout, type Session, type SetUp, TOLD_BEFORE } from '../../../core/model/sign-in.ts';
import { FACTOR_KINDS, type Instant } from '../../../core/model/words.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { Connection } from '../engine.ts';
import { type Keyring, seal } from '../envelope.ts';
import { setUpContext } from '../reading/sign-in.ts';

/** For how long somebody is told at an address that they had before. */
const FORMER = 90 * 24 * 60 * 60 * 1000;

const scopeId = (scope: string) => sql<number>`(select id from scopes where key = ${scope})`;

/** Begins a half-done sign-in, or takes it a step further. */
export async function putAttempt(db: Connection, attempt: Attempt): Promise<void> {
  const row = {
    hash: attempt.hash,
    user_id: attempt.userId,
    scope_id: scopeId(attempt.scope),
    proven: attempt.proven,
    method: attempt.method,
    token_shown: Number(attempt.tokenShown),
    epoch: attempt.epoch,
    password_version: attempt.passwordVersion,
    created_at: attempt.createdAt,
  };
  await db.insertInto('attempts').values(row).execute();
}

/** Ends a half-done sign-in with whatever it was setting up; false: it was over. */
export async function dropAttempt(db: Connection, hash: string): Promise<boolean> {
  await db.deleteFrom('set_ups').where('bearer', '=', hash).execute();
  const { numDeletedRows } = await db.deleteFrom('attempts').where('hash', '=', hash).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Begins a session. */
export async function putSession(db: Connection, session: Session): Promise<void> {
  const row = {
    hash: session.hash,
    user_id: session.userId,
    scope_id: scopeId(session.scope),
    method: session.method,
    epoch: session.epoch,
    created_at: session.createdAt,
    seen_at: session.seenAt,
    proven_at: session.provenAt,
    device: session.device,
  };
  await db.insertInto('sessions').values(row).execute();
}

/** The same session under a new token and the epoch of now. What it was setting up goes with the old token. */
export async function reissueSession(db: Connection, hash: string, next: { hash: string; provenAt: Instant }): Promise<boolean> {
  await db.deleteFrom('set_ups').where('bearer', '=', hash).execute();
  const { numUpdatedRows } = await db
    .updateTable('sessions')
    .set({ hash: next.hash, proven_at: next.provenAt, epoch: sql`(select epoch from users where id = sessions.user_id)` })
    .where('hash', '=', hash)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Somebody was here. */
export async function touchSession(db: Connection, hash: string, seenAt: Instant): Promise<void> {
  await db.updateTable('sessions').set({ seen_at: seenAt }).where('hash', '=', hash).where('seen_at', '<', seenAt).execute();
}

/** Ends a session; false: it was over. */
export async function dropSession(db: Connection, hash: string): Promise<boolean> {
  await db.deleteFrom('set_ups').where('bearer', '=', hash).execute();
  const { numDeletedRows } = await db.deleteFrom('sessions').where('hash', '=', hash).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Ends a person's sessions but one (null: all). */
export async function dropSessionsBut(db: Connection, userId: number, hash: string | null): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('hash', '<>', hash ?? '')
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Opens a set-up in the place of any other of the same bearer. Its secret is sealed. */
export async function putSetUp(db: Connection, setUp: SetUp, keyring: Keyring, random: Random): Promise<void> {
  const kind = FACTOR_KINDS.indexOf(setUp.kind);
  const { keyId, blob } = seal(setUp.secret, setUpContext(setUp.userId, setUp.bearer, kind), keyring, random);
  const row = { kind, user_id: setUp.userId, key_id: keyId, sealed: blob, opened_at: setUp.openedAt, failures: setUp.failures };
  await db
    .insertInto('set_ups')
    .values({ bearer: setUp.bearer, ...row })
    .onConflict((conflict) => conflict.column('bearer').doUpdateSet(row))
    .execute();
}

/** Counts a mistyped confirmation. */
export async function addSetUpFailure(db: Connection, bearer: string): Promise<number> {
  const { rows } = await sql<{
    failures: number;
  }>`update set_ups set failures = failures + 1 where bearer = ${bearer} returning failures`.execute(db);
  return rows[0]?.failures ?? 0;
}

/** Ends a set-up; false: it was over. */
export async function dropSetUp(db: Connection, bearer: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('set_ups').where('bearer', '=', bearer).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** A challenge for passkeys, in the place of any other of the same bearer. */
export async function putChallenge(db: Connection, bearer: string, challenge: string, now: Instant): Promise<void> {
  const row = { challenge, created_at: now };
  await db
    .insertInto('challenges')
    .values({ bearer, ...row })
    .onConflict((conflict) => conflict.column('bearer').doUpdateSet(row))
    .execute();
}

/** Takes a challenge: there is no second answer to it. */
export async function takeChallenge(db: Connection, bearer: string, since: Instant): Promise<string | undefined> {
  const row = await db.deleteFrom('challenges').where('bearer', '=', bearer).returning(['challenge', 'created_at']).executeTakeFirst();
  return row === undefined || row.created_at < since ? undefined : row.challenge;
}

/** Makes a link; older ones of the same purpose and person that were not used give way. */
export async function putLink(db: Connection, link: Omit<Link, 'account' | 'usedAt' | 'replacedAt' | 'addressed'>): Promise<void> {
  await db
    .updateTable('links')
    .set({ replaced_at: link.createdAt })
    .where('user_id', '=', link.userId)
    .where('purpose', '=', link.purpose)
    .where('used_at', 'is', null)
    .where('replaced_at', 'is', null)
    .execute();
  const { hash, purpose, userId, createdAt, expiresAt } = link;
  await db
    .insertInto('links')
    .values({
      hash,
      purpose,
      user_id: userId,
      created_at: createdAt,
      expires_at: expiresAt,
      used_at: null,
      replaced_at: null,
      address_key: sql`(select address_key from users where id = ${userId})`,
    })
    .execute();
}

/** Uses a link up; false: it was used, replaced, or is over. */
export async function useLink(db: Connection, hash: string, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('links')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('replaced_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * A mail to where the person is known now; of what an administrator did to let them in, also to where they were known before.
 */
export async function notify(
  db: Connection,
  userId: number,
  about: NoticeAbout,
  detail: Readonly<Record<string, string | number>>,
  now: Instant,
): Promise<void> {
  const former = TOLD_BEFORE.includes(about)
    ? sql`union select address from former_addresses where user_id = ${userId} and until > ${now - FORMER}`
    : sql``;
  await sql`insert into notices (user_id, address, about, detail, created_at, due_at)
    select ${userId}, t.address, ${about}, ${JSON.stringify(detail)}, ${now}, ${now} from
      (select address from users where id = ${userId} and address is not null ${former}) as t`.execute(db);
}

/** A mail is out; false: somebody else sent it. */
export async function noticeSent(db: Connection, id: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('notices').where('id', '=', id).executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Takes a mail that is due; false: somebody else has it. */
export async function claimNotice(db: Connection, id: number, until: Instant, now: Instant): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notices')
    .set({ due_at: until })
    .where('id', '=', id)
    .where('due_at', '<=', now)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** A mail could not be sent. */
export async function noticeFailed(db: Connection, id: number, again: Instant): Promise<void> {
  await sql`update notices set tries = tries + 1, due_at = ${again} where id = ${id}`.execute(db);
}

/** Deletes what is over, and gives whose sign-in stopped at the second factor. */
export async function sweep(
  db: Connection,
  before: { readonly attempts: Instant; readonly idle: Instant; readonly sessions: Instant; readonly failures: Instant },
): Promise<number[]> {
  const { rows } = await sql<{ user_id: number }>`delete from attempts where created_at <= ${before.attempts}
    returning case when proven = 'password' then user_id end as user_id`.execute(db);
  await db
    .deleteFrom('sessions')
    .where((or) => or.or([or('seen_at', '<=', before.idle), or('created_at', '<=', before.sessions)]))
    .execute();
  await db.deleteFrom('set_ups').where('opened_at', '<=', before.attempts).execute();
  await db.deleteFrom('challenges').where('created_at', '<=', before.attempts).execute();
  await db.deleteFrom('failures').where('last_at', '<=', before.failures).execute();
  return [...new Set(rows.flatMap((row) => row.user_id ?? []))];
}
