import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditListFlow, auditVerifyFlow } from '../../../src/flows/operating/audit.ts';
import { eraseFlow } from '../../../src/flows/operating/erase.ts';
import { applyFlow } from '../../../src/flows/reconcile/apply.ts';
import { importFlow } from '../../../src/flows/reconcile/import.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { contentOf, ENGINE } from '../../adapters/store/opened.ts';
import { documentsOf, edited, examplePolicies, Northwind, type Policies, without } from '../northwind.ts';
import { operated } from '../operated.ts';

const ACCOUNT = 'northwind';
const PLANTED = 'planted.person@northwind.example';
const NAME = 'Philippa Planted';
const EXEMPTION = 'policies/exemptions/field-work.yaml';
/** What must not be found anywhere afterwards. */
const TRACES = [/planted/i, /philippa/i, /PLANTED-77/];

let northwind: Northwind;
let world: OperatedWorld;
let policies: Policies;
const apply = (documents: Policies) => applyFlow(world, { documents: documentsOf(documents), channel: 'file', names: 5 });
const row = { scope: ACCOUNT, externalId: 'PLANTED-77', place: 'people.csv:2' } as const;
const importing = (rows: readonly object[], wholeScopes: readonly string[] = []) =>
  importFlow(world, {
    read: { account: ACCOUNT, origin: 'hr', rows: rows as never, wholeScopes, faults: [] },
    enforcer: 'portal',
    adopt: new Set(),
    overrides: [],
  });

/** Somebody who joined, was exempt, enrolled, asked for resets, was reset, was refused something, and is everywhere. */
beforeEach(async () => {
  northwind = await Northwind.open();
  world = operated(northwind);
  policies = examplePolicies();
  await importing([{ ...row, role: 'Administrator', address: PLANTED, name: NAME }]);
  const file = policies[EXEMPTION] ?? '';
  await apply({
    ...policies,
    'policies/exemptions/planted.yaml': file
      .replace('name: field-work', 'name: second')
      .replace('wade@northwind.example', PLANTED)
      .replace(/reason: .*/, `reason: ${NAME} is at a client`),
  });
  const [user] = await world.store.read((reader) => reader.findUsers([{ account: ACCOUNT, called: PLANTED }]));
  const userId = user?.id ?? 0;
  const factor = { userId, kind: 'totp', label: `phone of ${NAME}`, secret: Buffer.alloc(20, 1), enrolledAt: northwind.now } as const;
  await world.store.write(northwind.now, (transaction) => transaction.enroll([factor]));
  const own = operated(northwind, PLANTED);
  await resetFlow(own, { account: ACCOUNT, user: PLANTED, requestId: 'R-1', reason: 'my own' });
  await resetFlow(world, { account: ACCOUNT, user: PLANTED, requestId: 'R-2', reason: `${NAME} lost her phone` });
  await resetFlow(own, { account: ACCOUNT, user: 'carla@northwind.example', requestId: 'R-3', reason: 'asked by phone' });
  await apply(policies);
});
afterEach(() => northwind.close());

const erase = (user = PLANTED, as = world) => eraseFlow(as, { account: ACCOUNT, user, reason: 'request of 12 May' });
const leave = () =>
  northwind.opened.raw.exec(`update memberships set ended_at = ${northwind.now} where user_id = (select id from users where external_id = 'PLANTED-77');
  update users set address_key = null where external_id = 'PLANTED-77'`);
const files = () =>
  ['', '-wal', '-shm']
    .map((end) => northwind.opened.path + end)
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file).toString('latin1'))
    .join('\n');

test.skipIf(ENGINE !== 'sqlite')(
  'nothing is left of the name, the address or the id, in any table, in the file, its free pages or its log; the chain verifies',
  async () => {
    leave();
    for (const trace of TRACES) expect(files()).toMatch(trace);
    const { places, userId, scrubbed } = await erase();
    expect(scrubbed).toBe(true);
    expect(places).toBeGreaterThan(3);
    for (const trace of TRACES) {
      expect(contentOf(northwind.opened.raw)).not.toMatch(trace);
      expect(files()).not.toMatch(trace);
    }
    expect(await auditVerifyFlow(world)).toMatchObject([{ broken: null, erased: places }]);
    const { entries } = await auditListFlow(world, { act: 'person', limit: 5 });
    expect(entries).toMatchObject([{ act: 'person.erase', subject: 'admin.dana@northwind.example' }]);
    // What happened can still be told, by number.
    const about = await world.store.read((reader) => reader.auditList({ account: ACCOUNT, userId, limit: 20 }));
    expect(about.entries.map((e) => e.act)).toEqual(expect.arrayContaining(['reset.executed', 'reset.refused', 'person.erase']));
    // And nobody else lost anything.
    expect(await world.store.read((reader) => reader.findUsers([{ account: ACCOUNT, called: 'wade@northwind.example' }]))).toHaveLength(1);
    expect(contentOf(northwind.opened.raw)).toContain('asked by phone');
  },
);

test('an earlier address goes too, where only the id beside it tells whose it was', async () => {
  const before = policies[EXEMPTION] ?? '';
  await importing([{ ...row, role: 'Administrator', address: 'somebody.new@northwind.example', name: 'Somebody New' }]);
  // A word of the earlier name in an entry that tells of nobody by id: a reason, for somebody else.
  await apply(edited(policies, EXEMPTION, before.match(/reason: .*/)?.[0] ?? '', `reason: stands in for ${PLANTED}`));
  await apply(policies);
  leave();
  await eraseFlow(world, { account: ACCOUNT, user: 'somebody.new@northwind.example', reason: 'request of 12 May' });
  for (const trace of [...TRACES.slice(0, 1), /somebody\.new/i]) {
    expect(contentOf(northwind.opened.raw)).not.toMatch(trace);
    expect(files()).not.toMatch(trace);
  }
  expect(await auditVerifyFlow(world)).toMatchObject([{ broken: null }]);
  expect(contentOf(northwind.opened.raw)).toContain('wade@northwind.example');
});

test('what was done about somebody is listed under them, also an exemption for several', async () => {
  const about = await auditListFlow(world, { account: ACCOUNT, user: PLANTED, limit: 50 });
  expect(about.entries.map((e) => e.act)).toEqual(expect.arrayContaining(['exemption.create', 'reset.executed', 'reset.refused']));
  // The number of people that the demo seeded is nobody's id.
  const factors = await auditListFlow(world, { account: ACCOUNT, act: 'factor.seed', limit: 50 });
  const { people } = JSON.parse(factors.entries[0]?.body ?? '').detail as { people: number };
  const others = await world.store.read((reader) => reader.auditList({ account: ACCOUNT, userId: people, act: 'factor.seed', limit: 5 }));
  expect(others.entries).toEqual([]);
});

test('the next person with the same address or id is another one', async () => {
  leave();
  const { userId } = await erase();
  await importing([{ ...row, role: 'Editor', address: PLANTED, name: 'Somebody else' }]);
  const [found] = await world.store.read((reader) => reader.findUsers([{ account: ACCOUNT, called: PLANTED }]));
  expect(found?.id).toBeGreaterThan(userId);
  await expect(erase()).rejects.toMatchObject({ code: 'directory/still-member' });
});

describe('refused, and nothing is changed', () => {
  const refused = async (work: () => Promise<unknown>, code: string) => {
    const before = contentOf(northwind.opened.raw);
    await expect(work()).rejects.toMatchObject({ code });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  };

  test('as long as a membership has not ended', () => refused(() => erase(), 'directory/still-member'));
  test('for nobody', () => refused(() => erase('nobody@northwind.example'), 'store/unknown-user'));
  test.each([PLANTED.toUpperCase(), `request of ${PLANTED}`, `${NAME}, by phone`, 'her id is planted-77'])(
    'for a reason that names them: %s',
    async (reason) => {
      leave();
      await refused(() => eraseFlow(world, { account: ACCOUNT, user: PLANTED, reason }), 'usage/invalid');
    },
  );
  test('in an account that is not there', () =>
    refused(() => eraseFlow(world, { account: 'elsewhere', user: PLANTED, reason: 'x' }), 'policy/unknown-account'));

  test('by anybody but an Administrator', async () => {
    leave();
    await refused(() => erase(PLANTED, operated(northwind, 'carla@northwind.example')), 'rights/denied');
    await refused(() => erase(PLANTED, operated(northwind, PLANTED)), 'rights/denied');
  });

  test('while a document in force names them', async () => {
    await apply(edited(policies, EXEMPTION, 'wade@northwind.example', PLANTED));
    leave();
    await refused(() => erase(), 'directory/still-named');
    await refused(() => erase('PLANTED-77'), 'directory/still-named');
    await apply(without(policies, EXEMPTION));
    await expect(erase('PLANTED-77')).resolves.toMatchObject({ scrubbed: true });
  });
});
