import { type RawBuilder, sql } from 'kysely';
import type { FoundUser } from '../../../core/model/applied.ts';
import type { JudgedMembership, PeopleCount, StateCount, StoredScope } from '../../../core/model/findings.ts';
import { reasonAt, reasonIndex } from '../../../core/model/requirement.ts';
import type { ScopeKey } from '../../../core/model/scope.ts';
import type { Suspension } from '../../../core/model/terms.ts';
import { type EnforcerName, type Instant, ROLES } from '../../../core/model/words.ts';
import type { MembershipFilter } from '../../../core/ports/store.ts';
import type { Connection, Engine } from '../engine.ts';
import { allowedSql, deadlineSql, exemptUntilSql, reasonSql, type Side } from '../requirement-sql.ts';
import { breakGlass } from './evidence.ts';
import { ofAccount } from './of-account.ts';

/** The relations in force. */
export const STORED: Side = { terms: 't', trusts: 'trusts', exemptions: 'exemption_users', adds: false };

/** Every scope with what is in force, by key. */
export async function scopes(db: Connection, account?: string): Promise<StoredScope[]> {
  const { rows } = await sql<{
    scope: string;
    title: string;
    enforcer: EnforcerName;
    require_mfa: number | null;
    report_only: number | null;
    origin: string | null;
    rules: string | null;
  }>`select s.key as scope, s.title, a.enforcer, t.require_mfa, t.report_only, t.origin, t.rules
    from scopes as s join accounts as a on a.id = s.account_id left join terms as t on t.scope_id = s.id
    where ${ofAccount(account)} order by s.key`.execute(db);
  return rows.map((row) => {
    const origin =
      row.origin === null ? null : (JSON.parse(row.origin) as { document: string; file: string; lines: { requireMfa: number } });
    const suspension = row.rules === null ? undefined : (JSON.parse(row.rules) as { suspend?: Suspension }).suspend;
    return {
      scope: row.scope,
      title: row.title,
      enforcer: row.enforcer,
      requireMfa: row.require_mfa === 1,
      reportOnly: row.report_only === 1,
      document: origin?.document ?? null,
      place: origin === null ? null : `${origin.file}:${origin.lines.requireMfa}`,
      ...(suspension !== undefined && { suspension }),
    };
  });
}

/** Memberships that have not ended by scope, counted apart from any judgement: what the sums of a report must agree with. */
export async function membershipCounts(db: Connection, account?: string): Promise<ReadonlyMap<ScopeKey, number>> {
  const { rows } = await sql<{ scope: string; count: number }>`
    select s.key as scope, (select count(*) from memberships as m where m.scope_id = s.id and m.ended_at is null) as count
    from scopes as s join accounts as a on a.id = s.account_id where ${ofAccount(account)}`.execute(db);
  return new Map(rows.map((row) => [row.scope, row.count]));
}

/** People by account, counted from the side of the people, and from that of the judged memberships. */
export async function peopleCounts(db: Connection, account?: string): Promise<PeopleCount[]> {
  const { rows } = await sql<PeopleCount>`select a.slug as account,
      (select count(*) from users as u where u.account_id = a.id
        and exists (select 1 from memberships as m where m.user_id = u.id and m.ended_at is null)) as held,
      (select count(distinct m.user_id) from scopes as s cross join memberships as m left join terms as t on t.scope_id = m.scope_id
        where s.account_id = a.id and m.scope_id = s.id and m.ended_at is null) as considered
    from accounts as a where ${ofAccount(account)} order by a.slug`.execute(db);
  return rows;
}

/** All memberships by scope, role and reason; three statements whatever their number. */
export async function stateCounts(db: Connection, engine: Engine, now: Instant, account?: string): Promise<StateCount[]> {
  const glass = await breakGlass(db, engine);
  const { rows } = await sql<{ scope: string; role: number; reason: number; glass: number; enrolled: number; count: number }>`
    with ${glassRows(engine, glass)}
    select s.key as scope, j.role, j.reason, j.glass, j.enrolled, count(*) as count from (
      select m.scope_id, m.role, ${reasonSql(engine, STORED, now)} as reason, ${isGlass} as glass,
        case when m.kinds & coalesce(nullif(${allowedSql('t')}, 0), 7) <> 0 then 1 else 0 end as enrolled
      from scopes as s cross join memberships as m left join terms as t on t.scope_id = m.scope_id
      join accounts as a on a.id = s.account_id
      where m.scope_id = s.id and m.ended_at is null and ${ofAccount(account)}) as j
    join scopes as s on s.id = j.scope_id
    group by s.key, j.role, j.reason, j.glass, j.enrolled order by s.key, j.role, j.reason, j.glass, j.enrolled`.execute(db);
  return rows.map((row) => ({
    scope: row.scope,
    role: ROLES[row.role] ?? 'Lite',
    reason: reasonAt(row.reason).reason,
    breakGlass: row.glass === 1,
    enrolled: row.enrolled === 1,
    count: row.count,
  }));
}

/** Memberships as judged, streamed. A capped list goes by scope and address, a whole one by scope and person. */
export async function* memberships(
  db: Connection,
  engine: Engine,
  now: Instant,
  filter: MembershipFilter,
): AsyncIterable<JudgedMembership> {
  const glass = await breakGlass(db, engine);
  const cap = filter.perScope ?? filter.perReason;
  const group = filter.perScope === undefined ? sql`j.scope_id, j.reason, j.glass` : sql`j.scope_id`;
  const open = sql.join(
    (['cannot-tell', 'exempted', 'report-only', 'within-grace', 'past-deadline'] as const).map((r) => sql.lit(reasonIndex(r))),
  );
  const where = sql`m.ended_at is null and ${ofAccount(filter.account)}
    and ${filter.scope === undefined ? sql`1 = 1` : sql`s.key = ${filter.scope}`}`;
  const judged = sql`select s.key as scope, m.scope_id, m.user_id, m.role, m.kinds, m.joined_at, ${reasonSql(engine, STORED, now)} as reason,
      case when m.active = 1 and t.require_mfa = 1 and t.report_only = 0 then ${deadlineSql(engine, STORED)} end as deadline,
      ${exemptUntilSql(STORED, now)} as exempt_until, ${isGlass} as glass
    from scopes as s cross join memberships as m left join terms as t on t.scope_id = m.scope_id join accounts as a on a.id = s.account_id
    where m.scope_id = s.id and ${where}`;
  const listed = sql`select j.*, u.external_id, u.address, u.name, u.enabled, u.last_sign_in, u.reenabled_at,
      ${cap === undefined ? sql`0` : sql`row_number() over (partition by ${group} order by u.address_key nulls first, u.id)`} as place
    from (${judged}) as j cross join users as u where u.id = j.user_id ${filter.openOnly === true ? sql`and j.reason in (${open})` : sql``}`;
  const query = sql<Row>`with ${glassRows(engine, glass)}
    select r.*, ${exemption('document', now)} as exemption, ${exemption('starts_at', now)} as exempt_from, ${lastProof('provider', now)} as proven_by, ${lastProof('at', now)} as proven_at
    from (${listed}) as r ${cap === undefined ? sql`order by r.scope_id, r.user_id` : sql`where r.place <= ${cap} order by r.scope, r.place, r.user_id`}`;
  for await (const row of db.getExecutor().stream<Row>(query.compile(db), 500)) {
    for (const one of row.rows) yield toMembership(one);
  }
}

/** A judged membership as it is read. */
export interface Row {
  scope: string;
  user_id: number;
  external_id: string;
  address: string | null;
  name: string | null;
  role: number;
  enabled: number;
  kinds: number | null;
  joined_at: number;
  last_sign_in: number | null;
  glass: number;
  reason: number;
  deadline: number | null;
  exempt_until: number | null;
  exemption: string | null;
  exempt_from: number | null;
  reenabled_at: number | null;
  proven_by: string | null;
  proven_at: number | null;
}

/** The same as the model has it. */
export function toMembership(row: Row): JudgedMembership {
  const { reason } = reasonAt(row.reason);
  return {
    scope: row.scope,
    userId: row.user_id,
    externalId: row.external_id,
    address: row.address,
    name: row.name,
    role: ROLES[row.role] ?? 'Lite',
    enabled: row.enabled === 1,
    kinds: row.kinds,
    joined: row.joined_at,
    lastSignIn: row.last_sign_in,
    reenabled: row.reenabled_at,
    breakGlass: row.glass === 1,
    reason,
    deadline: reason === 'within-grace' || reason === 'past-deadline' ? row.deadline : null,
    exemptUntil: row.exempt_until,
    exemption: row.exemption,
    exemptFrom: row.exempt_from,
    provenBy: row.proven_by,
    provenAt: row.proven_at,
  };
}

/** The break-glass users as a relation of a query: `glass`. */
export function glassRows(engine: Engine, glass: readonly FoundUser[]): RawBuilder<unknown> {
  const rows = engine.rows(
    glass.map((g) => ({ user_id: g.id })),
    { user_id: 'integer' },
  );
  return sql`glass as materialized (select user_id from ${rows} as w)`;
}

/** Whether the membership's person is among them: 1 or 0. */
export const isGlass = sql`case when m.user_id in (select user_id from glass) then 1 else 0 end`;

/** The exemption in force for a row `r`. */
export function exemption(what: 'document' | 'starts_at', now: Instant): RawBuilder<string | number | null> {
  return sql`case when r.exempt_until is not null then (select ${sql.ref(`e.${what}`)} from exemption_users as e where e.user_id = r.user_id
    and e.starts_at <= ${now} and e.expires_at > ${now} order by e.expires_at desc, e.document limit 1) end`;
}

/** The last proof that the scope of a row `r` trusts. */
export function lastProof(what: 'provider' | 'at', now: Instant): RawBuilder<unknown> {
  return sql`(select ${sql.ref(`p.${what}`)} from upstream_proofs as p join trusts as x on x.scope_id = r.scope_id and x.provider = p.provider
    and x.claim = p.claim and x.value = p.value where p.user_id = r.user_id and p.at <= ${now} order by p.at desc, p.provider limit 1)`;
}
