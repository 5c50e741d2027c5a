import { sql } from 'kysely';
import type { DirectoryChanges, OrganizationRow } from '../../../core/model/directory.ts';
import { type ScopeKey, scopeOf } from '../../../core/model/scope.ts';
import type { ImportEnforcer } from '../../../core/ports/store-writing.ts';
import type { Connection, Engine } from '../engine.ts';

/**
 * The account of an import, made where it is new. Where its enforcer is another than before, what is known of
 * enrollments changes with it: the store knows its own factors, of others it knows nothing until an import says so.
 */
export async function putAccount(
  db: Connection,
  changes: DirectoryChanges,
  { name: enforcer, enrollment }: ImportEnforcer,
  titles: ReadonlyMap<ScopeKey, string>,
): Promise<number> {
  const known = await db.selectFrom('accounts').select(['id', 'enforcer']).where('slug', '=', changes.account).executeTakeFirst();
  if (known === undefined) {
    const title = titles.get(changes.account) ?? changes.account;
    await db.insertInto('accounts').values({ slug: changes.account, title, enforcer }).execute();
    const made = await db.selectFrom('accounts').select('id').where('slug', '=', changes.account).executeTakeFirstOrThrow();
    return made.id;
  }
  await sql`update accounts set version = version + 1, enforcer = ${enforcer} where id = ${known.id}`.execute(db);
  if (known.enforcer !== enforcer) {
    const kinds =
      enrollment === 'store'
        ? sql`(select coalesce(sum(1 << cast(f.kind as integer)), 0) from (select distinct kind from factors where user_id = users.id) as f)`
        : sql`null`;
    await sql`update users set kinds = ${kinds} where account_id = ${known.id}`.execute(db);
    await sql`update memberships set kinds = (select kinds from users where id = memberships.user_id)
      where scope_id in (select id from scopes where account_id = ${known.id})`.execute(db);
  }
  return known.id;
}

/** Scopes that are new, the account's own included. */
export async function putScopes(
  db: Connection,
  engine: Engine,
  account: number,
  scopes: readonly ScopeKey[],
  titles: ReadonlyMap<ScopeKey, string>,
): Promise<void> {
  if (scopes.length === 0) return;
  const list = scopes.map((key) => {
    const my_glue = scopeOf(key).myGlueAccount ?? null;
    return { key, my_glue, title: titles.get(key) ?? my_glue ?? key };
  });
  await sql`insert into scopes (account_id, my_glue, key, title)
    select ${account}, w.my_glue, w.key, w.title from ${engine.rows(list, { key: 'text', my_glue: 'text', title: 'text' })} as w`.execute(
    db,
  );
}

/** Organizations as said; one whose MyGlue account is not said keeps it. */
export async function putOrganizations(
  db: Connection,
  engine: Engine,
  account: number,
  slug: string,
  organizations: readonly OrganizationRow[],
): Promise<void> {
  if (organizations.length === 0) return;
  const list = organizations.map((o) => ({
    external_id: o.externalId,
    name: o.name,
    said: Number(o.myGlueAccount !== undefined),
    scope: o.myGlueAccount == null ? null : `${slug}/${o.myGlueAccount}`,
  }));
  const rows = engine.rows(list, { external_id: 'text', name: 'text', said: 'integer', scope: 'text' });
  await sql`insert into organizations (account_id, external_id, name, scope_id)
    select ${account}, w.external_id, w.name, s.id from ${rows} as w left join scopes as s on s.key = w.scope where 1 = 1
    on conflict (account_id, external_id) do update set name = excluded.name,
      scope_id = case when exists (select 1 from ${rows} as v where v.external_id = excluded.external_id and v.said = 1) then excluded.scope_id else organizations.scope_id end`.execute(
    db,
  );
}
