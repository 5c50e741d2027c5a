import { type RawBuilder, sql } from 'kysely';
import { roleIndex } from '../../../core/model/demand.ts';
import type { DirectoryChanges, PersonAttributes } from '../../../core/model/directory.ts';
import { NEW_PERSON } from '../../../core/model/directory.ts';
import type { ScopeKey } from '../../../core/model/scope.ts';
import type { Instant, Role } from '../../../core/model/words.ts';
import type { ImportEnforcer } from '../../../core/ports/store-writing.ts';
import type { ColumnType, Connection, Engine } from '../engine.ts';
import { putAccount, putOrganizations, putScopes } from './import-scopes.ts';

/** Rows that one statement takes as its JSON parameter. */
const BATCH = 5000;

/**
 * Carries out an import, set by set. Addresses may change hands within one import, and are unique at every moment: keys
 * that are given up are cleared first, and taken only when everything else stands.
 */
export async function importDirectory(
  db: Connection,
  engine: Engine,
  changes: DirectoryChanges,
  enforcer: ImportEnforcer,
  titles: ReadonlyMap<ScopeKey, string>,
  now: Instant,
): Promise<void> {
  const account = await putAccount(db, changes, enforcer, titles);
  await putScopes(db, engine, account, changes.newScopes, titles);
  await putOrganizations(db, engine, account, changes.account, changes.organizations);
  const each = batches(db, engine);
  await each(
    changes.adopted.map((a) => ({ id: a.id, external_id: a.externalId })),
    { id: 'integer', external_id: 'text' },
    (rows) => sql`update users set origin = ${changes.origin}, external_id = w.external_id from ${rows} as w where users.id = w.id`,
  );
  await endMemberships(each, changes, now);
  await clearAddresses(each, changes);
  await createPeople(each, engine, account, changes, enforcer, now);
  await updatePeople(each, changes, enforcer, now);
  await moveMemberships(each, changes, now);
  await settle(each, engine, changes);
}

type Each = (
  list: readonly object[],
  columns: Readonly<Record<string, ColumnType>>,
  statement: (rows: RawBuilder<unknown>) => RawBuilder<unknown>,
) => Promise<void>;

/** Rows are materialized first: whichever way a planner joins them, it reads the JSON once. */
function batches(db: Connection, engine: Engine): Each {
  return async (list, columns, statement) => {
    for (let i = 0; i < list.length; i += BATCH) {
      const rows = engine.rows(list.slice(i, i + BATCH), columns);
      await sql`with given as materialized (select * from ${rows} as g) ${statement(sql`given`)}`.execute(db);
    }
  };
}

const MEMBERSHIP = { id: 'integer', scope: 'text', role: 'integer' } as const;
const ID = { id: 'integer' } as const;

function memberships(list: readonly { readonly id: number; readonly scope: ScopeKey; readonly role: Role }[]) {
  return list.map((m) => ({ id: m.id, scope: m.scope, role: roleIndex(m.role) }));
}

async function endMemberships(each: Each, changes: DirectoryChanges, now: Instant): Promise<void> {
  await each(
    memberships(changes.ended),
    MEMBERSHIP,
    (rows) =>
      sql`update memberships set ended_at = ${now} from (select s.id as scope_id, g.id from ${rows} as g join scopes as s on s.key = g.scope) as w
      where memberships.scope_id = w.scope_id and memberships.user_id = w.id`,
  );
}

/** Frees the addresses of those whose last membership has ended, and of those who get another. */
async function clearAddresses(each: Each, changes: DirectoryChanges): Promise<void> {
  const readdressed = changes.updated.filter((u) => u.attributes.address !== undefined);
  await each(
    readdressed.map((u) => ({ id: u.id })),
    ID,
    (rows) => sql`update users set address_key = null from ${rows} as w where users.id = w.id`,
  );
  await each(
    changes.ended.map((e) => ({ id: e.id })),
    ID,
    (rows) =>
      sql`update users set address_key = null from ${rows} as w where users.id = w.id
      and not exists (select 1 from memberships as m where m.user_id = users.id and m.ended_at is null)`,
  );
}

const PERSON = {
  external_id: 'text',
  address: 'text',
  name: 'text',
  enabled: 'integer',
  service: 'integer',
  local_password: 'integer',
  sso: 'integer',
  kinds: 'integer',
  last_sign_in: 'integer',
} as const;

async function createPeople(
  each: Each,
  engine: Engine,
  account: number,
  changes: DirectoryChanges,
  enforcer: ImportEnforcer,
  now: Instant,
): Promise<void> {
  const people = changes.created.map(({ externalId, attributes }) => {
    const known = { ...NEW_PERSON, ...attributes };
    return { ...personColumns({ ...known, kinds: enforcer.enrollment === 'store' ? 0 : known.kinds }), external_id: externalId };
  });
  await each(
    people,
    PERSON,
    (rows) =>
      sql`insert into users (account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds, last_sign_in)
      select ${account}, w.external_id, ${changes.origin}, w.address, ${engine.addressKey(sql`w.address`)}, w.name, w.enabled, w.service, w.local_password, w.sso, w.kinds, w.last_sign_in from ${rows} as w`,
  );
  const joined = changes.created.flatMap((c) =>
    c.memberships.map((m) => ({ external_id: c.externalId, scope: m.scope, role: roleIndex(m.role) })),
  );
  await each(
    joined,
    { external_id: 'text', scope: 'text', role: 'integer' },
    (rows) =>
      sql`insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
      select s.id, u.id, w.role, ${now}, case when u.enabled = 1 and u.service = 0 then 1 else 0 end, u.kinds
      from ${rows} as w cross join scopes as s cross join users as u
      where s.key = w.scope and u.account_id = ${account} and u.origin = ${changes.origin} and u.external_id = w.external_id`,
  );
}

/** What an import may say of a person, as columns; the flags tell what was said from what is null. */
function personColumns(attributes: PersonAttributes) {
  const flag = (value: boolean | undefined) => (value === undefined ? null : Number(value));
  return {
    address: attributes.address ?? null,
    has_address: Number(attributes.address !== undefined),
    name: attributes.name ?? null,
    has_name: Number(attributes.name !== undefined),
    enabled: flag(attributes.enabled),
    service: flag(attributes.service),
    local_password: flag(attributes.localPassword),
    sso: flag(attributes.sso),
    kinds: attributes.kinds ?? null,
    has_kinds: Number(attributes.kinds !== undefined),
    last_sign_in: attributes.lastSignIn ?? null,
  };
}

async function updatePeople(each: Each, changes: DirectoryChanges, enforcer: ImportEnforcer, now: Instant): Promise<void> {
  const people = changes.updated.map(({ id, attributes }) => ({ ...personColumns(attributes), id }));
  const columns = { ...PERSON, id: 'integer', has_address: 'integer', has_name: 'integer', has_kinds: 'integer' } as const;
  // What the store has confirmed is the store's to say: an import's kinds count only where it holds no factors.
  const kinds = enforcer.enrollment === 'store' ? sql`users.kinds` : sql`case when w.has_kinds = 1 then w.kinds else users.kinds end`;
  // Whom a notice is about hears of it where they were known before: an address that was just changed may be somebody else's.
  await each(
    people,
    columns,
    (rows) =>
      sql`insert into former_addresses (user_id, address, until) select u.id, u.address, ${now} from ${rows} as w cross join users as u
      where u.id = w.id and w.has_address = 1 and u.address is not null and (w.address is null or w.address <> u.address)
      on conflict (user_id, address) do update set until = excluded.until`,
  );
  await each(
    people,
    columns,
    (rows) =>
      sql`update users set address = case when w.has_address = 1 then w.address else users.address end,
      name = case when w.has_name = 1 then w.name else users.name end, enabled = coalesce(w.enabled, users.enabled),
      service = coalesce(w.service, users.service), local_password = coalesce(w.local_password, users.local_password),
      reenabled_at = case when w.enabled = 1 and users.enabled = 0 then ${now} else users.reenabled_at end,
      sso = coalesce(w.sso, users.sso), kinds = ${kinds}, last_sign_in = coalesce(w.last_sign_in, users.last_sign_in),
      epoch = users.epoch + case when (w.enabled = 0 and users.enabled = 1) or (w.service = 1 and users.service = 0) then 1 else 0 end
      from ${rows} as w where users.id = w.id`,
  );
}

/** Joined, rejoined and changed roles. First joined stays as it was; a role change or an end raises the session epoch. */
async function moveMemberships(each: Each, changes: DirectoryChanges, now: Instant): Promise<void> {
  await each(
    memberships(changes.joined),
    MEMBERSHIP,
    (rows) =>
      sql`insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
      select s.id, u.id, w.role, ${now}, 0, null from ${rows} as w cross join scopes as s cross join users as u where s.key = w.scope and u.id = w.id`,
  );
  const moved = [
    ...memberships(changes.rejoined),
    ...changes.roleChanged.map((r) => ({ id: r.id, scope: r.scope, role: roleIndex(r.to) })),
  ];
  await each(
    moved,
    MEMBERSHIP,
    (rows) =>
      sql`update memberships set role = w.role, ended_at = null from (select s.id as scope_id, g.* from ${rows} as g join scopes as s on s.key = g.scope) as w
      where memberships.scope_id = w.scope_id and memberships.user_id = w.id`,
  );
  await each(
    [...changes.roleChanged, ...changes.ended].map((m) => ({ id: m.id })),
    ID,
    (rows) => sql`update users set epoch = epoch + 1 from (select distinct id from ${rows} as g) as w where users.id = w.id`,
  );
}

/** Brings the copies beside the memberships and the address keys of everybody touched in line. */
async function settle(each: Each, engine: Engine, changes: DirectoryChanges): Promise<void> {
  const known = [...changes.updated, ...changes.joined, ...changes.rejoined].map((p) => p.id);
  await each(
    [...new Set(known)].map((id) => ({ id })),
    ID,
    (rows) =>
      sql`update memberships set kinds = u.kinds, active = case when u.enabled = 1 and u.service = 0 then 1 else 0 end
      from ${rows} as w cross join users as u where memberships.user_id = w.id and u.id = w.id`,
  );
  await each(
    [...new Set(known)].map((id) => ({ id })),
    ID,
    (rows) =>
      sql`update users set address_key = ${engine.addressKey(sql`users.address`)} from ${rows} as w
      where users.id = w.id and exists (select 1 from memberships as m where m.user_id = users.id and m.ended_at is null)`,
  );
}
