import { sql } from 'kysely';
import type { AdministratorQuestion, Misfit, RevivedReset } from '../../../core/model/keeping.ts';
import type { EnforcerName } from '../../../core/model/words.ts';
import type { Connection, Engine } from '../engine.ts';
import type { Keyring } from '../envelope.ts';
import { ableAdministrator, questionsAsked } from './impact.ts';
import { type OpenableFactor, opens } from './keeping.ts';

/** Resets that were executed, and whose person has factors or codes from before the request all the same: somebody put them back. */
export async function revivedResets(db: Connection): Promise<RevivedReset[]> {
  const { rows } = await sql<RevivedReset>`select r.*,
      (select count(*) from factors as f where f.user_id = r."userId" and f.enrolled_at < r."requestedAt")
      + (select count(*) from recovery_codes as c where c.user_id = r."userId" and c.created_at < r."requestedAt") as factors
    from (select a.slug as account, r.request_id as "requestId", r.user_id as "userId", r.executed_at as "executedAt",
        case when r.requested_at < r.first_seen then r.requested_at else r.first_seen end as "requestedAt"
      from resets as r join accounts as a on a.id = r.account_id where r.outcome = 'Executed') as r
    where exists (select 1 from factors as f where f.user_id = r."userId" and f.enrolled_at < r."requestedAt")
      or exists (select 1 from recovery_codes as c where c.user_id = r."userId" and c.created_at < r."requestedAt")
    order by r.account, r."executedAt", r."requestId"`.execute(db);
  return rows;
}

/** People whose factors the store keeps, by the enforcer of their account, and whose kinds, or the copies beside their memberships, are not those of their factors; at most `names` of them. */
export async function misfits(
  db: Connection,
  keepers: readonly EnforcerName[],
  names: number,
): Promise<{ count: number; named: Misfit[] }> {
  const copies = sql`from memberships as m where m.user_id = g.id and m.kinds is distinct from g.mask`;
  const { rows } = await sql<
    Misfit & { count: number }
  >`select g.account, g.id as "userId", g.called, g.mask as factors, count(*) over () as count,
      case when g.kinds is distinct from g.mask then g.kinds else (select m.kinds ${copies} limit 1) end as told
    from (select a.slug as account, u.id, coalesce(u.address, u.external_id) as called, u.kinds,
        (select coalesce(sum(1 << cast(f.kind as integer)), 0) from (select distinct kind from factors where user_id = u.id) as f) as mask
      from users as u join accounts as a on a.id = u.account_id where a.enforcer in (${sql.join(['', ...keepers])})) as g
    where g.kinds is distinct from g.mask or exists (select 1 ${copies}) order by g.account, g.id limit ${names}`.execute(db);
  return { count: rows[0]?.count ?? 0, named: rows.map(({ count: _, ...misfit }) => misfit) };
}

/**
 * How many administrators of each account are asked for a factor, and have none that opens. They count as enrolled, so nobody lets
 * them enroll another: until the key is back, they do not get in.
 */
export async function lockedOut(
  db: Connection,
  engine: Engine,
  questions: readonly AdministratorQuestion[],
  keyring: Keyring | null,
): Promise<ReadonlyMap<string, number>> {
  if (questions.length === 0) return new Map();
  const { asked, allowed } = questionsAsked(engine, questions);
  const query = sql<OpenableFactor & { account: string; able: number }>`with ${asked}
    select q.account, u.id as user_id, u.account_id, f.kind, f.enrolled_at, f.version, f.key_id, f.sealed, case when f.id is null then 0 else 1 end as able from q
    cross join scopes as s cross join memberships as m cross join users as u left join sign_in_state as l on l.user_id = u.id
    left join factors as f on f.user_id = u.id and ((1 << cast(f.kind as integer)) & ${allowed}) <> 0
    where ${ableAdministrator} and q.enforced = 1 and (coalesce(m.kinds, 0) & ${allowed}) <> 0`;
  const opening = new Map<string, Map<number, boolean>>(questions.map((q) => [q.account, new Map()]));
  for await (const step of db.getExecutor().stream<OpenableFactor & { account: string; able: number }>(query.compile(db), 500)) {
    for (const row of step.rows) {
      const people = opening.get(row.account);
      if (people?.get(row.user_id) !== true) {
        people?.set(row.user_id, row.able === 1 && keyring?.keys.has(row.key_id) === true && opens(row, keyring));
      }
    }
  }
  return new Map([...opening].map(([account, people]) => [account, [...people.values()].filter((one) => !one).length]));
}
