import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { actorIn } from '../../../src/flows/authorize.ts';
import { openingNotice } from '../../../src/flows/operating/notice.ts';
import { witnessedStore } from '../../../src/flows/operating/witnessed-store.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { contentOf } from '../../adapters/store/opened.ts';
import { Northwind } from '../northwind.ts';
import { operated } from '../operated.ts';

let northwind: Northwind;
let world: OperatedWorld;
beforeEach(async () => {
  northwind = await Northwind.open();
  world = operated(northwind);
});
afterEach(() => northwind.close());

const reset = (requestId: string, as = world) =>
  resetFlow(as, { account: 'northwind', user: 'carla@northwind.example', requestId, reason: 'lost phone' });
const seq = () => Number(northwind.opened.raw.prepare('select max(seq) from audit').pluck().get());

test('every act is told with its head and its resets, and nothing that did not happen', async () => {
  await reset('R-1');
  expect(await world.witness.read()).toMatchObject({ heads: [{ account: 'northwind', seq: seq() }], resets: [{ requestId: 'R-1' }] });
  const before = await world.witness.read();
  await expect(
    world.store.write(northwind.now, async (t) => {
      await t.audit([
        { account: 'northwind', at: northwind.now, actor: await actorIn(world, t, 'northwind'), act: 'x.y', target: 'x', detail: null },
      ]);
      throw new RangeError('no');
    }),
  ).rejects.toThrow('no');
  expect(await world.witness.read()).toEqual(before);
});

test('a crash between commit and telling: the next write tells everything, and is not refused', async () => {
  await reset('R-1');
  const crashing = { ...world.witness, append: () => Promise.reject(new RangeError('killed')) };
  await expect(reset('R-2', { ...world, store: witnessedStore(world.unwitnessed, crashing) })).rejects.toThrow('killed');
  expect((await world.witness.read()).resets).toHaveLength(1);
  expect(await openingNotice(world)).toBeNull();
  await world.store.write(northwind.now, async () => undefined);
  expect(await world.witness.read()).toMatchObject({ heads: [{ seq: seq() }], resets: [{ requestId: 'R-1' }, { requestId: 'R-2' }] });
});

test('a store that wrote without its witness is told from where it stood', async () => {
  await reset('R-1', northwind.world() as OperatedWorld);
  await world.store.write(northwind.now, async () => undefined);
  expect(await world.witness.read()).toMatchObject({ heads: [{ seq: seq() }], resets: [{ requestId: 'R-1' }] });
});

test('where nothing can be told, nothing is changed; reading goes on, and says so', async () => {
  const path = join(dirname(northwind.opened.path), 'outside', 'heads.jsonl');
  rmSync(path);
  mkdirSync(path);
  const before = contentOf(northwind.opened.raw);
  await expect(reset('R-1')).rejects.toMatchObject({ code: 'witness/unwritable' });
  expect(contentOf(northwind.opened.raw)).toBe(before);
  expect(await openingNotice(world)).toMatch(/^witness\/unreadable/);
  rmSync(path, { recursive: true });
});

test('an empty store in the place of the old one is one that was cut short', async () => {
  await reset('R-1');
  northwind.opened.raw.pragma('foreign_keys = OFF');
  northwind.opened.raw.exec('delete from audit_words; delete from audit; delete from accounts');
  await expect(world.store.write(northwind.now, async () => 'went on')).rejects.toMatchObject({
    code: 'store/restored',
    data: [{ account: 'northwind', store: 0, forked: false }],
  });
});
