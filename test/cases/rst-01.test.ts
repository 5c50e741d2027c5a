// RST-01: a finished reset is deleted and comes back. Elsewhere the manifest created it a second time, and it was run a second
// time. Here the request's id is the key: however often it comes back, and whatever it is called then, it is settled as it was.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import type { OperatedWorld } from '../../src/flows/world.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { DAY, documentsOf, edited, examplePolicies, Northwind, type Policies, without } from '../flows/northwind.ts';
import { operated } from '../flows/operated.ts';

const SVEN = 'sven@northwind.example';
const FILE = 'policies/resets/sven.yaml';

let northwind: Northwind;
let world: OperatedWorld;
beforeEach(async () => {
  northwind = await Northwind.open();
  world = operated(northwind);
});
afterEach(() => northwind.close());

const apply = async (policies: Policies) =>
  (await applyFlow(world, { documents: documentsOf(policies), channel: 'file', names: 5 })).plan.resets;
const count = (sql: string) => Number(northwind.opened.raw.prepare(`select count(*) ${sql}`).pluck().get());

it('removed and created again five times, renamed too: executed once, with its first time; factors enrolled since stay', async () => {
  const policies = examplePolicies();
  expect(await apply(policies)).toMatchObject([{ requestId: 'NW-4720', outcome: 'Executed', settled: false }]);
  const person = await world.store.read((reader) => reader.person('northwind', SVEN));
  const factor = {
    userId: person?.id ?? 0,
    kind: 'totp',
    label: 'new phone',
    secret: Buffer.alloc(20, 1),
    enrolledAt: northwind.now + 1,
  } as const;
  await world.store.write(northwind.now, (transaction) => transaction.enroll([factor]));
  const [known] = await world.store.read((reader) => reader.knownResets([{ account: 'northwind', requestId: 'NW-4720' }]));
  const [content, told] = [contentOf(northwind.opened.raw), await world.witness.read()];
  for (let i = 0; i < 5; i++) {
    northwind.now += DAY;
    expect(await apply(without(policies, FILE))).toEqual([]);
    const again = edited(policies, FILE, 'name: sven-lost-phone', `name: came-back-${i}`);
    expect(await apply(again)).toMatchObject([{ requestId: 'NW-4720', outcome: 'Executed', settled: true }]);
  }
  // Not a row is written, and nothing more is told outside: the first completion stands.
  expect(contentOf(northwind.opened.raw)).toBe(content);
  expect(await world.witness.read()).toEqual(told);
  expect(await world.store.read((reader) => reader.knownResets([{ account: 'northwind', requestId: 'NW-4720' }]))).toEqual([known]);
  expect(count(`from factors where user_id = ${person?.id}`)).toBe(1);
  expect(count("from audit where act like 'reset.%'")).toBe(1);
  expect(told.resets).toMatchObject([{ requestId: 'NW-4720', executedAt: known?.executedAt }]);
});
