// DEC-01: report-only shown as protected. Elsewhere the only policy was in report-only, and the report said "enforced". Here
// such a scope is never enforced nor compliant, and who would be locked out is told apart from who is enrolled.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { metConditions } from '../../src/core/report/protection.ts';
import { explainFlow } from '../../src/flows/reporting/explain.ts';
import { statusFlow } from '../../src/flows/reporting/status.ts';
import { examplePolicies, Northwind } from '../flows/northwind.ts';
import { Reports } from '../flows/reports.ts';

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

it('is a reason for --fail-on, and the report says that nothing is enforced there', async () => {
  const reports = new Reports();
  const { head } = await reports.run(northwind.world());
  expect(metConditions(['not-enforced'], head.summary, 0)).toEqual(['not-enforced']);
  const client =
    reports
      .latest('html')
      .split('<article')
      .find((part) => part.includes('Miller Garage')) ?? '';
  expect(client).toContain('Report only: not enforced');
  expect(client).toContain('Enforced 0 · would satisfy 3 · would be locked out 3');
});

it('explains an enrolled person otherwise than one who is not', async () => {
  const reasonOf = async (user: string) =>
    (await explainFlow(northwind.world(), { user })).memberships.map((m) => [m.requirement.state, m.facts.reportOnly]);
  expect(await reasonOf('jack@garage.example')).toEqual([['Satisfied', true]]);
  expect(await reasonOf('meg@garage.example')).toEqual([['WouldRequire', true]]);
});
