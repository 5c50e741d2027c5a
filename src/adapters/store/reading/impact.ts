import { type RawBuilder, sql } from 'kysely';
import type { ImpactName, ImpactRow } from '../../../core/model/applied.ts';
import { reasonAt, reasonIndex } from '../../../core/model/requirement.ts';
import type { Terms } from '../../../core/model/terms.ts';
import { type Instant, ROLES } from '../../../core/model/words.ts';
import type { AdministratorQuestion, Proposal, ProposedExemptions, ProposedTerms } from '../../../core/ports/store.ts';
import type { Connection, Engine } from '../engine.ts';
import { deadlineSql, exemptUntilSql, reasonSql, type Side } from '../requirement-sql.ts';

const TERM_COLUMNS = {
  scope: 'text',
  b_some: 'integer',
  b_require_mfa: 'integer',
  b_report_only: 'integer',
  b_demand: 'integer',
  b_enforce_from: 'integer',
  b_grace: 'integer',
  a_some: 'integer',
  a_require_mfa: 'integer',
  a_report_only: 'integer',
  a_demand: 'integer',
  a_enforce_from: 'integer',
  a_grace: 'integer',
  new_demand: 'integer',
  new_since: 'integer',
} as const;

/** Judged by the terms before the change. */
const BEFORE: Side = { terms: 'b', trusts: 'b_trusts', exemptions: 'exemption_users', adds: false };
/** Judged by the terms after it. */
export const AFTER: Side = { terms: 'a', trusts: 'a_trusts', exemptions: 'a_exemptions', adds: true };

/** Before and after of the changed scopes' members, judged by the terms given; one statement, nothing written. */
export async function impact(db: Connection, engine: Engine, proposal: Proposal, now: Instant): Promise<ImpactRow[]> {
  if (proposal.scopes.length === 0) return [];
  const { rows } = await sql<{
    scope: string;
    role: number;
    kinds: number | null;
    before: number;
    after: number;
    count: number;
    first: number | null;
    last: number | null;
    exempt: number | null;
  }>`
    with ${proposals(engine, proposal)},
    judged as materialized (
      select m.scope_id, m.role, m.kinds, ${reasonSql(engine, BEFORE, now)} as before, ${reasonSql(engine, AFTER, now)} as after,
        case when a.require_mfa = 1 and a.report_only = 0 then ${deadlineSql(engine, AFTER)} end as deadline,
        ${exemptUntilSql(AFTER, now)} as exempt
      from proposed as g cross join memberships as m
      left join b on b.scope_id = m.scope_id left join a on a.scope_id = m.scope_id
      where m.scope_id = g.scope_id and m.ended_at is null)
    select s.key as scope, j.role, j.kinds, j.before, j.after, count(*) as count,
      min(case when j.after = ${pending} then j.deadline end) as first, max(case when j.after = ${pending} then j.deadline end) as last,
      max(j.exempt) as exempt
    from judged as j join scopes as s on s.id = j.scope_id
    group by s.key, j.role, j.kinds, j.before, j.after order by s.key, j.role, j.kinds nulls first, j.before, j.after`.execute(db);
  return rows.map((row) => ({
    scope: row.scope,
    role: ROLES[row.role] ?? 'Lite',
    kinds: row.kinds,
    before: reasonAt(row.before).reason,
    after: reasonAt(row.after).reason,
    count: row.count,
    firstDeadline: row.first,
    lastDeadline: row.last,
    exemptUntil: row.exempt,
  }));
}

/** Who becomes overdue by the change, and who is pending after it: at most `cap` of each scope and group, by address. */
export async function impactNames(
  db: Connection,
  engine: Engine,
  proposal: Proposal,
  now: Instant,
  cap: number | null,
): Promise<ImpactName[]> {
  if (proposal.scopes.length === 0) return [];
  const { rows } = await sql<{ scope: string; overdue: number; user: string; role: number; deadline: number | null }>`
    with ${proposals(engine, proposal)},
    judged as materialized (
      select m.scope_id, m.user_id, m.role, ${reasonSql(engine, BEFORE, now)} as before, ${reasonSql(engine, AFTER, now)} as after,
        ${deadlineSql(engine, AFTER)} as deadline
      from proposed as g cross join memberships as m
      left join b on b.scope_id = m.scope_id left join a on a.scope_id = m.scope_id
      where m.scope_id = g.scope_id and m.ended_at is null and m.active = 1),
    hit as (
      select j.scope_id, case when j.after = ${overdue} then 1 else 0 end as overdue, coalesce(u.address, u.name, u.external_id) as user, j.role, j.deadline,
        row_number() over (partition by j.scope_id, j.after order by u.address_key nulls first, u.id) as place
      from judged as j cross join users as u
      where u.id = j.user_id and ((j.after = ${overdue} and j.before <> ${overdue}) or j.after = ${pending}))
    select s.key as scope, h.overdue, h.user, h.role, h.deadline from hit as h join scopes as s on s.id = h.scope_id
    ${cap === null ? sql`` : sql`where h.place <= ${cap}`} order by s.key, h.overdue desc, h.place`.execute(db);
  return rows.map((row) => ({
    scope: row.scope,
    group: row.overdue === 1 ? 'overdue' : 'pending',
    user: row.user,
    role: ROLES[row.role] ?? 'Lite',
    deadline: row.deadline,
  }));
}

const pending = sql.lit(reasonIndex('within-grace'));
const overdue = sql.lit(reasonIndex('past-deadline'));

/**
 * The changed scopes as relations, from one JSON parameter in the place of the stored terms: `proposed` (the scopes),
 * `b` and `a` (terms before and after), and their trusts. A scope without terms on a side is missing there, as in the store.
 */
export function proposals(engine: Engine, { scopes: proposed, exemptions }: Proposal): RawBuilder<unknown> {
  const list = proposed.map((p) => ({
    scope: p.scope,
    ...flat('b', p.before),
    ...flat('a', p.after),
    new_demand: p.obligation?.demand ?? 0,
    new_since: p.obligation?.since ?? null,
  }));
  const columns = ['require_mfa', 'report_only', 'demand', 'enforce_from', 'grace'];
  const side = (name: 'a' | 'b') =>
    sql`select scope_id, new_demand, new_since, ${sql.join(
      columns.map((c) => sql`${sql.ref(`${name}_${c}`)} as ${sql.ref(c)}`),
    )} from proposed where ${sql.ref(`${name}_some`)} = 1`;
  return sql`proposed as materialized (select s.id as scope_id, p.* from ${engine.rows(list, TERM_COLUMNS)} as p cross join scopes as s where s.key = p.scope),
    b as materialized (${side('b')}), a as materialized (${side('a')}),
    b_trusts as materialized (${trusts(engine, proposed, 'before')}), a_trusts as materialized (${trusts(engine, proposed, 'after')}),
    a_exemptions as ${exemptions.documents.length === 0 ? sql`(select user_id, starts_at, expires_at from exemption_users)` : sql`materialized (${exempted(engine, exemptions)})`}`;
}

/** Whatever will be in force, in changed scopes and others: over {@link proposals} and {@link everywhere}. */
export const EVERYWHERE: Side = { ...AFTER, terms: 't', trusts: 't_trusts' };

const COLUMNS = sql.raw('scope_id, require_mfa, report_only, demand, enforce_from, grace');

/** The terms and trusts of all scopes as they will be: `t` and `t_trusts`, behind the proposals. */
export const everywhere = sql`t as materialized (select ${COLUMNS}, new_demand, new_since from a
      union all select ${COLUMNS}, 0, null from terms where scope_id not in (select scope_id from proposed)),
    t_trusts as materialized (select scope_id, provider, claim, value, max_age from a_trusts
      union all select scope_id, provider, claim, value, max_age from trusts where scope_id not in (select scope_id from proposed))`;

function flat(name: 'a' | 'b', terms: Terms | null) {
  return {
    [`${name}_some`]: terms === null ? 0 : 1,
    [`${name}_require_mfa`]: Number(terms?.requireMfa ?? false),
    [`${name}_report_only`]: Number(terms?.reportOnly ?? false),
    [`${name}_demand`]: terms?.demand ?? 0,
    [`${name}_enforce_from`]: terms?.enforceFrom ?? null,
    [`${name}_grace`]: terms?.grace ?? 0,
  };
}

/** Exemptions as they will be: the stored ones but for those of the documents that change, and the new windows. */
function exempted(engine: Engine, { channel, documents, windows }: ProposedExemptions): RawBuilder<unknown> {
  const changed = engine.rows(
    documents.map((document) => ({ document })),
    { document: 'text' },
  );
  const added = engine.rows(
    windows.map((w) => ({ user_id: w.userId, starts_at: w.startsAt, expires_at: w.expiresAt })),
    { user_id: 'integer', starts_at: 'integer', expires_at: 'integer' },
  );
  return sql`select e.user_id, e.starts_at, e.expires_at from exemption_users as e
      where not (e.channel = ${channel} and e.document in (select document from ${changed} as w))
    union all select user_id, starts_at, expires_at from ${added} as w`;
}

function trusts(engine: Engine, proposed: readonly ProposedTerms[], side: 'before' | 'after'): RawBuilder<unknown> {
  const list = proposed.flatMap((p) =>
    (p[side]?.trust ?? []).map((t) => ({ scope: p.scope, provider: t.provider, claim: t.claim, value: t.value, max_age: t.maxAge })),
  );
  const rows = engine.rows(list, { scope: 'text', provider: 'text', claim: 'text', value: 'text', max_age: 'integer' });
  return sql`select s.id as scope_id, t.* from ${rows} as t cross join scopes as s where s.key = t.scope`;
}

/**
 * Administrators who will be able to sign in: enabled, not locked, a way in that
 * is switched on, and nothing asked of them, or an allowed kind enrolled, or one that they can still enroll.
 */
export async function administrators(
  db: Connection,
  engine: Engine,
  questions: readonly AdministratorQuestion[],
): Promise<ReadonlyMap<string, number>> {
  if (questions.length === 0) return new Map();
  const { asked, allowed } = questionsAsked(engine, questions);
  const without = questions.flatMap((q) => q.without.map((id) => ({ account: q.account, user_id: id })));
  const kinds = sql`(case when exists (select 1 from without as w where w.account = q.account and w.user_id = u.id) then 0 else coalesce(m.kinds, 0) end)`;
  const { rows } = await sql<{ account: string; able: number }>`
    with ${asked},
    without as materialized (select * from ${engine.rows(without, { account: 'text', user_id: 'integer' })} as w)
    select q.account, count(*) as able from q
    cross join scopes as s cross join memberships as m cross join users as u left join sign_in_state as l on l.user_id = u.id
    where ${ableAdministrator}
      and (q.enforced = 0 or ${allowed} = 0 or (${kinds} & ${allowed}) <> 0 or (q.enrollable & ${allowed}) <> 0)
    group by q.account`.execute(db);
  return new Map(questions.map((q) => [q.account, rows.find((row) => row.account === q.account)?.able ?? 0]));
}

/** Questions as the relation `q`, and the kinds that one allows a member `m`. */
export function questionsAsked(engine: Engine, questions: readonly AdministratorQuestion[]) {
  const list = questions.map((q) => ({ account: q.account, demand: q.demand, enforced: Number(q.enforced), enrollable: q.enrollable }));
  const columns = { account: 'text', demand: 'integer', enforced: 'integer', enrollable: 'integer' } as const;
  return {
    asked: sql`q as materialized (select * from ${engine.rows(list, columns)} as w)`,
    allowed: sql`((q.demand >> cast(3 * m.role as integer)) & 7)`,
  };
}

/** An enabled administrator of the account itself with a way in that is switched on, and who is not locked. */
export const ableAdministrator = sql`s.key = q.account and m.scope_id = s.id and m.ended_at is null and m.active = 1 and u.id = m.user_id
  and m.role = 0 and (u.local_password = 1 or u.sso = 1) and l.locked_at is null`;
