import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryRead, DirectoryRow } from '../../src/core/model/directory.ts';
import { type ImportOptions, importFlow, planImportFlow } from '../../src/flows/reconcile/import.ts';
import { contentOf, openTemporary } from '../adapters/store/opened.ts';
import { examplePolicies, Northwind, START } from './northwind.ts';

let northwind: Northwind;
beforeEach(async () => {
  northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
});
afterEach(() => northwind.close());

const row = (more: Partial<DirectoryRow>): DirectoryRow => ({
  externalId: 'x1',
  scope: 'northwind/depot',
  role: 'Editor',
  address: 'x1@depot.example',
  place: 'people.csv:2',
  ...more,
});
const importing = (more: Partial<DirectoryRead>): ImportOptions => ({
  read: { account: 'northwind', origin: 'demo', rows: [], wholeScopes: [], faults: [], ...more },
  enforcer: 'portal',
  adopt: new Set(),
  overrides: [],
});

test("a new MyGlue account comes with its account's default in force, and with an obligation", async () => {
  const options = importing({ rows: [row({})], organizations: [{ externalId: '9', name: 'Depot', myGlueAccount: 'depot', place: 'o:2' }] });
  expect(await importFlow(northwind.world(), options)).toMatchObject({ held: false, written: true });
  const { terms, obligations } = await northwind.opened.store.read((reader) => reader.applied());
  expect(terms.find((t) => t.scope === 'northwind/depot')).toMatchObject({ requireMfa: true, origin: { via: 'default' } });
  expect(obligations.filter((o) => o.scope === 'northwind/depot').map((o) => o.since)).toEqual([START]);
  expect((await northwind.plan(examplePolicies())).counts.changes).toBe(0);
});

test('a list given whole that names nobody is held by the guard, and nothing is written', async () => {
  const before = contentOf(northwind.opened.raw);
  const options = importing({ wholeScopes: ['northwind', 'northwind/bakery'] });
  expect(await importFlow(northwind.world(), options)).toMatchObject({ held: true, written: false });
  expect(contentOf(northwind.opened.raw)).toBe(before);
});

test('what is not said stays: an empty import of no list changes nothing', async () => {
  const before = contentOf(northwind.opened.raw);
  expect(await importFlow(northwind.world(), importing({}))).toMatchObject({ held: false, written: false });
  expect(contentOf(northwind.opened.raw)).toBe(before);
});

test('an Administrator imports, a Manager does not', async () => {
  const options = importing({ rows: [row({})] });
  await expect(importFlow(northwind.world('carla@northwind.example'), options)).rejects.toMatchObject({ code: 'rights/denied' });
  expect(await planImportFlow(northwind.world('carla@northwind.example'), options)).toMatchObject({ written: false });
});

test('what the store exports, imported again, is an empty plan', async () => {
  const rows = await northwind.opened.store.read(async (reader) => {
    const all: DirectoryRow[] = [];
    for await (const one of reader.directoryRows('northwind', 'demo')) all.push({ ...one, place: `x:${all.length}` });
    return all;
  });
  expect(rows).toHaveLength(62);
  const scopes = [...new Set(rows.map((r) => r.scope))];
  expect(await importFlow(northwind.world(), importing({ rows, wholeScopes: scopes }))).toMatchObject({ held: false, written: false });
});

test('an exemption stays with the person, whoever gets the address', async () => {
  const exempt = (address: string) =>
    northwind.opened.store.read((reader) => reader.person('northwind', address)).then((p) => p?.memberships[0]?.exemptions.length);
  expect(await exempt('wade@northwind.example')).toBe(1);
  northwind.opened.raw.exec(`update users set address_key = null, address = 'wade.old@northwind.example' where address = 'wade@northwind.example';
    update users set address = 'wade@northwind.example', address_key = 'wade@northwind.example' where address = 'yusuf@northwind.example';
    update users set address_key = address where address = 'wade.old@northwind.example'`);
  const longer = examplePolicies();
  const file = 'policies/exemptions/field-work.yaml';
  await northwind.apply({ ...longer, [file]: (longer[file] ?? '').replace('2027-01-31', '2027-03-31') });
  expect(await exempt('wade@northwind.example')).toBe(0);
  expect(await exempt('wade.old@northwind.example')).toBeGreaterThan(0);
});

describe('a name that nobody knows', () => {
  const typo = (more: Partial<ImportOptions> = {}) => ({
    ...importing({ account: 'nortwind', rows: [row({ scope: 'nortwind' })] }),
    ...more,
  });

  test('is taken for a typo, and begins no account: planned or done, nothing is written', async () => {
    const before = contentOf(northwind.opened.raw);
    for (const flow of [importFlow, planImportFlow]) {
      await expect(flow(northwind.world(), typo())).rejects.toMatchObject({
        code: 'policy/unknown-account',
        message: 'no account "nortwind" in the directory (known: northwind); did you mean northwind?; nothing was imported',
        fix: expect.stringContaining('--new-account'),
      });
    }
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('begins one when it is asked for, or the configuration names it', async () => {
    expect(await planImportFlow(northwind.world(), typo({ newAccount: true }))).toMatchObject({ held: false });
    expect(await planImportFlow(northwind.world(), typo({ declared: ['nortwind', 'northwind'] }))).toMatchObject({ held: false });
    expect(await importFlow(northwind.world(), typo({ newAccount: true }))).toMatchObject({ written: true });
  });

  test('begins the first of all, unless the configuration names others', async () => {
    const empty = await openTemporary();
    const world = { ...northwind.world(), store: empty.store };
    await expect(importFlow(world, typo({ declared: ['northwind'] }))).rejects.toMatchObject({ code: 'policy/unknown-account' });
    expect(await importFlow(world, typo())).toMatchObject({ written: true });
    await empty.close();
  });
});
