import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overridesOf } from '../../src/core/plan/renderers/overrides.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, edited, examplePolicies, Northwind, type Policies, resetRequest, START, shown } from './northwind.ts';

const ILSE = 'ilse@northwind.example';
const CARLA = 'carla@northwind.example';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

const one = (sql: string, ...values: unknown[]) =>
  northwind.opened.raw
    .prepare(sql)
    .pluck()
    .get(...values);
const idOf = (address: string) => Number(one('select id from users where address = ?', address));
const factors = (address: string) => one('select count(*) from factors where user_id = ?', idOf(address));
const epoch = (address: string) => one('select epoch from users where id = ?', idOf(address));
const reset = (user: string, requestId: string, as?: string, account = 'northwind') =>
  resetFlow(northwind.world(as), { account, user, requestId, reason: 'lost phone' });

/** A declared request beside the others. */
const requesting = (user: string, requestId: string, more = ''): Policies => ({
  ...policies,
  ...resetRequest(policies, user, requestId, more),
});

describe('a reset of an enrolled person', () => {
  test('is executed once: factors gone, sessions dead, audited, not enrolled any more', async () => {
    const before = Number(epoch(CARLA));
    expect(await reset(CARLA, 'T-1')).toMatchObject({ outcome: 'Executed', settled: false });
    expect(factors(CARLA)).toBe(0);
    expect(epoch(CARLA)).toBe(before + 1);
    expect(one('select kinds from memberships where user_id = ?', idOf(CARLA))).toBe(0);
    expect(one("select count(*) from audit where act = 'reset.executed' and body like '%T-1%'")).toBe(1);
  });

  test('RST-01: replayed five times by the same requestId, nothing more happens, factors enrolled since stay', async () => {
    await reset(CARLA, 'T-1');
    northwind.now = START + DAY;
    const factor = {
      userId: idOf(CARLA),
      kind: 'totp',
      label: 'new phone',
      secret: Buffer.alloc(20, 1),
      enrolledAt: northwind.now,
    } as const;
    await northwind.opened.store.write(northwind.now, (transaction) => transaction.enroll([factor]));
    const before = contentOf(northwind.opened.raw);
    for (let i = 0; i < 5; i++) {
      northwind.now += DAY;
      expect(await reset(CARLA, 'T-1')).toMatchObject({ outcome: 'Executed', settled: true });
    }
    expect(contentOf(northwind.opened.raw)).toBe(before);
    expect(factors(CARLA)).toBe(1);
  });

  test('the same id with another user: refused, and nobody is touched', async () => {
    await reset(CARLA, 'T-1');
    const before = contentOf(northwind.opened.raw);
    expect(await reset('david@northwind.example', 'T-1')).toMatchObject({ outcome: 'Refused', settled: true });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test.each([
    ['RST-05: a Manager resets no Administrator', 'breakglass@northwind.example', CARLA, 'Administrator'],
    ['nobody resets themselves', 'admin.dana@northwind.example', undefined, 'themselves'],
    ['an Editor resets nobody', 'tara@northwind.example', 'elena@northwind.example', 'Editor'],
  ])('%s', async (_, user, as, why) => {
    const before = factors(user);
    expect(await reset(user, 'T-2', as)).toMatchObject({ outcome: 'Refused', reason: expect.stringContaining(why) });
    expect(factors(user)).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  test('a Manager resets a Lite user of a MyGlue account', async () => {
    expect(await reset('mia@bakery.example', 'T-3', CARLA)).toMatchObject({ outcome: 'Executed' });
  });

  test('nobody is called so, and an end that has passed', async () => {
    expect(await reset('nobody@northwind.example', 'T-4')).toMatchObject({ outcome: 'NoSuchUser' });
    const late = edited(requesting(CARLA, 'T-5'), 'policies/T-5.yaml', '2036-12-31', '2026-11-24');
    const { plan } = await northwind.apply(late);
    expect(plan.resets.find((r) => r.requestId === 'T-5')).toMatchObject({ outcome: 'Expired' });
    expect(factors(CARLA)).toBe(1);
  });

  test('the eleventh in 24 hours is held, and goes through a day later', async () => {
    const people = ['elena', 'felix', 'grace', 'hugo', 'irene', 'jonas', 'kira', 'liam', 'mona'];
    // The example's own reset is the first of the ten.
    for (const [i, name] of people.entries())
      expect(await reset(`${name}@northwind.example`, `B-${i}`)).toMatchObject({ outcome: 'Executed' });
    expect(await reset(CARLA, 'B-11')).toMatchObject({
      outcome: 'Held',
      trouble: {
        code: 'plan/refused',
        message: 'the resets guard holds it: 10 in 24 h, 1 asked for, limit 10',
        fix: expect.stringMatching(/^1 held: wait, .* by hand nothing lifts it: declare it as an MfaReset$/),
      },
    });
    expect(factors(CARLA)).toBe(1);
    northwind.now = START + DAY + 1;
    expect(await reset(CARLA, 'B-11')).toMatchObject({ outcome: 'Executed' });
    expect(factors(CARLA)).toBe(0);
  });
});

test('declared, those over the limit are lifted, and the line tells of none that is held', async () => {
  const people = ['elena', 'felix', 'grace', 'hugo', 'irene', 'jonas', 'kira', 'liam', 'mona', 'carla'];
  const requests = people.map((name, i) => resetRequest(policies, `${name}@northwind.example`, `D-${i}`));
  const asked: Policies = Object.assign({ ...policies }, ...requests);
  const held = await northwind.plan(asked);
  const told = held.verdicts.find((v) => v.guard === 'resets');
  expect(told).toMatchObject({ outcome: 'refused', message: '1 in 24 h, 10 asked for, limit 10' });
  expect(told?.remedy).toContain('1 held: wait, or lift it with the GuardOverride that padlock plan --print-overrides writes');
  const { plan } = await northwind.apply({ ...asked, 'o.yaml': overridesOf(held).join('---\n') });
  expect(plan.resets.filter((r) => r.requestId.startsWith('D-')).map((r) => r.outcome)).toEqual(people.map(() => 'Executed'));
  expect(shown(plan)).toMatch(/^✓ resets.* limit 10\n +overridden by/m);
  expect(shown(plan)).not.toContain('held');
});

describe('a request that waits', () => {
  test('for approval, which the clinic asks for: not by the one who asked, but by a second administrator', async () => {
    const asked = requesting('amir@clinic.example', 'T-6');
    const outcomeOf = async (declared: Policies, as?: string) =>
      (await northwind.apply(declared, as)).plan.resets.find((r) => r.requestId === 'T-6')?.outcome;
    expect(await outcomeOf(asked)).toBe('AwaitingApproval');
    const approved = requesting('amir@clinic.example', 'T-6', '  approved: true\n');
    expect(factors('amir@clinic.example')).toBe(1);
    expect(await outcomeOf(approved, ILSE)).toBe('Executed');
    expect(factors('amir@clinic.example')).toBe(0);
  });

  test('RST-07: the address changed hands meanwhile: UserChanged, and both keep their factors', async () => {
    await northwind.apply(requesting('amir@clinic.example', 'T-7'));
    northwind.opened.raw.exec(`update users set address_key = null, address = 'amir.old@clinic.example' where address = 'amir@clinic.example';
      update users set address = 'amir@clinic.example', address_key = 'amir@clinic.example' where address = 'beth@clinic.example'`);
    const { plan } = await northwind.apply(requesting('amir@clinic.example', 'T-7', '  approved: true\n'), ILSE);
    expect(plan.resets.find((r) => r.requestId === 'T-7')).toMatchObject({ outcome: 'UserChanged' });
    expect([factors('amir.old@clinic.example'), factors('amir@clinic.example')]).toEqual([1, 1]);
  });

  test("is not settled by somebody else's request with its id", async () => {
    await northwind.apply(requesting('amir@clinic.example', 'T-8'));
    const before = contentOf(northwind.opened.raw);
    expect(await reset(CARLA, 'T-8', ILSE)).toMatchObject({ outcome: 'Refused', settled: true });
    expect(contentOf(northwind.opened.raw).replace(/"subject":"ilse[^}]*/, '')).toBe(before);
  });
});

test("an id that reads like somebody's address never stands for them", async () => {
  northwind.opened.raw.exec(`update users set external_id = '${CARLA}' where address = 'david@northwind.example'`);
  expect(await reset(CARLA, 'T-9')).toMatchObject({ outcome: 'Executed', userId: idOf(CARLA) });
  expect([factors(CARLA), factors('david@northwind.example')]).toEqual([0, 1]);
});
