import { sql } from 'kysely';
import { addressKey } from '../../../core/model/address.ts';
import type {
  Attempt,
  Factor,
  Failures,
  Link,
  LinkPurpose,
  Notice,
  NoticeAbout,
  Proven,
  RecoveryCode,
  Session,
  SetUp,
  SignInMethod,
  SignInState,
} from '../../../core/model/sign-in.ts';
import { type EnforcerName, FACTOR_KINDS, type Instant } from '../../../core/model/words.ts';
import type { Door } from '../../../core/ports/store-sign-in.ts';
import type { Connection } from '../engine.ts';
import { type Keyring, open } from '../envelope.ts';

/** What a factor that is being set up is sealed for. */
export function setUpContext(userId: number, bearer: string, kind: number): string {
  return `padlock/set-up/${userId}/${bearer}/${kind}`;
}

/** Where people of a scope sign in. */
export async function door(db: Connection, scope: string): Promise<Door | undefined> {
  const row = await db
    .selectFrom('scopes as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .select(['s.key', 'a.slug', 'a.title as account_title', 's.title', 'a.enforcer'])
    .where('s.key', '=', scope)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { key, slug, account_title, title, enforcer } = row;
  return { scope: key, account: slug, accountTitle: account_title, title, enforcer: enforcer as EnforcerName };
}

/** Who signs in with an address. */
export async function userIdCalled(db: Connection, account: string, address: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('users as u')
    .innerJoin('accounts as a', 'a.id', 'u.account_id')
    .select('u.id')
    .where('a.slug', '=', account)
    .where('u.address_key', '=', addressKey(address))
    .executeTakeFirst();
  return row?.id;
}

/** Epoch, password, counts and lock of one person. */
export async function signInState(db: Connection, userId: number): Promise<SignInState | undefined> {
  const row = await db
    .selectFrom('users as u')
    .innerJoin('accounts as a', 'a.id', 'u.account_id')
    .leftJoin('passwords as p', 'p.user_id', 'u.id')
    .leftJoin('sign_in_state as l', 'l.user_id', 'u.id')
    .select(['u.id', 'a.slug', 'u.epoch', 'u.kinds', 'p.hash', 'p.version', 'l.code_failures', 'l.locked_at'])
    .where('u.id', '=', userId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    userId: row.id,
    account: row.slug,
    epoch: row.epoch,
    passwordHash: row.hash,
    passwordVersion: row.version ?? 0,
    codeFailures: row.code_failures ?? 0,
    lockedAt: row.locked_at,
    kinds: row.kinds,
  };
}

/** A half-done sign-in by its bearer's hash. */
export async function attempt(db: Connection, hash: string): Promise<Attempt | undefined> {
  const row = await db
    .selectFrom('attempts as t')
    .innerJoin('scopes as s', 's.id', 't.scope_id')
    .selectAll('t')
    .select('s.key')
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    hash,
    userId: row.user_id,
    scope: row.key,
    proven: row.proven as Proven,
    method: row.method as SignInMethod,
    tokenShown: row.token_shown === 1,
    epoch: row.epoch,
    passwordVersion: row.password_version,
    createdAt: row.created_at,
  };
}

function sessions(db: Connection) {
  return db.selectFrom('sessions as t').innerJoin('scopes as s', 's.id', 't.scope_id').selectAll('t').select('s.key');
}

function sessionOf(row: Awaited<ReturnType<ReturnType<typeof sessions>['execute']>>[number]): Session {
  return {
    hash: row.hash,
    userId: row.user_id,
    scope: row.key,
    method: row.method as SignInMethod,
    epoch: row.epoch,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    provenAt: row.proven_at,
    device: row.device,
  };
}

/** A session by its bearer's hash, whether it still stands or not. */
export async function session(db: Connection, hash: string): Promise<Session | undefined> {
  const row = await sessions(db).where('hash', '=', hash).executeTakeFirst();
  return row === undefined ? undefined : sessionOf(row);
}

/** A person's sessions, newest first. */
export async function sessionsOf(db: Connection, userId: number): Promise<Session[]> {
  const rows = await sessions(db).where('t.user_id', '=', userId).orderBy('t.created_at', 'desc').orderBy('hash').execute();
  return rows.map(sessionOf);
}

/** A factor that is being set up, opened. */
export async function setUp(db: Connection, bearer: string, keyring: () => Keyring): Promise<SetUp | undefined> {
  const row = await db.selectFrom('set_ups').selectAll().where('bearer', '=', bearer).executeTakeFirst();
  if (row === undefined) return undefined;
  const secret = open({ keyId: row.key_id, blob: row.sealed }, setUpContext(row.user_id, bearer, row.kind), keyring());
  return { bearer, kind: kindAt(row.kind), userId: row.user_id, secret, openedAt: row.opened_at, failures: row.failures };
}

/** A person's confirmed factors, oldest first, whether they can be read or not. */
export async function factorsOf(db: Connection, userId: number): Promise<Factor[]> {
  const rows = await db
    .selectFrom('factors')
    .select(['id', 'user_id', 'kind', 'label', 'enrolled_at', 'last_step'])
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    kind: kindAt(row.kind),
    label: row.label,
    enrolledAt: row.enrolled_at,
    lastStep: row.last_step,
  }));
}

/** A person's recovery codes, used ones too. */
export async function recoveryCodes(db: Connection, userId: number): Promise<RecoveryCode[]> {
  const rows = await db.selectFrom('recovery_codes').selectAll().where('user_id', '=', userId).orderBy('hash').execute();
  return rows.map((row) => ({ hash: row.hash, createdAt: row.created_at, usedAt: row.used_at }));
}

/** A link by its token's hash, used and replaced ones too. */
export async function link(db: Connection, hash: string): Promise<Link | undefined> {
  const row = await db
    .selectFrom('links as l')
    .innerJoin('users as u', 'u.id', 'l.user_id')
    .innerJoin('accounts as a', 'a.id', 'u.account_id')
    .selectAll('l')
    .select(['a.slug', 'u.address_key as address_now'])
    .where('l.hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    hash,
    purpose: row.purpose as LinkPurpose,
    userId: row.user_id,
    account: row.slug,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    replacedAt: row.replaced_at,
    addressed: row.address_key === row.address_now,
  };
}

/** How many failures of a key are counted. */
export async function failures(db: Connection, key: string): Promise<Failures> {
  const row = await db.selectFrom('failures').selectAll().where('key', '=', key).executeTakeFirst();
  return { count: row?.count ?? 0, firstAt: row?.first_at ?? 0, lastAt: row?.last_at ?? 0 };
}

/** Mails that are due, oldest first. */
export async function notices(db: Connection, now: Instant, limit: number): Promise<Notice[]> {
  const { rows } = await sql<Omit<Notice, 'detail'> & { detail: string; about: NoticeAbout }>`select n.id, a.slug as account,
      n.user_id as "userId", n.address, n.about, n.detail, n.created_at as "createdAt", n.tries
    from notices as n join users as u on u.id = n.user_id join accounts as a on a.id = u.account_id
    where n.due_at <= ${now} order by n.due_at, n.id limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Notice['detail'] }));
}

/** The clock's highest reading, and how many mails wait. */
export async function pulse(db: Connection): Promise<{ highest: Instant; mails: number }> {
  const { rows } = await sql<{ highest: Instant | null; mails: number }>`select (select highest from clock) as highest,
    (select count(*) from notices) as mails`.execute(db);
  return { highest: rows[0]?.highest ?? 0, mails: rows[0]?.mails ?? 0 };
}

function kindAt(index: number) {
  const kind = FACTOR_KINDS[index];
  if (kind === undefined) throw new RangeError(`no kind ${index}`);
  return kind;
}
