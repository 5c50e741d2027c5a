/**
 * Threat: a recovery code of one person, sent in the sign-in of another. Elsewhere (Gogs CVE-2025-64175) codes were looked up without
 * their owner. Here a code is compared with the codes of the person who signs in, and used up for nobody else.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { proveAgain } from '../../src/flows/sign-in/settings.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const [ADA, BEN] = ['ada@northwind.example', 'ben@northwind.example'];

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true']);
});
afterEach(() => portal.close());

test('every code of one opens nothing for the other, and stays good for its owner', async () => {
  const { codes } = await portal.enrolled(ADA);
  const ben = await portal.enrolled(BEN);
  const { token } = await portal.entered(BEN);
  for (const code of codes.slice(0, 5)) expect(await portal.code(token, code)).toEqual({ outcome: 'wrong', why: 'wrong' });
  const prove = await proveAgain(portal.world, ben.token, { password: PASSWORD, typed: codes[6], from: '192.0.2.1' });
  expect(prove).toEqual({ outcome: 'wrong', why: 'wrong' });
  expect(portal.value('select count(*) from recovery_codes where used_at is not null')).toBe(0);
  for (const code of codes) {
    const own = await portal.entered(ADA);
    expect(await portal.code(own.token, code)).toMatchObject({ outcome: 'in', method: 'recovery' });
  }
});

test('nor is one used up in the store under the other', async () => {
  await portal.enrolled(ADA);
  const [ada, ben] = [await portal.idOf(ADA), await portal.idOf(BEN)];
  const { store } = portal.world;
  const used = await store.write(portal.northwind.now, async (transaction) => {
    const [code] = await transaction.recoveryCodes(ada);
    return [await transaction.useRecoveryCode(ben, code?.hash ?? ''), await transaction.useRecoveryCode(ada, code?.hash ?? '')];
  });
  expect(used).toEqual([false, true]);
});
