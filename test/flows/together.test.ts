import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyChain } from '../../src/core/audit/verify.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { importFlow } from '../../src/flows/reconcile/import.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import type { World } from '../../src/flows/world.ts';
import { ENGINE } from '../adapters/store/opened.ts';
import { documentsOf, examplePolicies, Northwind } from './northwind.ts';

/**
 * Several processes on one store, as they are on PostgreSQL: each a store of its own over the same database, all at once. On SQLite
 * a writer who waits holds its whole process up, so there they are processes: `test/security/17-compare-and-set.test.ts`.
 */
const PROCESSES = 4;

let northwind: Northwind;
let stores: Store[] = [];
beforeEach(async () => {
  northwind = await Northwind.open();
  stores = await Promise.all(Array.from({ length: PROCESSES }, () => northwind.opened.again()));
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await northwind.close();
});

const value = (sql: string) => northwind.opened.raw.prepare(sql).pluck().get();
/** The world over one of the processes' stores. */
const worldOf = (index: number, user?: string): World => ({ ...northwind.world(user), store: stores[index % PROCESSES] as Store });

async function chainHolds(): Promise<void> {
  const finding = await northwind.opened.store.read((reader) => verifyChain('northwind', reader.auditEntries('northwind'), null));
  expect(finding.broken).toBeNull();
}

test.runIf(ENGINE === 'postgresql')(
  'applying, resetting, importing and enrolling at once: nothing is done twice or half, and the audit log is one whole chain',
  async () => {
    const policies = examplePolicies();
    const documents = documentsOf(policies);
    const { now } = northwind;
    const applying = (index: number) => applyFlow(worldOf(index), { documents, channel: 'file', names: 5 });
    const resetting = (index: number) =>
      resetFlow(worldOf(index), { account: 'northwind', user: 'nils@northwind.example', requestId: 'T-1', reason: 'lost phone' });
    const rows = [
      { externalId: 'x1', scope: 'northwind/bakery', role: 'Editor', address: 'x1@bakery.example', place: 'people.csv:2' },
    ] as const;
    const importing = (index: number) =>
      importFlow(worldOf(index), {
        read: { account: 'northwind', origin: 'demo', rows, wholeScopes: [], faults: [] },
        enforcer: 'portal',
        adopt: new Set(),
        overrides: [],
      });
    const open = northwind.opened.raw
      .prepare('select id from users where kinds = 0 and enabled = 1 order by id limit 12')
      .pluck()
      .all() as number[];
    const enrolling = (index: number) => {
      const factor = { userId: open[index] ?? 0, kind: 'totp', label: 'phone', secret: Buffer.alloc(20, index), enrolledAt: now } as const;
      return worldOf(index).store.write(now, (transaction) => transaction.enroll([factor]));
    };
    const epoch = Number(value("select epoch from users where address_key = 'nils@northwind.example'"));
    const twelve = Array.from({ length: 12 }, (_, index) => index);
    const [applied, resets, imported] = await Promise.all([
      Promise.all(twelve.map(applying)),
      Promise.all(twelve.map(resetting)),
      Promise.all(twelve.map(importing)),
      Promise.all(twelve.map(enrolling)),
    ]);
    expect(applied.filter(({ written }) => written)).toHaveLength(1);
    expect(resets.map(({ outcome, settled }) => `${outcome} ${settled}`).toSorted()).toEqual([
      'Executed false',
      ...Array.from({ length: 11 }, () => 'Executed true'),
    ]);
    expect(imported.filter(({ written }) => written)).toHaveLength(1);
    expect(value("select epoch from users where address_key = 'nils@northwind.example'")).toBe(epoch + 1);
    expect(value("select count(*) from users where external_id = 'x1'")).toBe(1);
    expect(value('select max(version) from documents')).toBe(1);
    for (const id of open) expect(value(`select kinds from users where id = ${id}`)).toBe(1);
    expect((await northwind.opened.store.read((reader) => reader.misfits(['portal'], 5))).count).toBe(0);
    await chainHolds();
  },
);

test.runIf(ENGINE === 'postgresql')(
  'five hundred writers at once over four processes: one after another, and none is turned away',
  async () => {
    const { now } = northwind;
    const before = Number(value('select max(seq) from audit'));
    const actor = {
      channel: 'cli',
      subject: 'many',
      account: 'northwind',
      userId: null,
      role: null,
      bound: false,
      bootstrap: false,
    } as const;
    const record = { account: 'northwind', at: now, actor, act: 'policy.update', target: 'northwind', detail: null };
    await Promise.all(
      Array.from({ length: 500 }, (_, index) => worldOf(index).store.write(now, (transaction) => transaction.audit([record]))),
    );
    expect(value('select max(seq) from audit')).toBe(before + 500);
    await chainHolds();
  },
);
