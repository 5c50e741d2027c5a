/**
 * Threat: two processes act at once, two pipelines of one pull request or an operator beside them, and a change is lost, half
 * of one stands under half of another, or a reset happens twice and deletes what somebody has just enrolled.
 */
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateOf, storeIn } from '../chaos/state.ts';
import { openWorkshop, type Workshop } from '../chaos/workshop.ts';
import { NOW } from '../chaos/world.ts';

/** Many processes on a busy machine take their time; nothing is decided by it. */
const PATIENCE = { timeout: 900_000 };

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
}, PATIENCE.timeout);
afterAll(() => workshop.close());

const reset = (user: string, requestId: string) => {
  return ['reset', `${user}@northwind.example`, '--account', 'northwind', '--reason', 'lost phone', '--request-id', requestId];
};

interface Result {
  readonly code: number | null;
  readonly stderr: string;
  /** The one JSON document of the command. */
  readonly document: { readonly error?: { readonly code: string } } & Readonly<Record<string, unknown>>;
}

/** Runs commands in processes of their own, all at once, in one folder. */
async function atOnce(folder: string, commands: readonly (readonly string[])[]): Promise<Result[]> {
  const ends = await Promise.all(commands.map((argv) => workshop.program.run({ now: NOW, argv: [...argv, '--output', 'json'] }, folder)));
  return ends.map(({ code, said, stderr }) => ({ code, stderr, document: JSON.parse(said) as Result['document'] }));
}

function rows(folder: string, query: string): unknown[] {
  const raw = new Database(storeIn(folder), { readonly: true });
  try {
    return raw.prepare(query).raw().all();
  } finally {
    raw.close();
  }
}

test('twenty replays of one reset at once: one is executed, nineteen are told of it', PATIENCE, async () => {
  const folder = workshop.folder('policies');
  const epoch = "select epoch, kinds from users where address_key = 'nils@northwind.example'";
  const [[before]] = rows(folder, epoch) as [[number]];
  const results = await atOnce(
    folder,
    Array.from({ length: 20 }, () => reset('nils', 'NW-5000')),
  );
  expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(results.map(() => ({ code: 0, stderr: '' })));
  const outcomes = results.map(({ document }) => `${document['outcome']} ${document['settled'] ? 'before' : 'now'}`);
  expect(outcomes.toSorted()).toEqual([...Array.from({ length: 19 }, () => 'Executed before'), 'Executed now']);
  expect(rows(folder, epoch)).toEqual([[before + 1, 0]]);
  expect(rows(folder, "select count(*) from resets where request_id = 'NW-5000'")).toEqual([[1]]);
  expect(rows(folder, "select count(*) from audit where body ->> '$.target' = 'NW-5000'")).toEqual([[1]]);
  expect(stateOf(storeIn(folder)).faults).toEqual([]);
});

/** What was done, whatever the order: each act with what it was done to, and what is in force by then. */
function deeds(folder: string): unknown {
  return {
    audit: rows(folder, "select act, body ->> '$.target' from audit order by 1, 2"),
    documents: rows(folder, 'select kind, channel, name, spec, version from documents order by 1, 2, 3'),
    terms: rows(folder, 'select scope_id, require_mfa, report_only, demand, enforce_from, grace, rules, version from terms order by 1'),
    resets: rows(folder, 'select request_id, user_id, outcome, factors_removed from resets order by 1'),
    people: rows(folder, 'select external_id, address, enabled, kinds, epoch from users order by 1'),
    memberships: rows(
      folder,
      'select u.external_id, m.scope_id, m.role, m.ended_at from memberships as m join users as u on u.id = m.user_id order by 1, 2',
    ),
  };
}

test('applies, a saved plan, an import and resets at once leave what they leave one after another', PATIENCE, async () => {
  const people = ['hugo', 'irene', 'jonas', 'kira', 'liam'];
  const apply = ['apply', '../files/second/policies'];
  const planned = ['apply', '--plan', 'saved.plan'];
  const imported = ['directory', 'import', '../files/changed.csv', '--account', 'northwind'];
  const resets = people.map((user) => reset(user, `NW-${user}`));
  const plan = { now: NOW, argv: ['plan', '../files/second/policies', '--out', 'saved.plan'] };

  const alone = workshop.folder('policies');
  for (const argv of [apply, imported, ...resets]) expect((await workshop.server.run({ now: NOW, argv }, alone)).code).toBe(0);

  for (let round = 0; round < 3; round++) {
    const folder = workshop.folder('policies');
    expect((await workshop.server.run(plan, folder)).code).toBe(0);
    // Each of them twice, and in another order each time.
    const commands = [apply, ...resets, planned, imported, apply, ...resets, planned, imported];
    const turned = [...commands.slice(round * 4), ...commands.slice(0, round * 4)];
    const results = await atOnce(folder, turned);
    for (const [place, { code, document, stderr }] of results.entries()) {
      const stale = turned[place] === planned && document.error?.code === 'plan/stale';
      expect(stale ? 5 : 0, `${turned[place]?.join(' ')}: ${stderr}`).toBe(code);
    }
    expect(deeds(folder)).toEqual(deeds(alone));
    expect(stateOf(storeIn(folder)).faults).toEqual([]);
  }
});
