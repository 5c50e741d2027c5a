import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor, AuditRecord, ResolvedActor } from '../../../core/model/actor.ts';
import { canonical } from '../../../core/model/canonical.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Json } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';

/** What the first entry of a chain follows. */
const AUDIT_START = '0'.repeat(64);

/**
 * One entry's hash: SHA-256 over the previous hash and the entry's canonical JSON. A flipped bit, a deleted, swapped or
 * inserted entry breaks the chain; a truncated end is found by the head kept outside the store.
 */
function auditHash(previous: string, body: string): string {
  return createHash('sha256').update(previous).update('\n').update(body).digest('hex');
}

/** Appends records to their accounts' chains, in order; each account's in one statement. Part of the act's own transaction. */
export async function appendAudit(db: Connection, engine: Engine, records: readonly AuditRecord[]): Promise<void> {
  for (const [account, list] of Map.groupBy(records, (r) => r.account)) await appendTo(db, engine, account, list);
}

async function appendTo(db: Connection, engine: Engine, account: string, records: readonly AuditRecord[]): Promise<void> {
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
  for (const record of records) {
    const who = `${record.actor.channel} ${record.actor.subject}`;
    const identity = identities.get(who) ?? (await identityOf(db, owner.id, record.actor));
    identities.set(who, identity);
    seq += 1;
    const body = canonical({
      account,
      seq,
      at: record.at,
      identity,
      act: record.act,
      target: record.target,
      detail: record.detail,
    } as Json);
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
  await db.updateTable('identities').set({ user_id: actor.userId }).where('id', '=', identity).where('user_id', 'is', null).execute();
}
