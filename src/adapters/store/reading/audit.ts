import { type RawBuilder, sql } from 'kysely';
import {
  type AuditBody,
  type AuditEntry,
  type AuditHead,
  actorOf,
  type ListedEntry,
  type RecordedReset,
} from '../../../core/model/audit.ts';
import type { ExecutedReset } from '../../../core/model/witnessed.ts';
import type { Channel } from '../../../core/model/words.ts';
import type { AuditFilter } from '../../../core/ports/store-auditing.ts';
import type { Connection, Engine } from '../engine.ts';
import { aboutPerson, byPerson } from './about.ts';

interface Row {
  account: string;
  seq: number;
  at: number;
  identity_id: number;
  act: string;
  body: string;
  previous: string;
  hash: string;
  pointer: string | null;
  salt: string | null;
  value: string | null;
  channel: Channel;
  subject: string;
  user_id: number | null;
}

const ENTRY = sql`e.seq, e.at, e.identity_id, e.act, e.body, e.previous, e.hash, w.pointer, w.salt, w.value, i.channel, i.subject, i.user_id`;

/** The last entry of each account's chain. */
export async function auditHeads(db: Connection): Promise<AuditHead[]> {
  const { rows } = await sql<AuditHead>`select a.slug as account, e.seq, e.hash from accounts as a
    join audit as e on e.account_id = a.id and e.seq = (select max(seq) from audit where account_id = a.id) order by a.slug`.execute(db);
  return rows;
}

/** An account's entries in order, each with the words that are left of it; streamed. */
export async function* auditEntries(db: Connection, account: string): AsyncIterable<AuditEntry> {
  const query = sql<Row>`select a.slug as account, ${ENTRY} from accounts as a cross join audit as e
    join identities as i on i.id = e.identity_id
    left join audit_words as w on w.account_id = e.account_id and w.seq = e.seq
    where a.slug = ${account} and e.account_id = a.id order by e.seq, w.pointer`;
  let entry: AuditEntry | undefined;
  for await (const step of db.getExecutor().stream<Row>(query.compile(db), 500)) {
    for (const row of step.rows) {
      if (entry?.seq === row.seq) {
        entry = { ...entry, words: [...entry.words, ...wordsOf(row)] };
        continue;
      }
      if (entry !== undefined) yield entry;
      entry = entryOf(row);
    }
  }
  if (entry !== undefined) yield entry;
}

/** The hash of one entry. */
export async function hashAt(db: Connection, account: string, seq: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('audit as e')
    .innerJoin('accounts as a', 'a.id', 'e.account_id')
    .select('e.hash')
    .where('a.slug', '=', account)
    .where('e.seq', '=', seq)
    .executeTakeFirst();
  return row?.hash;
}

/** Entries newest first, with who acted, and their addresses of now. */
export async function auditList(db: Connection, engine: Engine, filter: AuditFilter): Promise<{ entries: ListedEntry[]; count: number }> {
  const { account, since, act, userId, before } = filter;
  const conditions: RawBuilder<unknown>[] = [
    ...(account === undefined ? [] : [sql`a.slug = ${account}`]),
    ...(since === undefined ? [] : [sql`e.at >= ${since}`]),
    ...(act === undefined ? [] : [sql`(e.act = ${act} or substr(e.act, 1, ${act.length + 1}) = ${`${act}.`})`]),
    ...(userId === undefined ? [] : [sql`(${byPerson(userId)} or ${aboutPerson(engine, userId)})`]),
  ];
  const from = sql`from audit as e join accounts as a on a.id = e.account_id join identities as i on i.id = e.identity_id
    ${conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`}`;
  const page = sql`${conditions.length === 0 ? sql`where` : sql`and`} ${before === undefined ? sql`1 = 1` : sql`e.seq < ${before}`}`;
  const order = before === undefined ? sql`e.at desc, e.account_id, e.seq desc` : sql`e.seq desc`;
  const counted = await sql<{ count: number }>`select count(*) as count ${from}`.execute(db);
  const { rows } = await sql<Row>`select e.account, ${ENTRY}
    from (select e.*, a.slug as account ${from} ${page} order by ${order} limit ${filter.limit}) as e
    join identities as i on i.id = e.identity_id left join audit_words as w on w.account_id = e.account_id and w.seq = e.seq
    order by ${order}, w.pointer`.execute(db);
  const entries: AuditEntry[] = [];
  for (const row of rows) {
    const last = entries.at(-1);
    if (last !== undefined && last.account === row.account && last.seq === row.seq) {
      entries[entries.length - 1] = { ...last, words: [...last.words, ...wordsOf(row)] };
    } else {
      entries.push(entryOf(row));
    }
  }
  return { entries: await withAddresses(db, engine, entries), count: counted.rows[0]?.count ?? 0 };
}

/** Every reset request of an account as its row is. */
export async function recordedResets(db: Connection, account: string): Promise<RecordedReset[]> {
  const { rows } = await sql<RecordedReset>`select r.request_id as "requestId", r.user_id as "userId", r.outcome, r.reason,
      r.executed_at as "executedAt", r.identity_id as identity, r.approver_id as "approverId"
    from accounts as a join resets as r on r.account_id = a.id where a.slug = ${account} order by r.request_id`.execute(db);
  return rows;
}

async function withAddresses(db: Connection, engine: Engine, entries: readonly AuditEntry[]): Promise<ListedEntry[]> {
  const listed = entries.map((entry) => ({ ...entry, ...actorOf(entry) }));
  const ids = [...new Set(listed.flatMap(({ userId }) => userId ?? []))].map((id) => ({ id }));
  const { rows } = await sql<{ id: number; address: string | null }>`select u.id, u.address
    from ${engine.rows(ids, { id: 'integer' })} as w cross join users as u where u.id = w.id`.execute(db);
  const addresses = new Map(rows.map(({ id, address }) => [id, address]));
  return listed.map((entry) => ({ ...entry, address: entry.userId === null ? null : (addresses.get(entry.userId) ?? null) }));
}

/** Resets whose execution was audited behind an entry of an account's chain. */
export async function executedResets(db: Connection, engine: Engine, account: string, afterSeq: number): Promise<ExecutedReset[]> {
  const { rows: audited } = await sql<{ body: string }>`select e.body from audit as e join accounts as a on a.id = e.account_id
    where a.slug = ${account} and e.seq > ${afterSeq} and e.act = 'reset.executed' order by e.seq`.execute(db);
  if (audited.length === 0) return [];
  const ids = engine.rows(
    audited.map(({ body }) => ({ request_id: (JSON.parse(body) as AuditBody).target })),
    { request_id: 'text' },
  );
  const { rows } = await sql<ExecutedReset>`select a.slug as account, r.request_id as "requestId", r.user_id as "userId",
      case when r.requested_at < r.first_seen then r.requested_at else r.first_seen end as "requestedAt", r.executed_at as "executedAt"
    from ${ids} as w join accounts as a on a.slug = ${account} join resets as r on r.account_id = a.id and r.request_id = w.request_id
    where r.executed_at is not null and r.user_id is not null order by r.executed_at, r.request_id`.execute(db);
  return rows;
}

function entryOf(row: Row): AuditEntry {
  const { account, seq, at, act, body, previous, hash } = row;
  const identity = { channel: row.channel, subject: row.subject, userId: row.user_id };
  return { account, seq, at, identity: row.identity_id, act, body, previous, hash, words: wordsOf(row), row: identity };
}

function wordsOf({ pointer, salt, value }: Row): AuditEntry['words'] {
  return pointer === null || salt === null || value === null ? [] : [{ pointer, salt, value }];
}
