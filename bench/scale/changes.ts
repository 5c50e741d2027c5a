import { type CompiledQuery, sql } from 'kysely';
import type { PadlockDocument } from '../../src/core/documents/document.ts';
import { readDocuments } from '../../src/core/documents/read.ts';
import { compileSet } from '../../src/core/policy/policy-set.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { planFlow } from '../../src/flows/reconcile/plan.ts';
import { compiled, NOW, type Place, type Row } from './place.ts';
import { GRACE, read, type Size, textsOf } from './seed.ts';
import { beside, figure, Profile, printAlone, printNote, printRatio, taken } from './table.ts';

const DAY = 86_400_000;
const options = (documents: readonly PadlockDocument[]) => ({ documents, channel: 'file' as const, names: 5 });

/**
 * Plans of every policy and of one, beside reading and compiling the same documents and the plain count of whom they are about; and
 * how many statements each runs, here and at a tenth of the people.
 */
export async function benchPlan(place: Place, tenth: Place, { scopes }: Size, rounds: number): Promise<void> {
  const applied = await place.world.store.read((reader) => reader.applied());
  for (const changed of [scopes, 1]) {
    const texts = textsOf(scopes, GRACE, changed);
    const count = impactCount(place, scopes, changed);
    const profile = new Profile();
    const parts = { read: Number.POSITIVE_INFINITY, ours: Number.POSITIVE_INFINITY, peer: Number.POSITIVE_INFINITY };
    const validate = async () => {
      let documents: readonly PadlockDocument[] = [];
      const took = await taken(() => (documents = readDocuments(texts).documents));
      parts.read = Math.min(parts.read, took);
      return { documents, took };
    };
    const ours = async () => {
      const { documents, took } = await validate();
      const planned = await profile.of(place, async () => {
        const plan = await planFlow(place.world, options(documents));
        if (plan.counts.changes !== changed) throw new Error(`${plan.counts.changes} changes, not ${changed}`);
      });
      parts.ours = Math.min(parts.ours, planned);
      return took + planned;
    };
    const peer = async () => {
      const { documents, took } = await validate();
      const counted = await taken(async () => {
        compileSet(documents, applied, [], 'file');
        await place.all(count);
      });
      parts.peer = Math.min(parts.peer, counted);
      return took + counted;
    };
    const what = changed === 1 ? 'one policy' : `${changed} policies`;
    const met = printRatio(`plan, ${what} changed`, await beside(rounds, ours, peer), 2);
    printNote(`reading and checking the files ${figure(parts.read, 'ms')} of both`);
    printNote(`without it: the plan ${figure(parts.ours, 'ms')}, compiling and the plain SQL ${figure(parts.peer, 'ms')}`);
    const less = new Profile();
    await less.of(tenth, () => planFlow(tenth.world, options(read(texts))));
    const [here, there] = [profile.ran.length, less.ran.length];
    printAlone('its statements, at a tenth too', String(here), `= ${there}`, here === there);
    if (met && parts.ours <= 2 * parts.peer) continue;
    profile.print();
    if (await compiles(place)) printNote("the server's jit is on: BENCH_SETTINGS='jit = off' tells what it costs");
  }
}

/**
 * Whether the server compiles (jit) what it takes for dear. At 20 000 people and 100 policies each of the two statements of the impact
 * took 1.5 s with it, for one policy as for all; without it the whole plan took 0.3 s for all, and 0.05 s for one.
 */
async function compiles(place: Place): Promise<boolean> {
  if (place.engine === 'sqlite') return false;
  const [setting] = await place.all(compiled(place, sql`show jit`));
  return setting?.['jit'] === 'on';
}

/** By scope, how many padlocks are open, and how many of them are overdue before and after the change. */
function impactCount(place: Place, scopes: number, changed: number): CompiledQuery {
  const list = keysOf(scopes)
    .slice(0, changed)
    .map((scope) => ({ scope, before: GRACE * DAY, after: (GRACE - 1) * DAY }));
  const rows = place.words.rows(list, { scope: 'text', before: 'integer', after: 'integer' });
  const since = sql`(select min(o.since) from obligations as o where o.scope_id = m.scope_id)`;
  const from = place.words.greatest([sql`m.joined_at`, since]);
  return compiled(
    place,
    sql`select s.key, count(*) as open, sum(case when ${from} + p.before <= ${NOW} then 1 else 0 end) as before,
      sum(case when ${from} + p.after <= ${NOW} then 1 else 0 end) as after
    from ${rows} as p cross join scopes as s cross join memberships as m
    where s.key = p.scope and m.scope_id = s.id and m.ended_at is null and m.active = 1 and m.kinds = 0 group by s.key`,
  );
}

function keysOf(scopes: number): string[] {
  return Array.from({ length: scopes }, (_, n) => (n === 0 ? 'northwind' : `northwind/client-${n}`));
}

/** Applies of every policy and of one, beside the same rows written by hand; and one where nothing changed. */
export async function benchApply(place: Place, { scopes }: Size, rounds: number): Promise<void> {
  let grace = GRACE;
  for (const changed of [scopes, 1]) {
    const profile = new Profile();
    let writing = Number.POSITIVE_INFINITY;
    const ours = async () => {
      const documents = read(textsOf(scopes, grace, changed));
      const took = await profile.of(place, async () => {
        const { applied, held } = await applyFlow(place.world, options(documents));
        if (applied !== changed || held > 0) throw new Error(`${applied} applied, ${held} held, of ${changed}`);
      });
      writing = Math.min(writing, profile.since(/^\s*(?:delete from|update|insert into) documents/i));
      // Those that went ahead are followed by the rest, so that each round begins alike.
      grace -= 1;
      if (changed < scopes) await applyFlow(place.world, options(read(textsOf(scopes, grace))));
      return took;
    };
    const peer = async () => {
      const statements = await byHand(place, changed);
      return taken(() => place.write(statements, changed));
    };
    const what = changed === 1 ? 'one policy' : `${changed} policies`;
    const took = await beside(rounds, ours, peer);
    const met = printRatio(`apply, ${what} changed`, took, 2);
    printNote(`from its first row on ${figure(writing, 'ms')}, audit included: ${(writing / took.peer).toFixed(2)} × the peer`);
    if (!met) profile.print();
  }
  const documents = read(textsOf(scopes, grace));
  const before = await place.written();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) best = Math.min(best, await taken(() => applyFlow(place.world, options(documents))));
  const nothing = before === (await place.written());
  printAlone('apply, nothing changed', figure(best, 'ms'), 'no row', nothing);
}

const TERMS = 'scope_id, require_mfa, report_only, demand, enforce_from, grace, rules, origin, version';

/** Documents and terms as they stand, written once more where the version is the one seen: two statements, a JSON parameter each. */
async function byHand(place: Place, changed: number): Promise<CompiledQuery[]> {
  const { words } = place;
  const of = async (columns: string, table: string): Promise<readonly Row[]> =>
    place.all(compiled(place, sql`select ${sql.raw(columns)} from ${sql.table(table)} where scope_id <= ${changed}`));
  const documents = await of('kind, channel, name, spec, source, version', 'documents');
  const terms = await of(TERMS, 'terms');
  const number = 'integer';
  const columns = {
    scope_id: number,
    require_mfa: number,
    report_only: number,
    demand: number,
    enforce_from: number,
    grace: number,
  } as const;
  return [
    compiled(
      place,
      sql`update documents set spec = w.spec, source = w.source, version = documents.version + 1, applied_at = ${NOW}
      from ${words.rows(documents, { kind: 'text', channel: 'text', name: 'text', spec: 'text', source: 'text', version: 'integer' })} as w
      where documents.kind = w.kind and documents.channel = w.channel and documents.name = w.name and documents.version = w.version`,
    ),
    compiled(
      place,
      sql`insert into terms (${sql.raw(TERMS)}) select ${sql.raw(TERMS)}
      from ${words.rows(terms, { ...columns, rules: 'text', origin: 'text', version: 'integer' })} as w where 1 = 1
      on conflict (scope_id) do update set require_mfa = excluded.require_mfa, report_only = excluded.report_only, demand = excluded.demand,
        enforce_from = excluded.enforce_from, grace = excluded.grace, rules = excluded.rules, origin = excluded.origin, version = terms.version + 1
      where terms.version = excluded.version`,
    ),
  ];
}
