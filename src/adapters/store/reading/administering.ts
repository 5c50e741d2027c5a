import { type RawBuilder, sql } from 'kysely';
import type { Actor } from '../../../core/model/actor.ts';
import { addressKey } from '../../../core/model/address.ts';
import type { ListedPerson, ListedReset, PeopleFilter } from '../../../core/model/listed.ts';
import { REASONS, type Reason, reasonIndex } from '../../../core/model/requirement.ts';
import type { Instant } from '../../../core/model/words.ts';
import type { PeopleQuestion, ResetsQuestion } from '../../../core/ports/store-administering.ts';
import type { Connection, Engine } from '../engine.ts';
import { deadlineSql, exemptUntilSql, reasonSql } from '../requirement-sql.ts';
import { breakGlass } from './evidence.ts';
import { exemption, glassRows, isGlass, lastProof, type Row, STORED, toMembership } from './lists.ts';

/** What people are listed by; who has no address comes first. */
const KEY = sql`coalesce(u.address_key, '')`;

/**
 * A page of one scope's people. Who is on it is chosen first, so that only those are told in full; a filter that asks for the requirement
 * judges whoever it passes by.
 */
export async function peoplePage(db: Connection, engine: Engine, now: Instant, question: PeopleQuestion): Promise<ListedPerson[]> {
  const { scope, after, among, limit } = question;
  const glass = await breakGlass(db, engine);
  const follows =
    after === undefined
      ? sql`1 = 1`
      : sql`(${KEY}, u.id) > (select coalesce(p.address_key, ''), p.id from users as p where p.id = ${after})`;
  const ids = among?.map((id) => ({ id }));
  const those = ids === undefined ? sql`1 = 1` : sql`u.id in (select id from ${engine.rows(ids, { id: 'integer' })} as w)`;
  const { rows } = await sql<Row & { locked_at: number | null }>`with ${glassRows(engine, glass)},
    chosen as materialized (select m.scope_id, m.user_id from scopes as s cross join memberships as m cross join users as u
      left join terms as t on t.scope_id = m.scope_id
      where s.key = ${scope} and m.scope_id = s.id and m.ended_at is null and u.id = m.user_id and ${follows} and ${those}
        and ${found(engine, question.search)} and ${passes(engine, question.filter, now)}
      order by ${KEY}, u.id limit ${limit})
    select r.*, ${exemption('document', now)} as exemption, ${exemption('starts_at', now)} as exempt_from,
      ${lastProof('provider', now)} as proven_by, ${lastProof('at', now)} as proven_at
    from (select s.key as scope, m.scope_id, m.user_id, m.role, m.kinds, m.joined_at, u.external_id, u.address, u.address_key, u.name, u.enabled,
        u.last_sign_in, u.reenabled_at, l.locked_at, ${reasonSql(engine, STORED, now)} as reason, ${isGlass} as glass,
        case when m.active = 1 and t.require_mfa = 1 and t.report_only = 0 then ${deadlineSql(engine, STORED)} end as deadline,
        ${exemptUntilSql(STORED, now)} as exempt_until
      from chosen as c cross join memberships as m cross join users as u join scopes as s on s.id = m.scope_id
      left join terms as t on t.scope_id = m.scope_id left join sign_in_state as l on l.user_id = m.user_id
      where m.scope_id = c.scope_id and m.user_id = c.user_id and u.id = m.user_id) as r
    order by coalesce(r.address_key, ''), r.user_id`.execute(db);
  return rows.map((row) => ({ ...toMembership(row), lockedAt: row.locked_at }));
}

/** Part of a name or an address. What was typed is no pattern: its own signs are escaped. */
function found(engine: Engine, search: string): RawBuilder<unknown> {
  if (search === '') return sql`1 = 1`;
  const pattern = `%${addressKey(search).replace(/[\\%_]/g, '\\$&')}%`;
  const holds = (text: RawBuilder<unknown>) => sql`${engine.addressKey(text)} like ${pattern} escape '\\'`;
  return sql`(${holds(sql`u.name`)} or ${holds(sql`u.address`)})`;
}

const indexes = (reasons: readonly Reason[]) => sql.join(reasons.map((reason) => sql.lit(reasonIndex(reason))));
const NOT_ASKED = REASONS.filter(({ rule }) => rule <= 3).map(({ reason }) => reason);

/** Whether a membership passes a filter. `unreadable` is no matter of a query: whoever asks for it names them. */
function passes(engine: Engine, filter: PeopleFilter, now: Instant): RawBuilder<unknown> {
  const reason = reasonSql(engine, STORED, now);
  switch (filter) {
    case 'all':
    case 'unreadable':
      return sql`1 = 1`;
    case 'open':
      // `padlockOf` of the reports: known, and neither enrolled as asked nor with any kind where nothing is asked.
      return sql`m.kinds is not null and ${reason} <> ${sql.lit(reasonIndex('enrolled'))}
        and not (m.kinds <> 0 and ${reason} in (${indexes(NOT_ASKED)}))`;
    case 'overdue':
      return sql`${reason} in (${indexes(['past-deadline'])})`;
    case 'pending':
      return sql`${reason} in (${indexes(['within-grace'])})`;
    case 'exempt':
      return sql`${reason} in (${indexes(['exempted'])})`;
    case 'locked':
      return sql`exists (select 1 from sign_in_state as k where k.user_id = u.id and k.locked_at is not null)`;
  }
}

/** A page of an account's reset requests, newest first. */
export async function resetsPage(db: Connection, { account, waiting, userId, after, limit }: ResetsQuestion): Promise<ListedReset[]> {
  const follows =
    after === undefined
      ? sql`1 = 1`
      : sql`(r.first_seen, r.request_id) < (select p.first_seen, p.request_id from resets as p where p.account_id = a.id and p.request_id = ${after})`;
  const { rows } = await sql<Omit<ListedReset, 'requestedBy'> & Actor>`
    select r.request_id as "requestId", a.slug as account, r.user_id as "userId", coalesce(u.address, r.called) as address, r.outcome, r.reason,
      r.asked, r.expires_at as "expiresAt", r.first_seen as "firstSeen", r.executed_at as "executedAt", i.channel, i.subject,
      i.user_id as "requesterId", coalesce(q.address, q.external_id) as requester, coalesce(p.address, p.external_id) as "approvedBy"
    from resets as r join accounts as a on a.id = r.account_id join identities as i on i.id = r.identity_id
    left join users as u on u.id = r.user_id left join users as p on p.id = r.approver_id left join users as q on q.id = i.user_id
    where a.slug = ${account} and ${waiting ? sql`` : sql`not`} (r.outcome in ('AwaitingApproval', 'Held'))
      and ${userId === undefined ? sql`1 = 1` : sql`r.user_id = ${userId}`} and ${follows}
    order by r.first_seen desc, r.request_id desc limit ${limit}`.execute(db);
  return rows.map(({ channel, subject, ...row }) => ({ ...row, requestedBy: { channel, subject } }));
}

/** What people are called: the address, else the id of their directory. */
export async function namesOf(db: Connection, engine: Engine, userIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const wanted = engine.rows(
    userIds.map((id) => ({ id })),
    { id: 'integer' },
  );
  const { rows } = await sql<{ id: number; called: string }>`select u.id, coalesce(u.address, u.external_id) as called
    from ${wanted} as w cross join users as u where u.id = w.id`.execute(db);
  return new Map(rows.map(({ id, called }) => [id, called]));
}
