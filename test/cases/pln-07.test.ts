// PLN-07: a rename that would have wiped everything. Elsewhere a manual sync deleted without a word what an automatic one had
// refused to. Here each requirement stays when its document goes, is named at every plan, and no document at all is no plan.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refuseEmpty } from '../../src/core/plan/guards/incomplete.ts';
import { driftFlow } from '../../src/flows/reporting/drift.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { documentsOf, examplePolicies, Northwind, type Policies, shown } from '../flows/northwind.ts';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

it('one file is left: every other requirement is kept and named, and nothing is written', async () => {
  const left = Object.fromEntries(Object.entries(policies).filter(([file]) => !file.includes('myglue/') && !file.includes('resets/')));
  const before = contentOf(northwind.opened.raw);
  const plan = await northwind.plan(left);
  expect(plan.scopes.map((s) => [s.scope, s.action])).toEqual([
    ['northwind/bakery', 'orphan'],
    ['northwind/clinic', 'orphan'],
    ['northwind/garage', 'orphan'],
  ]);
  expect(shown(plan).match(/document gone, requirement kept/g)).toHaveLength(3);
  expect(await northwind.apply(left)).toMatchObject({ applied: 0, held: 0, written: false });
  expect(contentOf(northwind.opened.raw)).toBe(before);
});

it('drift names every orphan', async () => {
  const { raw } = northwind.opened;
  const clients = Array.from({ length: 9 }, (_, i) => `client-${i}`);
  for (const name of clients)
    raw.exec(`insert into scopes (account_id, my_glue, key, title) values (1, '${name}', 'northwind/${name}', '')`);
  const policy = (name: string) =>
    `apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: ${name}}\nspec: {account: northwind, myGlueAccount: ${name}, requireMfa: true}\n`;
  await northwind.apply({ ...policies, ...Object.fromEntries(clients.map((name) => [`policies/${name}.yaml`, policy(name)])) });
  const left = Object.fromEntries(Object.entries(policies).filter(([file]) => !file.includes('myglue/')));
  const drift = await driftFlow(northwind.world(), { documents: documentsOf(left), channel: 'file' });
  expect(drift.findings.map((f) => f.kind)).toEqual(Array.from({ length: 12 }, () => 'orphan'));
  expect(drift.findings.map((f) => f.name).sort()).toEqual(
    ['bakery', 'clinic', 'garage', ...clients].map((name) => `northwind/${name}`).sort(),
  );
});

it('none is left: an incomplete read', () => {
  expect(() => refuseEmpty(0, ['policies/'])).toThrow(expect.objectContaining({ code: 'document/none', exitCode: 6 }));
});
