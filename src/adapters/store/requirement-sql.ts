import { type RawBuilder, sql } from 'kysely';
import { BITS_PER_ROLE } from '../../core/model/demand.ts';
import { reasonIndex } from '../../core/model/requirement.ts';
import type { Instant } from '../../core/model/words.ts';
import type { Engine } from './engine.ts';

/** Later than any instant. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** The relations that one judgement reads: those in force, or proposed ones in their place. */
export interface Side {
  /** Alias of the terms joined to the membership `m`: require_mfa, report_only, demand, enforce_from, grace; its scope_id null without a policy. */
  readonly terms: string;
  /** Name of the relation of (scope_id, provider, claim, value, max_age). */
  readonly trusts: string;
  /** Name of the relation of (user_id, starts_at, expires_at). */
  readonly exemptions: string;
  /** The terms carry the obligation that applying them adds: new_demand, new_since. */
  readonly adds: boolean;
}

/** Where the bits of the membership's role begin; of 32 bits, since PostgreSQL shifts by nothing longer. */
const firstBit = sql`cast(${sql.lit(BITS_PER_ROLE)} * m.role as integer)`;

/** The kinds that the terms allow the membership's role; 0: not asked; null: no policy. */
export function allowedSql(terms: string): RawBuilder<number> {
  return sql<number>`((${column(terms, 'demand')} >> ${firstBit}) & ${sql.lit((1 << BITS_PER_ROLE) - 1)})`;
}

/**
 * The requirement in SQL: `judge` of `core/policy/requirement.ts`, rule by rule, over a membership `m` left-joined to
 * terms. Gives the place of the reason in `REASONS`. CASE stops at the first rule that speaks, so the look-ups of the
 * later rules cost only those whom they concern.
 */
export function reasonSql(engine: Engine, side: Side, now: Instant): RawBuilder<number> {
  const { terms } = side;
  const is = (reason: Parameters<typeof reasonIndex>[0]) => sql.lit(reasonIndex(reason));
  return sql<number>`case
    when m.active = 0 then ${is('disabled')}
    when ${column(terms, 'scope_id')} is null then ${is('no-policy')}
    when ${column(terms, 'require_mfa')} = 0 then ${is('turned-off')}
    when ${allowedSql(terms)} = 0 then ${is('role-not-listed')}
    when m.kinds & ${allowedSql(terms)} <> 0 then ${is('enrolled')}
    when ${provenSql(side.trusts, now)} then ${is('proven-upstream')}
    when m.kinds is null then ${is('cannot-tell')}
    when ${exemptUntilSql(side, now)} is not null then ${is('exempted')}
    when ${column(terms, 'report_only')} = 1 then ${is('report-only')}
    when ${deadlineSql(engine, side)} > ${now} then ${is('within-grace')}
    else ${is('past-deadline')} end`;
}

/** max(`enforceFrom`, obliged since, joined) + grace; null where no row obliges: then the requirement holds at once. */
export function deadlineSql(engine: Engine, side: Side): RawBuilder<number | null> {
  const stored = sql`(select min(o.since) from obligations as o where o.scope_id = m.scope_id and ${asksSql(sql`o.demand`)})`;
  const added = sql`case when ${asksSql(column(side.terms, 'new_demand'))} then ${column(side.terms, 'new_since')} end`;
  // A clock that stood ahead for a moment has left a row that is younger than the one added now: the earliest counts here too.
  const since = side.adds ? sql`coalesce(${engine.least([stored, sql`coalesce(${added}, ${sql.lit(NEVER)})`])}, ${added})` : stored;
  const from = sql`coalesce(${column(side.terms, 'enforce_from')}, m.joined_at)`;
  return sql<number | null>`(${engine.greatest([from, sql`m.joined_at`, since])} + ${column(side.terms, 'grace')})`;
}

/** Whether a demand asks the membership's role for kinds of which the person has none. */
function asksSql(demand: RawBuilder<unknown>): RawBuilder<boolean> {
  const asked = sql`((${demand} >> ${firstBit}) & ${sql.lit((1 << BITS_PER_ROLE) - 1)})`;
  return sql<boolean>`${asked} <> 0 and (${asked} & m.kinds) = 0`;
}

/** The latest end of the exemptions in force for the membership's person; null without one. */
export function exemptUntilSql(side: Pick<Side, 'exemptions'>, now: Instant): RawBuilder<number | null> {
  return sql<number | null>`(select max(e.expires_at) from ${sql.ref(side.exemptions)} as e
    where e.user_id = m.user_id and e.starts_at <= ${now} and e.expires_at > ${now})`;
}

/** Lists believe the last proof recorded, and only of people without a local password: that door proves nothing upstream. */
function provenSql(trusts: string, now: Instant): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from upstream_proofs as p
    join ${sql.ref(trusts)} as x on x.provider = p.provider and x.claim = p.claim and x.value = p.value
    join users as pu on pu.id = p.user_id and pu.local_password = 0
    where p.user_id = m.user_id and x.scope_id = m.scope_id and p.at <= ${now} and p.at + x.max_age > ${now})`;
}

function column(alias: string, name: string): RawBuilder<unknown> {
  return sql.ref(`${alias}.${name}`);
}
