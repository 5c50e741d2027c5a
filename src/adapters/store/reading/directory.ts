import { sql } from 'kysely';
import type { DirectoryFacts, DirectoryRow, StoredMembership, StoredPerson } from '../../../core/model/directory.ts';
import { ROLES } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';
import { breakGlass } from './evidence.ts';

/** What the store holds of an account's people; five statements whatever their number. */
export async function directory(db: Connection, engine: Engine, account: string): Promise<Omit<DirectoryFacts, 'terms'>> {
  const known = await db.selectFrom('accounts').select(['id', 'version']).where('slug', '=', account).executeTakeFirst();
  if (known === undefined) return { account: null, people: [], scopes: [], organizations: [], breakGlass: [] };
  const scopes = await db.selectFrom('scopes').select(['id', 'key']).where('account_id', '=', known.id).orderBy('key').execute();
  const organizations = await db
    .selectFrom('organizations as o')
    .leftJoin('scopes as s', 's.id', 'o.scope_id')
    .select(['o.external_id as externalId', 'o.name', 's.my_glue as myGlueAccount'])
    .where('o.account_id', '=', known.id)
    .orderBy('o.external_id')
    .execute();
  const glass = (await breakGlass(db, engine)).filter((g) => g.account === account).map((g) => g.id);
  return {
    account: known,
    people: await people(db, known.id, new Map(scopes.map((s) => [s.id, s.key]))),
    scopes: scopes.map((s) => s.key),
    organizations,
    breakGlass: glass,
  };
}

async function people(db: Connection, accountId: number, keys: ReadonlyMap<number, string>): Promise<StoredPerson[]> {
  const members = await db
    .selectFrom('memberships as m')
    .innerJoin('scopes as s', 's.id', 'm.scope_id')
    .select(['m.user_id', 'm.scope_id', 'm.role', 'm.ended_at'])
    .where('s.account_id', '=', accountId)
    .execute();
  const byUser = new Map<number, StoredMembership[]>();
  for (const m of members) {
    const membership = { scope: keys.get(m.scope_id) ?? '', role: ROLES[m.role] ?? 'Lite', ended: m.ended_at !== null };
    const list = byUser.get(m.user_id);
    if (list === undefined) byUser.set(m.user_id, [membership]);
    else list.push(membership);
  }
  const users = await db
    .selectFrom('users')
    .leftJoin('sign_in_state as l', 'l.user_id', 'users.id')
    .select(['users.id', 'external_id', 'origin', 'address', 'name', 'enabled', 'service', 'local_password', 'sso', 'kinds'])
    .select(['last_sign_in', 'l.locked_at'])
    .where('account_id', '=', accountId)
    .orderBy('users.id')
    .execute();
  return users.map((u) => ({
    id: u.id,
    externalId: u.external_id,
    origin: u.origin,
    address: u.address,
    name: u.name,
    enabled: u.enabled === 1,
    service: u.service === 1,
    localPassword: u.local_password === 1,
    sso: u.sso === 1,
    kinds: u.kinds,
    locked: u.locked_at !== null,
    lastSignIn: u.last_sign_in,
    memberships: byUser.get(u.id) ?? [],
  }));
}

/** Whose ids the external ids of an account's people are. */
export async function origins(db: Connection, account: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('users as u')
    .innerJoin('accounts as a', 'a.id', 'u.account_id')
    .select('u.origin')
    .distinct()
    .where('a.slug', '=', account)
    .orderBy('u.origin')
    .execute();
  return rows.map((row) => row.origin);
}

/** An account's people of one origin as directory rows, one a membership that has not ended; streamed. */
export async function* directoryRows(
  db: Connection,
  account: string,
  origin: string,
): AsyncIterable<Required<Omit<DirectoryRow, 'place'>>> {
  const query = sql<ExportRow>`select s.key as scope, m.role, u.external_id, u.address, u.name, u.enabled, u.service, u.local_password, u.sso, u.kinds, u.last_sign_in
    from scopes as s cross join memberships as m cross join users as u join accounts as a on a.id = s.account_id
    where a.slug = ${account} and u.origin = ${origin} and m.scope_id = s.id and u.id = m.user_id and m.ended_at is null order by m.scope_id, m.user_id`;
  for await (const step of db.getExecutor().stream<ExportRow>(query.compile(db), 500)) {
    for (const row of step.rows) {
      yield {
        externalId: row.external_id,
        scope: row.scope,
        role: ROLES[row.role] ?? 'Lite',
        address: row.address,
        name: row.name,
        enabled: row.enabled === 1,
        service: row.service === 1,
        localPassword: row.local_password === 1,
        sso: row.sso === 1,
        kinds: row.kinds,
        lastSignIn: row.last_sign_in,
      };
    }
  }
}

interface ExportRow {
  scope: string;
  role: number;
  external_id: string;
  address: string | null;
  name: string | null;
  enabled: number;
  service: number;
  local_password: number;
  sso: number;
  kinds: number | null;
  last_sign_in: number | null;
}
