import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { doctorFlow } from '../../../src/flows/operating/doctor.ts';
import { redoFlow } from '../../../src/flows/operating/redo.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { contentOf } from '../../adapters/store/opened.ts';
import { examplePolicies, Northwind } from '../northwind.ts';
import { operated } from '../operated.ts';

const CARLA = 'carla@northwind.example';
let northwind: Northwind;
let world: OperatedWorld;
beforeEach(async () => {
  northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
  world = operated(northwind);
});
afterEach(() => northwind.close());

const sql = (text: string) => northwind.opened.raw.exec(text);
const number = (text: string) => Number(northwind.opened.raw.prepare(text).pluck().get());
const OF_CARLA = `(select id from users where address = '${CARLA}')`;
const factors = () => number(`select count(*) from factors where user_id = ${OF_CARLA}`);
const reset = (requestId: string) => resetFlow(world, { account: 'northwind', user: CARLA, requestId, reason: 'stolen phone' });
const redo = (requestId: string) => redoFlow(world, { account: 'northwind', requestId });
const wrong = async (as = world) => {
  const before = contentOf(northwind.opened.raw);
  const checks = await doctorFlow(as);
  expect(contentOf(northwind.opened.raw)).toBe(before);
  return checks.filter((check) => check.outcome !== 'ok');
};

/** Resets Carla, and puts the rows that went back, with the kinds beside them. */
async function putBack(requestId: string): Promise<void> {
  const kinds = number(`select kinds from users where id = ${OF_CARLA}`);
  sql(`create temp table kept as select * from factors where user_id = ${OF_CARLA}`);
  await reset(requestId);
  expect(factors()).toBe(0);
  sql(`insert into factors select * from kept; drop table kept;
    update users set kinds = ${kinds} where id = ${OF_CARLA}; update memberships set kinds = ${kinds} where user_id = ${OF_CARLA}`);
}

describe('a factor that an executed reset had removed, put back into the file', () => {
  test('is named by its request; done again, it goes for good, and what was enrolled since stays', async () => {
    await putBack('R-1');
    const had = factors();
    northwind.now += 1000;
    await world.store.write(northwind.now, (t) =>
      t.enroll([
        {
          userId: number(`select id from users where address = '${CARLA}'`),
          kind: 'totp',
          label: 'new',
          secret: Buffer.alloc(20, 1),
          enrolledAt: northwind.now,
        },
      ]),
    );
    expect(await wrong()).toMatchObject([
      { name: 'resets', outcome: 'fault', details: [expect.stringMatching(/^R-1 of northwind, user \d+, .*put back$/)] },
    ]);
    expect(await redo('R-1')).toMatchObject({ outcome: 'Executed', reason: expect.stringContaining('its factors were put back') });
    expect(factors()).toBe(1);
    expect(number("select factors_removed from resets where request_id = 'R-1'")).toBe(2 * had);
    const body = northwind.opened.raw
      .prepare("select body from audit where act = 'reset.executed' order by seq desc limit 1")
      .pluck()
      .get();
    expect(body).toContain('"redone":true');
    expect(await wrong()).toEqual([]);
    await expect(redo('R-1')).rejects.toMatchObject({ code: 'store/not-forgotten' });
  });

  test('a recovery code alone is enough', async () => {
    await reset('R-1');
    sql(`insert into recovery_codes select ${OF_CARLA}, 'x', ${northwind.now - 1}, null`);
    expect(await wrong()).toMatchObject([{ name: 'resets', outcome: 'fault' }]);
    await redo('R-1');
    expect(number('select count(*) from recovery_codes')).toBe(0);
    expect(await wrong()).toEqual([]);
  });

  test('one that was enrolled at the moment of the request or later is nobody who came back', async () => {
    await reset('R-1');
    await world.store.write(northwind.now, (t) =>
      t.enroll([
        {
          userId: number(`select id from users where address = '${CARLA}'`),
          kind: 'totp',
          label: 'new',
          secret: Buffer.alloc(20, 1),
          enrolledAt: northwind.now,
        },
      ]),
    );
    expect(await wrong()).toEqual([]);
    await expect(redo('R-1')).rejects.toMatchObject({ code: 'store/not-forgotten' });
  });
});

describe('kinds that were written beside the factors', () => {
  const SVEN = "(select id from users where address = 'sven@northwind.example')";
  test.each([
    ['beside a membership alone', `update memberships set kinds = 1 where user_id = ${SVEN}`, 'totp is said, no factor is there'],
    ['beside the person', `update users set kinds = 3 where id = ${SVEN}`, 'totp and passkey is said, no factor is there'],
    ['as unknown', `update users set kinds = null where id = ${SVEN}`, 'nothing known is said, no factor is there'],
    ['where the factors were deleted', `delete from factors where user_id = ${OF_CARLA}`, 'is said, no factor is there'],
  ])('%s: the person is named, and a reset counts anew', async (_, statement, told) => {
    sql(statement);
    const [check, ...more] = await wrong();
    expect(more).toEqual([]);
    expect(check).toMatchObject({ name: 'enrolled', outcome: 'fault', message: expect.stringMatching(/^1 person is/) });
    expect(check?.details).toEqual([expect.stringContaining(told)]);
    const user = check?.details[0]?.split(' of ')[0] ?? '';
    await resetFlow(world, { account: 'northwind', user, requestId: 'R-2', reason: 'counted anew' });
    expect(await wrong()).toEqual([]);
  });

  test('where another enforcer tells who is enrolled, nobody can compare', async () => {
    sql(`update accounts set enforcer = 'none'; update memberships set kinds = 1 where user_id = ${SVEN}`);
    expect((await wrong()).filter((check) => check.name === 'enrolled')).toEqual([]);
  });
});

describe('administrators who cannot sign in', () => {
  const rights = async () =>
    (await doctorFlow(world)).filter((check) => check.name === 'rights').map(({ outcome, message }) => ({ outcome, message }));
  const ADMINISTRATORS = '(select user_id from memberships where role = 0 and ended_at is null)';

  test('since none of their factors opens, are not counted; where nobody is left, it is a fault', async () => {
    const all = Number(/(\d+) administrators can sign in/.exec((await rights())[0]?.message ?? '')?.[1]);
    const enrolled = number(`select count(*) from users where kinds <> 0 and id in ${ADMINISTRATORS}`);
    expect(enrolled).toBeGreaterThan(1);
    // Whoever has nothing enrolled may still enroll.
    const left = all - enrolled;
    sql("update factors set key_id = 'k9'");
    expect((await rights())[0]?.message).toContain(`${left === 1 ? '1 administrator' : `${left} administrators`} of ${all} can sign in`);
    sql(`update users set enabled = 0 where kinds = 0 and id in ${ADMINISTRATORS};
      update memberships set active = 0 where user_id in (select id from users where enabled = 0)`);
    expect(await rights()).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'fault', message: `no administrator of northwind can sign in: of the ${enrolled} who are enrolled, no factor opens` },
    ]);
  });

  test('one factor that opens is enough, and where nobody is asked for one none is needed', async () => {
    const before = await rights();
    sql(`insert into factors (user_id, kind, label, enrolled_at, key_id, sealed)
      select user_id, kind, 'of another key', 1, 'k9', x'00' from factors where user_id in ${ADMINISTRATORS}`);
    expect(await rights()).toEqual(before);
    sql("update terms set require_mfa = 0; update factors set key_id = 'k9'");
    expect(await rights()).toEqual(before);
  });
});
