// RST-07: the address changed hands. Elsewhere a target was looked up by its name at each pass, and another object with that
// name was changed. Here a request is bound to the person whom it was accepted for.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importFlow } from '../../src/flows/reconcile/import.ts';
import { examplePolicies, Northwind, type Policies } from '../flows/northwind.ts';

let northwind: Northwind;
beforeEach(async () => {
  northwind = await Northwind.open();
});
afterEach(() => northwind.close());

const factorsOf = (externalId: string) =>
  northwind.opened.raw
    .prepare('select count(*) from factors as f join users as u on u.id = f.user_id where u.external_id = ?')
    .pluck()
    .get(externalId);
const externalId = (address: string) =>
  String(northwind.opened.raw.prepare('select external_id from users where address = ?').pluck().get(address));

it('held as the eleventh, then an import gives the address to somebody else: UserChanged, and both keep their factors', async () => {
  const people = ['elena', 'felix', 'grace', 'hugo', 'irene', 'jonas', 'kira', 'liam', 'mona', 'nils', 'olga'];
  const request = (examplePolicies()['policies/resets/sven.yaml'] ?? '').replace('name: sven-lost-phone', 'name: NAME');
  const asked: Policies = Object.fromEntries(
    people.map((name, i) => [
      `r${i}.yaml`,
      request
        .replace('NAME', `r${i}`)
        .replace('NW-4720', `R-${String(i).padStart(2, '0')}`)
        .replace('sven@', `${name}@`),
    ]),
  );
  const first = await northwind.apply(asked);
  expect(first.plan.resets.map((r) => r.outcome)).toEqual([...Array(10).fill('Executed'), 'Held']);
  const [olga, david] = [externalId('olga@northwind.example'), externalId('david@northwind.example')];
  const row = { scope: 'northwind', place: 'people.csv:2' } as const;
  await importFlow(northwind.world(), {
    read: {
      account: 'northwind',
      origin: 'demo',
      rows: [
        { ...row, externalId: olga, role: 'Creator', address: 'olga.k@northwind.example' },
        { ...row, externalId: david, role: 'Manager', address: 'olga@northwind.example' },
      ],
      wholeScopes: [],
      faults: [],
    },
    enforcer: 'portal',
    adopt: new Set(),
    overrides: [],
  });
  northwind.now += 2 * 86_400_000;
  const { plan } = await northwind.apply(asked);
  expect(plan.resets.at(-1)).toMatchObject({ requestId: 'R-10', outcome: 'UserChanged' });
  expect([factorsOf(olga), factorsOf(david)]).toEqual([1, 1]);
});
