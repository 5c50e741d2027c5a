// RST-05: the caller was not the employee. Elsewhere one person could ask, approve and execute. Here who asks and who approves
// are two authenticated persons, a Manager resets no Administrator, nobody resets themselves, by hand or by document,
// and every refusal stands in the audit log.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetFlow } from '../../src/flows/reconcile/reset.ts';
import { examplePolicies, Northwind, type Policies, resetRequest } from '../flows/northwind.ts';
import { Portal } from '../flows/sign-in/portal.ts';

const DANA = 'admin.dana@northwind.example';
const CARLA = 'carla@northwind.example';
const ILSE = 'ilse@northwind.example';
const GLASS = 'breakglass@northwind.example';
const AMIR = 'amir@clinic.example';

let northwind: Northwind;
let policies: Policies;
beforeEach(async () => {
  northwind = await Northwind.open();
  policies = examplePolicies();
  await northwind.apply(policies);
});
afterEach(() => northwind.close());

const count = (sql: string, ...values: unknown[]) =>
  Number(
    northwind.opened.raw
      .prepare(sql)
      .pluck()
      .get(...values),
  );
const factors = (user: string) => count('select count(*) from factors f join users u on u.id = f.user_id where u.address = ?', user);
const audited = (act: string) => count('select count(*) from audit where act = ?', act);

const declared = (user: string, more = ''): Policies => ({ ...policies, ...resetRequest(policies, user, 'R-1', more) });

/** The same request by each door. */
const DOORS: [string, (user: string, as: string) => Promise<{ outcome: string; reason: string } | undefined>][] = [
  ['by hand', (user, as) => resetFlow(northwind.world(as), { account: 'northwind', user, requestId: 'R-1', reason: 'lost phone' })],
  ['by document', async (user, as) => (await northwind.apply(declared(user), as)).plan.resets.find((r) => r.requestId === 'R-1')],
];

describe.each(DOORS)('%s', (_, ask) => {
  it.each([
    ['a Manager does not reset an Administrator', GLASS, CARLA],
    ['nobody resets themselves', DANA, DANA],
  ])('%s: refused, audited, factors untouched', async (why, user, as) => {
    const before = factors(user);
    expect(await ask(user, as)).toMatchObject({ outcome: 'Refused', reason: why });
    expect([factors(user), before > 0, audited('reset.refused')]).toEqual([before, true, 1]);
  });

  it('where approval is demanded, one person alone never gets there', async () => {
    expect(await ask(AMIR, ILSE)).toMatchObject({ outcome: 'AwaitingApproval' });
    const approved = declared(AMIR, '  approved: true\n');
    const { plan } = await northwind.apply(approved, ILSE);
    expect(plan.resets.find((r) => r.requestId === 'R-1')).toMatchObject({
      outcome: 'AwaitingApproval',
      reason: expect.stringContaining('another person'),
    });
    expect(factors(AMIR)).toBe(1);
  });
});

it('everybody of whom the account knew is told: at the address of now, and at the one that was changed just before', async () => {
  const portal = await Portal.open();
  try {
    const [mine, theirs] = ['ben@northwind.example', 'not-ben@elsewhere.example'];
    await portal.enrolled(mine);
    await portal.directory({ updated: [{ id: await portal.idOf(mine), attributes: { address: theirs } }] });
    portal.later(60_000);
    expect(await portal.reset(theirs)).toBe('Executed');
    const told = portal.mails().filter((mail) => mail.startsWith('reset '));
    expect(told.sort()).toEqual([`reset ${mine}`, `reset ${theirs}`]);
    expect(await portal.password(theirs)).toMatchObject({ outcome: 'in' });
  } finally {
    await portal.close();
  }
});

it('approved by a second administrator: executed, and the audit log names both', async () => {
  await northwind.apply(declared(AMIR), ILSE);
  await northwind.apply(declared(AMIR, '  approved: true\n'), DANA);
  expect(factors(AMIR)).toBe(0);
  const ids = northwind.opened.raw
    .prepare(
      "select i.subject, a.body from audit a join identities i on i.id = a.identity_id where a.act like 'reset.%' and a.body like '%R-1%' order by seq",
    )
    .all() as { subject: string; body: string }[];
  expect(ids.map((i) => i.subject)).toEqual([ILSE, DANA]);
  expect(ids.at(-1)?.body).toContain(`"approver":${count('select id from users where address = ?', DANA)}`);
});
