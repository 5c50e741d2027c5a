import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overridesOf } from '../../src/core/plan/renderers/overrides.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { type ImportOptions, importFlow } from '../../src/flows/reconcile/import.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import { explainFlow } from '../../src/flows/reporting/explain.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, documentsOf, edited, examplePolicies, Northwind, type Policies, resetRequest } from './northwind.ts';

// Ways round the guards that people found, each closed.

const DANA = 'admin.dana@northwind.example';
const ILSE = 'ilse@northwind.example';
const CARLA = 'carla@northwind.example';
const GLASS = 'breakglass@northwind.example';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

const content = () => contentOf(northwind.opened.raw);
const one = (sql: string, ...values: unknown[]) =>
  northwind.opened.raw
    .prepare(sql)
    .pluck()
    .get(...values);
const factors = (address: string) =>
  Number(one('select count(*) from factors where user_id = (select id from users where address = ?)', address));
const reset = (user: string, requestId: string, as?: string) =>
  resetFlow(northwind.world(as), { account: 'northwind', user, requestId, reason: 'lost phone' });
const requesting = (user: string, requestId: string) => resetRequest(policies, user, requestId);
const exemption = (name: string, users: readonly string[], more = 'expiresAt: 2027-02-01') => ({
  [`policies/${name}.yaml`]: `apiVersion: padlock.dev/v1alpha1
kind: MfaExemption
metadata: {name: ${name}}
spec: {account: northwind, users: [${users.join(', ')}], reason: field work, ${more}}
`,
});
/** The example with a token for the first set-up. */
const withToken = () =>
  edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 30d\n  enrollment: Token\n  factors');
/** Everybody's padlock as the policy takes it, so that nothing but the token matters. */
const allEnrolled = () => northwind.opened.raw.exec('update users set kinds = 3; update memberships set kinds = 3');

describe('resets that take the last administrator who can sign in', () => {
  const all = () => ({ ...requesting(ILSE, 'R-1'), ...requesting(GLASS, 'R-2'), ...requesting(CARLA, 'R-3') });
  const outcomes = (resets: readonly { requestId: string; outcome: string }[]) =>
    Object.fromEntries(resets.filter((r) => r.requestId.startsWith('R-')).map((r) => [r.requestId, r.outcome]));

  test('one who acts and is not reset counts: nothing is held', async () => {
    allEnrolled();
    const { plan } = await northwind.apply({ ...withToken(), ...all() }, ILSE);
    // Nobody resets themselves, so Ilse is left.
    expect(outcomes(plan.resets)).toEqual({ 'R-1': 'Refused', 'R-2': 'Executed', 'R-3': 'Executed' });
  });

  test('by the terms that come with them, and by those in force', async () => {
    allEnrolled();
    northwind.opened.raw.exec(`update users set local_password = 0, sso = 0 where address = '${DANA}'`);
    const { plan } = await northwind.apply({ ...withToken(), ...all() });
    expect(outcomes(plan.resets)).toEqual({ 'R-1': 'Held', 'R-2': 'Held', 'R-3': 'Executed' });
    expect(plan.verdicts.map((v) => [v.guard, v.outcome, v.message])).toEqual([
      ['administrators', 'passed', '2 can sign in'],
      ['resets', 'passed', expect.any(String)],
      ['administrators', 'refused', '0 could still sign in, at least 1 must'],
    ]);
    expect([factors(GLASS), factors(CARLA)]).toEqual([1, 0]);
    // The policy itself is in force: it alone takes nobody's way in.
    expect(plan.scopes.filter((s) => s.held)).toEqual([]);
    expect((await reset(ILSE, 'H-1')).outcome).toBe('Executed');
    expect(await reset(GLASS, 'H-2')).toMatchObject({ outcome: 'Held', reason: 'the administrators guard holds it' });
  });

  test('are let go by the override that the plan prints', async () => {
    allEnrolled();
    northwind.opened.raw.exec(`update users set local_password = 0, sso = 0 where address = '${DANA}'`);
    const asked = { ...withToken(), ...all() };
    const [override, ...more] = overridesOf(await northwind.plan(asked));
    expect(more).toEqual([]);
    const { plan } = await northwind.apply({ ...asked, 'o.yaml': override ?? '' });
    expect(outcomes(plan.resets)).toEqual({ 'R-1': 'Executed', 'R-2': 'Executed', 'R-3': 'Executed' });
    expect(one("select count(*) from audit where act = 'guard.override'")).toBe(1);
  });

  test('say nothing where they can enroll again', async () => {
    const { plan } = await northwind.apply({ ...policies, ...all() });
    expect(outcomes(plan.resets)).toEqual({ 'R-1': 'Executed', 'R-2': 'Executed', 'R-3': 'Executed' });
  });
});

describe('an exemption', () => {
  test('never passes to another account under its name', async () => {
    northwind.opened.raw.exec(`insert into accounts (slug, title, enforcer) values ('southwind', 'Southwind', 'portal');
      insert into scopes (account_id, my_glue, key, title) values ((select max(id) from accounts), null, 'southwind', 'Southwind')`);
    const asked = exemption('leave', ['elena@northwind.example']);
    await northwind.apply({ ...policies, ...asked });
    const before = content();
    const moved = Object.fromEntries(
      Object.entries(asked).map(([file, text]) => [file, text.replace('account: northwind', 'account: southwind')]),
    );
    await expect(northwind.apply({ ...policies, ...moved })).rejects.toMatchObject({ code: 'policy/immutable-scope' });
    expect(content()).toBe(before);
  });

  test('names one person twice, and is one window', async () => {
    const id = String(one("select external_id from users where address = 'elena@northwind.example'"));
    await northwind.apply({ ...policies, ...exemption('leave', ['elena@northwind.example', `"${id}"`, 'Elena@Northwind.example']) });
    expect(one("select count(*) from exemption_users where document = 'leave'")).toBe(1);
  });

  test('that ends is judged: more overdue at once than the limit hold it, and its people stay exempt', async () => {
    const people = northwind.opened.raw
      .prepare(
        "select u.address from users u join memberships m on m.user_id = u.id join scopes s on s.id = m.scope_id where s.key = 'northwind' and m.active = 1 order by 1",
      )
      .pluck()
      .all() as string[];
    const asked = exemption(
      'all',
      people.filter((p) => p !== DANA),
    );
    // Long past every deadline, and everybody but Dana is exempt.
    northwind.now += 300 * DAY;
    northwind.opened.raw.exec('update users set kinds = 0; update memberships set kinds = 0');
    const long = exemption(
      'all',
      people.filter((p) => p !== DANA),
      'expiresAt: 2028-01-01',
    );
    expect(Object.keys(asked)).toEqual(Object.keys(long));
    const given = await northwind.apply({ ...policies, ...long });
    expect(given.plan.exemptionsHeld.size).toBe(0);
    const before = content();
    const { plan, written, held } = await northwind.apply(policies);
    expect(plan.verdicts).toContainEqual(
      expect.objectContaining({
        guard: 'overdue-at-once',
        scope: 'northwind',
        outcome: 'refused',
        message: expect.stringContaining('by exemptions that end'),
      }),
    );
    expect([written, held]).toEqual([false, 1]);
    expect(content()).toBe(before);
    const lifted = await northwind.apply({ ...policies, 'o.yaml': overridesOf(plan).join('---\n') });
    expect(lifted).toMatchObject({ written: true, held: 0 });
    expect(one("select count(*) from exemption_users where document = 'all' and expires_at > ?", northwind.now)).toBe(0);
  });

  test('of one person ends without a guard', async () => {
    await northwind.apply({ ...policies, ...exemption('leave', ['elena@northwind.example']) });
    expect(await northwind.apply(policies)).toMatchObject({ written: true, held: 0 });
  });

  test('says whom it does not cover because nobody knew them, at every plan', async () => {
    const asked = { ...policies, ...exemption('leave', ['new@northwind.example', CARLA]) };
    expect((await northwind.apply(asked)).plan.unknownUsers.map((u) => u.called)).toContain('new@northwind.example');
    const importing: ImportOptions = {
      read: {
        account: 'northwind',
        origin: 'demo',
        rows: [{ externalId: 'n1', scope: 'northwind', role: 'Editor', address: 'new@northwind.example', place: 'x:1' }],
        wholeScopes: [],
        faults: [],
      },
      enforcer: 'portal',
      adopt: new Set(),
      overrides: [],
    };
    await importFlow(northwind.world(), importing);
    const plan = await northwind.plan(asked);
    expect(plan.unboundUsers).toEqual([{ called: 'new@northwind.example', place: 'policies/leave.yaml:4' }]);
    expect(plan.counts.changes).toBe(0);
    // A change of the exemption binds them.
    const wider = { ...policies, ...exemption('leave', ['new@northwind.example', CARLA], 'expiresAt: 2027-02-02') };
    expect((await northwind.apply(wider)).plan.unboundUsers).toEqual([]);
    expect(one("select count(*) from exemption_users where document = 'leave' and called like 'new%'")).toBe(1);
  });
});

test('taking a user off breakGlass is a weakening: held, named, and overridden as one', async () => {
  const off = edited(policies, 'policies/account.yaml', '  breakGlass:\n    - breakglass@northwind.example\n', '');
  const { plan, held, written } = await northwind.apply(off);
  expect([held, written]).toEqual([1, false]);
  expect(plan.scopes.flatMap((s) => s.verdicts.map((v) => [v.guard, v.message]))).toEqual([
    ['weakened', `no break-glass user any more: ${GLASS}`],
  ]);
  expect(await northwind.apply({ ...off, 'o.yaml': overridesOf(plan).join('---\n') })).toMatchObject({ held: 0, written: true });
});

describe('a reviewed plan', () => {
  const swap = (a: string, b: string) =>
    northwind.opened.raw.exec(`update users set address = null, address_key = null where address = '${a}';
      update users set address = '${a}', address_key = '${a}' where address = '${b}'`);
  const apply = (declared: Policies, digest: string) =>
    applyFlow(northwind.world(), { documents: documentsOf(declared), channel: 'file', names: 1 }, digest);

  test.each([
    ['a reset', () => requesting('felix@northwind.example', 'R-1')],
    ['an exemption', () => exemption('leave', ['felix@northwind.example'])],
  ])('of %s is stale once its address is another person', async (_, asked) => {
    const declared = { ...policies, ...asked() };
    const { digest } = await northwind.plan(declared);
    swap('felix@northwind.example', 'grace@northwind.example');
    await expect(apply(declared, digest)).rejects.toMatchObject({ code: 'plan/stale' });
    expect(one("select count(*) from resets where request_id = 'R-1'")).toBe(0);
  });

  test('that was held is stale once an override lifts it', async () => {
    const weaker = edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 60d\n  factors');
    const held = await northwind.plan(weaker);
    expect(held.counts.held).toBe(1);
    const slipped = { ...weaker, 'o.yaml': overridesOf(held).join('---\n') };
    const before = content();
    await expect(apply(slipped, held.digest)).rejects.toMatchObject({ code: 'plan/stale' });
    expect(content()).toBe(before);
    const { digest } = await northwind.plan(slipped);
    expect(await apply(slipped, digest)).toMatchObject({ applied: 1, held: 0 });
  });

  test('goes on while the people stay who they are', async () => {
    const declared = { ...policies, ...requesting('felix@northwind.example', 'R-1') };
    const { digest } = await northwind.plan(declared);
    northwind.opened.raw.exec("update users set name = 'Felix the Second' where address = 'felix@northwind.example'");
    expect((await apply(declared, digest)).plan.resets.find((r) => r.requestId === 'R-1')).toMatchObject({ outcome: 'Executed' });
  });
});

describe('approval', () => {
  const clinic = (more = '') => {
    const [[file, text] = ['', '']] = Object.entries(requesting('amir@clinic.example', 'R-1'));
    return { ...policies, [file]: text + more };
  };
  const outcome = async (declared: Policies, as?: string) =>
    (await northwind.apply(declared, as)).plan.resets.find((r) => r.requestId === 'R-1');

  test('that a request came in with is none, whoever applies it, and however often', async () => {
    const approved = clinic('  approved: true\n');
    for (const as of [DANA, ILSE, DANA])
      expect(await outcome(approved, as)).toMatchObject({ outcome: 'Refused', reason: expect.stringContaining('new requestId') });
    expect(await outcome(clinic(), ILSE)).toMatchObject({ outcome: 'AwaitingApproval' });
    expect(await outcome(approved, ILSE)).toMatchObject({ outcome: 'Refused' });
    expect(factors('amir@clinic.example')).toBe(1);
  });

  test('that the requester set is none, however often and under whatever name: it waits for a second administrator', async () => {
    const approved = clinic('  approved: true\n');
    expect(await outcome(clinic())).toMatchObject({ outcome: 'AwaitingApproval' });
    const waits = {
      outcome: 'AwaitingApproval',
      reason: expect.stringMatching(/another person than the requester; another Administrator must apply .* R-1 and approved: true/),
    };
    expect(await outcome(approved)).toMatchObject(waits);
    const before = content();
    expect(await outcome(approved)).toMatchObject(waits);
    expect(content()).toBe(before);
    const renamed = { ...northwind.world(), actor: { channel: 'cli', subject: 'pipeline' } } as const;
    const again = await applyFlow(renamed, { documents: documentsOf(approved), channel: 'file', names: 1 });
    expect(again.plan.resets.find((r) => r.requestId === 'R-1')).toMatchObject(waits);
    expect(factors('amir@clinic.example')).toBe(1);
    expect(await outcome(approved, ILSE)).toMatchObject({ outcome: 'Executed' });
    expect(factors('amir@clinic.example')).toBe(0);
  });

  test('by somebody who may not give it leaves it to who may', async () => {
    expect(await outcome(clinic())).toMatchObject({ outcome: 'AwaitingApproval' });
    const approved = clinic('  approved: true\n');
    expect(await outcome(approved, CARLA)).toMatchObject({
      outcome: 'AwaitingApproval',
      reason: expect.stringContaining('takes Administrator'),
    });
    expect(await outcome(approved, ILSE)).toMatchObject({ outcome: 'Executed' });
  });

  test('is asked for by the policy that comes in the same apply, too', async () => {
    const strict = edited(
      policies,
      'policies/account.yaml',
      'gracePeriod: 30d\n  factors',
      'gracePeriod: 30d\n  resets: {approvals: 1}\n  factors',
    );
    const { plan } = await northwind.apply({ ...strict, ...requesting(CARLA, 'R-1') });
    expect(plan.resets.find((r) => r.requestId === 'R-1')).toMatchObject({ outcome: 'AwaitingApproval' });
  });

  test('is no longer asked for: a weakening under ReportOnly as well', async () => {
    const strict = edited(
      policies,
      'policies/account.yaml',
      'gracePeriod: 30d\n  factors',
      'gracePeriod: 30d\n  mode: ReportOnly\n  resets: {approvals: 1}\n  factors',
    );
    const plan = await northwind.plan(strict);
    await northwind.apply({ ...strict, 'o.yaml': overridesOf(plan).join('---\n') });
    const weaker = edited(strict, 'policies/account.yaml', '  resets: {approvals: 1}\n', '');
    expect((await northwind.plan(weaker)).scopes.find((s) => s.scope === 'northwind')?.verdicts).toMatchObject([
      { guard: 'weakened', outcome: 'refused', message: expect.stringContaining('resets no longer need approval') },
    ]);
  });
});

describe('a request whose cause can be mended', () => {
  test('is not used up: refused for a Manager, it is executed once an Administrator applies it', async () => {
    const asked = { ...policies, ...requesting(GLASS, 'R-1') };
    const outcome = async (as?: string) => (await northwind.apply(asked, as)).plan.resets.find((r) => r.requestId === 'R-1')?.outcome;
    expect(await outcome(CARLA)).toBe('Refused');
    expect(await outcome(CARLA)).toBe('Refused');
    expect(await outcome(DANA)).toBe('Executed');
    expect(one("select count(*) from audit where act = 'reset.refused'")).toBe(1);
  });

  test('nobody was called so, and somebody is now', async () => {
    expect(await reset('late@northwind.example', 'R-1')).toMatchObject({ outcome: 'NoSuchUser' });
    northwind.opened.raw.exec(
      "update users set address = 'late@northwind.example', address_key = 'late@northwind.example' where address = 'felix@northwind.example'",
    );
    expect(await reset('late@northwind.example', 'R-1')).toMatchObject({ outcome: 'Executed' });
    expect(await reset('late@northwind.example', 'R-1')).toMatchObject({ outcome: 'Executed', settled: true });
  });
});

describe('an id that two directories use', () => {
  beforeEach(() => {
    northwind.opened.raw.exec(`update users set external_id = '77' where address = 'felix@northwind.example';
      update users set external_id = '77', origin = 'other' where address = 'grace@northwind.example'`);
  });

  test('is nobody: not reset, not exempt, not explained, not who acts', async () => {
    const ambiguous = { code: 'store/ambiguous-user' };
    await expect(reset('77', 'R-1')).rejects.toMatchObject(ambiguous);
    await expect(northwind.plan({ ...policies, ...requesting('"77"', 'R-1') })).rejects.toMatchObject(ambiguous);
    await expect(northwind.plan({ ...policies, ...exemption('leave', [CARLA, '"77"']) })).rejects.toMatchObject({
      ...ambiguous,
      faults: [expect.objectContaining({ file: 'policies/leave.yaml', line: 4 })],
    });
    await expect(explainFlow(northwind.world(), { user: '77' })).rejects.toMatchObject(ambiguous);
    await expect(northwind.apply({ ...policies, ...exemption('leave', [CARLA]) }, '77')).rejects.toMatchObject({ code: 'rights/denied' });
  });
});

describe('break-glass', () => {
  test('users who administer nothing are no administrators: the guard does not count them', async () => {
    allEnrolled();
    northwind.opened.raw.exec(
      `update memberships set role = 4 where role = 0 and user_id <> (select id from users where address = '${DANA}')`,
    );
    northwind.opened.raw.exec(`update users set local_password = 0, sso = 0 where address = '${DANA}'`);
    expect((await northwind.plan(withToken())).verdicts).toMatchObject([
      { guard: 'administrators', outcome: 'refused', data: { able: 0 } },
    ]);
  });
});

describe('the enforcer of an account', () => {
  const importing = (enforcer: 'portal' | 'none', overrides: ImportOptions['overrides'] = []): ImportOptions => ({
    read: { account: 'northwind', origin: 'demo', wholeScopes: [], faults: [] },
    enforcer,
    adopt: new Set(),
    overrides,
  });

  test('switched off in the configuration is a weakening: held, told, and audited once it is overridden', async () => {
    const before = content();
    const { plan, held } = await importFlow(northwind.world(), importing('none'));
    expect(held).toBe(true);
    expect(plan.verdicts).toContainEqual(expect.objectContaining({ guard: 'weakened', outcome: 'refused', scope: 'northwind' }));
    expect(content()).toBe(before);
    const lifting = {
      name: 'moved',
      scope: 'northwind',
      guard: 'weakened',
      digest: plan.digest,
      reason: 'moved to another portal',
      expiresAt: northwind.now + 1,
    } as const;
    expect(await importFlow(northwind.world(), importing('none', [lifting]))).toMatchObject({ held: false, written: true });
    expect(one("select body from audit where act = 'directory.import' order by seq desc limit 1")).toContain(
      '"enforcer":{"from":"portal","to":"none"}',
    );
    expect(one("select value from audit_words where pointer like '%overridden%' and value like '%overridden by moved%'")).toBeDefined();
  });

  test('switched on again is none', async () => {
    const { plan } = await importFlow(northwind.world(), importing('none'));
    const lifting = {
      name: 'moved',
      scope: 'northwind',
      guard: 'weakened',
      digest: plan.digest,
      reason: 'moved',
      expiresAt: northwind.now + 1,
    } as const;
    await importFlow(northwind.world(), importing('none', [lifting]));
    expect(await importFlow(northwind.world(), importing('portal'))).toMatchObject({ held: false, written: true });
  });
});

test('a name that is bound to one person says so to another', async () => {
  const bound = { ...northwind.world(), actorUser: CARLA };
  await northwind.apply({ ...policies, ...exemption('leave', [CARLA]) });
  northwind.opened.raw.exec(`update memberships set role = 3 where user_id = (select id from users where address = '${DANA}')`);
  const applying = applyFlow(bound, { documents: documentsOf(policies), channel: 'file', names: 1 });
  await expect(applying).rejects.toMatchObject({ code: 'rights/denied', fix: expect.stringContaining('another actor.subject') });
});
