import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NoticeAbout } from '../../../src/core/model/sign-in.ts';
import type { Mail } from '../../../src/core/ports/notifier.ts';
import type { Acted, Administrator } from '../../../src/flows/administering/acting.ts';
import { invite, issueToken, signOutEverywhere, unlock } from '../../../src/flows/administering/acts.ts';
import { viewLink } from '../../../src/flows/sign-in/links.ts';
import { sendNotices } from '../../../src/flows/sign-in/notices.ts';
import { whoHolds } from '../../../src/flows/sign-in/session.ts';
import { CARLA, DANA, done, ILSE, MIA, Office, refused, TARA } from './office.ts';

let office: Office;
beforeEach(async () => {
  office = await Office.open();
});
afterEach(() => office.close());

const idOf = (address: string) => office.portal.idOf(address);
const audited = (act: string) => office.one('select count(*) from audit where act = ?', act);

/** The mails of a kind that wait, as they are sent. */
async function mailed(about: NoticeAbout): Promise<Mail[]> {
  office.one('delete from notices where about <> ? returning 1', about);
  const mails: Mail[] = [];
  await sendNotices(office.portal.world, { send: async (mail) => void mails.push(mail) });
  return mails;
}

const ACTS: [string, string, (by: Administrator, userId: number) => Promise<Acted<unknown>>][] = [
  ['invite', 'invite', invite],
  ['issue-token', 'issue a token to', issueToken],
  ['unlock', 'unlock', unlock],
  ['end-sessions', 'sign out', signOutEverywhere],
];

describe.each(ACTS)('%s', (_, may, act) => {
  test('an Administrator on an Administrator; a Manager on no Administrator; nobody on themselves; nobody without the right', async () => {
    const [dana, carla, tara] = [await office.by(DANA), await office.by(CARLA), await office.by(TARA)];
    await refused(office, async () => act(carla, await idOf(ILSE)), `a Manager does not ${may} an Administrator`);
    await refused(office, async () => act(dana, await idOf(DANA)), 'nobody ');
    await refused(office, async () => act(tara, await idOf(MIA)), 'list-users takes');
    expect(await act(dana, await idOf(ILSE))).toMatchObject({ outcome: 'done' });
    expect(await act(carla, await idOf(MIA))).toMatchObject({ outcome: 'done' });
  });

  test('takes a proof of the last minutes, and somebody of the account', async () => {
    const dana = await office.by(DANA);
    expect(await act(dana, 999_999)).toEqual({ outcome: 'unknown' });
    office.portal.later(5 * 60_000);
    expect(await act(dana, await idOf(MIA))).toMatchObject({ outcome: 'prove' });
  });
});

test('an invitation is mailed to who has no password yet, a few times an hour', async () => {
  const dana = await office.by(DANA);
  const id = await idOf(MIA);
  expect(done(await invite(dana, id))).toBe('sent');
  expect(office.one("select address from notices where about = 'invitation'")).toBe(MIA);
  expect(audited('invitation.sent')).toBe(1);
  expect([done(await invite(dana, id)), done(await invite(dana, id)), done(await invite(dana, id))]).toEqual(['sent', 'sent', 'wait']);
  await office.portal.welcome(MIA);
  expect(done(await invite(dana, id))).toBe('has-password');
  office.one('update users set enabled = 0 where id = ? returning 1', await idOf('noah@bakery.example'));
  expect(done(await invite(dana, await idOf('noah@bakery.example')))).toBe('cannot-sign-in');
});

test('an enrollment token works once, and only the newest does; the log has neither', async () => {
  const dana = await office.by(DANA);
  const id = await idOf(MIA);
  const [first, second] = [done(await issueToken(dana, id)), done(await issueToken(dana, id))];
  const { world } = office.portal;
  expect(await viewLink(world, first?.token ?? '', 'enrollment-token')).toEqual({ is: 'replaced' });
  expect(await viewLink(world, second?.token ?? '', 'enrollment-token')).toMatchObject({
    is: 'open',
    link: { expiresAt: second?.expiresAt },
  });
  expect(audited('enrollment-token.issued')).toBe(2);
  const mails = await mailed('token-issued');
  expect(mails.map(({ to }) => to)).toEqual([MIA, MIA]);
  expect(mails[0]?.text).toContain('Dana Lindqvist made an enrollment token for you');
  for (const { text } of mails) for (const issued of [first, second]) expect(text).not.toContain(issued?.token);
  expect(office.one('select count(*) from audit where body like ?', `%${second?.token}%`)).toBe(0);
});

test('unlocking lifts a lock, and is told apart from nothing to lift', async () => {
  const dana = await office.by(DANA);
  const id = await idOf(MIA);
  expect(done(await unlock(dana, id))).toBe(false);
  expect(audited('sign-in.unlocked')).toBe(0);
  office.one('insert into sign_in_state (user_id, code_failures, locked_at) values (?, 10, 1) returning 1', id);
  expect(await mailed('unlocked')).toEqual([]);
  expect(done(await unlock(dana, id))).toBe(true);
  expect(audited('sign-in.unlocked')).toBe(1);
  expect(await mailed('unlocked')).toEqual([
    { to: MIA, subject: expect.stringContaining('was unlocked'), text: expect.stringContaining('Dana Lindqvist unlocked your sign-in') },
  ]);
});

test('signing out everywhere ends sessions and sign-ins that are half done', async () => {
  const [dana, mia] = [await office.by(DANA), await office.signIn(MIA)];
  const half = await office.portal.password(MIA, undefined, 'northwind/bakery');
  expect(done(await signOutEverywhere(dana, await idOf(MIA)))).toBe(1);
  const { world } = office.portal;
  expect(await whoHolds(world, mia)).toEqual({ is: 'nobody' });
  expect(await whoHolds(world, half.outcome === 'in' ? half.token : '')).toEqual({ is: 'nobody' });
  expect(audited('session.ended')).toBe(1);
  expect(await whoHolds(world, dana.token)).toMatchObject({ is: 'session' });
});
