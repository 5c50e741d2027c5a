import { sql } from 'kysely';
import type { Actor } from '../../../core/model/actor.ts';
import type { FoundUser } from '../../../core/model/applied.ts';
import type { BreakGlassUser, ExemptionRecord, ResetRecord } from '../../../core/model/findings.ts';
import type { Channel, Instant } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';
import { findUsers } from './applied.ts';
import { ofAccount } from './of-account.ts';

/** Reset requests since an instant, newest first. */
export async function resets(db: Connection, since: Instant, account?: string): Promise<ResetRecord[]> {
  const { rows } = await sql<Omit<ResetRecord, 'requestedBy'> & Actor>`
    select r.request_id as "requestId", a.slug as account, r.user_id as "userId", coalesce(u.address, r.called) as address, r.outcome, r.reason,
      r.first_seen as "firstSeen", r.executed_at as "executedAt", i.channel, i.subject, coalesce(p.address, p.external_id) as "approvedBy"
    from resets as r join accounts as a on a.id = r.account_id join identities as i on i.id = r.identity_id left join users as u on u.id = r.user_id
    left join users as p on p.id = r.approver_id
    where r.first_seen >= ${since} and ${ofAccount(account)} order by r.first_seen desc, r.request_id`.execute(db);
  return rows.map(({ channel, subject, ...row }) => ({ ...row, requestedBy: { channel, subject } }));
}

/** The exemptions declared by documents in force, with who put each there, as the audit log has it; two statements. */
export async function exemptions(db: Connection, account?: string): Promise<ExemptionRecord[]> {
  const entries = await sql<{ account: string; at: Instant; body: string; channel: Channel; subject: string }>`
    select a.slug as account, l.at, l.body, i.channel, i.subject from audit as l join accounts as a on a.id = l.account_id
    join identities as i on i.id = l.identity_id
    where l.act in ('exemption.create', 'exemption.update') and ${ofAccount(account)} order by l.account_id, l.seq`.execute(db);
  // The latest comes last, and stays.
  const last = new Map(
    entries.rows.map((entry) => [`${entry.account} ${(JSON.parse(entry.body) as { target: string }).target}`, entry] as const),
  );
  const documents = await sql<{ account: string; name: string; spec: string }>`select a.slug as account, d.name, d.spec from documents as d
    join accounts as a on a.id = d.account_id where d.kind = 'MfaExemption' and ${ofAccount(account)} order by a.slug, d.name`.execute(db);
  return documents.rows.map((row) => {
    const { reason, ticket } = JSON.parse(row.spec) as { reason: string; ticket?: string };
    const entry = last.get(`${row.account} ${row.name}`);
    return {
      account: row.account,
      document: row.name,
      reason,
      ticket: ticket ?? null,
      by: entry === undefined ? null : { channel: entry.channel, subject: entry.subject },
      at: entry?.at ?? null,
    };
  });
}

/** The declared break-glass users who exist, of every account: named by the policies in force, found as they are called now. */
export async function breakGlass(db: Connection, engine: Engine): Promise<FoundUser[]> {
  return findUsers(db, engine, await declared(db));
}

/** The declared break-glass users, whether they exist or not; three statements. */
export async function breakGlassUsers(db: Connection, engine: Engine, account?: string): Promise<BreakGlassUser[]> {
  const names = await declared(db, account);
  const found = await findUsers(db, engine, names);
  const wanted = engine.rows(
    found.map(({ id }) => ({ id })),
    { id: 'integer' },
  );
  const { rows } = await sql<PersonRow>`select u.id, u.external_id, u.address, u.name, u.enabled, u.local_password, u.kinds, u.last_sign_in
    from ${wanted} as w cross join users as u where u.id = w.id`.execute(db);
  const people = new Map(rows.map((row) => [row.id, personOf(row)]));
  const byName = Map.groupBy(found, (f) => `${f.account} ${f.called}`);
  return names.flatMap((name): BreakGlassUser[] => {
    const those = byName.get(`${name.account} ${name.called}`) ?? [];
    if (those.length === 0) return [{ ...name, person: null }];
    return those.map(({ id }) => ({ ...name, person: people.get(id) ?? null }));
  });
}

interface PersonRow {
  id: number;
  external_id: string;
  address: string | null;
  name: string | null;
  enabled: number;
  local_password: number;
  kinds: number | null;
  last_sign_in: number | null;
}

function personOf(row: PersonRow) {
  return {
    userId: row.id,
    externalId: row.external_id,
    address: row.address,
    name: row.name,
    enabled: row.enabled === 1,
    localPassword: row.local_password === 1,
    kinds: row.kinds,
    lastSignIn: row.last_sign_in,
  };
}

async function declared(db: Connection, account?: string): Promise<{ account: string; called: string; document: string }[]> {
  const { rows } = await sql<{ account: string; name: string; spec: string }>`select a.slug as account, d.name, d.spec from documents as d
    join accounts as a on a.id = d.account_id where d.kind = 'MfaPolicy' and d.spec like '%"breakGlass":%' and ${ofAccount(account)}
    order by a.slug, d.name`.execute(db);
  return rows.flatMap((row) =>
    ((JSON.parse(row.spec) as { breakGlass?: string[] }).breakGlass ?? []).map((called) => ({
      account: row.account,
      called,
      document: row.name,
    })),
  );
}
