import { type RawBuilder, sql } from 'kysely';
import { FACTOR_KINDS } from '../../../core/model/words.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { FactorWrite } from '../../../core/ports/store-writing.ts';
import type { Connection, Engine } from '../engine.ts';
import { type Keyring, open, type Sealed, seal } from '../envelope.ts';

/** What a factor's secret is sealed for: account, user, kind, when enrolled, and the record's version. */
export function factorContext(accountId: number, userId: number, kind: number, enrolledAt: number, version: number): string {
  return `padlock/factor/${accountId}/${userId}/${kind}/${enrolledAt}/${version}`;
}

/** Adds confirmed factors, sealed, and brings the kinds beside their users and memberships in line. */
export async function enroll(
  db: Connection,
  engine: Engine,
  factors: readonly FactorWrite[],
  keyring: Keyring,
  random: Random,
): Promise<void> {
  if (factors.length === 0) return;
  const ids = [...new Set(factors.map((f) => f.userId))];
  const users = engine.rows(
    ids.map((id) => ({ id })),
    { id: 'integer' },
  );
  const owners = await sql<{
    id: number;
    account_id: number;
  }>`select u.id, u.account_id from ${users} as w cross join users as u where u.id = w.id`.execute(db);
  const accounts = new Map(owners.rows.map((row) => [row.id, row.account_id]));
  const rows = factors.map((f) => {
    const kind = FACTOR_KINDS.indexOf(f.kind);
    const { keyId, blob } = seal(f.secret, factorContext(accounts.get(f.userId) ?? 0, f.userId, kind, f.enrolledAt, 1), keyring, random);
    const place = { user_id: f.userId, kind, label: f.label, enrolled_at: f.enrolledAt, last_step: f.lastStep ?? 0 };
    return { ...place, key_id: keyId, sealed: Buffer.from(blob).toString('hex') };
  });
  const numbers = { user_id: 'integer', kind: 'integer', enrolled_at: 'integer', last_step: 'integer' } as const;
  const columns = { ...numbers, label: 'text', key_id: 'text', sealed: 'text' } as const;
  await sql`insert into factors (user_id, kind, label, enrolled_at, last_step, key_id, sealed)
    select w.user_id, w.kind, w.label, w.enrolled_at, w.last_step, w.key_id, ${engine.fromHex(sql`w.sealed`)} from ${engine.rows(rows, columns)} as w`.execute(
    db,
  );
  await settleKinds(db, users);
}

/** Brings the kinds beside some people and their memberships in line with their factors, and ends their sessions. */
async function settleKinds(db: Connection, users: RawBuilder<unknown>): Promise<void> {
  await sql`update users set epoch = epoch + 1,
      kinds = (select coalesce(sum(1 << cast(f.kind as integer)), 0) from (select distinct kind from factors where user_id = users.id) as f)
    where id in (select id from ${users} as w)`.execute(db);
  await sql`update memberships set kinds = (select kinds from users where id = memberships.user_id)
    where user_id in (select id from ${users} as w)`.execute(db);
}

/** Removes one factor of a person; false: it was not theirs, or is gone. */
export async function removeFactor(db: Connection, engine: Engine, userId: number, factorId: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('factors').where('id', '=', factorId).where('user_id', '=', userId).executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  await settleKinds(db, engine.rows([{ id: userId }], { id: 'integer' }));
  return true;
}

/** Uses a step up: only one that is higher than the last, so that a code is accepted once (RFC 6238, 5.2). */
export async function useFactor(db: Connection, factorId: number, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('factors')
    .set({ last_step: step })
    .where('id', '=', factorId)
    .where('last_step', '<', step)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The secret of one factor, opened; `undefined` when there is no such factor. */
export async function factorSecret(db: Connection, factorId: number, keyring: () => Keyring): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('factors as f')
    .innerJoin('users as u', 'u.id', 'f.user_id')
    .select(['f.user_id', 'f.kind', 'f.enrolled_at', 'f.version', 'f.key_id', 'f.sealed', 'u.account_id'])
    .where('f.id', '=', factorId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const sealed: Sealed = { keyId: row.key_id, blob: row.sealed };
  return open(sealed, factorContext(row.account_id, row.user_id, row.kind, row.enrolled_at, row.version), keyring());
}
