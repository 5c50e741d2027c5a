import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderPlanHtml } from '../../src/core/plan/renderers/html.ts';
import { planJson } from '../../src/core/plan/renderers/json.ts';
import { renderPlanMarkdown } from '../../src/core/plan/renderers/markdown.ts';
import { DAY, edited, examplePolicies, Northwind, type Policies, shown } from './northwind.ts';

// An exemption is no weakening and no guard asks: the plan says whom it leaves unprotected.

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

const exemption = (users: readonly string[], more = '') => ({
  'policies/all.yaml': `apiVersion: padlock.dev/v1alpha1
kind: MfaExemption
metadata: {name: all}
spec: {account: northwind, users: [${users.join(', ')}], reason: field work, expiresAt: 2027-02-01${more}}
`,
});
const people = () =>
  northwind.opened.raw
    .prepare(
      "select distinct u.address from users u join memberships m on m.user_id = u.id where u.address not like 'admin.dana%' order by 1",
    )
    .pluck()
    .all() as string[];
const exempted = async (declared: Policies) =>
  (await northwind.plan(declared)).exempted.map(({ document, people: named, scopes }) => ({
    document,
    named,
    scopes: scopes.map((s) => [s.scope, s.people, s.open, s.warns]),
  }));

describe('an exemption of everybody but one', () => {
  test('names how many it leaves unprotected in each scope, administrators and Lite apart, some by name, and warns', async () => {
    const plan = await northwind.plan({ ...policies, ...exemption(people()) });
    expect(plan.counts.held).toBe(0);
    const [all] = plan.exempted;
    expect(all).toMatchObject({ document: 'all', people: 61 });
    expect(all?.scopes.map((s) => [s.scope, s.people, s.open, s.warns])).toEqual([
      ['northwind', 12, 12, true],
      ['northwind/clinic', 3, 3, true],
    ]);
    const text = shown(plan);
    await expect(text).toMatchFileSnapshot('../golden/experience/exempted.txt');
    for (const page of [
      [...renderPlanMarkdown(plan, { names: 5 })].join('\n'),
      [...renderPlanHtml(plan, { names: 5, generator: 'test' })].join('\n'),
      JSON.stringify(planJson(plan, { names: 5 })),
    ]) {
      expect(page).toContain('ada@northwind.example');
      expect(page).toContain('northwind/clinic');
    }
  });

  test('counts nobody who is exempt already, or enrolled, or asked nothing', async () => {
    await northwind.apply({ ...policies, ...exemption(people()) });
    expect(await exempted({ ...policies, ...exemption(people(), ', ticket: NW-1') })).toEqual([{ document: 'all', named: 61, scopes: [] }]);
    expect(shown(await northwind.plan({ ...policies, ...exemption(people(), ', ticket: NW-1') }))).toContain(
      'nobody becomes exempt who is asked for a factor and has none',
    );
  });

  test('of what the same apply asks of them too, unless that is held', async () => {
    const bakers = northwind.opened.raw
      .prepare(
        "select u.address from users u join memberships m on m.user_id = u.id join scopes s on s.id = m.scope_id where s.key = 'northwind/bakery'",
      )
      .pluck()
      .all() as string[];
    const on = edited(policies, 'policies/myglue/bakery.yaml', 'requireMfa: false', 'requireMfa: true');
    expect(await exempted({ ...on, ...exemption(bakers) })).toMatchObject([{ scopes: [['northwind/bakery', 9, 9, true]] }]);
    expect(await exempted({ ...on, ...exemption(bakers.slice(0, 1)) })).toMatchObject([{ scopes: [] }]);
  });

  test('that begins later is told when it is planned', async () => {
    expect(await exempted({ ...policies, ...exemption(people(), ', startsAt: 2027-01-01') })).toMatchObject([
      {
        scopes: [
          ['northwind', 12, 12, true],
          ['northwind/clinic', 3, 3, true],
        ],
      },
    ]);
  });

  test('of one person warns nobody', async () => {
    expect(await exempted({ ...policies, ...exemption(['gus@clinic.example']) })).toEqual([
      { document: 'all', named: 1, scopes: [['northwind/clinic', 1, 3, false]] },
    ]);
    northwind.now += DAY;
    expect(await exempted(policies)).toEqual([]);
  });
});
