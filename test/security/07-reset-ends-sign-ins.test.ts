/**
 * Threat: factors are reset since somebody else has them, and whoever is in stays in. Elsewhere (Keycloak #50621, #10232) a reset left live
 * and half-done logins. Here one of every kind is open, and each act that raises the epoch ends them all.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resetPassword } from '../../src/flows/sign-in/links.ts';
import { confirmTotp, openSetUp } from '../../src/flows/sign-in/set-up.ts';
import { changePassword, proveAgain, removeFactor } from '../../src/flows/sign-in/settings.ts';
import { ACCOUNT, PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
let sessions: string[];
let half: string[];
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
  const first = (await portal.enrolled(ADA)).token;
  sessions = [first, await portal.signedIn(ADA), await portal.signedIn(ADA)];
  half = [(await portal.entered(ADA)).token, (await portal.entered(ADA)).token];
  const opened = await openSetUp(portal.world, sessions[2] ?? '', 'totp');
  portal.phones.set('attacker', opened?.secret ?? new Uint8Array());
  for (const token of sessions) expect(await portal.holds(token)).toBe('session');
  for (const token of half) expect(await portal.holds(token)).toBe('attempt');
  portal.later(1);
});
afterEach(() => portal.close());

const id = () => portal.idOf(ADA);

describe('acts of others', () => {
  test.each<[string, () => Promise<unknown>, string]>([
    ["an administrator's reset", () => portal.reset(ADA), 'ended'],
    ['a new password by mail', async () => resetPassword(portal.world, await portal.link(ADA, 'password-reset'), PASSWORD), 'ended'],
    [
      'another role',
      async () => portal.directory({ roleChanged: [{ id: await id(), scope: ACCOUNT, from: 'Editor', to: 'Manager' }] }),
      'ended',
    ],
    ['being disabled', () => portal.setEnabled(ADA, false), 'ended'],
    [
      'being disabled and enabled again',
      async () => {
        await portal.setEnabled(ADA, false);
        await portal.setEnabled(ADA, true);
      },
      'ended',
    ],
    ['the end of the membership', async () => portal.directory({ ended: [{ id: await id(), scope: ACCOUNT, role: 'Editor' }] }), 'ended'],
  ])('%s: every session and half-done sign-in is over, and an open set-up confirms nothing', async (_, act, why) => {
    await act();
    for (const token of sessions) expect(await portal.holds(token)).toBe(why);
    for (const token of half) {
      expect(await portal.holds(token)).toBe('nobody');
      expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'over' });
    }
    expect(await confirmTotp(portal.world, sessions[2] ?? '', portal.codeOf('attacker'), '', '')).toEqual({ outcome: 'over' });
  });

  test('of one person, and nobody else', async () => {
    const ben = await portal.enrolled('ben@northwind.example');
    await portal.reset(ADA);
    expect(await portal.holds(ben.token)).toBe('session');
  });
});

describe('acts of the person', () => {
  test.each<[string, (token: string) => Promise<{ token?: string }>]>([
    ['a further phone', (token) => portal.setUpTotp(ADA, token)],
    ['a passkey', (token) => portal.setUpPasskey(ADA, token)],
    ['another password', async (token) => (await changePassword(portal.world, token, 'another long walk')) as { token?: string }],
    [
      'a phone removed',
      async (token) => {
        const more = await portal.setUpPasskey(ADA, token);
        const factor = Number(portal.value('select min(id) from factors where user_id = ?', await id()));
        return (await removeFactor(portal.world, more.token, factor)) as { token?: string };
      },
    ],
  ])('%s: the session in which it was done goes on under a new token, every other is over', async (_, act) => {
    const proof = { password: PASSWORD, typed: portal.codeOf(ADA), from: '192.0.2.1' };
    const proved = await proveAgain(portal.world, sessions[1] ?? '', proof);
    if (proved.outcome !== 'proven') throw new Error(proved.outcome);
    const { token } = await act(proved.token);
    expect(await portal.holds(token ?? '')).toBe('session');
    expect(await portal.holds(sessions[1] ?? '')).toBe('nobody');
    expect(await portal.holds(proved.token)).toBe('nobody');
    expect([await portal.holds(sessions[0] ?? ''), await portal.holds(sessions[2] ?? '')]).toEqual(['ended', 'ended']);
    for (const open of half) expect(await portal.holds(open)).toBe('nobody');
  });
});

test('a reset takes factors and recovery codes, tells the person, and what follows is the set-up', async () => {
  expect(await portal.reset(ADA)).toBe('Executed');
  expect(portal.mails()).toContain(`reset ${ADA}`);
  expect(portal.value('select count(*) from recovery_codes where user_id = ?', await id())).toBe(0);
  expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'set-up', until: null } });
});
