// CLI-01: every enrollment makes the plan stale. Elsewhere an approval was bound to everything in the plan, so that it was
// always stale, or to the text alone, so that its effect may have changed. Here people enrolling leave it as it is, the guards
// are judged again on live data, and another change in between refuses the whole.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, documentsOf, edited, examplePolicies, Northwind, type Policies } from '../flows/northwind.ts';

let northwind: Northwind;
let policies: Policies;
let planned: Policies;
let digest: string;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
  planned = edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 30d\n  enrollment: Token\n  factors');
  const plan = await northwind.plan(planned);
  expect(plan.counts).toMatchObject({ changes: 1, held: 0 });
  digest = plan.digest;
  northwind.now += DAY;
});
afterEach(() => northwind.close());

const applyPlanned = () => applyFlow(northwind.world(), { documents: documentsOf(planned), channel: 'file', names: 5 }, digest);
const run = (sql: string) => northwind.opened.raw.exec(sql);

it('somebody enrolls in between: it goes on', async () => {
  run("update users set kinds = 1 where address = 'ada@northwind.example'");
  run("update memberships set kinds = 1 where user_id = (select id from users where address = 'ada@northwind.example')");
  expect(await applyPlanned()).toMatchObject({ applied: 1, held: 0, written: true });
});

it('the enrolled administrators are disabled in between: the guard that passed refuses now', async () => {
  const enrolled = "(select id from users where address in ('admin.dana@northwind.example', 'breakglass@northwind.example'))";
  run(`update users set kinds = 0 where id in ${enrolled}; update memberships set kinds = 0 where user_id in ${enrolled}`);
  const { plan, applied, held, written } = await applyPlanned();
  expect(plan.verdicts).toMatchObject([{ guard: 'administrators', outcome: 'refused' }]);
  expect({ applied, held, written }).toEqual({ applied: 0, held: 1, written: false });
});

it('the scope is changed in between: stale, and nothing is applied', async () => {
  await northwind.apply(edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 29d\n  factors'));
  const before = contentOf(northwind.opened.raw);
  await expect(applyPlanned()).rejects.toMatchObject({ code: 'plan/stale', exitCode: 5 });
  expect(contentOf(northwind.opened.raw)).toBe(before);
});

it('an exemption is added in between: stale', async () => {
  const file = 'policies/exemptions/field-work.yaml';
  const added = (policies[file] ?? '').replace('field-work', 'another').replace('wade@', 'ada@');
  await northwind.apply({ ...policies, 'policies/exemptions/another.yaml': added });
  await expect(applyPlanned()).rejects.toMatchObject({ code: 'plan/stale' });
});
