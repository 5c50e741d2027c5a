import { sql } from 'kysely';
import type { Actor, AuditRecord, ResolvedActor } from '../../../core/model/actor.ts';
import { AUDIT_START, type AuditedActor, auditHash, SUBJECT, withoutWords, wordsHash } from '../../../core/model/audit.ts';
import { canonical } from '../../../core/model/canonical.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Json } from '../../../core/model/words.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { Connection, Engine } from '../engine.ts';

/** Bytes of the salt of words: nobody guesses back what was erased. */
const SALT = 16;

/** Appends records to their accounts' chains, in order; each account's in one statement. Part of the act's own transaction. */
export async function appendAudit(db: Connection, engine: Engine, random: Random, records: readonly AuditRecord[]): Promise<void> {
  for (const [account, list] of Map.groupBy(records, (r) => r.account)) await appendTo(db, engine, random, account, list);
}

async function appendTo(db: Connection, engine: Engine, random: Random, account: string, records: readonly AuditRecord[]): Promise<void> {
  const owner = await db.selectFrom('accounts').select('id').where('slug', '=', account).executeTakeFirst();
  if (owner === undefined) throw new PadlockError('internal/unexpected', `no account ${account} to audit`);
  const head = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('account_id', '=', owner.id)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  let { seq, hash } = head ?? { seq: 0, hash: AUDIT_START };
  const identities = new Map<string, number>();
  const rows: object[] = [];
  const words: object[] = [];
  for (const record of records) {
    const who = `${record.actor.channel} ${record.actor.subject}`;
    const identity = identities.get(who) ?? (await actingIdentity(db, owner.id, record.actor));
    identities.set(who, identity);
    seq += 1;
    const place = { account_id: owner.id, seq };
    const salted = (pointer: string, value: string) => {
      const kept = { pointer, value, salt: Buffer.from(random.bytes(SALT)).toString('hex') };
      words.push({ ...place, ...kept });
      return kept;
    };
    const detail = withoutWords(record.detail, salted);
    // The identity's row can be changed by whoever writes to the database: the chain itself says who it was.
    const { channel, subject, userId } = record.actor;
    const actor: AuditedActor = { channel, person: userId, subject: { sha256: wordsHash(salted(SUBJECT, canonical(subject))) } };
    const said = { account, seq, at: record.at, identity, actor, act: record.act, target: record.target, detail };
    const body = canonical(said as unknown as Json);
    const next = auditHash(hash, body);
    rows.push({ account_id: owner.id, seq, at: record.at, identity_id: identity, act: record.act, body, previous: hash, hash: next });
    hash = next;
  }
  const columns = {
    account_id: 'integer',
    seq: 'integer',
    at: 'integer',
    identity_id: 'integer',
    act: 'text',
    body: 'text',
    previous: 'text',
    hash: 'text',
  } as const;
  await sql`insert into audit (${sql.join(Object.keys(columns).map((c) => sql.ref(c)))}) select * from ${engine.rows(rows, columns)} as w`.execute(
    db,
  );
  if (words.length === 0) return;
  const kept = engine.rows(words, { account_id: 'integer', seq: 'integer', pointer: 'text', salt: 'text', value: 'text' });
  await sql`insert into audit_words (account_id, seq, pointer, salt, value) select * from ${kept} as w`.execute(db);
}

/** The identity of who acts, bound to the person whose act it is: from the first entry on it stands for nobody else. */
async function actingIdentity(db: Connection, accountId: number, actor: ResolvedActor): Promise<number> {
  const identity = await identityOf(db, accountId, actor);
  if (actor.userId !== null) await bind(db, identity, actor.userId);
  return identity;
}

/** The id under which the chain names an actor: the name itself stands outside the chain, and can be erased. */
export async function identityOf(db: Connection, accountId: number, actor: Actor): Promise<number> {
  const { channel, subject } = actor;
  // Looked for first: a conflict alone would use up an id, and an act that changes nothing must write nothing.
  await sql`insert into identities (account_id, channel, subject) select ${accountId}, ${channel}, ${subject}
    where not exists (select 1 from identities where account_id = ${accountId} and channel = ${channel} and subject = ${subject})
    on conflict do nothing`.execute(db);
  const row = await db
    .selectFrom('identities')
    .select('id')
    .where('account_id', '=', accountId)
    .where('channel', '=', channel)
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Binds a channel's subject to a person: from then on the person is found by id, whatever becomes of the address. */
export async function bindIdentity(db: Connection, actor: ResolvedActor): Promise<void> {
  const owner = await db.selectFrom('accounts').select('id').where('slug', '=', actor.account).executeTakeFirstOrThrow();
  const identity = await identityOf(db, owner.id, actor);
  if (actor.userId !== null) await bind(db, identity, actor.userId);
}

async function bind(db: Connection, identity: number, userId: number): Promise<void> {
  await db.updateTable('identities').set({ user_id: userId }).where('id', '=', identity).where('user_id', 'is', null).execute();
}
