/**
 * Threat: whoever stole a session before the person set up MFA keeps it. Elsewhere (OpenProject CVE-2023-31140) sessions from before
 * survived. Here the inventory of sessions after each change of factors is the one session in which it was done.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Portal } from '../flows/sign-in/portal.ts';

const ADA = 'ada@northwind.example';

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

async function standing(): Promise<string[]> {
  const id = await portal.idOf(ADA);
  const rows = await portal.world.store.read(async (reader) => {
    const epoch = (await reader.signInState(id))?.epoch;
    return (await reader.sessionsOf(id)).filter((session) => session.epoch === epoch);
  });
  return rows.map(({ method }) => method);
}

test('enrolled in the settings: that session alone stands', async () => {
  const welcome = await portal.welcome(ADA);
  if (welcome.is !== 'in') throw new Error(welcome.is);
  const stolen = [(await portal.entered(ADA)).token, (await portal.entered(ADA)).token];
  for (const token of [...stolen, welcome.token]) expect(await portal.holds(token)).toBe('session');
  const { token } = await portal.setUpTotp(ADA, welcome.token);
  expect(await standing()).toHaveLength(1);
  expect(await portal.holds(token)).toBe('session');
  expect([await portal.holds(stolen[0] ?? ''), await portal.holds(stolen[1] ?? ''), await portal.holds(welcome.token)]).toEqual([
    'ended',
    'ended',
    'nobody',
  ]);
});

test('enrolled during a sign-in: the session that comes of it alone stands, and other half-done sign-ins are over', async () => {
  await portal.welcome(ADA);
  const stolen = (await portal.entered(ADA)).token;
  await portal.rules(['requireMfa: true']);
  const [one, other] = [await portal.entered(ADA), await portal.entered(ADA)];
  expect(await portal.holds(stolen)).toBe('session');
  const { token } = await portal.setUpTotp(ADA, one.token);
  expect(await standing()).toEqual(['totp']);
  expect([await portal.holds(token), await portal.holds(stolen), await portal.holds(other.token)]).toEqual(['session', 'ended', 'nobody']);
});
