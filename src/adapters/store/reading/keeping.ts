import { sql } from 'kysely';
import { addressKey } from '../../../core/model/address.ts';
import { ERASED_WORD, SUBJECT } from '../../../core/model/audit.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { DepartedPerson, FactorCheck, KeyUse, StoreHealth, UnreadableFactor, WordsPlace } from '../../../core/model/keeping.ts';
import { FACTOR_KINDS } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';
import { type Keyring, open } from '../envelope.ts';
import { factorContext } from '../writing/factors.ts';
import { aboutPerson, byPerson } from './about.ts';

/** Schema version, what the engine finds wrong with itself, and the clock's highest reading. */
export async function health(db: Connection, engine: Engine): Promise<StoreHealth> {
  const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(db);
  const clock = await db.selectFrom('clock').select('highest').executeTakeFirst();
  return { schemaVersion: rows[0]?.version ?? 0, damage: await engine.damage(db), highest: clock?.highest ?? 0 };
}

/** How many factors each key seals, by account. */
export async function keyUse(db: Connection): Promise<KeyUse[]> {
  const { rows } = await sql<KeyUse>`select a.slug as account, f.key_id as "keyId", count(*) as factors
    from factors as f join users as u on u.id = f.user_id join accounts as a on a.id = u.account_id group by a.slug, f.key_id order by 1, 2`.execute(
    db,
  );
  return rows;
}

/** What it takes to try whether a factor opens. */
export interface OpenableFactor {
  account_id: number;
  user_id: number;
  kind: number;
  enrolled_at: number;
  version: number;
  key_id: string;
  sealed: Uint8Array;
}

interface FactorRow extends OpenableFactor {
  id: number;
  account: string;
  called: string;
}

/** Tries to open factors, key by key. */
export async function checkFactors(db: Connection, keyring: Keyring | null, tries: number, names: number): Promise<FactorCheck> {
  const counts = new Map<string, number>();
  for (const { keyId, factors } of await keyUse(db)) counts.set(keyId, (counts.get(keyId) ?? 0) + factors);
  const named: UnreadableFactor[] = [];
  let [tried, unreadable] = [0, 0];
  const name = (row: FactorRow, why: UnreadableFactor['why']) => {
    if (named.length >= names) return;
    const { account, called } = row;
    named.push({ account, userId: row.user_id, called, kind: FACTOR_KINDS[row.kind] ?? 'totp', keyId: row.key_id, why });
  };
  for (const [keyId, count] of counts) {
    if (keyring === null || !keyring.keys.has(keyId)) {
      unreadable += count;
      for await (const row of factorsOf(db, keyId, names)) name(row, 'no-key');
      continue;
    }
    let failed: FactorRow[] = [];
    let looked = 0;
    for await (const row of factorsOf(db, keyId, tries)) {
      looked += 1;
      if (!opens(row, keyring)) failed.push(row);
    }
    if (failed.length > 0 && failed.length < looked && looked < count) {
      failed = [];
      looked = 0;
      for await (const row of factorsOf(db, keyId, count)) {
        looked += 1;
        if (!opens(row, keyring)) failed.push(row);
      }
    }
    tried += looked;
    // A key that opens none of those tried is another key under the same name.
    unreadable += failed.length === looked ? (looked === 0 ? 0 : count) : failed.length;
    for (const row of failed) name(row, 'not-opened');
  }
  return { factors: [...counts.values()].reduce((sum, n) => sum + n, 0), tried, unreadable, named };
}

/** Whether a factor opens. */
export function opens(row: OpenableFactor, keyring: Keyring): boolean {
  try {
    const context = factorContext(row.account_id, row.user_id, row.kind, row.enrolled_at, row.version);
    open({ keyId: row.key_id, blob: row.sealed }, context, keyring).fill(0);
    return true;
  } catch (error) {
    if (error instanceof PadlockError) return false;
    throw error;
  }
}

async function* factorsOf(db: Connection, keyId: string, limit: number): AsyncIterable<FactorRow> {
  const query = sql<FactorRow>`select f.id, a.slug as account, u.account_id, f.user_id, f.kind, f.enrolled_at, f.version, f.key_id, f.sealed,
      coalesce(u.address, u.external_id) as called
    from factors as f join users as u on u.id = f.user_id join accounts as a on a.id = u.account_id
    where f.key_id = ${keyId} order by f.id limit ${limit}`;
  for await (const step of db.getExecutor().stream<FactorRow>(query.compile(db), 500)) yield* step.rows;
}

/** Factors of some people that cannot be opened, by person; each is tried. */
export async function unreadableFactors(
  db: Connection,
  engine: Engine,
  keyring: Keyring | null,
  userIds: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const { rows } =
    await sql<FactorRow>`select f.id, '' as account, u.account_id, f.user_id, f.kind, f.enrolled_at, f.version, f.key_id, f.sealed, '' as called
    from ${engine.rows(
      userIds.map((id) => ({ id })),
      { id: 'integer' },
    )} as w cross join factors as f join users as u on u.id = f.user_id where f.user_id = w.id order by f.id`.execute(db);
  const unreadable = rows.filter((row) => keyring === null || !opens(row, keyring));
  const byPerson = Map.groupBy(unreadable, (row) => row.user_id);
  return new Map([...byPerson].map(([userId, factors]) => [userId, factors.map(({ id }) => id)]));
}

/** People of an account by address or id, whether their memberships have ended or not. */
export async function departed(db: Connection, engine: Engine, account: string, called: string): Promise<DepartedPerson[]> {
  const { rows } = await sql<Omit<DepartedPerson, 'formerly'>>`select u.id, u.external_id as "externalId", u.address, u.name,
      (select count(*) from memberships as m where m.user_id = u.id and m.ended_at is null) as open
    from users as u join accounts as a on a.id = u.account_id
    where a.slug = ${account} and (u.external_id = ${called} or ${engine.addressKey(sql`u.address`)} = ${addressKey(called)}) order by u.id`.execute(
    db,
  );
  const people: DepartedPerson[] = [];
  for (const person of rows) {
    const { rows: names } = await sql<{ called: string }>`select called from exemption_users where user_id = ${person.id}
      union select called from resets where user_id = ${person.id} order by called`.execute(db);
    const now = new Set([person.externalId, person.address ?? ''].map(addressKey));
    people.push({ ...person, formerly: names.map((n) => n.called).filter((one) => one !== ERASED_WORD && !now.has(addressKey(one))) });
  }
  return people;
}

/**
 * Places of the audit log whose words hold one of some fragments, in whatever case, stand in an entry about a person, or say under
 * which subject the person acted.
 */
export async function wordsNaming(
  db: Connection,
  engine: Engine,
  account: string,
  userId: number,
  fragments: readonly string[],
): Promise<WordsPlace[]> {
  // A fragment that is taken out leaves another text behind: no pattern has to be escaped.
  const holds = fragments.map(
    (text) => sql`or replace(${engine.addressKey(sql`w.value`)}, ${addressKey(text)}, '') <> ${engine.addressKey(sql`w.value`)}`,
  );
  const { rows } = await sql<WordsPlace>`select w.seq, w.pointer from audit_words as w join accounts as a on a.id = w.account_id
    join audit as e on e.account_id = w.account_id and e.seq = w.seq join identities as i on i.id = e.identity_id
    where a.slug = ${account} and (case w.pointer when ${SUBJECT} then i.user_id = ${userId} or ${byPerson(userId)} else ${aboutPerson(engine, userId)} end
      ${sql.join(holds, sql` `)})
    order by w.seq, w.pointer`.execute(db);
  return rows;
}
