import { type RawBuilder, sql } from 'kysely';
import { PadlockError } from '../../../core/model/errors.ts';
import type { Obligation } from '../../../core/model/terms.ts';
import type { Instant } from '../../../core/model/words.ts';
import type { DocumentWrite, ExemptionWrite, TermsWrite } from '../../../core/ports/store-writing.ts';
import type { Connection, Engine } from '../engine.ts';

/**
 * Puts documents in force by three statements whatever their number: those that go make room first, known ones change
 * where the version is the one seen, new ones are inserted where none is. Fewer rows than writes: another change came in between.
 */
export async function putDocuments(db: Connection, engine: Engine, writes: readonly DocumentWrite[], now: Instant): Promise<void> {
  const rows = engine.rows(
    writes.map((w) => ({ ...w, spec: w.spec && JSON.stringify(w.spec), source: w.source && JSON.stringify(w.source) })),
    { kind: 'text', channel: 'text', name: 'text', account: 'text', scope: 'text', spec: 'text', source: 'text', version: 'integer' },
  );
  const given = writes.filter((w) => w.spec !== null);
  await expectRows(
    writes.length - given.length,
    db,
    sql`
    delete from documents where exists (select 1 from ${rows} as w where documents.kind = w.kind and documents.channel = w.channel
      and documents.name = w.name and documents.version = w.version and w.spec is null)`,
  );
  await expectRows(
    given.filter((w) => w.version !== null).length,
    db,
    sql`
    update documents set spec = w.spec, source = w.source, version = documents.version + 1, applied_at = ${now}
    from ${rows} as w where documents.kind = w.kind and documents.channel = w.channel and documents.name = w.name
      and documents.version = w.version and w.spec is not null`,
  );
  await expectRows(
    given.filter((w) => w.version === null).length,
    db,
    sql`
    insert into documents (kind, channel, name, account_id, scope_id, spec, source, version, applied_at)
    select w.kind, w.channel, w.name, a.id, s.id, w.spec, w.source, 1, ${now}
    from ${rows} as w left join accounts as a on a.slug = w.account left join scopes as s on s.key = w.scope
    where w.version is null and w.spec is not null on conflict do nothing`,
  );
}

/** Puts terms in force, one row a scope; their trusts with them. */
export async function putTerms(db: Connection, engine: Engine, writes: readonly TermsWrite[]): Promise<void> {
  const rows = engine.rows(
    writes.map(({ scope, terms, version }) => ({
      scope,
      version,
      gone: terms === null ? 1 : 0,
      require_mfa: Number(terms?.requireMfa ?? false),
      report_only: Number(terms?.reportOnly ?? false),
      demand: terms?.demand ?? 0,
      enforce_from: terms?.enforceFrom ?? null,
      grace: terms?.grace ?? 0,
      rules: JSON.stringify(terms?.rules ?? null),
      origin: JSON.stringify(terms?.origin ?? null),
    })),
    {
      scope: 'text',
      version: 'integer',
      gone: 'integer',
      require_mfa: 'integer',
      report_only: 'integer',
      demand: 'integer',
      enforce_from: 'integer',
      grace: 'integer',
      rules: 'text',
      origin: 'text',
    },
  );
  const given = writes.filter((w) => w.terms !== null);
  await expectRows(
    given.filter((w) => w.version === null).length,
    db,
    sql`
    insert into terms (scope_id, require_mfa, report_only, demand, enforce_from, grace, rules, origin, version)
    select s.id, w.require_mfa, w.report_only, w.demand, w.enforce_from, w.grace, w.rules, w.origin, 1
    from ${rows} as w join scopes as s on s.key = w.scope where w.version is null and w.gone = 0 on conflict do nothing`,
  );
  await expectRows(
    given.filter((w) => w.version !== null).length,
    db,
    sql`
    update terms set require_mfa = w.require_mfa, report_only = w.report_only, demand = w.demand, enforce_from = w.enforce_from,
      grace = w.grace, rules = w.rules, origin = w.origin, version = terms.version + 1
    from (select s.id as scope_id, g.* from ${rows} as g join scopes as s on s.key = g.scope) as w
    where terms.scope_id = w.scope_id and terms.version = w.version and w.gone = 0`,
  );
  await expectRows(
    writes.length - given.length,
    db,
    sql`
    delete from terms where exists (select 1 from ${rows} as w join scopes as s on s.key = w.scope
      where terms.scope_id = s.id and terms.version = w.version and w.gone = 1)`,
  );
  await putTrusts(db, engine, writes);
}

async function putTrusts(db: Connection, engine: Engine, writes: readonly TermsWrite[]): Promise<void> {
  const touched = engine.rows(
    writes.map((w) => ({ scope: w.scope })),
    { scope: 'text' },
  );
  await sql`delete from trusts where scope_id in (select s.id from ${touched} as w join scopes as s on s.key = w.scope)`.execute(db);
  const trusts = writes.flatMap((w) =>
    (w.terms?.trust ?? []).map((t) => ({ scope: w.scope, provider: t.provider, claim: t.claim, value: t.value, max_age: t.maxAge })),
  );
  if (trusts.length === 0) return;
  const rows = engine.rows(trusts, { scope: 'text', provider: 'text', claim: 'text', value: 'text', max_age: 'integer' });
  await sql`insert into trusts (scope_id, provider, claim, value, max_age)
    select s.id, w.provider, w.claim, w.value, w.max_age from ${rows} as w join scopes as s on s.key = w.scope where 1 = 1
    on conflict do nothing`.execute(db);
}

/** Adds obligations; a row of the same scope and demand keeps its earlier `since`. */
export async function addObligations(db: Connection, engine: Engine, list: readonly Obligation[]): Promise<void> {
  if (list.length === 0) return;
  const rows = engine.rows(list, { scope: 'text', demand: 'integer', since: 'integer' });
  await sql`insert into obligations (scope_id, demand, since)
    select s.id, w.demand, w.since from ${rows} as w join scopes as s on s.key = w.scope where 1 = 1 on conflict do nothing`.execute(db);
}

/**
 * Puts exemptions in force by document: windows of people still named keep their start, those of people no longer named
 * end now, new ones begin. The account's version of exemptions is raised, so that plans made before are stale.
 */
export async function putExemptions(db: Connection, engine: Engine, writes: readonly ExemptionWrite[], now: Instant): Promise<void> {
  if (writes.length === 0) return;
  const columns = {
    account: 'text',
    channel: 'text',
    document: 'text',
    user_id: 'integer',
    called: 'text',
    starts_at: 'integer',
    expires_at: 'integer',
  } as const;
  const documents = engine.rows(
    writes.map((w) => ({ account: w.account, channel: w.channel, document: w.document })),
    columns,
  );
  const people = writes.flatMap((w) =>
    w.users.map((u) => ({
      account: w.account,
      channel: w.channel,
      document: w.document,
      user_id: u.userId,
      called: u.called,
      starts_at: w.startsAt,
      expires_at: w.expiresAt,
    })),
  );
  const rows = engine.rows(people, columns);
  await sql`update exemption_users set expires_at = ${engine.greatest([sql`starts_at`, sql`${now}`])} where expires_at > ${now}
    and exists (select 1 from ${documents} as d where d.channel = exemption_users.channel and d.document = exemption_users.document)
    and not exists (select 1 from ${rows} as w where w.channel = exemption_users.channel and w.document = exemption_users.document
      and w.user_id = exemption_users.user_id and w.starts_at = exemption_users.starts_at)`.execute(db);
  await sql`insert into exemption_users (account_id, channel, document, user_id, called, starts_at, expires_at)
    select a.id, w.channel, w.document, w.user_id, w.called, w.starts_at, w.expires_at
    from ${rows} as w join accounts as a on a.slug = w.account where 1 = 1
    on conflict (user_id, channel, document, starts_at) do update set expires_at = excluded.expires_at`.execute(db);
  await sql`update accounts set exemptions_version = exemptions_version + 1
    where slug in (select account from ${documents} as d)`.execute(db);
}

/** Runs a statement that must touch as many rows as it was given; nothing is run for none. */
async function expectRows(expected: number, db: Connection, statement: RawBuilder<unknown>): Promise<void> {
  if (expected === 0) return;
  const { numAffectedRows } = await statement.execute(db);
  if (Number(numAffectedRows ?? 0n) === expected) return;
  throw new PadlockError('store/conflict', 'the store was changed in between by someone else; nothing was written', {
    fix: 'plan again, look at what changed, and apply that plan',
  });
}
