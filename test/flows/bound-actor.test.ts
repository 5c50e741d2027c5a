import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acknowledgeFlow } from '../../src/flows/operating/audit.ts';
import { doctorFlow } from '../../src/flows/operating/doctor.ts';
import { eraseFlow } from '../../src/flows/operating/erase.ts';
import { redoFlow } from '../../src/flows/operating/redo.ts';
import { applyFlow } from '../../src/flows/reconcile/apply.ts';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import type { OperatedWorld } from '../../src/flows/world.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { documentsOf, edited, examplePolicies, Northwind, resetRequest } from './northwind.ts';
import { backupOf, operated } from './operated.ts';

const DANA = 'admin.dana@northwind.example';
const ILSE = 'ilse@northwind.example';

let northwind: Northwind;
/** The command line under the subject of Dana, who is bound to it; its configuration names somebody else since. */
let handedOn: OperatedWorld;
beforeEach(async () => {
  northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
  handedOn = { ...operated(northwind), actorUser: ILSE };
});
afterEach(() => northwind.close());

const reset = (as: OperatedWorld, requestId: string) =>
  resetFlow(as, { account: 'northwind', user: 'carla@northwind.example', requestId, reason: 'lost phone' });
const rights = async (as: OperatedWorld) => (await doctorFlow(as)).find((check) => check.name === 'rights');

describe('a subject that is bound to another person than the configuration names', () => {
  const policies = examplePolicies();
  const shorter = edited(policies, 'policies/account.yaml', 'gracePeriod: 30d\n  factors', 'gracePeriod: 25d\n  factors');
  const applying = (documents: Record<string, string>) =>
    applyFlow(handedOn, { documents: documentsOf(documents), channel: 'file', names: 1 });
  test.each([
    ['apply', () => applying(shorter)],
    ['a declared reset', () => applying({ ...policies, ...resetRequest(policies, 'carla@northwind.example', 'R-9') })],
    ['reset', () => reset(handedOn, 'R-1')],
    ['erase', () => eraseFlow(handedOn, { account: 'northwind', user: 'carla@northwind.example', reason: 'x' })],
  ])('does not act, and nothing is left in its name: %s', async (_, act) => {
    const before = contentOf(northwind.opened.raw);
    await expect(act()).rejects.toMatchObject({
      code: 'rights/denied',
      message: expect.stringContaining(`is bound to ${DANA} in northwind, and actor.user names another person; nothing was`),
      fix: expect.stringContaining('another actor.subject'),
    });
    expect(contentOf(northwind.opened.raw)).toBe(before);
  });

  test('neither acknowledges a restored store nor does a reset again', async () => {
    const backup = backupOf(northwind);
    await reset(operated(northwind), 'R-1');
    const restored = await backup.restore();
    const as = { ...restored.of(), actorUser: ILSE };
    await expect(acknowledgeFlow(as, 'x')).rejects.toMatchObject({ code: 'rights/denied', message: expect.stringContaining(DANA) });
    await acknowledgeFlow(restored.of(), 'x');
    const redo = redoFlow(as, { account: 'northwind', requestId: 'R-1' });
    await expect(redo).rejects.toMatchObject({ code: 'rights/denied', message: expect.stringContaining(DANA) });
    await restored.close();
  });

  test('doctor names both remedies, and whom it stands for where all is well', async () => {
    expect(await rights(handedOn)).toMatchObject({ outcome: 'fault', message: expect.stringContaining(`bound to ${DANA}`) });
    expect(await rights({ ...handedOn, actorUser: DANA })).toMatchObject({
      outcome: 'ok',
      message: expect.stringContaining(`is ${DANA}, Administrator of northwind`),
    });
    const own = { ...handedOn, actor: { ...handedOn.actor, subject: 'ilse' } };
    await reset(own, 'R-1');
    expect(await rights(own)).toMatchObject({ outcome: 'ok', message: expect.stringContaining(ILSE) });
  });

  test('a bound person who has left: doctor says that another subject is needed, not to set what is set', async () => {
    northwind.opened.raw.exec(`update memberships set active = 0 where user_id = (select id from users where address = '${DANA}')`);
    expect(await rights({ ...handedOn, actorUser: DANA })).toMatchObject({
      outcome: 'fault',
      message: expect.stringContaining(`is bound to ${DANA}, no enabled member`),
      fix: expect.stringContaining('another actor.subject'),
    });
  });
});
