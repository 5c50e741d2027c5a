import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteToPostgres } from '../../../src/adapters/store/copy/copy.ts';
import type { CopyStep } from '../../../src/core/ports/store-copier.ts';
import { auditVerifyFlow } from '../../../src/flows/operating/audit.ts';
import { copyFlow } from '../../../src/flows/operating/copy.ts';
import { doctorFlow } from '../../../src/flows/operating/doctor.ts';
import { witnessedStore } from '../../../src/flows/operating/witnessed-store.ts';
import { applyFlow } from '../../../src/flows/reconcile/apply.ts';
import { planFlow } from '../../../src/flows/reconcile/plan.ts';
import { statusFlow } from '../../../src/flows/reporting/status.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { fullWorld } from '../../adapters/store/copy/full-world.ts';
import { openAt } from '../../adapters/store/opened.ts';
import { newDatabase } from '../../servers/postgresql-database.ts';
import { documentsOf, edited, examplePolicies, type Northwind } from '../northwind.ts';
import { operated } from '../operated.ts';

let northwind: Northwind;
let target: Awaited<ReturnType<typeof newDatabase>>;
beforeEach(async () => {
  [northwind, target] = [await fullWorld(), await newDatabase()];
});
afterEach(async () => {
  await northwind.close();
  await target.drop();
});

const copier = () => sqliteToPostgres({ path: northwind.opened.path, server: target.server });

/** The same world over what was copied: other keys of the configuration stay as they are. */
async function over(source: OperatedWorld): Promise<OperatedWorld> {
  const store = await openAt({ server: target.server });
  return { ...source, store: witnessedStore(store, source.witness), unwitnessed: store };
}

test('what was copied is the same store: audit verify, doctor, status and the next plan say so', async () => {
  // By hand alone: the next plan would put it right.
  northwind.opened.raw.exec('delete from trusts');
  const source = operated(northwind);
  const steps: CopyStep[] = [];
  const copied = await copyFlow(source, copier(), (step) => steps.push(step));
  expect(copied.entries).toBe(copied.heads[0]?.seq);
  expect(steps.filter((step) => step.table === 'users')).toEqual([{ doing: 'copying', table: 'users', done: 62, total: 62 }]);
  const arrived = await over(source);
  try {
    const question = { names: null } as const;
    expect(await statusFlow(arrived, question)).toEqual(await statusFlow(source, question));
    expect(await auditVerifyFlow(arrived)).toEqual(await auditVerifyFlow(source));
    expect(await auditVerifyFlow(arrived)).toMatchObject([{ broken: null, entries: copied.entries }]);
    const documents = documentsOf(examplePolicies());
    const plan = await planFlow(arrived, { documents, channel: 'file', names: 5 });
    expect(plan).toEqual(await planFlow(source, { documents, channel: 'file', names: 5 }));
    expect(plan.scopes).toEqual([]);
    // Every factor opens with the same keys.
    const ids = Array.from({ length: 62 }, (_, index) => index + 1);
    expect(await arrived.store.read((reader) => reader.unreadableFactors(ids))).toEqual(
      await source.store.read((reader) => reader.unreadableFactors(ids)),
    );
    const checks = async (world: OperatedWorld) => (await doctorFlow(world)).map((check) => ({ ...check, message: '' }));
    expect(await checks(arrived)).toEqual(await checks(source));
  } finally {
    await arrived.store.close();
  }
});

test('whichever of the two is written to first, the other is refused from then on: they never part unseen', async () => {
  const source = operated(northwind);
  await copyFlow(source, copier(), () => undefined);
  const arrived = await over(source);
  try {
    const shorter = documentsOf(edited(examplePolicies(), 'policies/account.yaml', '  gracePeriod: 30d', '  gracePeriod: 29d'));
    expect(await applyFlow(arrived, { documents: shorter, channel: 'file', names: 5 })).toMatchObject({ written: true });
    await expect(applyFlow(source, { documents: shorter, channel: 'file', names: 5 })).rejects.toMatchObject({ code: 'store/restored' });
  } finally {
    await arrived.store.close();
  }
});

test('a source whose audit log does not verify is not copied', async () => {
  const source = operated(northwind);
  northwind.opened.raw.exec("update audit set body = replace(body, 'policy.create', 'policy.delete') where act = 'policy.create'");
  await expect(copyFlow(source, copier(), () => undefined)).rejects.toMatchObject({
    code: 'store/audit-broken',
    message: expect.stringContaining('nothing was copied'),
  });
  await expect(openAt({ server: target.server }, { access: 'read' })).rejects.toMatchObject({ code: 'store/missing' });
});
