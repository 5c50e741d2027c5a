/**
 * Threat: whoever guesses learns who exists, who is disabled and whose password was right, by text, code or time. Here every refusal is the
 * same answer after the same work: one hash, the same statements' kinds, the same counts.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askForMail } from '../../src/flows/sign-in/links.ts';
import { ACCOUNT, PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const [ADA, BEN, EMIL] = ['ada@northwind.example', 'ben@northwind.example', 'emil@northwind.example'];

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.enrolled(ADA);
  await portal.welcome(BEN);
  await portal.setEnabled(BEN, false);
});
afterEach(() => portal.close());

const REFUSED: readonly (readonly [string, string, string, string])[] = [
  ['nobody is called so', 'nobody@northwind.example', PASSWORD, ACCOUNT],
  ['it is no address', "' or 1=1 --", PASSWORD, ACCOUNT],
  ['a wrong password', ADA, 'wrong', ACCOUNT],
  ['no password', ADA, '', ACCOUNT],
  ['no password was ever set', EMIL, PASSWORD, ACCOUNT],
  ['somebody disabled, with the right password', BEN, PASSWORD, ACCOUNT],
  ['the right password at a door where the person is no member', ADA, PASSWORD, `${ACCOUNT}/bakery`],
  ['a door that there is not', ADA, PASSWORD, `${ACCOUNT}/nowhere`],
  ['an account that there is not', ADA, PASSWORD, 'elsewhere'],
];

test.each(REFUSED)('%s: refused, after one hash, and counted', async (_, address, password, scope) => {
  const verified = portal.hasher.verified;
  const rows = Number(portal.value('select coalesce(sum(count), 0) from failures'));
  expect(await portal.password(address, password, scope)).toEqual({ outcome: 'refused' });
  expect(portal.hasher.verified - verified).toBe(1);
  expect(Number(portal.value('select coalesce(sum(count), 0) from failures')) - rows).toBe(2);
});

test.each(REFUSED)('%s: slowed down after five alike, which tells nothing', async (_, address, password, scope) => {
  const outcomes: string[] = [];
  for (let i = 0; i < 6; i++) outcomes.push((await portal.password(address, password, scope)).outcome);
  expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'wait']);
  portal.later(1000);
  expect((await portal.password(address, password, scope)).outcome).toBe('refused');
  portal.later(1000);
  expect((await portal.password(address, password, scope)).outcome).toBe('wait');
});

test('asking for a mail gives the same whoever is asked for, and writes to those alone who can use it', async () => {
  const answers: unknown[] = [];
  for (const address of ['nobody@northwind.example', ADA, BEN, 'printer', ''])
    answers.push(await askForMail(portal.world, 'password-reset', { scope: ACCOUNT, address, from: '192.0.2.1' }));
  expect(new Set(answers)).toEqual(new Set([undefined]));
  expect(portal.mails().filter((mail) => mail.startsWith('password-reset'))).toEqual([`password-reset ${ADA}`]);
});
