import { sql } from 'kysely';
import { allowedSql } from '../../src/adapters/store/requirement-sql.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import { compiled, NOW, type Place } from './place.ts';
import { beside, Profile, printNote, printRatio, taken } from './table.ts';

/** Lists of one scope that are timed together: one alone is over before the clock has moved. */
const LISTS = 20;
const RESETS = 300;

/** Who is not enrolled in one scope, with state: through the store, beside plain SQL that yields the same rows. */
export async function benchMissing(place: Place, rounds: number): Promise<void> {
  const { words } = place;
  // At the smaller sizes nobody lacks anything in most of them.
  const [fullest] = await place.all(
    compiled(
      place,
      sql`select s.key, count(*) as missing from memberships as m join scopes as s on s.id = m.scope_id
      where m.kinds = 0 and m.ended_at is null and m.active = 1 group by s.key order by missing desc, s.key limit 1`,
    ),
  );
  const scope = String(fullest?.['key']);
  const since = sql`(select min(o.since) from obligations as o where o.scope_id = m.scope_id)`;
  const deadline = sql`(${words.greatest([sql`coalesce(t.enforce_from, m.joined_at)`, sql`m.joined_at`, since])} + t.grace)`;
  const exempt = sql`(select max(e.expires_at) from exemption_users as e where e.user_id = m.user_id and e.starts_at <= ${NOW} and e.expires_at > ${NOW})`;
  const plain = compiled(
    place,
    sql`select s.key, u.id, u.external_id, u.address, u.name, m.role, u.enabled, m.kinds, m.joined_at, u.last_sign_in, u.reenabled_at,
      ${deadline} as deadline, ${exempt} as exempt_until,
      case when ${exempt} is not null then 'exempted' when t.report_only = 1 then 'report-only' when ${deadline} > ${NOW} then 'within-grace' else 'past-deadline' end as reason
    from scopes as s join memberships as m on m.scope_id = s.id join terms as t on t.scope_id = s.id join users as u on u.id = m.user_id
    where s.key = ${scope} and m.ended_at is null and m.active = 1 and m.kinds = 0 and t.require_mfa = 1 and ${allowedSql('t')} <> 0
    order by m.user_id`,
  );
  const rows = { ours: 0, peer: 0 };
  const profile = new Profile();
  const listed = () =>
    place.world.store.read(async (reader) => {
      rows.ours = 0;
      for await (const _ of reader.memberships(NOW, { scope, openOnly: true })) rows.ours += 1;
    });
  const ours = async () => {
    let best = Number.POSITIVE_INFINITY;
    for (let n = 0; n < LISTS; n++) best = Math.min(best, await profile.of(place, listed));
    return best;
  };
  const peer = async () => {
    let best = Number.POSITIVE_INFINITY;
    for (let n = 0; n < LISTS; n++) best = Math.min(best, await taken(async () => (rows.peer = (await place.all(plain)).length)));
    return best;
  };
  const met = printRatio('who is missing, one scope', await beside(rounds, ours, peer), 1.3);
  if (rows.ours !== rows.peer) throw new Error(`${rows.ours} missing in ${scope}, and ${rows.peer} by plain SQL`);
  const [all] = await place.all(
    compiled(place, sql`select count(*) as count from memberships as m join scopes as s on s.id = m.scope_id where s.key = ${scope}`),
  );
  printNote(`${rows.ours} of the ${String(all?.['count'])} members of the scope that lacks most`);
  if (met) return;
  printNote('each member is judged, and then whoever is not missing left out; the plain SQL asks for the missing alone');
  profile.print();
}

/** Resets of people who are enrolled, each beside an update of one row in a transaction of its own. */
export async function benchResets(place: Place): Promise<void> {
  const people = await place.all(
    compiled(place, sql`select external_id from users where kinds = 1 and id > 1 order by id limit ${RESETS}`),
  );
  const took: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const profile = new Profile();
  for (const [n, person] of people.entries()) {
    const request = { requestId: `bench-${n}`, account: 'northwind', user: String(person['external_id']), reason: 'lost phone' };
    const update = [compiled(place, sql`update users set epoch = epoch + 1 where id = ${n + 1}`)];
    took.peer.push(await taken(() => place.write(update, 1)));
    took.ours.push(
      await profile.of(place, async () => {
        const { outcome } = await resetFlow(place.world, request);
        if (outcome !== 'Executed') throw new Error(`reset ${n}: ${outcome}`);
      }),
    );
  }
  const at = (part: number) => ({ ours: quantile(took.ours, part), peer: quantile(took.peer, part) });
  printRatio(`reset, p50 of ${people.length}`, at(0.5), null);
  const met = printRatio(`reset, p99 of ${people.length}`, at(0.99), 5);
  printNote(`${profile.ran.length} statements a reset; the peer: one between begin and commit`);
  if (met) return;
  printNote('a reset reads all that is in force, documents and terms of every scope');
  profile.print();
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}
