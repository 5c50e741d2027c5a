import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plainStyle } from '../../src/core/layout/style.ts';
import { ENFORCER_NAMES } from '../../src/core/model/words.ts';
import { renderCarriedText } from '../../src/core/plan/renderers/carried.ts';
import { renderDriftText } from '../../src/core/plan/renderers/drift.ts';
import type { Enforcers } from '../../src/core/ports/enforcer.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { importFlow } from '../../src/flows/reconcile/import.ts';
import { planFlow } from '../../src/flows/reconcile/plan.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import { driftFlow } from '../../src/flows/reporting/drift.ts';
import { statusFlow } from '../../src/flows/reporting/status.ts';
import type { World } from '../../src/flows/world.ts';
import { openRealm } from '../adapters/enforcers/opened.ts';
import { ELSEWHERE } from '../adapters/enforcers/realm-enforcer.ts';
import { Killed } from '../contract/enforcer.ts';
import { DAY, documentsOf, Northwind, type Policies, START } from './northwind.ts';

// Northwind signs in at a server that decides by a copy of its own: nothing of plan, lists and reports knows of it but by capabilities.

const CARLA = 'carla@northwind.example';
let northwind: Northwind;
let there: Awaited<ReturnType<typeof openRealm>>;
let world: World;

const policy = (grace: string, more = ''): Policies => ({
  'a.yaml': `apiVersion: padlock.dev/v1alpha1
kind: MfaPolicy
metadata: { name: northwind }
spec: { account: northwind, requireMfa: true, gracePeriod: ${grace}, guards: { overdueAtOnce: 100% }${more} }
`,
});
const apply = (policies: Policies) => applyFlow(world, { documents: documentsOf(policies), channel: 'file', names: 5 });
const reset = (requestId: string) => resetFlow(world, { requestId, account: 'northwind', user: CARLA, reason: 'lost phone' });
const drift = () => driftFlow(world, { documents: null, channel: 'file' });
const sql = (statement: string) => northwind.opened.raw.exec(statement);
const roles = (path: string) => [...(there.realm.groups.get(path) ?? [])];
const acts = async () => {
  const { entries } = await world.store.read((reader) => reader.auditList({ account: 'northwind', limit: 50 }));
  return entries.map(({ act }) => act).filter((act) => act.startsWith('enforcer.'));
};
const said = (carried: Awaited<ReturnType<typeof apply>>['carried']) =>
  [...renderCarriedText(carried, { width: 100, style: plainStyle })].join('\n');

beforeEach(async () => {
  northwind = await Northwind.open();
  there = await openRealm();
  sql(`update accounts set enforcer = '${ELSEWHERE}'`);
  const enforcers = { ...northwind.world().enforcers, [ELSEWHERE]: there.enforcer } as Enforcers;
  world = { ...northwind.world(), enforcers };
});
afterEach(async () => {
  await there.close();
  await northwind.close();
});

describe('an apply', () => {
  test('pushes after its commit what differs there, and nothing when applied again', async () => {
    const { carried, written } = await apply(policy('0s'));
    expect([written, carried]).toEqual([true, { scopes: ['northwind'], resets: [], uncarried: [] }]);
    expect([roles('/account/Editor'), roles('/account/Lite'), roles('/myglue/bakery/Editor')]).toEqual([
      ['mfa-required'],
      ['mfa-required'],
      [],
    ]);
    expect(await acts()).toEqual(['enforcer.push']);
    const writes = there.realm.writes.length;
    expect((await apply(policy('0s'))).carried).toEqual({ scopes: [], resets: [], uncarried: [] });
    expect(there.realm.writes.length).toBe(writes);
    expect(await acts()).toEqual(['enforcer.push']);
  });

  test('a failure after the commit is told, and the next apply pushes again though it changes nothing', async () => {
    there.realm.down = true;
    const failed = await apply(policy('0s'));
    expect(failed.written).toBe(true);
    expect(said(failed.carried)).toBe(
      ['✗ northwind: in force here, and nobody knows whether at keycloak · keycloak does not answer ·', '  see that it runs'].join('\n'),
    );
    there.realm.down = false;
    const again = await apply(policy('0s'));
    expect([again.written, said(again.carried)]).toEqual([false, 'pushed 1 scope']);
  });

  test('one scope that fails is named by itself', async () => {
    there.realm.refused = '/groups//account/Editor';
    const { carried } = await apply(policy('0s'));
    expect(said(carried)).toContain('✗ northwind: in force here, not at keycloak · keycloak answers 403');
    expect(await acts()).toEqual([]);
  });

  test('killed between the commit and the push, or within it: the next one completes it', async () => {
    for (const call of [0, 1, 3, 5]) {
      await there.elsewhere.tamper('northwind');
      there.elsewhere.killAt(call);
      await expect(apply(policy('0s'))).rejects.toThrow(Killed);
      there.elsewhere.killAt(null);
      await apply(policy('0s'));
      expect(await drift()).toMatchObject({ findings: [] });
    }
    expect(roles('/account/Editor')).toEqual(['mfa-required']);
  });

  test('a deadline that passes is pushed by whoever applies next, and an exemption that ends too', async () => {
    const ada = there.realm.join('ada', CARLA);
    const exempt = `apiVersion: padlock.dev/v1alpha1
kind: MfaExemption
metadata: { name: carla }
spec: { account: northwind, users: [${CARLA}], reason: on leave, ticket: NW-1, expiresAt: '${new Date(START + DAY).toISOString().slice(0, 19)}Z' }
`;
    const policies = { ...policy('2d'), 'b.yaml': exempt };
    await apply(policies);
    expect([roles('/account/Editor'), [...there.realm.exempt]]).toEqual([[], [ada.id]]);
    northwind.now = START + DAY;
    await apply(policies);
    expect([roles('/account/Editor'), [...there.realm.exempt]]).toEqual([[], []]);
    northwind.now = START + 2 * DAY;
    expect((await drift()).findings).toMatchObject([{ kind: 'elsewhere', of: 'scope', name: 'northwind' }]);
    await apply(policies);
    expect(roles('/account/Editor')).toEqual(['mfa-required']);
  });

  test('what a guard holds is not pushed', async () => {
    await apply(policy('0s'));
    const { plan, carried } = await apply({ 'a.yaml': policy('0s')['a.yaml']?.replace('requireMfa: true', 'requireMfa: false') ?? '' });
    expect([plan.counts.held, carried.scopes, roles('/account/Editor')]).toEqual([1, [], ['mfa-required']]);
  });
});

describe('plan, lists and drift', () => {
  test('a plan asks nobody there, and says what cannot be enforced', async () => {
    there.realm.down = true;
    const plan = await planFlow(world, { documents: documentsOf(policy('14d')), channel: 'file', names: 5 });
    expect(plan.scopes[0]?.unenforceable).toEqual([
      { field: 'gracePeriod', enforcer: ELSEWHERE, why: 'prompts nobody before the deadline' },
    ]);
    await apply(policy('14d'));
    const { summary } = await statusFlow(world, { account: 'northwind', names: 0 });
    expect(summary.scopes[0]).toMatchObject({ enforced: true, facts: { enforcer: ELSEWHERE, enforceable: true } });
  });

  test('drift tells what was changed there, doors that stand open, and resets that are still open', async () => {
    await apply(policy('0s'));
    await there.elsewhere.tamper('northwind');
    await there.elsewhere.openDoor();
    there.realm.refused = '/users';
    await reset('R-1');
    there.realm.refused = '';
    const found = await drift();
    expect([...renderDriftText(found, { width: 100, style: plainStyle })]).toEqual([
      '! enforcer keycloak of northwind · not as it must be at the enforcer, to be mended there · keycloak',
      '    direct grants of client legacy must be false, is true',
      '! account northwind · not so at the enforcer · keycloak',
      '    the roles of /account/Editor in force mfa-required, is nothing',
      '! reset R-1 · not so at the enforcer · keycloak',
      'drift: 3 things · 1 scope in force · 1 document applied · no declared documents compared ·',
      '  padlock apply carries to the enforcer what is in force',
    ]);
  });

  test('drift of a server that cannot be read is no answer', async () => {
    await apply(policy('0s'));
    there.realm.rightless = true;
    await expect(drift()).rejects.toMatchObject({ code: 'enforcer/unreachable', exitCode: 6 });
  });
});

describe('a reset', () => {
  test('is executed here first, then there, once', async () => {
    const carla = there.realm.join('anything', CARLA);
    there.realm.enroll(carla, 'totp', 0);
    expect(await reset('R-1')).toMatchObject({ outcome: 'Executed', settled: false, trouble: null });
    expect(carla.credentials.map(({ type }) => type)).toEqual(['password']);
    const writes = there.realm.writes.length;
    there.realm.enroll(carla, 'totp', 1);
    expect(await reset('R-1')).toMatchObject({ outcome: 'Executed', settled: true, trouble: null });
    expect([there.realm.writes.length, carla.credentials.length]).toEqual([writes, 2]);
    expect(await acts()).toEqual(['enforcer.reset']);
  });

  test('that fails there is told, and goes on by the same request id', async () => {
    const carla = there.realm.join('anything', CARLA);
    there.realm.enroll(carla, 'totp', 0);
    there.realm.refused = `/users/${carla.id}/credentials/`;
    const { outcome, trouble } = await reset('R-1');
    expect([outcome, trouble?.code, trouble?.message]).toEqual([
      'Executed',
      'enforcer/not-carried',
      'reset R-1: executed here, not at keycloak: keycloak answers 403',
    ]);
    expect(carla.enabled).toBe(false);
    there.realm.enroll(carla, 'passkey', northwind.now + 1);
    there.realm.refused = '';
    expect(await reset('R-1')).toMatchObject({ settled: true, trouble: null });
    expect([carla.enabled, carla.credentials.map(({ type }) => type)]).toEqual([true, ['password', 'passkey']]);
  });

  test('a second one of the same person waits for the first: a half-done one is never taken for how they were', async () => {
    const carla = there.realm.join('anything', CARLA);
    there.realm.enroll(carla, 'totp', 0);
    there.realm.refused = `/users/${carla.id}/credentials/`;
    await reset('R-1');
    northwind.now += 1000;
    const second = await reset('R-2');
    expect(second.trouble?.message).toContain('reset R-1 of the same person comes first');
    there.realm.refused = '';
    expect((await apply(policy('0s'))).carried.resets).toEqual(['R-1', 'R-2']);
    expect(carla.enabled).toBe(true);
  });

  test('executed while the portal enforced, it is nobody else’s', async () => {
    sql("update accounts set enforcer = 'portal'");
    await reset('R-1');
    sql(`update accounts set enforcer = '${ELSEWHERE}'`);
    expect((await apply(policy('0s'))).carried.resets).toEqual([]);
  });
});

describe('an import', () => {
  const rows = [
    { externalId: 'x-1', scope: 'northwind', role: 'Lite' as const, address: 'ada@new.example', kinds: 0, place: 'a:1' },
    { externalId: 'x-2', scope: 'northwind', role: 'Editor' as const, address: 'ben@new.example', kinds: 3, place: 'a:2' },
  ];
  const read = { account: 'northwind', origin: 'demo', wholeScopes: [], faults: [], rows };
  const importing = () => importFlow(world, { read, enforcer: ELSEWHERE, adopt: new Set(), overrides: [] });
  const kinds = () =>
    northwind.opened.raw.prepare("select external_id as id, kinds from users where address like '%@new.example' order by 1").all();

  test('takes in who is enrolled from the enforcer, whatever the rows say; unknown whom it does not name', async () => {
    const ada = there.realm.join('x-1', 'other@new.example');
    there.realm.enroll(ada, 'passkey', 0);
    await importing();
    expect(kinds()).toEqual([
      { id: 'x-1', kinds: 2 },
      { id: 'x-2', kinds: null },
    ]);
  });

  test('that gives the account such an enforcer pushes all that is in force', async () => {
    sql("update accounts set enforcer = 'portal'");
    await apply(policy('0s'));
    const { carried } = await importFlow(world, { read: { ...read, rows: [] }, enforcer: ELSEWHERE, adopt: new Set(), overrides: [] });
    expect([carried.scopes, roles('/account/Editor')]).toEqual([['northwind'], ['mfa-required']]);
  });

  test('nothing at all, where the list cannot be read', async () => {
    there.realm.rightless = true;
    await expect(importing()).rejects.toMatchObject({ code: 'enforcer/unreachable' });
    expect(kinds()).toEqual([]);
  });
});

test('without such an enforcer nobody is asked anything', async () => {
  expect(ENFORCER_NAMES).toEqual(['portal', 'none']);
  sql("update accounts set enforcer = 'portal'");
  const { carried } = await applyFlow(northwind.world(), { documents: documentsOf(policy('0s')), channel: 'file', names: 5 });
  expect([carried, there.realm.writes]).toEqual([{ scopes: [], resets: [], uncarried: [] }, []]);
});
