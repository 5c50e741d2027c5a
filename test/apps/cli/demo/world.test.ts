import { describe, expect, it } from 'vitest';
import { BREAK_GLASS } from '../../../../src/apps/cli/demo/people.ts';
import { chooseWith, randomOf } from '../../../../src/apps/cli/demo/random.ts';
import { generateWorld, type WorldPerson } from '../../../../src/apps/cli/demo/world.ts';
import { planImport } from '../../../../src/core/directory/plan.ts';
import { maskOf } from '../../../../src/core/model/demand.ts';
import { IMPORT_TERMS } from '../../../core/directory/store-model.ts';

const now = Date.parse('2026-11-25T08:00:00Z');
const make = (users: number, seed = 1) => {
  const world = generateWorld({ users, seed, now });
  return { world, people: [...world.people()] };
};
const named = make(62);
const membersOf = (scope: string) => named.people.filter(({ row }) => row.scope === scope);
const counts = (people: readonly WorldPerson[]) => [people.length, people.filter(({ enrolled }) => enrolled !== 0).length];

describe('Northwind IT, 62 people in 4 scopes', () => {
  it('has as many people, enrolled and not, as the texts tell', () => {
    expect(named.world.scopes).toEqual(['northwind', 'northwind/bakery', 'northwind/clinic', 'northwind/garage']);
    expect(named.world.scopes.map((scope) => counts(membersOf(scope)))).toEqual([
      [35, 22],
      [12, 3],
      [9, 6],
      [6, 3],
    ]);
  });

  it('of the 13 of the account who are not enrolled, 3 are Lite and 1 is an Administrator', () => {
    const missing = membersOf('northwind')
      .filter(({ enrolled }) => enrolled === 0)
      .map(({ row }) => row.role);
    expect(missing).toHaveLength(13);
    expect(missing.filter((role) => role === 'Lite')).toHaveLength(3);
    expect(missing.filter((role) => role === 'Administrator')).toHaveLength(1);
  });

  it('has a break-glass administrator with a passkey who has never signed in', () => {
    const glass = named.people.find(({ row }) => row.address === BREAK_GLASS);
    expect(glass).toMatchObject({ row: { role: 'Administrator', lastSignIn: null, enabled: true }, enrolled: maskOf(['passkey']) });
  });

  it('has ada and ben, who are not enrolled, and dana, who is', () => {
    const of = (local: string) => named.people.find(({ row }) => row.address === `${local}@northwind.example`);
    expect([of('ada')?.enrolled, of('ben')?.enrolled]).toEqual([0, 0]);
    expect(of('admin.dana')).toMatchObject({ row: { role: 'Administrator' }, enrolled: maskOf(['totp', 'passkey']) });
  });
});

describe.each([1, 5, 62, 63, 1000, 20_000])('a world of %i', (users) => {
  const { world, people } = make(users);

  it('has so many people, an administrator first', () => {
    expect(people).toHaveLength(users);
    expect(people[0]?.row.role).toBe('Administrator');
  });

  it('is a directory without faults', () => {
    const read = { ...world, rows: people.map(({ row }) => row), wholeScopes: world.scopes, faults: [] };
    const plan = planImport(read, { account: null, people: [], scopes: [], organizations: [], breakGlass: [], terms: IMPORT_TERMS });
    expect(plan.changes.created).toHaveLength(users);
    expect(plan.changes.newScopes).toHaveLength(world.scopes.length);
    expect(plan.verdicts).toMatchObject([{ outcome: 'passed' }]);
  });

  it('lies before now: joined, then enrolled', () => {
    for (const { row, joined, enrolled, enrolledAt } of people) {
      expect(joined).toBeLessThan(now);
      expect(row.lastSignIn ?? 0).toBeLessThan(now);
      expect(enrolledAt === null).toBe(enrolled === 0);
      if (enrolledAt !== null) expect(enrolledAt >= joined && enrolledAt < now).toBe(true);
    }
  });

  it('has valid slugs, each with an id of its own and at least one organization', () => {
    const slugs = Object.keys(world.myGlueAccounts);
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(world.scopes).toEqual(['northwind', ...slugs.map((slug) => `northwind/${slug}`)]);
    expect(new Set(Object.values(world.myGlueAccounts)).size).toBe(slugs.length);
    expect(new Set(world.organizations.map(({ myGlueAccount }) => myGlueAccount))).toEqual(new Set(slugs));
  });
});

describe('larger worlds', () => {
  it('have a client for about 250 people, 1 000 at most', () => {
    const clients = (users: number) => Object.keys(generateWorld({ users, seed: 1, now }).myGlueAccounts).length;
    expect([62, 1000, 25_000, 250_000, 1_000_000].map(clients)).toEqual([3, 4, 100, 1000, 1000]);
  });

  it('have about 12 % who are not enrolled', () => {
    const missing = make(20_000).people.filter(({ enrolled }) => enrolled === 0).length;
    expect(missing / 20_000).toBeGreaterThan(0.11);
    expect(missing / 20_000).toBeLessThan(0.13);
  });

  it('begin with the smaller ones’ named people', () => {
    expect(make(500).people.slice(0, 62)).toEqual(named.people);
  });

  it('are made as one walks: a million takes no room', () => {
    const [first] = generateWorld({ users: 1_000_000, seed: 1, now }).people();
    expect(first?.row.address).toBe('admin.dana@northwind.example');
  });
});

it('the same seed gives the same world, another one another', () => {
  expect(make(200).people).toEqual(make(200).people);
  expect(make(200, 2).people).not.toEqual(make(200).people);
  const { world } = named;
  expect([...world.people()]).toEqual([...world.people()]);
});

describe('random numbers', () => {
  it('are spread evenly from 0 to below 1, within a person and from one to the next', () => {
    const random = randomOf(1, 0);
    const within = Array.from({ length: 20_000 }, random);
    const across = Array.from({ length: 20_000 }, (_, index) => randomOf(1, index)());
    for (const numbers of [within, across]) {
      const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length);
      for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
    }
  });

  it('choose words by their weight', () => {
    const random = randomOf(7, 7);
    const chosen = Array.from({ length: 10_000 }, () =>
      chooseWith(random, [
        ['a', 90],
        ['b', 10],
        ['never', 0],
      ]),
    );
    expect(Math.abs(chosen.filter((word) => word === 'b').length - 1000)).toBeLessThan(150);
    expect(chosen).not.toContain('never');
  });
});
