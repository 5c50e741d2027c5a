/**
 * Threat: one recovery code sent many times at once. Elsewhere (parse-server GHSA-2299-ghjr-6vjp) it was read, compared and deleted in
 * three steps, and opened several sessions. Here the code is used up in the transaction that takes the sign-in further: one wins.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashRecoveryCode } from '../../src/core/authentication/recovery-codes.ts';
import { Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';
const AT_ONCE = 500;

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
});
afterEach(() => portal.close());

const used = () => Number(portal.value('select count(*) from recovery_codes where used_at is not null'));

test('one sign-in, one code, five hundred at once: one session', async () => {
  const { codes } = await portal.enrolled(ADA);
  const { token } = await portal.entered(ADA);
  const sessions = portal.sessions();
  const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, () => portal.code(token, codes[3])));
  // At most one: the ten that may be counted go in together, and the eleventh locks.
  const won = outcomes.filter(({ outcome }) => outcome === 'in').length;
  expect(won).toBeLessThanOrEqual(1);
  expect([portal.sessions() - sessions, used()]).toEqual([won, won]);
});

test('nine half-done sign-ins with the same code at once: one session, and eight are told that it was used', async () => {
  const { codes } = await portal.enrolled(ADA);
  const tokens: string[] = [];
  for (let i = 0; i < 9; i++) tokens.push((await portal.entered(ADA)).token);
  const sessions = portal.sessions();
  const outcomes = await Promise.all(tokens.map((token) => portal.code(token, codes[3])));
  expect(outcomes.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
  expect(outcomes.filter((answered) => answered.outcome === 'wrong' && answered.why === 'replayed')).toHaveLength(8);
  expect([portal.sessions() - sessions, used()]).toEqual([1, 1]);
});

test('the store itself lets one of five hundred through', async () => {
  const id = await portal.idOf(ADA);
  const hash = hashRecoveryCode('0123-4567-89ab-cdef', Buffer.alloc(16, 1));
  const { store } = portal.world;
  const { now } = portal.northwind;
  await store.write(now, (transaction) => transaction.putRecoveryCodes(id, [hash]));
  const use = () => store.write(now, (transaction) => transaction.useRecoveryCode(id, hash));
  const won = await Promise.all(Array.from({ length: AT_ONCE }, use));
  expect(won.filter(Boolean)).toHaveLength(1);
});
