import { sql } from 'kysely';
import type { ExemptedName } from '../../../core/model/applied.ts';
import { reasonIndex } from '../../../core/model/requirement.ts';
import { type Instant, ROLES } from '../../../core/model/words.ts';
import type { ExemptionOf, ProposedTerms } from '../../../core/ports/store.ts';
import type { Connection, Engine } from '../engine.ts';
import { reasonSql } from '../requirement-sql.ts';
import { EVERYWHERE, everywhere, proposals } from './impact.ts';

/** Exempt by what is in force: what changes of the exemptions is what is counted. */
const NOT_YET = { ...EVERYWHERE, exemptions: 'exemption_users' };

/**
 * Of those whom exemptions are to name: members, by scope, who are asked for a factor and have none, by the terms as they
 * will be, and are not exempt yet. Each document with at most `cap` names a scope and never none; `open`: all such members of the
 * scope. One statement, whatever their number, over the scopes of those named alone.
 */
export async function exempted(
  db: Connection,
  engine: Engine,
  scopes: readonly ProposedTerms[],
  named: readonly ExemptionOf[],
  now: Instant,
  cap: number | null,
): Promise<ExemptedName[]> {
  if (named.length === 0) return [];
  const asked = sql.join([sql.lit(reasonIndex('within-grace')), sql.lit(reasonIndex('past-deadline'))]);
  const inRole = (role: (typeof ROLES)[number]) =>
    sql`sum(case when o.role = ${sql.lit(ROLES.indexOf(role))} then 1 else 0 end) over (partition by n.document, o.scope_id)`;
  const { rows } = await sql<{
    document: string;
    scope: string;
    user: string;
    role: number;
    people: number;
    lite: number;
    administrators: number;
    open: number;
  }>`
    with ${proposals(engine, { scopes, exemptions: { channel: 'file', documents: [], windows: [] } })}, ${everywhere},
    named as materialized (select distinct document, user_id from ${engine.rows(
      named.map((n) => ({ document: n.document, user_id: n.userId })),
      { document: 'text', user_id: 'integer' },
    )} as w),
    touched as materialized (select distinct m.scope_id from (select distinct user_id from named) as n cross join memberships as m
      where m.user_id = n.user_id and m.ended_at is null),
    open as materialized (
      select m.scope_id, m.user_id, m.role from touched as g cross join memberships as m left join t on t.scope_id = m.scope_id
      where m.scope_id = g.scope_id and m.ended_at is null and m.active = 1 and ${reasonSql(engine, NOT_YET, now)} in (${asked})),
    counted as materialized (select scope_id, count(*) as open from open group by scope_id),
    hit as (
      select n.document, o.scope_id, o.role, coalesce(u.address, u.name, u.external_id) as user,
        count(*) over (partition by n.document, o.scope_id) as people, ${inRole('Lite')} as lite, ${inRole('Administrator')} as administrators,
        row_number() over (partition by n.document, o.scope_id order by u.address_key nulls first, u.id) as place
      from named as n cross join open as o cross join users as u where o.user_id = n.user_id and u.id = o.user_id)
    select h.document, s.key as scope, h.user, h.role, h.people, h.lite, h.administrators, c.open
    from hit as h join counted as c on c.scope_id = h.scope_id join scopes as s on s.id = h.scope_id
    ${cap === null ? sql`` : sql`where h.place <= ${Math.max(cap, 1)}`} order by h.document, s.key, h.place`.execute(db);
  return rows.map((row) => ({ ...row, role: ROLES[row.role] ?? 'Lite' }));
}
