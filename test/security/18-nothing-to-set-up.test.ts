/**
 * Threat: MFA is enforced and the portal has no kind of factor to set up. Elsewhere (Nextcloud #13112) the provider was off, people
 * were told that MFA is enforced, and everybody was locked out for good. Here such a sign-in says where it is stuck, whoever has a
 * factor comes in, and an administrator or a break-glass user recovers.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exempting, Portal, rulesOf } from '../flows/sign-in/portal.ts';

const [ADA, BEN, GLASS] = ['ada@northwind.example', 'ben@northwind.example', 'breakglass@northwind.example'];

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
  await portal.enrolled(BEN);
  await portal.reset(GLASS);
  const glass = await portal.welcome(GLASS);
  if (glass.is === 'in') await portal.setUpPasskey(GLASS, glass.token);
  await portal.welcome(ADA);
  await portal.rules(['requireMfa: true']);
  portal.enrollable = 0;
});
afterEach(() => portal.close());

test('people without a factor are told, and are in nowhere; they are not locked', async () => {
  const { token, step } = await portal.entered(ADA);
  expect(step).toEqual({ step: 'stuck', scopes: ['northwind'] });
  expect(await portal.holds(token)).toBe('attempt');
  expect(await portal.locked(ADA)).toBe(false);
});

test('whoever has a factor signs in as ever, the break-glass user too', async () => {
  expect(await portal.code((await portal.entered(BEN)).token, portal.codeOf(BEN))).toMatchObject({ step: { step: 'session' } });
  expect(await portal.passkey(GLASS, (await portal.entered(GLASS)).token)).toMatchObject({ step: { step: 'session' } });
});

test.each<[string, () => Promise<void>, string]>([
  ['turns the requirement off', () => portal.rules(['requireMfa: false']), 'session'],
  ['exempts the person', async () => portal.apply({ ...rulesOf(['requireMfa: true']), ...exempting([ADA], '2027-01-31') }), 'session'],
  ['lets it report only', () => portal.rules(['requireMfa: true', 'mode: ReportOnly']), 'session'],
  [
    'turns the kinds on again',
    async () => {
      portal.enrollable = 3;
    },
    'set-up',
  ],
])('an administrator %s: the way is free', async (_, recover, step) => {
  expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'stuck' } });
  await recover();
  expect(await portal.entered(ADA)).toMatchObject({ step: { step } });
});

test('while it may be postponed nobody is stuck: there is nothing to offer, and nothing is asked', async () => {
  await portal.rules(['requireMfa: true', 'gracePeriod: 90d']);
  expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'session' } });
});
