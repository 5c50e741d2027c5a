// DEC-01: report-only shown as protected. Elsewhere the only policy was in report-only, and the report said "enforced". Here
// such a scope is never enforced nor compliant, and who would be locked out is told apart from who is enrolled.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { explainFlow } from '../../src/flows/reporting/explain.ts';
import { statusFlow } from '../../src/flows/reporting/status.ts';
import { examplePolicies, Northwind } from '../flows/northwind.ts';

let northwind: Northwind;
beforeEach(async () => {
  northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
});
afterEach(() => northwind.close());

it('counts nobody as enforced: three would satisfy, three would be locked out, and the scope is not compliant', async () => {
  const { summary } = await statusFlow(northwind.world(), { account: 'northwind', names: 5 });
  const garage = summary.scopes.find((s) => s.facts.scope === 'northwind/garage');
  expect(garage).toMatchObject({ enforced: false, compliant: false, wouldBeLockedOut: 3, classes: { enrolled: 3, missing: 3 } });
});

it('explains an enrolled person otherwise than one who is not', async () => {
  const reasonOf = async (user: string) =>
    (await explainFlow(northwind.world(), { user })).memberships.map((m) => [m.requirement.state, m.facts.reportOnly]);
  expect(await reasonOf('jack@garage.example')).toEqual([['Satisfied', true]]);
  expect(await reasonOf('meg@garage.example')).toEqual([['WouldRequire', true]]);
});
