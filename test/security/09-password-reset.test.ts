/**
 * Threat: whoever reads somebody's mail has the account: a new password by mail signs in, or takes the factors away. Here it sets a
 * password and nothing else: the challenge is asked as ever, and every way in has the same strength.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptInvitation, resetPassword, unlockByLink, viewLink } from '../../src/flows/sign-in/links.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';
const ANOTHER = 'another long walk';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
});
afterEach(() => portal.close());

test('a new password by mail gives no token; the challenge follows, and the person is told', async () => {
  await portal.enrolled(ADA);
  const [factors, sessions] = [portal.value('select count(*) from factors'), portal.sessions()];
  const state = await resetPassword(portal.world, await portal.link(ADA, 'password-reset'), ANOTHER);
  expect(state.is).toBe('open');
  expect(JSON.stringify(Object.keys(state))).not.toContain('token');
  expect([portal.value('select count(*) from factors'), portal.sessions()]).toEqual([factors, sessions]);
  expect(await portal.password(ADA)).toEqual({ outcome: 'refused' });
  expect(await portal.password(ADA, ANOTHER)).toMatchObject({ outcome: 'in', step: { step: 'challenge' } });
  expect(portal.mails()).toContain(`password-changed ${ADA}`);
});

test('somebody without a factor is asked to set one up, as before', async () => {
  await portal.welcome(ADA);
  await resetPassword(portal.world, await portal.link(ADA, 'password-reset'), ANOTHER);
  expect(await portal.password(ADA, ANOTHER)).toMatchObject({ outcome: 'in', step: { step: 'set-up', until: null } });
});

test('an invitation to somebody who is enrolled leads to the challenge', async () => {
  await portal.enrolled(ADA);
  const accepted = await acceptInvitation(portal.world, await portal.link(ADA, 'invitation'), ANOTHER, '');
  expect(accepted).toMatchObject({ is: 'in', step: { step: 'challenge' } });
});

test('a half-done sign-in that rests on the old password is over', async () => {
  await portal.enrolled(ADA);
  const { token } = await portal.entered(ADA);
  await resetPassword(portal.world, await portal.link(ADA, 'password-reset'), ANOTHER);
  expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'over' });
});

test('each link is for its purpose alone, once, for an hour, and for who can sign in', async () => {
  await portal.enrolled(ADA);
  const reset = await portal.link(ADA, 'password-reset');
  expect(await unlockByLink(portal.world, reset)).toEqual({ is: 'unknown' });
  expect(await acceptInvitation(portal.world, reset, ANOTHER, '')).toEqual({ is: 'unknown' });
  const newer = await portal.link(ADA, 'password-reset');
  expect(await resetPassword(portal.world, reset, ANOTHER)).toEqual({ is: 'replaced' });
  portal.later(60 * 60_000);
  expect(await resetPassword(portal.world, newer, ANOTHER)).toEqual({ is: 'expired' });
  const last = await portal.link(ADA, 'password-reset');
  await portal.setEnabled(ADA, false);
  expect(await resetPassword(portal.world, last, ANOTHER)).toEqual({ is: 'unknown' });
  await portal.setEnabled(ADA, true);
  const hashed = await Promise.all(Array.from({ length: 20 }, () => resetPassword(portal.world, last, ANOTHER)));
  expect(hashed.filter(({ is }) => is === 'open')).toHaveLength(1);
  expect(hashed.filter(({ is }) => is === 'used')).toHaveLength(19);
  expect(await viewLink(portal.world, last, 'password-reset')).toMatchObject({ is: 'used' });
  expect(await portal.password(ADA, PASSWORD)).toEqual({ outcome: 'refused' });
});

test('a password that is not taken costs no hash and leaves the link; the link is looked at before the hash, and again where it is used up', async () => {
  const statements: string[] = [];
  const other = await Portal.open((statement) => statements.push(statement));
  try {
    await other.enrolled(ADA);
    const token = await other.link(ADA, 'password-reset');
    const { hashed } = other.hasher;
    const refused = await resetPassword(other.world, token, ANOTHER, async ({ person }) => `no password for ${person.address}`);
    expect(refused).toMatchObject({ is: 'not-taken', wrong: `no password for ${ADA}` });
    expect(other.hasher.hashed).toBe(hashed);
    statements.length = 0;
    expect((await resetPassword(other.world, token, ANOTHER, async () => null)).is).toBe('open');
    expect(statements.filter((statement) => /^select .*from "?links/is.test(statement))).toHaveLength(2);
  } finally {
    await other.close();
  }
});
