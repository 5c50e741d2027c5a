import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainStyle } from '../../src/core/layout/style.ts';
import { renderExplain } from '../../src/core/report/explain.ts';
import { renderStatusText } from '../../src/core/report/padlock-list.ts';
import { explainFlow } from '../../src/flows/reporting/explain.ts';
import { statusFlow } from '../../src/flows/reporting/status.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, edited, examplePolicies, Northwind, type Policies, shown, without } from './northwind.ts';

// `suspend`: changes to a scope are held, the requirement stays in force; lifting it is never held.

const CLINIC = 'policies/myglue/clinic.yaml';
const SUSPEND = '  suspend: {reason: audit of the clinic, until: 2026-12-01}\n';
let northwind: Northwind;
let policies: Policies;
const suspend = (file = CLINIC, text = SUSPEND): Policies => ({ ...policies, [file]: `${policies[file]}${text}` });
const verdicts = (plan: Awaited<ReturnType<Northwind['plan']>>) =>
  plan.scopes.map((s) => [s.scope, s.held, ...s.verdicts.map((v) => `${v.guard} ${v.outcome}`)]);

beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

it('suspending is a change like any other, and no weakening', async () => {
  const plan = await northwind.plan(suspend());
  expect(verdicts(plan)).toEqual([['northwind/clinic', false]]);
  expect(await northwind.apply(suspend())).toMatchObject({ applied: 1, held: 0 });
});

describe('while it holds', () => {
  beforeEach(async () => {
    policies = suspend();
    await northwind.apply(policies);
  });

  it('a change is held, at plan and at apply, with reason, end and remedy; the other scopes go on', async () => {
    const changed = edited(edited(policies, CLINIC, '14d', '13d'), 'policies/account.yaml', 'gracePeriod: 30d', 'gracePeriod: 29d');
    const plan = await northwind.plan(changed);
    expect(verdicts(plan)).toEqual([
      ['northwind', false],
      ['northwind/clinic', true, 'suspended refused'],
    ]);
    await expect(shown(plan)).toMatchFileSnapshot('../golden/experience/suspended.txt');
    expect(await northwind.apply(changed)).toMatchObject({ applied: 1, held: 1, written: true });
    expect((await northwind.plan(changed)).scopes).toMatchObject([{ scope: 'northwind/clinic', held: true }]);
  });

  it.each([
    ['a requirement turned off', 'requireMfa: true', 'requireMfa: false'],
    ['a stricter one, too', 'gracePeriod: 14d', 'gracePeriod: 1d'],
    ['what applies to the document alone', '  requireMfa', '  deletionPolicy: Delete\n  requireMfa'],
    [
      'the suspension lifted together with something else',
      `gracePeriod: 14d\n  resets:\n    approvals: 1\n${SUSPEND}`,
      'gracePeriod: 10d\n  resets:\n    approvals: 1\n',
    ],
  ])('held: %s', async (_, from, to) => {
    const before = contentOf(northwind.opened.raw);
    expect(await northwind.apply(edited(policies, CLINIC, from, to))).toMatchObject({ applied: 0, held: 1 });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  it.each([
    ['lifted', SUSPEND, ''],
    ['prolonged', '2026-12-01', '2027-12-01'],
    ['cut short', '2026-12-01', '2026-11-26'],
    ['given another reason', 'audit of the clinic', 'merger'],
  ])('not held: the suspension is %s', async (_, from, to) => {
    expect(await northwind.apply(edited(policies, CLINIC, from, to))).toMatchObject({ applied: 1, held: 0, written: true });
  });

  it('lifted first and changed then, everything goes through', async () => {
    const lifted = edited(policies, CLINIC, SUSPEND, '');
    await northwind.apply(lifted);
    expect(await northwind.apply(edited(lifted, CLINIC, '14d', '13d'))).toMatchObject({ applied: 1, held: 0 });
  });

  it('its end passes: the change goes on by itself', async () => {
    const changed = edited(policies, CLINIC, '14d', '13d');
    northwind.now = Date.UTC(2026, 11, 2) - 1;
    expect(await northwind.apply(changed)).toMatchObject({ applied: 0, held: 1 });
    northwind.now += 1;
    expect(await northwind.apply(changed)).toMatchObject({ applied: 1, held: 0 });
  });

  it('the requirement stays in force: nobody stands otherwise', async () => {
    const before = await statusFlow(northwind.world(), { names: null });
    await northwind.apply(edited(policies, CLINIC, 'requireMfa: true', 'requireMfa: false'));
    const after = await statusFlow(northwind.world(), { names: null });
    expect(after).toEqual(before);
  });

  it('its document is gone: kept as ever, and what is kept is suspended', async () => {
    const plan = await northwind.plan(without(policies, CLINIC));
    expect(plan.scopes).toMatchObject([{ scope: 'northwind/clinic', action: 'orphan', held: false }]);
  });

  it('lifting is never held, even when no administrator could sign in', async () => {
    northwind.opened.raw.exec('update users set enabled = 0, kinds = 0');
    northwind.opened.raw.exec('update memberships set kinds = 0, active = 0 where role = 0');
    const plan = await northwind.plan(edited(policies, CLINIC, SUSPEND, ''));
    expect(plan.verdicts).toMatchObject([{ guard: 'administrators', outcome: 'refused' }]);
    expect(plan.scopes).toMatchObject([{ scope: 'northwind/clinic', held: false }]);
  });

  it('what was changed by hand is restored meanwhile', async () => {
    northwind.opened.raw.exec("update terms set require_mfa = 0 where scope_id = (select id from scopes where key = 'northwind/clinic')");
    expect(await northwind.apply(policies)).toMatchObject({ applied: 1, held: 0 });
  });

  it('a suspension taken away by hand still holds', async () => {
    const { raw } = northwind.opened;
    for (const { scope_id, rules } of raw.prepare('select scope_id, rules from terms').all() as { scope_id: number; rules: string }[]) {
      const { suspend: _, ...rest } = JSON.parse(rules);
      raw.prepare('update terms set rules = ? where scope_id = ?').run(JSON.stringify(rest), scope_id);
    }
    expect(await northwind.apply(edited(policies, CLINIC, '14d', '13d'))).toMatchObject({ applied: 0, held: 1 });
  });

  it('status and explain tell it, until it ends', async () => {
    const status = async () =>
      [...renderStatusText(await statusFlow(northwind.world(), { names: 0 }), { width: 80, style: plainStyle })].join('\n');
    const explained = async () =>
      [...renderExplain(await explainFlow(northwind.world(), { user: 'gus@clinic.example' }), { width: 80, style: plainStyle })].join('\n');
    await expect(`${await status()}\n`).toMatchFileSnapshot('../golden/report/status-suspended.txt');
    await expect(`${await explained()}\n`).toMatchFileSnapshot('../golden/explain/suspended.txt');
    northwind.now = Date.UTC(2026, 11, 2);
    expect(await status()).not.toContain('held');
    expect(await explained()).not.toContain('suspended');
  });
});

describe("the account's default", () => {
  const within = '  myGlueDefault:\n    requireMfa: true\n    gracePeriod: 30d\n';
  const suspended = '  myGlueDefault:\n    requireMfa: true\n    gracePeriod: 30d\n    suspend: {reason: roll-out, until: 2026-12-01}\n';
  const ACCOUNT = 'policies/account.yaml';
  beforeEach(async () => {
    policies = edited(without(policies, 'policies/myglue/garage.yaml'), ACCOUNT, within, suspended);
    northwind.opened.raw.exec("delete from documents where name = 'garage'");
    northwind.opened.raw.exec("delete from terms where scope_id = (select id from scopes where key = 'northwind/garage')");
    await northwind.apply(policies);
  });

  it('held with the whole document of the account, and with who follows it', async () => {
    const plan = await northwind.plan(edited(policies, ACCOUNT, 'gracePeriod: 30d\n    suspend', 'gracePeriod: 20d\n    suspend'));
    expect(verdicts(plan)).toEqual([
      ['northwind', true, 'suspended refused'],
      ['northwind/garage', true, 'suspended refused'],
    ]);
  });

  it('what is of the account alone goes on', async () => {
    const plan = await northwind.plan(edited(policies, ACCOUNT, 'gracePeriod: 30d', 'gracePeriod: 29d'));
    expect(verdicts(plan)).toEqual([['northwind', false]]);
  });

  it('lifted for all at once', async () => {
    expect(await northwind.apply(edited(policies, ACCOUNT, suspended, within))).toMatchObject({ applied: 2, held: 0 });
  });
});

it('whoever may not change policy may not suspend either', async () => {
  await expect(northwind.apply(suspend(), 'ada@northwind.example')).rejects.toMatchObject({
    code: 'rights/denied',
    message: expect.stringContaining('suspend'),
  });
  northwind.now += DAY;
  await northwind.apply(suspend());
  await expect(northwind.apply(policies, 'ada@northwind.example')).rejects.toMatchObject({
    code: 'rights/denied',
    message: expect.stringContaining('suspend'),
  });
});
