import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainStyle } from '../../src/core/layout/style.ts';
import { renderDriftText } from '../../src/core/plan/renderers/drift.ts';
import { driftFlow } from '../../src/flows/reporting/drift.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, documentsOf, edited, examplePolicies, Northwind, type Policies, START, shown, without } from './northwind.ts';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

const sql = (statement: string) => expect(northwind.opened.raw.prepare(statement).run().changes).toBeGreaterThan(0);
const of = (scope: string) => `scope_id = (select id from scopes where key = '${scope}')`;
const drift = (declared: Policies | null = policies) =>
  driftFlow(northwind.world(), { documents: declared === null ? null : documentsOf(declared), channel: 'file' });
const findings = async (declared: Policies | null = policies) =>
  (await drift(declared)).findings.map((f) => [f.kind, f.of, f.name, f.fields.map((x) => x.field).join(' ')].join(' '));
const text = async (declared: Policies | null = policies) =>
  `${[...renderDriftText(await drift(declared), { width: 80, style: plainStyle })].join('\n')}\n`;
/** The tables that requirements are judged by, versions apart. */
const inForce = () =>
  contentOf(northwind.opened.raw)
    .split('\n')
    .filter((line) => /^(terms|trusts|exemption_users) /.test(line))
    .join('\n')
    .replace(/"version":\d+/g, '');

it('what was applied has no drift, with documents and without', async () => {
  expect(await findings()).toEqual([]);
  expect(await findings(null)).toEqual([]);
  expect(await text(null)).toBe('no drift · 4 scopes in force · 6 documents applied ·\n  no declared documents compared\n');
});

describe('terms edited by hand are found, shown by plan, restored by apply, and audited', () => {
  it.each([
    ['the requirement off', `update terms set require_mfa = 0 where ${of('northwind')}`, 'northwind', 'requireMfa'],
    ['a requirement on', `update terms set require_mfa = 1 where ${of('northwind/bakery')}`, 'northwind/bakery', 'requireMfa'],
    ['the mode', `update terms set report_only = 1 where ${of('northwind/clinic')}`, 'northwind/clinic', 'mode'],
    [
      'enforcement where none was',
      `update terms set report_only = 0 where ${of('northwind/garage')}`,
      'northwind/garage',
      'mode obligation',
    ],
    ['a longer grace', `update terms set grace = ${365 * DAY} where ${of('northwind/clinic')}`, 'northwind/clinic', 'gracePeriod'],
    ['no grace', `update terms set grace = 0 where ${of('northwind/clinic')}`, 'northwind/clinic', 'gracePeriod'],
    ['a later beginning', `update terms set enforce_from = ${START + 900 * DAY} where ${of('northwind')}`, 'northwind', 'enforceFrom'],
    ['the kinds', `update terms set demand = demand & ~7 where ${of('northwind')}`, 'northwind', 'kinds'],
    [
      'the rules alone',
      `update terms set rules = '{"requireMfa":true,"guards":{"overdueAtOnce":"100%"}}' where ${of('northwind/clinic')}`,
      'northwind/clinic',
      'gracePeriod resets guards',
    ],
    [
      'a trust',
      `insert into trusts select id, 'evil', 'amr', 'pwd', 9999999999 from scopes where key = 'northwind'`,
      'northwind',
      'trusted',
    ],
    ['the row removed', `delete from terms where ${of('northwind/clinic')}`, 'northwind/clinic', 'terms'],
  ])('%s', async (_, statement, scope, fields) => {
    const before = inForce();
    sql(statement);
    // ReportOnly never left a row of obligation, so nothing is missing there.
    const expected = fields.replace(' obligation', '');
    expect(await findings()).toEqual([`by-hand scope ${scope} ${expected}`]);
    expect(await findings(null)).toEqual([`by-hand scope ${scope} ${expected}`]);

    const plan = await northwind.plan(policies);
    expect(plan.scopes.map((s) => [s.scope, s.action, s.held])).toEqual([[scope, 'repair', false]]);
    expect(plan.counts.changes).toBe(1);
    expect(shown(plan)).toContain('changed in the store by hand');

    expect(await northwind.apply(policies)).toMatchObject({ applied: 1, held: 0, written: true });
    expect(inForce()).toBe(before);
    expect(await findings()).toEqual([]);
    expect(await northwind.apply(policies)).toMatchObject({ applied: 0, written: false });
    const { act, body } = northwind.opened.raw.prepare('select act, body from audit order by seq desc limit 1').get() as {
      act: string;
      body: string;
    };
    expect([act, JSON.parse(body).target]).toEqual(['policy.repair', scope]);
    expect(body).toContain('byHand');
  });

  it('the reading of it, 80 columns wide', async () => {
    sql(`update terms set require_mfa = 0, grace = ${365 * DAY} where ${of('northwind')}`);
    sql(`update terms set demand = 27 where ${of('northwind/clinic')}`);
    sql(`delete from terms where ${of('northwind/garage')}`);
    sql(`update exemption_users set expires_at = ${START + 4000 * DAY}`);
    const left = without(policies, 'policies/reports/weekly.yaml');
    await expect(await text(edited(left, 'policies/myglue/bakery.yaml', 'requireMfa: false', 'requireMfa: true'))).toMatchFileSnapshot(
      '../golden/drift/everything.txt',
    );
    await expect(shown(await northwind.plan(policies))).toMatchFileSnapshot('../golden/drift/repair.txt');
  });
});

describe('guards compare with what was applied, not with what somebody put there by hand', () => {
  it('a weakening behind a change by hand is still one', async () => {
    sql(`update terms set require_mfa = 0 where ${of('northwind/clinic')}`);
    const off = edited(policies, 'policies/myglue/clinic.yaml', 'requireMfa: true', 'requireMfa: false');
    const plan = await northwind.plan(off);
    expect(plan.scopes[0]).toMatchObject({ scope: 'northwind/clinic', action: 'update', held: true });
    expect(plan.scopes[0]?.verdicts.map((v) => v.guard)).toContain('weakened');
  });

  it('a limit loosened by hand does not judge', async () => {
    const rules = '{"requireMfa":false,"guards":{"overdueAtOnce":"100%"}}';
    sql(`update terms set rules = '${rules}' where ${of('northwind/bakery')}`);
    const on = edited(policies, 'policies/myglue/bakery.yaml', 'requireMfa: false', 'requireMfa: true');
    expect((await northwind.plan(on)).scopes[0]?.verdicts).toMatchObject([{ guard: 'overdue-at-once', outcome: 'refused' }]);
  });

  it('the repair and the change come together, and both are told', async () => {
    sql(`update terms set require_mfa = 0 where ${of('northwind/clinic')}`);
    const plan = await northwind.plan(edited(policies, 'policies/myglue/clinic.yaml', '14d', '13d'));
    expect(plan.scopes[0]?.edits.map((e) => e.field)).toEqual(['gracePeriod', 'requireMfa']);
    expect(plan.scopes[0]?.byHand.map((e) => e.field)).toContain('requireMfa');
  });

  it('a plan made before somebody changed the store is stale', async () => {
    const other = edited(policies, 'policies/myglue/clinic.yaml', '14d', '13d');
    const { digest } = await northwind.plan(other);
    sql(`update terms set require_mfa = 0 where ${of('northwind/clinic')}`);
    expect((await northwind.plan(other)).digest).not.toBe(digest);
  });
});

describe('obligations', () => {
  it('a row that is missing is found, and counted from the apply that restores it', async () => {
    sql(`delete from obligations where ${of('northwind/clinic')}`);
    expect(await findings(null)).toEqual(['by-hand scope northwind/clinic obligation']);
    northwind.now += DAY;
    expect(await northwind.apply(policies)).toMatchObject({ applied: 1 });
    expect(
      northwind.opened.raw
        .prepare(`select since from obligations where ${of('northwind/clinic')}`)
        .pluck()
        .all(),
    ).toEqual([START + DAY]);
    expect(await findings()).toEqual([]);
  });
});

describe('exemptions', () => {
  it.each([
    ['prolonged', `update exemption_users set expires_at = ${START + 4000 * DAY}`, /^expiresAt of /],
    ['ended', `update exemption_users set expires_at = ${START - DAY}`, /^exemption of /],
  ])('%s: found, shown, restored', async (_, statement, field) => {
    sql(statement);
    const found = (await drift()).findings.filter((f) => f.of === 'exemption');
    expect(found.length).toBeGreaterThan(0);
    for (const { fields } of found) for (const one of fields) expect(one.field).toMatch(field);
    expect(shown(await northwind.plan(policies))).toContain('changed in the store by hand');
    northwind.now += 60_000;
    expect(await northwind.apply(policies)).toMatchObject({ written: true });
    expect(await findings()).toEqual([]);
    expect((await northwind.plan(policies)).counts.changes).toBe(0);
    expect(northwind.opened.raw.prepare('select act from audit order by seq desc limit 1').pluck().get()).toBe('exemption.repair');
  });

  it('of a document that there is not: it ends with the repair', async () => {
    sql(
      `insert into exemption_users select account_id, channel, 'forged', user_id + 20, 'eve', starts_at, expires_at from exemption_users limit 1`,
    );
    expect(await findings(null)).toEqual(['by-hand exemption forged exemption of eve']);
    northwind.now += 60_000;
    expect(await northwind.apply(policies)).toMatchObject({ written: true });
    expect(await findings(null)).toEqual([]);
    expect((await northwind.plan(policies)).counts.changes).toBe(0);
  });

  it('removed: found, and not exempted again by themselves', async () => {
    sql('delete from exemption_users');
    expect((await drift()).findings).toMatchObject([
      { kind: 'unbound', of: 'exemption', name: 'field-work', fields: [{ is: 'none' }, { is: 'none' }] },
    ]);
    const plan = await northwind.plan(policies);
    expect(plan.unboundUsers).toHaveLength(2);
    expect(shown(plan)).not.toContain('was not known');
    // No apply of the same documents mends it, so none is promised; an edit does.
    expect([...renderDriftText(await drift(), { width: 200, style: plainStyle })].at(-1)).not.toContain('padlock apply');
    await northwind.apply(policies);
    expect(await findings()).toHaveLength(1);
    expect((await northwind.plan(policies)).unboundUsers).toHaveLength(2);
    const edit = edited(policies, 'policies/exemptions/field-work.yaml', 'NW-4711', 'NW-4712');
    expect((await northwind.apply(edit)).plan.unboundUsers).toEqual([]);
    expect((await northwind.plan(edit)).unboundUsers).toEqual([]);
  });

  it('of somebody who is known since: not exempt, and told', async () => {
    const late = edited(
      policies,
      'policies/exemptions/field-work.yaml',
      '    - wade@northwind.example',
      '    - late@northwind.example\n    - wade@northwind.example',
    );
    await northwind.apply(late);
    expect(await findings(null)).toEqual([]);
    northwind.opened.raw.exec(
      "update users set address = 'late@northwind.example', address_key = 'late@northwind.example' where address_key = 'gus@clinic.example'",
    );
    expect(await findings(null)).toEqual(['unbound exemption field-work exemption of late@northwind.example']);
  });

  it("one that has ended is nobody's drift", async () => {
    northwind.now = Date.UTC(2027, 5, 1);
    expect((await findings(null)).filter((f) => f.includes('exemption'))).toEqual([]);
    sql(`update exemption_users set expires_at = ${Date.UTC(2030, 0, 1)}`);
    expect((await findings(null)).filter((f) => f.includes('exemption'))).toEqual([
      expect.stringMatching(/^by-hand exemption field-work expiresAt of /),
    ]);
  });

  it('somebody added whom no document names ends with the repair', async () => {
    sql(
      `insert into exemption_users select account_id, channel, document, user_id + 30, 'mallory', starts_at, expires_at from exemption_users limit 1`,
    );
    expect(await findings(null)).toEqual(['by-hand exemption field-work exemption of mallory']);
    northwind.now += 60_000;
    await northwind.apply(policies);
    expect(await findings(null)).toEqual([]);
  });
});

describe('with documents', () => {
  it('PLN-07: those that are gone are named as orphans', async () => {
    const left = without(without(policies, 'policies/myglue/clinic.yaml'), 'policies/reports/weekly.yaml');
    expect(await findings(left)).toEqual(['ending report weekly ', 'orphan policy northwind/clinic ']);
    expect(await findings(null)).toEqual([]);
  });

  it('those that are declared otherwise are named with their fields', async () => {
    const other = edited(policies, 'policies/myglue/clinic.yaml', '14d', '13d');
    expect(await findings(other)).toEqual(['unapplied policy northwind/clinic gracePeriod']);
  });

  it('a document removed from the store leaves a requirement that nothing declares', async () => {
    sql("delete from documents where name = 'clinic'");
    // The account's default covers the scope now, with other rules: held by a guard, for all that can be known.
    expect(await findings(null)).toEqual(['held scope northwind/clinic gracePeriod resets']);
    sql("delete from documents where name = 'northwind'");
    expect((await findings(null)).filter((f) => f.startsWith('undeclared'))).toEqual([
      'undeclared scope northwind terms',
      'undeclared scope northwind/clinic terms',
    ]);
  });
});
