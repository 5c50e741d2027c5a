import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedFor } from '../../../src/core/model/demand.ts';
import type { JudgedMembership, StateCount } from '../../../src/core/model/findings.ts';
import { type Requirement, reasonAt, reasonIndex } from '../../../src/core/model/requirement.ts';
import type { Obligation } from '../../../src/core/model/terms.ts';
import { addsObligation } from '../../../src/core/policy/deadline.ts';
import { judge } from '../../../src/core/policy/requirement.ts';
import type { Proposal, StoreReading } from '../../../src/core/ports/store.ts';
import { DEADLINE_TABLE, deadlineByHistory } from './deadline-table.ts';
import { ENGINES } from './engines.ts';
import { judgeBoth, type ModelMember, modelImpact, modelNames, STATES, sortRows } from './model.ts';
import {
  DAY,
  NOW,
  proposedTerms,
  type RandomWorld,
  type StoredWindow,
  standingOf,
  termsOf,
  type WorldMember,
  worlds,
  writeWorld,
} from './worlds.ts';

const USERS = 2500;
const SEED = Number(process.env['TEST_SEED'] ?? 20261125);
/** Memberships to judge; fewer than the default do not reach the shares that are asserted. */
const CASES = Number(process.env['TEST_CASES'] ?? 150_000);
const FULL = CASES >= 150_000;
/** A counterexample is one membership with all its facts, so nothing is gained by a smaller world. */
const RUNS = { seed: SEED, endOnFailure: true };

declare module 'vitest' {
  interface TaskMeta {
    /** Memberships judged: `npm run property` adds them up. */
    cases?: number;
  }
}

describe.each(ENGINES)('$name', ({ open }) => {
  /** Opens a store, writes the world into it, and hands a reader over one snapshot. */
  const inStore = async (world: RandomWorld, work: (reader: StoreReading) => Promise<void>): Promise<void> => {
    const opened = await open();
    try {
      await writeWorld(opened, world);
      await opened.store.read(work);
    } finally {
      await opened.close();
    }
  };

  test('every membership is judged in SQL as in TypeScript, and the deadline is the one its history gives', async ({ task }) => {
    const states = new Map(STATES.map((state) => [state, 0]));
    const table = new Map(Object.keys(DEADLINE_TABLE).map((row) => [row, 0]));
    let cases = 0;
    const judgeWorld = async (world: RandomWorld) => {
      await inStore(world, async (reader) => {
        const listed = new Map<string, JudgedMembership>();
        for await (const row of reader.memberships(NOW, {})) listed.set(`${row.scope} ${row.userId}`, row);
        const counts = new Map<string, number>();
        const present = world.members.filter((m) => !m.ended);
        for (const member of present) {
          const scope = world.scopes[member.scope];
          if (scope === undefined) throw new RangeError(String(member.scope));
          const standing = standingOf(member);
          const requirement = judge(standing, scope.terms, scope.obligations, NOW);
          const row = listed.get(`${scope.key} ${member.user.id}`);
          const facts = { standing, terms: scope.terms, obligations: scope.obligations };
          expect(shown(row), JSON.stringify(facts)).toEqual(expectedOf(requirement));
          const key = countKey(scope.key, requirement, member, scope.terms?.demand);
          counts.set(key, (counts.get(key) ?? 0) + 1);
          states.set(requirement.state, (states.get(requirement.state) ?? 0) + 1);
          const dated = { world, scope, member, requirement };
          if ((requirement.rule === 8 || requirement.rule === 9) && scope.history.length > 0) {
            expect(requirement.deadline, JSON.stringify(facts)).toBe(deadlineByHistory(dated));
            for (const [name, isCase] of Object.entries(DEADLINE_TABLE)) if (isCase(dated)) table.set(name, (table.get(name) ?? 0) + 1);
          }
          cases += 1;
        }
        expect(listed.size).toBe(present.length);
        const counted = await reader.stateCounts(NOW);
        expect(Object.fromEntries(counted.map((c) => [storedKey(c), c.count]))).toEqual(Object.fromEntries(counts));
      });
    };
    await fc.assert(fc.asyncProperty(worlds(USERS), judgeWorld), { ...RUNS, numRuns: Math.ceil(CASES / (USERS * 1.4)) });
    task.meta.cases = cases;
    if (!FULL) return;
    expect([...states].filter(([, count]) => count < 0.03 * cases)).toEqual([]);
    expect([...table].filter(([, count]) => count < 1000)).toEqual([]);
  });

  test('impact counts and names whom a change hits as the model does, member by member', async () => {
    const seen = new Set<string>();
    const change = fc.record({
      terms: fc.array(fc.option(proposedTerms('')), { minLength: 16, maxLength: 16 }),
      keep: fc.array(fc.constantFrom('change', 'same', 'untouched'), { minLength: 16, maxLength: 16 }),
      documents: fc.constantFrom<readonly string[]>([], ['field-work'], ['field-work', 'migration'], ['migration', 'unheard-of']),
      windows: fc.array(
        fc.record({ userId: fc.integer({ min: 1, max: USERS }), from: fc.constantFrom(-1, 0, 1), to: fc.constantFrom(0, 1, 90_000_000) }),
        { maxLength: 600, size: 'max' },
      ),
      cap: fc.constantFrom(null, 3),
      other: fc.option(proposedTerms(''), { freq: 2 }),
    });
    const property = fc.asyncProperty(worlds(USERS), change, async (world, { terms, keep, documents, windows, cap, other }) => {
      const obligations = world.scopes.flatMap((s) => s.obligations);
      const scopes = world.scopes.flatMap((s, i) => {
        const before = s.terms ?? null;
        const proposed = terms[i] ?? null;
        const after = keep[i] === 'same' ? before : proposed && { ...proposed, scope: s.key };
        const adds = after !== null && addsObligation(after, s.obligations) && !s.obligations.some((o) => o.demand === after.demand);
        const obligation: Obligation | null = adds ? { scope: s.key, demand: other?.demand ?? after.demand, since: NOW } : null;
        return keep[i] === 'untouched' ? [] : [{ scope: s.key, before, after, obligation }];
      });
      const added = documents.length === 0 ? [] : windows.map((w) => ({ userId: w.userId, startsAt: NOW + w.from, expiresAt: NOW + w.to }));
      const proposal: Proposal = { scopes, exemptions: { channel: 'file', documents, windows: added } };
      const byUser = Map.groupBy(added, (w) => w.userId);
      const kept = (w: StoredWindow) => !(w.channel === 'file' && documents.includes(w.document));
      const members = world.members
        .filter((m) => !m.ended)
        .map((m): ModelMember => {
          const fresh = (byUser.get(m.user.id) ?? []).map((w) => ({ ...w, document: 'proposed' }));
          const after = standingOf(m, [...m.user.windows.filter(kept), ...fresh]);
          return { scope: world.scopes[m.scope]?.key ?? '', userId: m.user.id, address: m.user.address, before: standingOf(m), after };
        });
      const judged = judgeBoth(members, scopes, obligations, NOW);
      await inStore(world, async (reader) => {
        expect(sortRows(await reader.impact(proposal, NOW))).toEqual(modelImpact(judged, NOW));
        expect(await reader.impactNames(proposal, NOW, cap)).toEqual(modelNames(judged, cap));
      });
      for (const j of judged) if (j.was.reason !== j.is.reason) seen.add(`${j.was.rule} ${j.is.rule}`);
    });
    await fc.assert(property, { ...RUNS, numRuns: Math.max(2, Math.ceil(CASES / (USERS * 8))) });
    // Every way into being asked, and out of it, has occurred.
    if (FULL) for (const rule of [2, 3, 4, 6, 7, 8]) expect([...seen]).toEqual(expect.arrayContaining([`${rule} 9`, `9 ${rule}`]));
  });

  test.each([
    ['no row', [], 0],
    ['an earlier row', [-DAY], -DAY],
    ['a row that a clock has left which stood ahead', [1], 0],
  ])('impact dates whom an added obligation asks too, beside %s, from the earliest', async (_, stored, since) => {
    const user = { enabled: true, service: false, localPassword: true, kinds: 4, windows: [], proofs: [], past: 'nothing' } as const;
    const scope = 'northwind';
    const rest = { mode: 'Enforce', enforceFrom: null, grace: 7 * DAY, trust: [] };
    const [before, after] = [termsOf(scope, 0o111111, rest), termsOf(scope, 0o222222, rest)];
    const obligations = stored.map((age) => ({ scope, demand: before.demand, since: NOW + age }));
    const world: RandomWorld = {
      scopes: [{ key: scope, history: [], terms: before, obligations }],
      users: [{ id: 1, address: 'u1@client.example', ...user }],
      members: [{ scope: 0, user: { id: 1, address: 'u1@client.example', ...user }, role: 'Editor', joined: NOW - 30 * DAY, ended: false }],
    };
    const scopes = [{ scope, before, after, obligation: { scope, demand: after.demand, since: NOW } }];
    await inStore(world, async (reader) => {
      const rows = await reader.impact({ scopes, exemptions: { channel: 'file', documents: [], windows: [] } }, NOW);
      expect(rows.map((row) => [row.after, row.firstDeadline])).toEqual([['within-grace', NOW + since + 7 * DAY]]);
    });
  });
});

/** What a list says of a membership, as far as it was judged. */
function shown(row: JudgedMembership | undefined) {
  if (row === undefined) return undefined;
  const exempted = row.reason === 'exempted';
  return {
    reason: row.reason,
    deadline: row.deadline,
    exemptUntil: exempted ? row.exemptUntil : null,
    exemption: exempted ? row.exemption : null,
  };
}

function expectedOf({ reason, deadline, exemptUntil, document }: Requirement) {
  return { reason, deadline, exemptUntil, exemption: reason === 'exempted' ? document : null };
}

function countKey(scope: string, { reason }: Requirement, { role, user }: WorldMember, demand = 0): string {
  const asked = allowedFor(demand, role);
  return `${scope} ${role} ${reasonIndex(reason)} ${((user.kinds ?? 0) & (asked === 0 ? 7 : asked)) !== 0}`;
}

function storedKey({ scope, role, reason, enrolled }: StateCount): string {
  return `${scope} ${role} ${reasonIndex(reason)} ${enrolled}`;
}

test('the places that SQL answers with are those of the reasons', () => {
  for (let place = 0; place < 11; place++) expect(reasonIndex(reasonAt(place).reason)).toBe(place);
  expect(() => reasonAt(11)).toThrow(RangeError);
});
