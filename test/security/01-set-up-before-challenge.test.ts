/**
 * Threat: whoever has the password alone sets up a factor of their own in place of the challenge. Elsewhere (FileRise CVE-2026-104106) a
 * factor was active before anything was proven. Here enrollment is refused while a challenge is owed, and after it takes a recent proof.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { showToken } from '../../src/flows/sign-in/links.ts';
import { postpone } from '../../src/flows/sign-in/postpone.ts';
import { confirmPasskey, confirmTotp, currentSetUp, openSetUp, passkeySetUp } from '../../src/flows/sign-in/set-up.ts';
import { Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

const factors = async () => Number(portal.value('select count(*) from factors where user_id = ?', await portal.idOf(ADA)));

test.each<[string, readonly string[]]>([
  ['required', ['requireMfa: true']],
  ['not required', ['requireMfa: false']],
  ['another kind is required', ['requireMfa: true', 'factors: [passkey]']],
  ['another kind may be postponed', ['requireMfa: true', 'factors: [passkey]', 'gracePeriod: 30d']],
])('%s: with the password alone nothing is opened, shown or confirmed', async (_, rules) => {
  await portal.enrolled(ADA);
  await portal.rules(rules);
  const { token, step } = await portal.entered(ADA);
  expect(step.step).toBe('challenge');
  for (const kind of ['totp', 'passkey'] as const) expect(await openSetUp(portal.world, token, kind)).toBeUndefined();
  expect(await currentSetUp(portal.world, token)).toBeUndefined();
  expect(await passkeySetUp(portal.world, token)).toBeUndefined();
  expect(await confirmTotp(portal.world, token, portal.codeOf(ADA), '', '')).toEqual({ outcome: 'over' });
  expect(await confirmPasskey(portal.world, token, {}, '', '')).toEqual({ outcome: 'over' });
  expect(await postpone(portal.world, token, '')).toBeUndefined();
  expect(portal.value('select count(*) from set_ups')).toBe(0);
  expect(await factors()).toBe(1);
});

test('a set-up opened before a factor was enrolled elsewhere confirms nothing', async () => {
  await portal.rules(['requireMfa: true']);
  await portal.welcome(ADA);
  const [one, other] = [await portal.entered(ADA), await portal.entered(ADA)];
  const opened = await openSetUp(portal.world, one.token, 'totp');
  await portal.setUpTotp(ADA, other.token);
  portal.phones.set('attacker', opened?.secret ?? new Uint8Array());
  expect(await confirmTotp(portal.world, one.token, portal.codeOf('attacker'), '', '')).toEqual({ outcome: 'over' });
  expect(await factors()).toBe(1);
});

test('where a token is asked for first, nothing is opened without it, not even by postponing and the settings', async () => {
  await portal.rules(['requireMfa: true', 'gracePeriod: 30d', 'enrollment: Token']);
  await portal.welcome(ADA);
  const { token, step } = await portal.entered(ADA);
  expect(step).toMatchObject({ step: 'token' });
  expect(await openSetUp(portal.world, token, 'totp')).toBeUndefined();
  const postponed = await postpone(portal.world, token, '');
  expect(postponed).toMatchObject({ step: { step: 'session' } });
  expect(await openSetUp(portal.world, postponed?.token ?? '', 'totp')).toBeUndefined();
  const again = await portal.entered(ADA);
  const shown = await showToken(portal.world, again.token, await portal.link(ADA, 'enrollment-token'), '');
  expect(shown).toMatchObject({ outcome: 'in', step: { step: 'set-up' } });
  if (shown.outcome === 'in') expect(await portal.setUpTotp(ADA, shown.token)).toMatchObject({ step: { step: 'session' } });
});

test('a session that is older than a proof may be opens nothing', async () => {
  const { token } = await portal.enrolled(ADA);
  expect(await openSetUp(portal.world, token, 'passkey')).toBeDefined();
  portal.later(5 * 60_000);
  expect(await openSetUp(portal.world, token, 'passkey')).toBeUndefined();
  expect(await portal.holds(token)).toBe('session');
});
