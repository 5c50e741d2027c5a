import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goOn, isRequestId, newRequestId, requestReset, resetsFlow } from '../../../src/flows/administering/resets.ts';
import { applyFlow } from '../../../src/flows/reconcile/apply.ts';
import { whoHolds } from '../../../src/flows/sign-in/session.ts';
import { RANDOM } from '../../adapters/store/opened.ts';
import { DAY, documentsOf, resetRequest } from '../northwind.ts';
import { ACCOUNT, AMIR, CARLA, DANA, done, ILSE, MIA, Office, policies, refused, southwind, TARA } from './office.ts';

let office: Office;
beforeEach(async () => {
  office = await Office.open();
});
afterEach(() => office.close());

const asked = () => ({ requestId: newRequestId(RANDOM), reason: 'lost phone' });
const idOf = (address: string) => office.portal.idOf(address);

describe('a reset from the portal', () => {
  test('is executed at once: factors and sessions are gone, it is audited and told by mail', async () => {
    const dana = await office.by(DANA);
    const ended = await office.signIn(MIA);
    const id = await idOf(MIA);
    const request = asked();
    expect(done(await requestReset(dana, id, request))).toMatchObject({ outcome: 'Executed', reason: 'lost phone', settled: false });
    expect(await office.factors(MIA)).toBe(0);
    expect(await whoHolds(office.portal.world, ended)).toMatchObject({ is: 'ended', why: 'ended' });
    expect(office.one("select count(*) from audit where act = 'reset.executed' and body like ?", `%${request.requestId}%`)).toBe(1);
    expect(office.one("select address from notices where about = 'reset' and user_id = ?", id)).toBe(MIA);
  });

  test('sent twice, and twice at once, it is one request', async () => {
    const dana = await office.by(DANA);
    const [id, request] = [await idOf(MIA), asked()];
    const both = await Promise.all([requestReset(dana, id, request), requestReset(dana, id, request)]);
    expect(both.map((one) => done(one)).map(({ outcome, settled }) => [outcome, settled])).toEqual([
      ['Executed', false],
      ['Executed', true],
    ]);
    expect(office.one("select count(*) from resets where request_id like 'PORTAL-%'")).toBe(1);
    expect(office.one("select count(*) from audit where act = 'reset.executed' and body like '%PORTAL-%'")).toBe(1);
    expect(office.one("select count(*) from notices where about = 'reset' and user_id = ?", id)).toBe(1);
  });

  test('takes a proof of the last minutes, a session, and somebody of the account', async () => {
    const dana = await office.by(DANA);
    office.portal.later(5 * 60_000);
    expect(await requestReset(dana, await idOf(MIA), asked())).toEqual({ outcome: 'prove', userId: await idOf(MIA) });
    expect(await requestReset(dana, 999_999, asked())).toEqual({ outcome: 'unknown' });
    expect(await requestReset({ ...dana, token: 'x'.repeat(43) }, await idOf(MIA), asked())).toEqual({ outcome: 'over' });
    expect(await office.factors(MIA)).toBe(1);
  });

  test('a Manager resets no Administrator, nobody resets themselves, and who is neither resets nobody', async () => {
    const [dana, carla, tara] = [await office.by(DANA), await office.by(CARLA), await office.by(TARA)];
    await refused(office, async () => requestReset(carla, await idOf(ILSE), asked()), 'a Manager does not reset an Administrator');
    await refused(office, async () => requestReset(dana, await idOf(DANA), asked()), 'nobody resets themselves');
    await refused(office, async () => requestReset(tara, await idOf(MIA), asked()), 'list-users takes');
    // The same whether there is somebody of the id or not.
    await refused(office, async () => requestReset(tara, 999_999, asked()), 'list-users takes');
    expect(done(await requestReset(carla, await idOf(MIA), asked()))).toMatchObject({ outcome: 'Executed' });
  });

  test('somebody of another account is nobody', async () => {
    const dana = await office.by(DANA);
    southwind(office.portal);
    expect(await requestReset(dana, 9000, asked())).toEqual({ outcome: 'unknown' });
  });
});

describe('a request that waits for a second administrator', () => {
  const waiting = async () => {
    const [dana, ilse] = [await office.by(DANA), await office.by(ILSE)];
    const request = asked();
    expect(done(await requestReset(dana, await idOf(AMIR), request))).toMatchObject({ outcome: 'AwaitingApproval' });
    expect(await office.factors(AMIR)).toBe(1);
    return { dana, ilse, request };
  };

  test('is executed once by the approval of another administrator, also when it comes twice at once', async () => {
    const { ilse, request } = await waiting();
    const both = await Promise.all([goOn(ilse, request.requestId, 'approve'), goOn(ilse, request.requestId, 'approve')]);
    expect(both.map((one) => done(one).outcome)).toEqual(['Executed', 'Executed']);
    expect(await office.factors(AMIR)).toBe(0);
    expect(office.one("select count(*) from audit where act = 'reset.executed' and body like ?", `%${request.requestId}%`)).toBe(1);
    const { waiting: still, others } = await resetsFlow(ilse.world, ACCOUNT);
    expect(still).toEqual([]);
    expect(others[0]).toMatchObject({ outcome: 'Executed', reason: 'lost phone', requester: DANA, approvedBy: ILSE });
  });

  test('not by the one who asked, nor by a Manager, nor by the person; and nothing is recorded of the attempt', async () => {
    const { dana, request } = await waiting();
    const carla = await office.by(CARLA);
    await refused(office, () => goOn(dana, request.requestId, 'approve'), 'another person than the requester');
    await refused(office, () => goOn(carla, request.requestId, 'approve'), 'approve-reset takes Administrator');
    expect(await office.factors(AMIR)).toBe(1);
    const ilse = await office.by(ILSE);
    expect(done(await goOn(ilse, request.requestId, 'approve'))).toMatchObject({ outcome: 'Executed' });
  });

  test('until its own end, and not after', async () => {
    const { request } = await waiting();
    office.portal.later(DAY);
    const ilse = await office.by(ILSE);
    expect(done(await goOn(ilse, request.requestId, 'approve'))).toMatchObject({ outcome: 'Expired' });
    expect(await office.factors(AMIR)).toBe(1);
  });

  test('also one that a document declared, which then changes nothing any more', async () => {
    const declared = { ...policies(), ...resetRequest(policies(), AMIR, 'T-6') };
    const apply = () => applyFlow(office.portal.northwind.world(), { documents: documentsOf(declared), channel: 'file', names: 5 });
    await apply();
    const ilse = await office.by(ILSE);
    expect(done(await goOn(ilse, 'T-6', 'approve'))).toMatchObject({
      outcome: 'Executed',
      reason: 'lost phone, identity checked by callback',
    });
    expect((await apply()).plan.resets.find(({ requestId }) => requestId === 'T-6')).toMatchObject({ outcome: 'Executed', settled: true });
  });

  test('RST-07: the name means somebody else by now: nobody is touched', async () => {
    const { ilse, request } = await waiting();
    office.portal.northwind.opened.raw.exec(`update users set address_key = null, address = 'amir.old@clinic.example' where address = '${AMIR}';
      update users set address = '${AMIR}', address_key = '${AMIR}' where address = 'beth@clinic.example'`);
    expect(done(await goOn(ilse, request.requestId, 'approve'))).toMatchObject({ outcome: 'UserChanged' });
    expect(await office.factors(AMIR)).toBe(1);
  });

  test('a request that nobody made is nobody', async () => {
    expect(await goOn(await office.by(ILSE), 'PORTAL-0000000000000000', 'approve')).toEqual({ outcome: 'unknown' });
  });
});

test('one that a guard holds goes on once there is room', async () => {
  const dana = await office.by(DANA);
  const people = ['elena', 'felix', 'grace', 'hugo', 'irene', 'jonas', 'kira', 'liam', 'mona'];
  // The example's own reset is the first of the ten.
  for (const name of people)
    expect(done(await requestReset(dana, await idOf(`${name}@northwind.example`), asked())).outcome).toBe('Executed');
  const request = asked();
  expect(done(await requestReset(dana, await idOf(MIA), request))).toMatchObject({ outcome: 'Held' });
  expect(done(await goOn(dana, request.requestId, 'again'))).toMatchObject({ outcome: 'Held' });
  expect((await resetsFlow(dana.world, ACCOUNT)).waiting).toMatchObject([{ requestId: request.requestId, asked: 'lost phone' }]);
  office.one(
    "update resets set executed_at = 0 where request_id in (select request_id from resets where outcome = 'Executed' limit 1) returning 1",
  );
  expect(done(await goOn(dana, request.requestId, 'again'))).toMatchObject({ outcome: 'Executed', reason: 'lost phone' });
});

test('ids of requests are long, and nothing else is taken for one', () => {
  const id = newRequestId(RANDOM);
  expect(isRequestId(id)).toBe(true);
  for (const other of ['', 'NW-4720', `${id}0`, id.toLowerCase(), `${id}\n`]) expect(isRequestId(other)).toBe(false);
});
