/**
 * Threat: somebody finds a browser that is signed in and changes the factors, and nobody is told. Here a change takes a proof no older than
 * five minutes, with a second factor where there is one, and each change is mailed.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CODE_CAP } from '../../src/core/authentication/throttle.ts';
import { openSetUp } from '../../src/flows/sign-in/set-up.ts';
import { changePassword, passkeyToProve, proveAgain, proveByPasskey, removeFactor, renewCodes } from '../../src/flows/sign-in/settings.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
let token: string;
let codes: readonly string[];
beforeEach(async () => {
  portal = await Portal.open();
  ({ token, codes } = await portal.enrolled(ADA));
  portal.later(5 * 60_000);
});
afterEach(() => portal.close());

const prove = (password: string, typed: unknown) => proveAgain(portal.world, token, { password, typed, from: '192.0.2.1' });
const factor = async () => Number(portal.value('select min(id) from factors where user_id = ?', await portal.idOf(ADA)));

const CHANGES: Readonly<Record<string, (bearer: string) => Promise<unknown>>> = {
  'a factor set up': async (bearer) =>
    (await openSetUp(portal.world, bearer, 'passkey')) === undefined ? { outcome: 'prove' } : { outcome: 'done' },
  'a factor removed': async (bearer) => removeFactor(portal.world, bearer, await factor()),
  'codes renewed': (bearer) => renewCodes(portal.world, bearer),
  'another password': (bearer) => changePassword(portal.world, bearer, 'another long walk'),
};

test.each(Object.keys(CHANGES))('%s: asked for a proof first, done after it, in the same session under a new token', async (name) => {
  expect(await CHANGES[name]?.(token)).toEqual({ outcome: 'prove' });
  const proved = await prove(PASSWORD, portal.codeOf(ADA));
  if (proved.outcome !== 'proven') throw new Error(proved.outcome);
  expect(await portal.holds(token)).toBe('nobody');
  expect(await CHANGES[name]?.(proved.token)).toMatchObject({ outcome: 'done' });
});

test.each<[string, () => Promise<unknown>, unknown]>([
  ['the password alone', () => prove(PASSWORD, ''), { outcome: 'wrong', why: 'wrong' }],
  ['the code alone', () => prove('', portal.codeOf(ADA)), { outcome: 'wrong', why: 'password' }],
  ['a wrong code', () => prove(PASSWORD, portal.wrongCode(ADA)), { outcome: 'wrong', why: 'wrong' }],
  ['no passkey', () => proveByPasskey(portal.world, token, {}), { outcome: 'wrong', why: 'wrong' }],
])('%s is no proof', async (_, act, outcome) => {
  expect(await act()).toEqual(outcome);
  expect(await renewCodes(portal.world, token)).toEqual({ outcome: 'prove' });
});

test('a recovery code stands in for the phone, and the person is told', async () => {
  expect(await prove(PASSWORD, codes[0])).toMatchObject({ outcome: 'proven' });
  expect(portal.mails()).toContain(`recovery-code-used ${ADA}`);
});

test('a passkey whose holder is verified proves it alone; without that it does not', async () => {
  const fresh = await portal.code((await portal.entered(ADA)).token, portal.codeOf(ADA));
  if (fresh.outcome !== 'in') throw new Error(fresh.outcome);
  token = (await portal.setUpPasskey(ADA, fresh.token)).token;
  portal.later(6 * 60_000);
  const answer = async (uv: boolean) => {
    const options = await passkeyToProve(portal.world, token);
    return proveByPasskey(portal.world, token, await portal.signed(ADA, options?.challenge ?? '', { flags: { uv } }));
  };
  expect(await answer(false)).toEqual({ outcome: 'wrong', why: 'wrong' });
  expect(await answer(true)).toMatchObject({ outcome: 'proven' });
});

test('guesses there count with those of sign-ins', async () => {
  const { token: half } = await portal.entered(ADA);
  for (let i = 0; i < 3; i++) await prove(PASSWORD, portal.wrongCode(ADA));
  for (let i = 4; i < CODE_CAP; i++) expect(await portal.code(half, portal.wrongCode(ADA))).toMatchObject({ outcome: 'wrong' });
  expect(await prove(PASSWORD, portal.wrongCode(ADA))).toEqual({ outcome: 'locked' });
  expect(await portal.holds(half)).toBe('nobody');
});

describe('everything is mailed', () => {
  test('set up, renewed, changed, removed, in their order', async () => {
    const proved = await prove(PASSWORD, portal.codeOf(ADA));
    if (proved.outcome !== 'proven') throw new Error(proved.outcome);
    portal.northwind.opened.raw.exec('delete from notices');
    let bearer = (await portal.setUpPasskey(ADA, proved.token)).token;
    bearer = ((await renewCodes(portal.world, bearer)) as { token: string }).token;
    bearer = ((await changePassword(portal.world, bearer, 'another long walk')) as { token: string }).token;
    await removeFactor(portal.world, bearer, await factor());
    expect(portal.mails()).toEqual([
      `factor-added ${ADA}`,
      `recovery-codes-renewed ${ADA}`,
      `password-changed ${ADA}`,
      `factor-removed ${ADA}`,
    ]);
  });

  test('a sign-in that stopped at the second factor is found by the sweep, once', async () => {
    await portal.entered(ADA);
    await portal.entered(ADA);
    portal.later(15 * 60_000);
    const { now } = portal.northwind;
    const before = { attempts: now - 15 * 60_000, idle: 0, sessions: 0, failures: 0 };
    const swept = () => portal.world.store.write(now, (transaction) => transaction.sweep(before));
    expect([await swept(), await swept()]).toEqual([[await portal.idOf(ADA)], []]);
  });
});
