import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import { whoHolds } from '../../../src/flows/sign-in/session.ts';
import { sweepSignIns } from '../../../src/flows/sign-in/sweep.ts';
import { changesOf } from '../../contract/store-world.ts';
import { examplePolicies, resetRequest } from '../northwind.ts';
import { ACCOUNT, Portal } from './portal.ts';

const ADA = 'ada@northwind.example';
const SVEN = 'sven@northwind.example';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  portal.northwind.opened.raw.exec('delete from notices');
});
afterEach(() => portal.close());

const rows = (table: string) => portal.northwind.opened.raw.prepare(`select count(*) from ${table}`).pluck().get();
const told = (about: string) =>
  portal.northwind.opened.raw.prepare('select address from notices where about = ? order by address').pluck().all(about);

async function stopAtCode(): Promise<void> {
  const entered = await portal.password(ADA);
  if (entered.outcome !== 'in') throw new Error(JSON.stringify(entered));
}

describe('sweeping', () => {
  test('tells whoever stopped at the second factor, when the half-done sign-in is over', async () => {
    await portal.enrolled(ADA);
    await stopAtCode();
    portal.later(14 * MINUTE);
    expect(await sweepSignIns(portal.world)).toBe(0);
    expect(rows('attempts')).toBe(1);
    portal.later(MINUTE);
    expect(await sweepSignIns(portal.world)).toBe(1);
    expect([rows('attempts'), told('stopped-at-second-factor')]).toEqual([0, [ADA]]);
    expect(await sweepSignIns(portal.world)).toBe(0);
  });

  test('once a day at most, however often somebody tries', async () => {
    await portal.enrolled(ADA);
    let count = 0;
    for (let hour = 0; hour < 49; hour += 1) {
      if (hour % 2 === 0) await stopAtCode();
      portal.later(HOUR);
      count += await sweepSignIns(portal.world);
    }
    expect(count).toBe(3);
  });

  test('nobody who got in, nor who has no second factor', async () => {
    await portal.northwind.apply(examplePolicies());
    portal.northwind.opened.raw.exec('delete from notices');
    await portal.enrolled(ADA);
    const entered = await portal.password(ADA);
    if (entered.outcome !== 'in') throw new Error(JSON.stringify(entered));
    expect(await portal.code(entered.token, portal.codeOf(ADA))).toMatchObject({ outcome: 'in' });
    await portal.welcome('ben@northwind.example');
    portal.later(HOUR);
    expect(await sweepSignIns(portal.world)).toBe(0);
    expect(told('stopped-at-second-factor')).toEqual([]);
  });

  test('ends no session that stands, and deletes those that do not', async () => {
    const { token } = await portal.enrolled(ADA);
    portal.later(20 * MINUTE);
    await sweepSignIns(portal.world);
    expect(await whoHolds(portal.world, token)).toMatchObject({ is: 'session' });
    portal.later(30 * MINUTE);
    await sweepSignIns(portal.world);
    expect([await whoHolds(portal.world, token), rows('sessions')]).toEqual([{ is: 'nobody' }, 0]);
  });

  test('forgets no count that still holds somebody back', async () => {
    await portal.password(ADA, 'wrong');
    portal.later(DAY - 1);
    await sweepSignIns(portal.world);
    expect(rows('failures')).not.toBe(0);
    portal.later(1);
    await sweepSignIns(portal.world);
    expect(rows('failures')).toBe(0);
  });
});

describe('a reset that is executed', () => {
  const reset = () => resetFlow(portal.northwind.world(), { account: ACCOUNT, user: SVEN, requestId: 'T-1', reason: 'lost phone' });

  test('by hand: its person is told, once, however often it is asked for', async () => {
    for (let time = 0; time < 3; time += 1) await reset();
    expect(told('reset')).toEqual([SVEN]);
  });

  test('by a document: the same', async () => {
    const policies = { ...examplePolicies(), ...resetRequest(examplePolicies(), 'elena@northwind.example', 'NW-9001') };
    await portal.northwind.apply(policies);
    await portal.northwind.apply(policies);
    expect(told('reset')).toEqual(['elena@northwind.example', SVEN]);
  });

  test('also where they were known before: an address that was changed first tells nobody else', async () => {
    const id = await portal.idOf(SVEN);
    const changes = changesOf({ updated: [{ id, attributes: { address: 'sven2@northwind.example' } }] });
    await portal.world.store.write(portal.northwind.now, (t) =>
      t.importDirectory({ ...changes, account: ACCOUNT }, { name: 'portal', enrollment: 'store' }, new Map()),
    );
    await resetFlow(portal.northwind.world(), {
      account: ACCOUNT,
      user: 'sven2@northwind.example',
      requestId: 'T-2',
      reason: 'lost phone',
    });
    expect(told('reset')).toEqual(['sven2@northwind.example', SVEN]);
  });

  test('one that is refused tells nobody', async () => {
    const request = { account: ACCOUNT, user: 'admin.dana@northwind.example', requestId: 'T-3', reason: 'mine' };
    expect(await resetFlow(portal.northwind.world(), request)).toMatchObject({ outcome: 'Refused' });
    expect(told('reset')).toEqual([]);
  });
});
