import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acknowledgeFlow, auditVerifyFlow } from '../../../src/flows/operating/audit.ts';
import { doctorFlow } from '../../../src/flows/operating/doctor.ts';
import { openingNotice } from '../../../src/flows/operating/notice.ts';
import { witnessedStore } from '../../../src/flows/operating/witnessed-store.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { contentOf } from '../../adapters/store/opened.ts';
import { importWorld } from '../../contract/store-world.ts';
import { Northwind } from '../northwind.ts';
import { operated } from '../operated.ts';

let northwind: Northwind;
let world: OperatedWorld;
beforeEach(async () => {
  northwind = await Northwind.open();
  world = operated(northwind);
});
afterEach(() => northwind.close());

const reset = (requestId: string) =>
  resetFlow(world, { account: 'northwind', user: 'carla@northwind.example', requestId, reason: 'lost phone' });
const headsOf = async () => (await doctorFlow(world)).find((check) => check.name === 'heads');

/** What may have happened to the file, and what then stands in it; null: it is gone. */
const DAMAGES: readonly (readonly [string, (text: string) => string | null])[] = [
  ['is missing', () => null],
  ['was emptied', () => ''],
  ['has a line feed alone', () => '\n'],
  ['is cut short within its only line', (text) => text.slice(0, 30)],
  ['is overwritten', (text) => '\u0000'.repeat(text.length)],
  ['is that of another store', (text) => text.replaceAll('northwind', 'contoso')],
];

describe.each(DAMAGES)('a store with entries, whose file of heads %s', (_, damage) => {
  beforeEach(() => {
    const text = damage(readFileSync(world.witness.place, 'utf8'));
    if (text === null) rmSync(world.witness.place);
    else writeFileSync(world.witness.place, text);
  });

  test('is never taken for a new one: doctor, verify and readers say so, and nothing is written, nor told', async () => {
    const before = contentOf(northwind.opened.raw);
    const told = await world.witness.read();
    // Of a file with another account's heads, that account is the one to have fallen back.
    const other = told.heads.length > 0;
    await expect(reset('R-1')).rejects.toMatchObject({ code: other ? 'store/restored' : 'witness/unreadable' });
    expect(await headsOf()).toMatchObject({ outcome: 'fault' });
    const findings = await auditVerifyFlow(world);
    expect(findings.find((finding) => finding.account === 'northwind')?.broken).toMatchObject({ what: 'unwitnessed', seq: 3 });
    expect(await openingNotice(world)).toMatch(other ? /^store\/restored/ : /^witness\/unreadable .*northwind \(entry 2\)/);
    expect(contentOf(northwind.opened.raw)).toBe(before);
    expect(await world.witness.read()).toEqual(told);
  });

  test('goes on once somebody has said that it is the one that holds; the audit log tells it', async () => {
    const acknowledged = await acknowledgeFlow(world, 'the disk of the heads failed');
    expect(acknowledged.find(({ account }) => account === 'northwind')).toMatchObject({ known: null, head: { seq: 3 } });
    expect(northwind.opened.raw.prepare('select act from audit where seq = 3').pluck().get()).toBe('store.acknowledge');
    await reset('R-1');
    expect(await headsOf()).toMatchObject({ outcome: expect.stringMatching(/ok|warning/) });
    expect((await auditVerifyFlow(world)).every((finding) => finding.broken === null)).toBe(true);
  });
});

test('somebody who is no Administrator does not acknowledge it', async () => {
  rmSync(world.witness.place);
  const carla = { ...operated(northwind, 'carla@northwind.example') };
  await expect(acknowledgeFlow(carla, 'x')).rejects.toMatchObject({ code: 'rights/denied' });
});

test('what a lost file knew of resets is told again from the store', async () => {
  await reset('R-1');
  rmSync(world.witness.place);
  await acknowledgeFlow(world, 'lost');
  expect((await world.witness.read()).resets).toMatchObject([{ requestId: 'R-1' }]);
});

describe('the first write of a new chain', () => {
  const fresh = async (work: (as: { store: OperatedWorld['store']; witness: OperatedWorld['witness'] }) => Promise<void>) => {
    northwind.opened.raw.pragma('foreign_keys = OFF');
    for (const table of ['audit_words', 'audit', 'memberships', 'factors', 'users', 'organizations', 'scopes', 'accounts']) {
      northwind.opened.raw.exec(`delete from ${table}`);
    }
    rmSync(world.witness.place);
    await work(world);
  };

  test('is announced before it is committed: killed before it is told, the next one tells it', async () => {
    await fresh(async ({ witness }) => {
      const killed = {
        ...witness,
        append: async (news: Parameters<typeof witness.append>[0]) => {
          if (news.heads.some((head) => head.seq > 0)) throw new RangeError('killed');
          await witness.append(news);
        },
      };
      await expect(importWorld(witnessedStore(world.unwitnessed, killed))).rejects.toThrow('killed');
      expect((await witness.read()).heads).toMatchObject([{ account: 'northwind', seq: 0 }]);
      expect(await openingNotice(world)).toBeNull();
      expect(await headsOf()).toMatchObject({ outcome: 'warning', message: expect.stringContaining('ahead') });
      await world.store.write(northwind.now, async () => undefined);
      expect((await witness.read()).heads).toMatchObject([{ account: 'northwind', seq: 1 }]);
    });
  });

  test('rolled back after it was announced, it begins anew', async () => {
    await fresh(async ({ store, witness }) => {
      await witness.append({ heads: [{ account: 'northwind', seq: 0, hash: '0'.repeat(64) }], resets: [] });
      await importWorld(store);
      expect((await witness.read()).heads).toMatchObject([{ account: 'northwind', seq: 1 }]);
    });
  });

  test('by another process, after this one has read what is known: is no unknown chain', async () => {
    await fresh(async ({ store, witness }) => {
      const early = await witness.read();
      await importWorld(store);
      let reads = 0;
      const late = { ...witness, read: async () => (reads++ === 0 ? early : witness.read()) };
      await expect(witnessedStore(world.unwitnessed, late).write(northwind.now, async () => 'went on')).resolves.toBe('went on');
    });
  });
});
