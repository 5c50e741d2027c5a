/**
 * Threat: nobody requires MFA, so what somebody has set up for themselves is not asked. Elsewhere (Zitadel CVE-2025-64103) a user's own
 * factors were ignored unless a policy required them. Here whoever has a factor is asked for it, whatever policies say.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exempting, Portal, rulesOf } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

test.each<[string, () => Promise<void>]>([
  ['there is no policy', async () => undefined],
  ['it is turned off', () => portal.rules(['requireMfa: false'])],
  [
    'it was on, and is turned off',
    async () => {
      await portal.rules(['requireMfa: true']);
      await portal.rules(['requireMfa: false']);
    },
  ],
  ['it is in force', () => portal.rules(['requireMfa: true'])],
  ['it may be postponed', () => portal.rules(['requireMfa: true', 'gracePeriod: 30d'])],
  ['it only reports', () => portal.rules(['requireMfa: true', 'mode: ReportOnly'])],
  ['it is for another role', () => portal.rules(['requireMfa: true', 'roles: [Administrator]'])],
  ['it asks for another kind', () => portal.rules(['requireMfa: true', 'factors: [passkey]'])],
  ['it begins later', () => portal.rules(['requireMfa: true', 'enforceFrom: 2027-06-01'])],
  ['the person is exempt', async () => portal.apply({ ...rulesOf(['requireMfa: true']), ...exempting([ADA], '2027-01-31') })],
])('%s: asked', async (_, policy) => {
  await portal.enrolled(ADA);
  await policy();
  const { token, step } = await portal.entered(ADA);
  expect(step).toEqual({ step: 'challenge', kinds: ['totp'] });
  expect(await portal.holds(token)).toBe('attempt');
});

test('a factor that cannot be read at present counts all the same', async () => {
  await portal.enrolled(ADA);
  portal.northwind.opened.raw.prepare('update factors set sealed = ? where user_id = ?').run(Buffer.alloc(120), await portal.idOf(ADA));
  const { token, step } = await portal.entered(ADA);
  expect(step).toMatchObject({ step: 'challenge' });
  expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'wrong', why: 'unreadable' });
});
