import { afterEach, beforeEach, expect, test } from 'vitest';
import { whoHolds } from '../../../src/flows/sign-in/session.ts';
import { examplePolicies } from '../northwind.ts';
import { Portal } from './portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

test('from an invitation to a session, and in again with a code', async () => {
  await portal.northwind.apply(examplePolicies());
  const welcome = await portal.welcome(ADA);
  expect(welcome).toMatchObject({ is: 'in', step: { step: 'set-up', kinds: ['totp', 'passkey'] } });
  portal.later(1000);
  const { token, codes } = await portal.enrolled(ADA);
  expect(codes).toHaveLength(10);
  expect(await whoHolds(portal.world, token)).toMatchObject({ is: 'session' });
  const entered = await portal.password(ADA);
  expect(entered).toMatchObject({ outcome: 'in', step: { step: 'challenge', kinds: ['totp'] } });
  if (entered.outcome !== 'in') return;
  expect(await whoHolds(portal.world, entered.token)).toMatchObject({ is: 'attempt' });
  expect(await portal.code(entered.token, '000000')).toMatchObject({ outcome: 'wrong' });
  const answered = await portal.code(entered.token, portal.codeOf(ADA));
  expect(answered).toMatchObject({ outcome: 'in', step: { step: 'session' }, codesLeft: 10 });
  expect(await whoHolds(portal.world, entered.token)).toEqual({ is: 'nobody' });
});
