// SGN-11: the mail scanner used up the link. Elsewhere whoever opened it first consumed it. Here looking uses nothing up, however often, and
// the act itself works once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptInvitation, askForMail, resetPassword, unlockByLink, viewLink } from '../../src/flows/sign-in/links.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { ACCOUNT, PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

describe.each<['invitation' | 'unlock' | 'password-reset', (token: string) => Promise<{ is: string }>, string]>([
  ['invitation', (token) => acceptInvitation(portal.world, token, PASSWORD, ''), 'in'],
  ['unlock', (token) => unlockByLink(portal.world, token), 'open'],
  ['password-reset', (token) => resetPassword(portal.world, token, PASSWORD), 'open'],
])('%s', (purpose, use, done) => {
  it('looked at a hundred times it writes nothing, and works for the person, once', async () => {
    const token = await portal.link(ADA, purpose);
    const before = contentOf(portal.northwind.opened.raw);
    for (let i = 0; i < 100; i++) expect(await viewLink(portal.world, token, purpose)).toMatchObject({ is: 'open' });
    expect(contentOf(portal.northwind.opened.raw)).toBe(before);
    expect((await use(token)).is).toBe(done);
    expect(await viewLink(portal.world, token, purpose)).toEqual({ is: 'used', at: portal.northwind.now });
    expect((await use(token)).is).toBe('used');
  });

  it('says that it was replaced or is over', async () => {
    const [old, next] = [await portal.link(ADA, purpose), await portal.link(ADA, purpose)];
    expect(await viewLink(portal.world, old, purpose)).toEqual({ is: 'replaced' });
    portal.later(7 * 86_400_000);
    expect(await viewLink(portal.world, next, purpose)).toEqual({ is: 'expired' });
    expect((await use(next)).is).toBe('expired');
  });
});

it('three mails of a kind in an hour to one person, and again in the next', async () => {
  await portal.welcome(ADA);
  const ask = () => askForMail(portal.world, 'password-reset', { scope: ACCOUNT, address: ADA, from: '192.0.2.1' });
  const mails = () => portal.mails().filter((mail) => mail === `password-reset ${ADA}`).length;
  for (let i = 0; i < 5; i++) await ask();
  expect(mails()).toBe(3);
  portal.later(3_600_000);
  for (let i = 0; i < 5; i++) await ask();
  expect(mails()).toBe(6);
});
