import { sql } from 'kysely';
import { addressKey } from '../../../core/model/address.ts';
import { ERASED_WORD as ERASED, SUBJECT } from '../../../core/model/audit.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { DepartedPerson, WordsPlace } from '../../../core/model/keeping.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { Rewrapped } from '../../../core/ports/store-keeping.ts';
import type { Connection, Engine } from '../engine.ts';
import { type Keyring, rewrap, type Sealed } from '../envelope.ts';
import { factorContext } from './factors.ts';

/** Tables whose rows of a person go with the person. */
const OF_A_PERSON = [
  'factors',
  'recovery_codes',
  'upstream_proofs',
  'sign_in_state',
  'passwords',
  'attempts',
  'sessions',
  'set_ups',
  'links',
  'notices',
  'former_addresses',
] as const;

/**
 * Wraps the next factors behind an id with the active key, in one statement; each only if it is still as it was read. What
 * does not open is left as it is: with the right key it still may.
 */
export async function rewrapFactors(
  db: Connection,
  engine: Engine,
  options: { readonly after: number; readonly limit: number; readonly keyring: Keyring; readonly random: Random },
): Promise<Rewrapped> {
  const { after, limit, keyring, random } = options;
  const read = await db
    .selectFrom('factors as f')
    .innerJoin('users as u', 'u.id', 'f.user_id')
    .innerJoin('accounts as a', 'a.id', 'u.account_id')
    .select(['f.id', 'f.user_id', 'f.kind', 'f.enrolled_at', 'f.version', 'f.key_id', 'f.sealed', 'u.account_id', 'a.slug'])
    .where('f.id', '>', after)
    .where('f.key_id', '<>', keyring.active)
    .orderBy('f.id')
    .limit(limit)
    .execute();
  const rewrapped = new Map<string, number>();
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const rows = read.flatMap((row) => {
    const context = factorContext(row.account_id, row.user_id, row.kind, row.enrolled_at, row.version);
    const sealed = rewrappedOrNull({ keyId: row.key_id, blob: row.sealed }, context, keyring, random);
    if (sealed === null) return [];
    rewrapped.set(row.slug, (rewrapped.get(row.slug) ?? 0) + 1);
    return [{ id: row.id, was: hex(row.sealed), key_id: sealed.keyId, sealed: hex(sealed.blob) }];
  });
  if (rows.length > 0) {
    const list = engine.rows(rows, { id: 'integer', was: 'text', key_id: 'text', sealed: 'text' });
    const { numAffectedRows } = await sql`update factors set key_id = w.key_id, sealed = ${engine.fromHex(sql`w.sealed`)} from ${list} as w
      where factors.id = w.id and factors.sealed = ${engine.fromHex(sql`w.was`)}`.execute(db);
    if (Number(numAffectedRows ?? 0n) !== rows.length) {
      throw new PadlockError('store/conflict', 'factors were changed in between; this batch was rolled back', { fix: 'run it again' });
    }
  }
  return { last: read.at(-1)?.id ?? null, rewrapped, unreadable: read.length - rows.length };
}

function rewrappedOrNull(sealed: Sealed, context: string, keyring: Keyring, random: Random): Sealed | null {
  try {
    return rewrap(sealed, context, keyring, random);
  } catch (error) {
    if (error instanceof PadlockError) return null;
    throw error;
  }
}

/**
 * Erases a person whose memberships have ended. The rows stay, by their ids: what happened can be told, and not of whom. Requests
 * and identities that name them without being bound to them are found by what they are called.
 */
export async function erasePerson(
  db: Connection,
  engine: Engine,
  account: string,
  person: DepartedPerson,
  places: readonly WordsPlace[],
): Promise<void> {
  const { id, externalId, address, name, formerly } = person;
  const owner = await db.selectFrom('accounts').select('id').where('slug', '=', account).executeTakeFirstOrThrow();
  for (const table of OF_A_PERSON) {
    await db.deleteFrom(table).where('user_id', '=', id).execute();
  }
  await sql`update users set external_id = ${`${ERASED}-${id}`}, address = null, address_key = null, name = null, last_sign_in = null, enabled = 0,
    kinds = case when kinds is null then null else 0 end, epoch = epoch + 1 where id = ${id}`.execute(db);
  await sql`update memberships set active = 0, kinds = (select kinds from users where id = ${id}) where user_id = ${id}`.execute(db);
  await sql`update exemption_users set called = ${ERASED} where user_id = ${id}`.execute(db);
  const called = [externalId, ...(address === null ? [] : [address]), ...formerly].map(addressKey);
  // Whoever's subject goes from the audit log goes from the identities too: `verify` compares the two.
  const subjects = places.filter(({ pointer }) => pointer === SUBJECT).map(({ seq }) => ({ seq }));
  const acted = sql`select e.identity_id from ${engine.rows(subjects, { seq: 'integer' })} as w cross join audit as e
    where e.account_id = ${owner.id} and e.seq = w.seq`;
  await sql`update identities set subject = ${`${ERASED}-`} || id
    where account_id = ${owner.id} and (user_id = ${id} or ${engine.addressKey(sql`subject`)} in (${sql.join(called)}) or id in (${acted}))`.execute(
    db,
  );
  await sql`update resets set called = ${ERASED}, reason = ${ERASED}, asked = ${ERASED}
    where account_id = ${owner.id} and (user_id = ${id} or ${engine.addressKey(sql`called`)} in (${sql.join(called)}))`.execute(db);
  for (const text of [address, name, ...formerly.filter((one) => one.includes('@'))]) {
    if (text === null || text === '') continue;
    for (const column of [sql.ref('reason'), sql.ref('asked')]) {
      await sql`update resets set ${column} = ${ERASED}
        where account_id = ${owner.id} and replace(${engine.addressKey(column)}, ${addressKey(text)}, '') <> ${engine.addressKey(column)}`.execute(
        db,
      );
    }
  }
  for (const { seq, pointer } of places) {
    await db.deleteFrom('audit_words').where('account_id', '=', owner.id).where('seq', '=', seq).where('pointer', '=', pointer).execute();
  }
}
