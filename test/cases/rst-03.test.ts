// RST-03: restored from a backup older than the reset. Elsewhere the old factor was alive again, and the record of the reset was
// gone with the rest. Here the store is found to be older than what is known outside of it: nothing is written until somebody
// acknowledges that, the reset is named, and done again by its own time.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { renderAuditList } from '../../src/core/audit/render.ts';
import { plainStyle } from '../../src/core/layout/style.ts';
import { acknowledgeFlow, auditListFlow, auditVerifyFlow } from '../../src/flows/operating/audit.ts';
import { doctorFlow } from '../../src/flows/operating/doctor.ts';
import { openingNotice } from '../../src/flows/operating/notice.ts';
import { redoFlow } from '../../src/flows/operating/redo.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import type { OperatedWorld } from '../../src/flows/world.ts';
import { documentsOf, examplePolicies, Northwind } from '../flows/northwind.ts';
import { backupOf, operated } from '../flows/operated.ts';

const CARLA = 'carla@northwind.example';
const ACCOUNT = 'northwind';
const at = (hour: number, minute = 0) => Date.UTC(2026, 10, 25, hour, minute);

let northwind: Northwind;
let restored: Awaited<ReturnType<ReturnType<typeof backupOf>['restore']>>;
/** The declared request: it expires at 12:00. */
const declared = () => {
  const text = (examplePolicies()['policies/resets/sven.yaml'] ?? '').replace('NW-4720', 'r-7').replace('sven@northwind.example', CARLA);
  return { ...examplePolicies(), 'policies/resets/sven.yaml': text.replace(/expiresAt: .*/, 'expiresAt: 2026-11-25T12:00:00Z') };
};

beforeEach(async () => {
  northwind = await Northwind.open();
  northwind.now = at(10);
  const world = operated(northwind);
  await applyFlow(world, { documents: documentsOf({ ...examplePolicies(), 'policies/resets/sven.yaml': '' }), channel: 'file', names: 5 });
  const backup = backupOf(northwind);
  northwind.now = at(11);
  const { plan } = await applyFlow(world, { documents: documentsOf(declared()), channel: 'file', names: 5 });
  expect(plan.resets).toMatchObject([{ requestId: 'r-7', outcome: 'Executed' }]);
  restored = await backup.restore();
  northwind.now = at(13);
});
afterEach(async () => {
  await restored.close();
  await northwind.close();
});

const enrolledAt = async (world: OperatedWorld) => {
  const person = await world.store.read((reader) => reader.person(ACCOUNT, CARLA));
  return { id: person?.id ?? 0, kinds: person?.memberships.map((m) => m.kinds) };
};
const apply = (world: OperatedWorld) => applyFlow(world, { documents: documentsOf(declared()), channel: 'file', names: 5 });
const reset = (world: OperatedWorld) => resetFlow(world, { account: ACCOUNT, user: CARLA, requestId: 'r-8', reason: 'again' });

it('doctor ends with a fault and names the reset; readers are told; nothing is written', async () => {
  const world = restored.of();
  expect((await enrolledAt(world)).kinds).toEqual([1]);
  const checks = await doctorFlow(world);
  const faults = checks.filter((c) => c.outcome === 'fault');
  expect(faults.map((c) => c.name)).toEqual(['heads', 'resets']);
  expect(faults[1]?.details.join()).toContain('r-7');
  expect(await openingNotice(world)).toContain('northwind (entry 8 of 9)');
  for (const act of [apply, reset, (w: OperatedWorld) => redoFlow(w, { account: ACCOUNT, requestId: 'r-7' })]) {
    await expect(act(world)).rejects.toMatchObject({ code: 'store/restored', message: expect.stringContaining('nothing was changed') });
  }
  expect((await auditVerifyFlow(world))[0]?.broken).toMatchObject({ seq: 9, what: 'truncated' });
});

it('acknowledged and confirmed, past its end: the old factor goes, the one enrolled since the restore stays', async () => {
  const world = restored.of();
  expect(await acknowledgeFlow(world, 'disk failed')).toMatchObject([{ account: ACCOUNT, known: { seq: 9 }, head: { seq: 9 } }]);
  northwind.now = at(13, 10);
  const { id } = await enrolledAt(world);
  const factor = { userId: id, kind: 'passkey', label: 'new phone', secret: Buffer.alloc(32, 1), enrolledAt: northwind.now } as const;
  await world.store.write(northwind.now, (transaction) => transaction.enroll([factor]));
  northwind.now = at(13, 20);
  // By its document alone it is only past its end.
  expect((await apply(world)).plan.resets).toMatchObject([{ requestId: 'r-7', outcome: 'Expired' }]);
  expect((await doctorFlow(world)).find((c) => c.name === 'resets')?.outcome).toBe('fault');
  expect(await redoFlow(world, { account: ACCOUNT, requestId: 'r-7', reason: 'stolen phone' })).toMatchObject({
    outcome: 'Executed',
    userId: id,
    reason: 'done again after a restore, first executed 2026-11-25T11:00:00Z',
  });
  // The list says that it was done again, and why; so does the row, which verify holds to it.
  const { entries, count } = await auditListFlow(world, { act: 'reset', limit: 1 });
  const lines = [...renderAuditList(entries, count, { width: 200, style: plainStyle })].join(' ');
  expect(lines).toContain('Executed · done again, first executed 2026-11-25T11:00:00Z · stolen phone; the store was restored');
  expect((await enrolledAt(world)).kinds).toEqual([2]);
  expect((await doctorFlow(world)).filter((c) => c.outcome === 'fault')).toEqual([]);
  expect((await auditVerifyFlow(world))[0]?.broken).toBeNull();
  await expect(redoFlow(world, { account: ACCOUNT, requestId: 'r-7' })).rejects.toMatchObject({ code: 'store/not-forgotten' });
  // And the request itself is settled: by its document nothing more happens.
  expect((await apply(world)).plan.resets).toMatchObject([{ requestId: 'r-7', outcome: 'Executed', settled: true }]);
});

it('is an administrator’s to acknowledge, and a reset done again keeps to who may reset whom', async () => {
  for (const user of [CARLA, 'tara@northwind.example', 'nobody@northwind.example']) {
    await expect(acknowledgeFlow(restored.of(user), 'mine')).rejects.toMatchObject({ code: 'rights/denied' });
  }
  await acknowledgeFlow(restored.of(), 'disk failed');
  await expect(redoFlow(restored.of(CARLA), { account: ACCOUNT, requestId: 'r-7' })).rejects.toMatchObject({ code: 'rights/denied' });
  expect((await enrolledAt(restored.of())).kinds).toEqual([1]);
});

it('somebody who joined since has an id used again, and is not touched', async () => {
  const world = restored.of();
  await acknowledgeFlow(world, 'disk failed');
  const { id } = await enrolledAt(world);
  await world.unwitnessed.write(northwind.now, async () => undefined);
  const later = {
    ...world.witness,
    read: async () => ({
      ...(await world.witness.read()),
      resets: [{ account: ACCOUNT, requestId: 'r-9', userId: id, requestedAt: 1, executedAt: 2 }],
    }),
  };
  expect(await redoFlow({ ...world, witness: later }, { account: ACCOUNT, requestId: 'r-9' })).toMatchObject({
    outcome: 'NoSuchUser',
    reason: 'nobody with that id joined before; nothing to remove',
  });
  expect((await enrolledAt(world)).kinds).toEqual([1]);
  expect((await auditVerifyFlow(world))[0]?.broken).toBeNull();
});

it('acknowledging where nothing fell back changes nothing', async () => {
  expect(await acknowledgeFlow(operated(northwind), 'just so')).toEqual([]);
});
