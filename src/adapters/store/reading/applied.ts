import { type RawBuilder, sql } from 'kysely';
import { addressKey } from '../../../core/model/address.ts';
import type { AccountFacts, Applied, DocumentInForce, FoundUser, StandingKind } from '../../../core/model/applied.ts';
import { PadlockError } from '../../../core/model/errors.ts';
import type { DocumentSource } from '../../../core/model/positions.ts';
import type { ScopeKey } from '../../../core/model/scope.ts';
import type { Obligation, TermsInForce, TermsOrigin, Trust } from '../../../core/model/terms.ts';
import type { Channel, EnforcerName, JsonObject } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';

/** Everything in force, in seven statements whatever its size. */
export async function applied(db: Connection): Promise<Applied> {
  return { accounts: await accounts(db), documents: await documents(db), terms: await terms(db), obligations: await obligations(db) };
}

async function accounts(db: Connection): Promise<AccountFacts[]> {
  const rows = await db.selectFrom('accounts').selectAll().orderBy('slug').execute();
  const scopes = await db.selectFrom('scopes').select(['account_id', 'key']).orderBy('key').execute();
  const { rows: administrators } = await sql<{ account_id: number; count: number }>`
    select s.account_id, count(*) as count from scopes as s join memberships as m on m.scope_id = s.id
    where s.my_glue is null and m.role = 0 and m.ended_at is null group by s.account_id`.execute(db);
  const keys = Map.groupBy(scopes, (s) => s.account_id);
  const counts = new Map(administrators.map((a) => [a.account_id, a.count]));
  return rows.map((row) => ({
    account: row.slug,
    enforcer: row.enforcer as EnforcerName,
    scopes: (keys.get(row.id) ?? []).map((s) => s.key),
    exemptionsVersion: row.exemptions_version,
    administrators: counts.get(row.id) ?? 0,
  }));
}

async function documents(db: Connection): Promise<DocumentInForce[]> {
  const rows = await db
    .selectFrom('documents as d')
    .leftJoin('accounts as a', 'a.id', 'd.account_id')
    .leftJoin('scopes as s', 's.id', 'd.scope_id')
    .select(['d.kind', 'd.channel', 'd.name', 'a.slug', 's.key', 'd.spec', 'd.source', 'd.version'])
    .orderBy('d.kind')
    .orderBy('d.name')
    .execute();
  return rows.map((row) => ({
    kind: row.kind as StandingKind,
    channel: row.channel as Channel,
    name: row.name,
    account: row.slug,
    scope: row.key,
    spec: json(row.spec, `document ${row.name}`) as JsonObject,
    source: json(row.source, `document ${row.name}`) as unknown as DocumentSource,
    version: row.version,
  }));
}

/** What is in force in some scopes, and since when they ask: a few rows by key. */
export async function termsOf(db: Connection, engine: Engine, scopes: readonly ScopeKey[]) {
  const within = sql`(select key from ${engine.rows(
    scopes.map((key) => ({ key })),
    { key: 'text' },
  )} as w)`;
  return { terms: await terms(db, within), obligations: await obligations(db, within) };
}

async function terms(db: Connection, within: RawBuilder<unknown> | null = null): Promise<TermsInForce[]> {
  const trusts = await sql<{ key: string; provider: string; claim: Trust['claim']; value: string; max_age: number }>`
    select s.key, x.provider, x.claim, x.value, x.max_age from trusts as x join scopes as s on s.id = x.scope_id
    ${within === null ? sql`` : sql`where s.key in ${within}`} order by x.provider, x.claim, x.value`.execute(db);
  const byScope = Map.groupBy(trusts.rows, (t) => t.key);
  const rows = await db
    .selectFrom('terms as t')
    .innerJoin('scopes as s', 's.id', 't.scope_id')
    .selectAll('t')
    .select('s.key')
    .$if(within !== null, (query) => query.where(sql<boolean>`s.key in ${within}`))
    .orderBy('s.key')
    .execute();
  return rows.map((row) => ({
    scope: row.key,
    requireMfa: row.require_mfa === 1,
    reportOnly: row.report_only === 1,
    demand: row.demand,
    enforceFrom: row.enforce_from,
    grace: row.grace,
    trust: (byScope.get(row.key) ?? []).map((t) => ({ provider: t.provider, claim: t.claim, value: t.value, maxAge: t.max_age })),
    rules: json(row.rules, `terms of ${row.key}`) as JsonObject,
    origin: json(row.origin, `terms of ${row.key}`) as unknown as TermsOrigin,
    version: row.version,
  }));
}

async function obligations(db: Connection, within: RawBuilder<unknown> | null = null): Promise<Obligation[]> {
  const rows = await db
    .selectFrom('obligations as o')
    .innerJoin('scopes as s', 's.id', 'o.scope_id')
    .select(['s.key as scope', 'o.demand', 'o.since'])
    .$if(within !== null, (query) => query.where(sql<boolean>`s.key in ${within}`))
    .orderBy('s.key')
    .orderBy('o.since')
    .execute();
  return rows;
}

/** People by address or id, those with a membership that has not ended. An address goes before an id that reads the same. */
export async function findUsers(
  db: Connection,
  engine: Engine,
  named: readonly { account: string; called: string }[],
): Promise<FoundUser[]> {
  if (named.length === 0) return [];
  const wanted = named.map((n) => ({ ...n, address_key: addressKey(n.called) }));
  const { rows } = await sql<FoundUser>`
    with n as materialized (select * from ${engine.rows(wanted, { account: 'text', called: 'text', address_key: 'text' })} as w)
    select n.account, n.called, u.id, u.address, u.name from n
    cross join accounts as a cross join users as u
    where a.slug = n.account and u.account_id = a.id and u.address_key = n.address_key
    union
    select n.account, n.called, u.id, u.address, u.name from n
    cross join accounts as a cross join users as u
    where a.slug = n.account and u.account_id = a.id and u.external_id = n.called
      and exists (select 1 from memberships as m where m.user_id = u.id and m.ended_at is null)
      and not exists (select 1 from users as v where v.account_id = a.id and v.address_key = n.address_key)
    order by 1, 2, 3`.execute(db);
  return rows;
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PadlockError('store/corrupt', `the store's ${what} is not JSON`, { fix: 'restore the store from a backup', cause });
  }
}
