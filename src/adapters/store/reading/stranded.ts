import { sql } from 'kysely';
import type { Stranded } from '../../../core/model/applied.ts';
import type { KindMask } from '../../../core/model/demand.ts';
import { type Reason, reasonIndex } from '../../../core/model/requirement.ts';
import { FACTOR_KINDS, type Instant } from '../../../core/model/words.ts';
import type { Proposal } from '../../../core/ports/store.ts';
import type { Connection, Engine } from '../engine.ts';
import { allowedSql, reasonSql } from '../requirement-sql.ts';
import { AFTER, EVERYWHERE, everywhere, proposals } from './impact.ts';

/** Names of each scope; the rest is counted. */
const NAMED = 5;

const among = (...reasons: readonly Reason[]) => sql.join(reasons.map((reason) => sql.lit(reasonIndex(reason))));

/**
 * Members of changed scopes who are newly asked, or for other kinds than before, without an allowed one, and for whom no single
 * kind is both enrollable and allowed in every scope that asks them for a local factor. One statement, whatever their number:
 * first the changed scopes' members, then all memberships of those alone.
 */
export async function stranded(
  db: Connection,
  engine: Engine,
  proposal: Proposal,
  enrollable: ReadonlyMap<string, KindMask>,
  now: Instant,
): Promise<Stranded[]> {
  if (proposal.scopes.length === 0 || enrollable.size === 0) return [];
  const kinds = [...enrollable].map(([account, mask]) => ({ account, mask }));
  const askedBefore = sql`case when b.require_mfa = 1 and b.report_only = 0 then ${allowedSql('b')} else 0 end`;
  const common = FACTOR_KINDS.map(
    (_, bit) => sql`(max(j.mask & ${sql.lit(1 << bit)}) <> 0 and min(j.allowed & ${sql.lit(1 << bit)}) <> 0)`,
  );
  const { rows } = await sql<{ scope: string; people: number; place: number; user: string }>`
    with ${proposals(engine, proposal)},
    enrollable as materialized (select x.id as account_id, e.mask from ${engine.rows(kinds, { account: 'text', mask: 'integer' })} as e
      cross join accounts as x where x.slug = e.account),
    ${everywhere},
    hit as materialized (
      select m.scope_id, m.user_id, e.mask
      from proposed as g cross join scopes as s cross join enrollable as e cross join memberships as m
      left join b on b.scope_id = m.scope_id left join a on a.scope_id = m.scope_id
      where s.id = g.scope_id and e.account_id = s.account_id and m.scope_id = g.scope_id and m.ended_at is null and m.active = 1
        and coalesce(${askedBefore}, 0) <> ${allowedSql('a')}
        and ${reasonSql(engine, AFTER, now)} in (${among('within-grace', 'past-deadline')})),
    judged as materialized (
      select h.user_id, h.mask, ${allowedSql('t')} as allowed, ${reasonSql(engine, EVERYWHERE, now)} as reason
      from (select distinct user_id, mask from hit) as h cross join memberships as m left join t on t.scope_id = m.scope_id
      where m.user_id = h.user_id and m.ended_at is null),
    lost as materialized (
      select j.user_id from judged as j where j.reason in (${among('enrolled', 'within-grace', 'past-deadline')})
      group by j.user_id having not (${sql.join(common, sql` or `)})),
    placed as (
      select h.scope_id, coalesce(u.address, u.name, u.external_id) as user, count(*) over (partition by h.scope_id) as people,
        row_number() over (partition by h.scope_id order by u.address_key nulls first, u.id) as place
      from lost as l cross join hit as h cross join users as u where h.user_id = l.user_id and u.id = l.user_id)
    select s.key as scope, p.people, p.place, p.user from placed as p join scopes as s on s.id = p.scope_id
    where p.place <= ${NAMED} order by s.key, p.place`.execute(db);
  return [...Map.groupBy(rows, (row) => row.scope)].map(([scope, of]) => ({
    scope,
    people: of[0]?.people ?? 0,
    names: of.map((row) => row.user),
  }));
}
