import { sql } from 'kysely';
import type { ResolvedActor } from '../../../core/model/actor.ts';
import { addressKey } from '../../../core/model/address.ts';
import type { BoundWindow, ExemptionBinding, KnownReset, MembershipOf, ResetOutcome } from '../../../core/model/applied.ts';
import type { MemberFacts, PersonFacts } from '../../../core/model/person.ts';
import type { ExemptionWindow, Proof } from '../../../core/model/requirement.ts';
import { type Channel, type EnforcerName, type Instant, ROLES } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';

/** One person, by address or id, with every membership that has not ended; the first account by name when none is given. */
export async function person(db: Connection, account: string | undefined, called: string): Promise<PersonFacts | undefined> {
  const { rows } = await sql<PersonRow>`select ${PERSON_COLUMNS} from users as u join accounts as a on a.id = u.account_id
    where (u.address_key = ${addressKey(called)} or u.external_id = ${called}) and ${account === undefined ? sql`1 = 1` : sql`a.slug = ${account}`}
    order by a.slug, u.address_key is null or u.address_key <> ${addressKey(called)}, u.id limit 1`.execute(db);
  return rows[0] === undefined ? undefined : factsOf(db, rows[0]);
}

/** One person by the store's id. */
export async function personOf(db: Connection, userId: number): Promise<PersonFacts | undefined> {
  const { rows } = await sql<PersonRow>`select ${PERSON_COLUMNS} from users as u join accounts as a on a.id = u.account_id
    where u.id = ${userId}`.execute(db);
  return rows[0] === undefined ? undefined : factsOf(db, rows[0]);
}

interface PersonRow {
  readonly id: number;
  readonly account: string;
  readonly enforcer: EnforcerName;
  readonly external_id: string;
  readonly address: string | null;
  readonly name: string | null;
  readonly enabled: number;
  readonly service: number;
  readonly local_password: number;
  readonly last_sign_in: number | null;
}

const PERSON_COLUMNS = sql`u.id, a.slug as account, a.enforcer, u.external_id, u.address, u.name, u.enabled, u.service, u.local_password, u.last_sign_in`;

async function factsOf(db: Connection, user: PersonRow): Promise<PersonFacts> {
  const members = await db
    .selectFrom('memberships as m')
    .innerJoin('scopes as s', 's.id', 'm.scope_id')
    .select(['s.key', 'm.role', 'm.joined_at', 'm.kinds'])
    .where('m.user_id', '=', user.id)
    .where('m.ended_at', 'is', null)
    .orderBy('s.key')
    .execute();
  const exemptions = await db.selectFrom('exemption_users').selectAll().where('user_id', '=', user.id).execute();
  const proofs = await db.selectFrom('upstream_proofs').selectAll().where('user_id', '=', user.id).execute();
  const memberships = members.map(
    (m): MemberFacts => ({
      scope: m.key,
      role: ROLES[m.role] ?? 'Lite',
      enabled: user.enabled === 1,
      service: user.service === 1,
      localPassword: user.local_password === 1,
      kinds: m.kinds,
      joined: m.joined_at,
      exemptions: exemptions.map((e): ExemptionWindow => ({ document: e.document, startsAt: e.starts_at, expiresAt: e.expires_at })),
      proofs: proofs.map((p): Proof => ({ provider: p.provider, claim: p.claim as Proof['claim'], value: p.value, at: p.at })),
    }),
  );
  return {
    account: user.account,
    enforcer: user.enforcer,
    id: user.id,
    externalId: user.external_id,
    address: user.address,
    name: user.name,
    lastSignIn: user.last_sign_in,
    memberships,
  };
}

/** What is known of reset requests, by account and id. */
export async function knownResets(
  db: Connection,
  engine: Engine,
  requests: readonly { account: string; requestId: string }[],
): Promise<KnownReset[]> {
  if (requests.length === 0) return [];
  const wanted = engine.rows(
    requests.map((r) => ({ account: r.account, request_id: r.requestId })),
    { account: 'text', request_id: 'text' },
  );
  const { rows } = await sql<Omit<KnownReset, 'approved'> & { outcome: ResetOutcome; approved: number }>`
    select r.request_id as "requestId", a.slug as account, r.user_id as "userId", r.called, r.outcome, r.reason, r.asked, r.expires_at as "expiresAt", i.user_id as "requesterId", r.approved, r.approver_id as "approverId", r.first_seen as "firstSeen", r.executed_at as "executedAt"
    from ${wanted} as w join accounts as a on a.slug = w.account
    join resets as r on r.account_id = a.id and r.request_id = w.request_id
    join identities as i on i.id = r.identity_id order by a.slug, r.request_id`.execute(db);
  return rows.map((row) => ({ ...row, approved: row.approved === 1 }));
}

/** Whom exemptions are bound to, by document; of several windows of one person, one row. */
export async function exemptionBindings(
  db: Connection,
  engine: Engine,
  channel: Channel,
  names: readonly string[],
): Promise<ExemptionBinding[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<ExemptionBinding>`select distinct e.document, e.called, e.user_id as "userId"
    from ${engine.rows(
      names.map((name) => ({ name })),
      { name: 'text' },
    )} as w cross join exemption_users as e
    where e.document = w.name and e.channel = ${channel} order by e.document, e.called`.execute(db);
  return rows;
}

/** Every window of an exemption, ended ones too. */
export async function exemptionWindows(db: Connection): Promise<BoundWindow[]> {
  const { rows } = await sql<BoundWindow>`select e.channel, a.slug as account, e.document, e.called, e.user_id as "userId",
      e.starts_at as "startsAt", e.expires_at as "expiresAt"
    from exemption_users as e join accounts as a on a.id = e.account_id
    order by e.channel, e.document, e.called, e.starts_at`.execute(db);
  return rows;
}

/** Memberships, not ended, of some people. */
export async function membershipsOf(db: Connection, engine: Engine, userIds: readonly number[]): Promise<MembershipOf[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<{ userId: number; scope: string; role: number }>`
    select m.user_id as "userId", s.key as scope, m.role
    from ${engine.rows(
      userIds.map((id) => ({ id })),
      { id: 'integer' },
    )} as w cross join memberships as m cross join scopes as s
    where m.user_id = w.id and m.ended_at is null and s.id = m.scope_id order by m.user_id, s.key`.execute(db);
  return rows.map((row) => ({ ...row, role: ROLES[row.role] ?? 'Lite' }));
}

/** Whether somebody of an account joined any of its scopes at an instant or before. */
export async function joinedBefore(db: Connection, account: string, userId: number, at: Instant): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`select 1 as one from memberships as m join scopes as s on s.id = m.scope_id
    join accounts as a on a.id = s.account_id where a.slug = ${account} and m.user_id = ${userId} and m.joined_at <= ${at} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Resets executed since an instant, by account. */
export async function resetsSince(db: Connection, since: Instant): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ account: string; count: number }>`select a.slug as account, count(*) as count
    from resets as r join accounts as a on a.id = r.account_id where r.executed_at > ${since} group by a.slug`.execute(db);
  return new Map(rows.map((row) => [row.account, row.count]));
}

/**
 * The person that a channel's subject stands for in an account: the one bound to the identity, else the one whom the
 * configuration names. Nobody is resolved by address once an identity is bound: an address may have changed hands. Where the
 * configuration names another person than the bound one, it is nobody: the audit log would name somebody who did not act.
 */
export async function resolveActor(
  db: Connection,
  account: string,
  channel: Channel,
  subject: string,
  user: string | undefined,
): Promise<ResolvedActor> {
  const { rows } = await sql<{ administrators: number; bound: number | null; named: number | null }>`
    select (select count(*) from memberships as m join scopes as s on s.id = m.scope_id
        where s.key = ${account} and m.role = 0 and m.ended_at is null) as administrators,
      (select i.user_id from identities as i join accounts as a on a.id = i.account_id
        where a.slug = ${account} and i.channel = ${channel} and i.subject = ${subject}) as bound,
      (select u.id from users as u join accounts as a on a.id = u.account_id
        where a.slug = ${account} and u.address_key = ${addressKey(user ?? '')}) as named`.execute(db);
  const found = rows[0];
  const named = found?.named ?? (user === undefined ? null : await idOnly(db, account, user));
  const bound = found?.bound ?? null;
  const contested = bound !== null && named !== null && bound !== named;
  const userId = contested ? null : (bound ?? named);
  const role = userId === null ? undefined : await roleIn(db, account, userId);
  const called = await calledOf(db, userId ?? bound);
  return {
    channel,
    subject,
    account,
    userId,
    role: role ?? null,
    bound: bound !== null,
    bootstrap: !contested && (found?.administrators ?? 0) === 0,
    ...(called !== undefined && (contested ? { contested: called } : { called })),
  };
}

/** Who has an id, if one person alone has it. */
async function idOnly(db: Connection, account: string, id: string): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`select u.id from users as u join accounts as a on a.id = u.account_id
    where a.slug = ${account} and u.external_id = ${id} limit 2`.execute(db);
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}

/** What somebody is called: the address, or the id. */
async function calledOf(db: Connection, userId: number | null): Promise<string | undefined> {
  if (userId === null) return undefined;
  const { rows } = await sql<{ called: string }>`select coalesce(address, external_id) as called from users where id = ${userId}`.execute(
    db,
  );
  return rows[0]?.called;
}

/** The role of somebody who is enabled and a member of the account itself. */
async function roleIn(db: Connection, account: string, userId: number) {
  const { rows } = await sql<{ role: number }>`select m.role from memberships as m join scopes as s on s.id = m.scope_id
    where s.key = ${account} and m.user_id = ${userId} and m.ended_at is null and m.active = 1`.execute(db);
  return rows[0] === undefined ? undefined : ROLES[rows[0].role];
}
