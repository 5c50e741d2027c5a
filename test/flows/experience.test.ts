import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overridesOf } from '../../src/core/plan/renderers/overrides.ts';
import { conflictsAmong } from '../../src/core/policy/conflicts.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, documentsOf, edited, examplePolicies, Northwind, type Policies, START, shown, without } from './northwind.ts';

const golden = (name: string) => `../golden/experience/${name}.txt`;
const refusals = (plan: Awaited<ReturnType<Northwind['plan']>>) =>
  [...plan.scopes.flatMap((s) => s.verdicts), ...plan.verdicts].filter((v) => v.outcome === 'refused').map((v) => `${v.scope} ${v.guard}`);

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

describe('one line of policies/ changes', () => {
  test('grace shortened: bites at once, and says whom', async () => {
    northwind.now = START + 10 * DAY;
    const changed = edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 7d\n  factors');
    const plan = await northwind.plan(changed);
    await expect(shown(plan)).toMatchFileSnapshot(golden('grace-shortened'));
    // 35 people, 14 without an allowed factor since Sven's reset, 2 exempt: 12 of 35 are over the limit of 25 %.
    expect(plan.scopes.map((s) => [s.scope, s.action, s.impact.overdueAtOnce, s.held])).toEqual([['northwind', 'update', 12, true]]);
    expect(refusals(plan)).toEqual(['northwind overdue-at-once']);
  });

  test('the requirement turned on for a MyGlue account: 9 of 12, held, and the rest goes on', async () => {
    const on = edited(policies, 'policies/myglue/bakery.yaml', 'requireMfa: false', 'requireMfa: true');
    const changed = edited(on, 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 10d');
    const plan = await northwind.plan(changed);
    await expect(shown(plan)).toMatchFileSnapshot(golden('bakery-on'));
    expect(refusals(plan)).toEqual(['northwind/bakery overdue-at-once']);
    const outcome = await northwind.apply(changed);
    expect(outcome).toMatchObject({ applied: 1, held: 1, written: true });
    const terms = await northwind.opened.store.read((reader) => reader.applied());
    expect(terms.terms.map((t) => [t.scope, t.requireMfa, t.grace / DAY])).toEqual([
      ['northwind', true, 30],
      ['northwind/bakery', false, 0],
      ['northwind/clinic', true, 10],
      ['northwind/garage', true, 0],
    ]);
  });

  test('turned off: refused as weakened, and the requirement stays', async () => {
    const changed = edited(policies, 'policies/myglue/clinic.yaml', 'requireMfa: true', 'requireMfa: false');
    const plan = await northwind.plan(changed);
    await expect(shown(plan)).toMatchFileSnapshot(golden('clinic-off'));
    const before = contentOf(northwind.opened.raw);
    expect(await northwind.apply(changed)).toMatchObject({ applied: 0, held: 1, written: false });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('a role removed: refused as weakened, with the number of people', async () => {
    const roles = 'gracePeriod: 30d\n  roles: [Administrator, Manager, Editor, Creator, ReadOnly]\n  factors:';
    const plan = await northwind.plan(edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors:', roles));
    await expect(shown(plan)).toMatchFileSnapshot(golden('role-removed'));
    const [verdict] = plan.scopes.flatMap((s) => s.verdicts);
    expect(verdict).toMatchObject({ guard: 'weakened', outcome: 'refused', message: 'Lite no longer required, 6 people (3 enrolled)' });
  });

  test('a document deleted: kept as an orphan, at every plan', async () => {
    const changed = without(policies, 'policies/myglue/clinic.yaml');
    const plan = await northwind.plan(changed);
    await expect(shown(plan)).toMatchFileSnapshot(golden('document-deleted'));
    expect(plan.scopes.map((s) => [s.scope, s.action, s.held])).toEqual([['northwind/clinic', 'orphan', false]]);
    expect(await northwind.apply(changed)).toMatchObject({ written: false });
  });

  test('a deleted document whose deletionPolicy was Delete: weakened refuses, its printed override lifts it, audited', async () => {
    const letGo = edited(policies, 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 14d\n  deletionPolicy: Delete');
    await northwind.apply(letGo);
    // Without its own document the clinic would follow the account's default: a longer grace, and no approval of resets.
    const gone = without(letGo, 'policies/myglue/clinic.yaml');
    const plan = await northwind.plan(gone);
    expect(refusals(plan)).toEqual(['northwind/clinic weakened']);
    const override = { 'policies/overrides.yaml': overridesOf(plan).join('---\n') };
    expect(await northwind.apply({ ...gone, ...override })).toMatchObject({ applied: 1, held: 0 });
    const { documents, terms } = await northwind.opened.store.read((reader) => reader.applied());
    expect(documents.filter((d) => d.scope === 'northwind/clinic')).toEqual([]);
    expect(terms.find((t) => t.scope === 'northwind/clinic')?.origin).toMatchObject({ via: 'default', document: 'northwind' });
    const audited = northwind.opened.raw
      .prepare(
        "select value from audit_words as w join audit as e using (account_id, seq) where body like '%overridden%clinic%' order by seq desc limit 1",
      )
      .pluck()
      .get();
    expect(String(audited)).toContain('reviewed in the pull request');
  });

  test('an override fits one scope, one guard, one digest and its time', async () => {
    const changed = edited(policies, 'policies/myglue/clinic.yaml', 'requireMfa: true', 'requireMfa: false');
    const [text = ''] = overridesOf(await northwind.plan(changed));
    const tries: [string, string][] = [
      ['northwind\n  myGlueAccount: clinic', 'northwind\n  myGlueAccount: garage'],
      ['guard: weakened', 'guard: overdue-at-once'],
      [/digest: ".{12}/.exec(text)?.[0] ?? '?', 'digest: "0123456789ab'],
    ];
    for (const [from, to] of tries) {
      const overrides = edited({ 'o.yaml': text }, 'o.yaml', from, to);
      expect(refusals(await northwind.plan({ ...changed, ...overrides })), to).toEqual(['northwind/clinic weakened']);
    }
    expect(refusals(await northwind.plan({ ...changed, 'o.yaml': text }))).toEqual([]);
    northwind.now = START + 7 * DAY;
    expect(refusals(await northwind.plan({ ...changed, 'o.yaml': text }))).toEqual(['northwind/clinic weakened']);
  });

  test('a typo in a scope: every fault with its place, refused whole, nothing written', async () => {
    const before = contentOf(northwind.opened.raw);
    const typo = edited(policies, 'policies/myglue/clinic.yaml', 'myGlueAccount: clinic', 'myGlueAccount: klinic');
    await expect(northwind.apply(typo)).rejects.toMatchObject({
      faults: [
        { code: 'policy/immutable-scope', file: 'policies/myglue/clinic.yaml', line: 6, column: 9 },
        { code: 'policy/unknown-myglue-account', file: 'policies/myglue/clinic.yaml', line: 9, column: 18 },
      ],
    });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('a second policy for one scope: both positions', async () => {
    const twice = {
      ...policies,
      'policies/again.yaml': (policies['policies/myglue/clinic.yaml'] ?? '').replace('name: clinic', 'name: again'),
    };
    const faults = conflictsAmong(documentsOf(twice));
    expect(faults.map((f) => [f.code, f.file, f.line])).toEqual([
      ['policy/duplicate-scope', 'policies/again.yaml', 8],
      ['policy/duplicate-scope', 'policies/myglue/clinic.yaml', 8],
    ]);
    await expect(northwind.apply(twice)).rejects.toMatchObject({ code: 'policy/duplicate-scope' });
  });
});

describe('nothing changes', () => {
  test('the second apply and every reading leave every row as it is', async () => {
    const before = contentOf(northwind.opened.raw);
    northwind.now = START + DAY;
    expect(await northwind.apply(policies)).toMatchObject({ applied: 0, held: 0, written: false });
    await northwind.plan(policies);
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('enrolling makes no plan stale, another change does', async () => {
    const changed = edited(policies, 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 10d');
    const { digest } = await northwind.plan(changed);
    northwind.opened.raw.exec(
      "update memberships set kinds = 1 where kinds = 0 and scope_id in (select id from scopes where key = 'northwind/clinic')",
    );
    expect((await northwind.plan(changed)).digest).toBe(digest);
    await northwind.apply(edited(policies, 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 12d'));
    expect((await northwind.plan(changed)).digest).not.toBe(digest);
  });
});

describe('who may', () => {
  test.each([
    ['carla@northwind.example', 'a Manager'],
    ['admin.dana@northwind.example', 'an Administrator'],
  ])('%s: %s changes policy', async (user) => {
    const changed = edited(policies, 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 10d');
    expect(await northwind.apply(changed, user)).toMatchObject({ applied: 1 });
  });

  test.each([
    ['elena@northwind.example', 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 10d'],
    ['ghost@northwind.example', 'policies/myglue/clinic.yaml', 'gracePeriod: 14d', 'gracePeriod: 10d'],
    ['carla@northwind.example', 'policies/exemptions/field-work.yaml', '2027-01-31', '2027-02-28'],
    ['carla@northwind.example', 'policies/reports/weekly.yaml', 'keep: 53', 'keep: 12'],
  ])('%s may not change %s', async (user, file, from, to) => {
    const before = contentOf(northwind.opened.raw);
    await expect(northwind.apply(edited(policies, file, from, to), user)).rejects.toMatchObject({ code: 'rights/denied' });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('nobody exempts themselves', async () => {
    const changed = edited(policies, 'policies/exemptions/field-work.yaml', 'wade@northwind.example', 'admin.dana@northwind.example');
    await expect(northwind.apply(changed)).rejects.toMatchObject({ code: 'rights/denied', message: expect.stringContaining('themselves') });
  });
});

test('a default that goes with its document is weakened too, though no MyGlue account follows it yet', async () => {
  const off = edited(
    policies,
    'policies/account.yaml',
    'requireMfa: true\n  # Counted',
    'requireMfa: false\n  deletionPolicy: Delete\n  # Counted',
  );
  const override = { 'o.yaml': overridesOf(await northwind.plan(off)).join('---\n') };
  await northwind.apply({ ...off, ...override });
  const gone = without(off, 'policies/account.yaml');
  const plan = await northwind.plan(gone);
  expect(refusals(plan)).toEqual(['northwind weakened']);
  expect(plan.scopes[0]?.verdicts[0]?.message).toBe(
    'new MyGlue accounts: MFA no longer required; no break-glass user any more: breakglass@northwind.example',
  );
});
