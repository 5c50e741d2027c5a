import { afterEach, beforeEach, expect, test } from 'vitest';
import { signOut } from '../../../src/flows/sign-in/session.ts';
import { openSetUp } from '../../../src/flows/sign-in/set-up.ts';
import { proveAgain } from '../../../src/flows/sign-in/settings.ts';
import { exempting, PASSWORD, Portal, rulesOf } from './portal.ts';

/** Whoever has only the password is heard of, and keeps nobody out. */

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

const told = () => portal.value("select count(*) from notices where about = 'stopped-at-second-factor'");

test('a sign-in that is given up after a wrong code is told of, once a day', async () => {
  await portal.enrolled(ADA);
  for (let i = 0; i < 3; i++) {
    const { token } = await portal.entered(ADA);
    await portal.code(token, portal.wrongCode(ADA));
    await signOut(portal.world, token);
  }
  expect(told()).toBe(1);
  portal.later(86_400_000);
  const { token } = await portal.entered(ADA);
  await portal.code(token, portal.wrongCode(ADA));
  await signOut(portal.world, token);
  expect(told()).toBe(2);
});

test('one that is given up before any code is not, nor is a session that ends', async () => {
  const { token } = await portal.enrolled(ADA);
  await signOut(portal.world, (await portal.entered(ADA)).token);
  await signOut(portal.world, token);
  expect(told()).toBe(0);
});

test('wrong passwords at the door do not stand in the way of somebody who is signed in', async () => {
  const { token } = await portal.enrolled(ADA);
  for (let i = 0; i < 8; i++) await portal.password(ADA, 'nonsense', 'northwind', `192.0.2.${i}`);
  expect(await portal.password(ADA)).toEqual({ outcome: 'wait' });
  const proof = { password: PASSWORD, typed: portal.codeOf(ADA), from: '192.0.2.99' };
  expect(await proveAgain(portal.world, token, proof)).toMatchObject({ outcome: 'proven' });
});

test('where the first set-up takes a token it does so while somebody is exempt too, and in the settings', async () => {
  await portal.apply({ ...rulesOf(['requireMfa: true', 'enrollment: Token']), ...exempting([ADA], '2026-12-31') });
  const welcome = await portal.welcome(ADA);
  if (welcome.is !== 'in') throw new Error(welcome.is);
  expect(welcome.step).toEqual({ step: 'session' });
  for (const kind of ['totp', 'passkey'] as const) expect(await openSetUp(portal.world, welcome.token, kind)).toBeUndefined();
});
