/**
 * Threat: somebody is locked by wrong codes, and another way in does not know. Elsewhere (Keycloak CVE-2026-9798) a side flow ignored
 * the lockout. Here every way in is tried with everything right: none is, until a reset, a new password by mail or the unlocking.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CODE_CAP } from '../../src/core/authentication/throttle.ts';
import type { Mail } from '../../src/core/ports/notifier.ts';
import { acceptInvitation, askForMail, resetPassword, unlockByLink } from '../../src/flows/sign-in/links.ts';
import { sendNotices } from '../../src/flows/sign-in/notices.ts';
import { postpone } from '../../src/flows/sign-in/postpone.ts';
import { confirmTotp, openSetUp } from '../../src/flows/sign-in/set-up.ts';
import { passkeyToProve, proveAgain, proveByPasskey } from '../../src/flows/sign-in/settings.ts';
import { ACCOUNT, PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
let session: string;
let codes: readonly string[];
let half: string;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
  const enrolled = await portal.enrolled(ADA);
  codes = enrolled.codes;
  session = (await portal.setUpPasskey(ADA, enrolled.token)).token;
  half = (await portal.entered(ADA)).token;
});
afterEach(() => portal.close());

async function lock(): Promise<void> {
  const { token } = await portal.entered(ADA);
  for (let i = 1; i < CODE_CAP; i++) expect(await portal.code(token, portal.wrongCode(ADA))).toMatchObject({ outcome: 'wrong' });
  expect(await portal.code(token, portal.wrongCode(ADA))).toEqual({ outcome: 'locked' });
}

describe('locked', () => {
  beforeEach(lock);

  test.each<[string, () => Promise<unknown>, unknown]>([
    ['the password', () => portal.password(ADA), { outcome: 'locked' }],
    ['the password at another door', () => portal.password(ADA, PASSWORD, `${ACCOUNT}/bakery`), { outcome: 'refused' }],
    ['a code to a sign-in begun before', () => portal.code(half, portal.codeOf(ADA)), { outcome: 'over' }],
    ['a recovery code to it', () => portal.code(half, codes[0]), { outcome: 'over' }],
    ['a passkey to it', () => portal.passkey(ADA, half), undefined],
    ['a passkey alone', () => portal.passkeyAlone(ADA), { outcome: 'locked' }],
    ['postponing', () => postpone(portal.world, half, 'a browser'), undefined],
    ['setting up', () => openSetUp(portal.world, half, 'totp'), undefined],
    ['confirming', () => confirmTotp(portal.world, half, portal.codeOf(ADA), 'phone', 'a browser'), { outcome: 'over' }],
    [
      'proving again with a code, from a session that stands',
      () => proveAgain(portal.world, session, { password: PASSWORD, typed: portal.codeOf(ADA), from: '192.0.2.1' }),
      { outcome: 'locked' },
    ],
    [
      'proving again with a passkey',
      async () => {
        const options = await passkeyToProve(portal.world, session);
        return proveByPasskey(portal.world, session, await portal.signed(ADA, options?.challenge ?? ''));
      },
      { outcome: 'locked' },
    ],
  ])('%s: no', async (_, attempt, expected) => {
    const sessions = portal.sessions();
    expect(await attempt()).toEqual(expected);
    expect(portal.sessions()).toBe(sessions);
    expect(await portal.locked(ADA)).toBe(true);
    expect(await portal.holds(half)).toBe('nobody');
    // Whoever was in before is not thrown out by somebody else's guesses.
    expect(await portal.holds(session)).toBe('session');
  });

  test('the person is told, once', () => {
    expect(portal.mails().filter((mail) => mail === `locked ${ADA}`)).toHaveLength(1);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['an unlocking by mail', async () => unlockByLink(portal.world, await portal.link(ADA, 'unlock'))],
    ['a new password by mail', async () => resetPassword(portal.world, await portal.link(ADA, 'password-reset'), PASSWORD)],
  ])('%s lets in again, to the challenge', async (_, open) => {
    await open();
    expect([await portal.locked(ADA), await portal.codeFailures(ADA)]).toEqual([false, 0]);
    const { token, step } = await portal.entered(ADA);
    expect(step).toMatchObject({ step: 'challenge' });
    expect(await portal.code(token, portal.codeOf(ADA))).toMatchObject({ outcome: 'in', step: { step: 'session' } });
  });

  test("an administrator's reset lets in again, to the set-up", async () => {
    portal.later(1);
    expect(await portal.reset(ADA)).toBe('Executed');
    expect([await portal.locked(ADA), await portal.codeFailures(ADA)]).toEqual([false, 0]);
    expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'set-up' } });
  });

  test('an old invitation opens no more than the challenge', async () => {
    const accepted = await acceptInvitation(portal.world, await portal.link(ADA, 'invitation'), PASSWORD, 'a browser');
    expect(accepted).toMatchObject({ is: 'in', step: { step: 'challenge' } });
  });
});

test('nobody who has no factor comes in by an invitation and stays locked', async () => {
  const ben = 'ben@northwind.example';
  await portal.rules(['requireMfa: true', 'enrollment: Token']);
  const welcome = await portal.welcome(ben);
  if (welcome.is !== 'in') throw new Error(welcome.is);
  await portal.world.store.write(portal.northwind.now, async (transaction) => transaction.lock(await portal.idOf(ben)));
  await portal.rules(['requireMfa: false']);
  expect(await portal.welcome(ben)).toMatchObject({ is: 'in', step: { step: 'session' } });
  expect(await portal.locked(ben)).toBe(false);
});

test('a mail to unlock goes to those alone who are locked', async () => {
  const ask = () => askForMail(portal.world, 'unlock', { scope: ACCOUNT, address: ADA, from: '192.0.2.1' });
  const sent: string[] = [];
  const send = async ({ subject }: Mail) => void (subject.startsWith('Unlock') && sent.push(subject));
  await ask();
  await sendNotices(portal.world, { send });
  expect([sent, portal.mails()]).toEqual([[], []]);
  await lock();
  await ask();
  await sendNotices(portal.world, { send });
  expect(sent).toHaveLength(1);
});
