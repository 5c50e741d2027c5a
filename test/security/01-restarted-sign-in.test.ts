/**
 * Threat: a sign-in is begun anew, or its steps are sent in another order, and what was owed is forgotten. Elsewhere (Keycloak
 * CVE-2026-94218) "restart login" erased a set-up that was enforced. Here nothing is remembered but what was proven, and the step is asked again
 * from the facts: every sequence of acts up to four, generated, leaves a pending token pending.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { showToken } from '../../src/flows/sign-in/links.ts';
import { postpone } from '../../src/flows/sign-in/postpone.ts';
import { signOut } from '../../src/flows/sign-in/session.ts';
import { confirmTotp, currentSetUp, openSetUp } from '../../src/flows/sign-in/set-up.ts';
import { changePassword, removeFactor, renewCodes } from '../../src/flows/sign-in/settings.ts';
import { Portal } from '../flows/sign-in/portal.ts';

/** Nobody of them has completed what is due. */
const [ADA, BEN, ILSE, ZOE] = ['ada@northwind.example', 'ben@northwind.example', 'ilse@northwind.example', 'zoe@northwind.example'];

let portal: Portal;
beforeAll(async () => {
  portal = await Portal.open();
  await portal.rules(['requireMfa: true', 'factors: [totp, passkey]', 'factorsByRole:', '  Administrator: [passkey]', 'enrollment: Open']);
  for (const address of [ADA, BEN, ZOE]) await portal.welcome(address);
  await portal.rules(['requireMfa: false']);
  await portal.enrolled(ILSE);
  await portal.enrolled(ZOE);
  await portal.rules(['requireMfa: true', 'factors: [totp, passkey]', 'factorsByRole:', '  Administrator: [passkey]']);
});
afterAll(() => portal.close());

/** Acts with a pending token, none of which proves anything; each gives the token that goes on, if there is one. */
const ACTS: Readonly<Record<string, (token: string, address: string) => Promise<string | undefined>>> = {
  restart: async (_, address) => (await portal.entered(address)).token,
  'open totp': async (token) => {
    await openSetUp(portal.world, token, 'totp');
    return token;
  },
  'open passkey': async (token) => {
    await openSetUp(portal.world, token, 'passkey');
    return token;
  },
  look: async (token) => {
    await currentSetUp(portal.world, token);
    return token;
  },
  mistype: async (token) => {
    await confirmTotp(portal.world, token, 'abcdef', '', '');
    return token;
  },
  postpone: async (token) => (await postpone(portal.world, token, ''))?.token ?? token,
  'show a token': async (token) => {
    await showToken(portal.world, token, 'no token', '');
    return token;
  },
  'change the password': async (token) => {
    await changePassword(portal.world, token, 'another long walk');
    return token;
  },
  renew: async (token) => {
    await renewCodes(portal.world, token);
    return token;
  },
  remove: async (token) => {
    await removeFactor(portal.world, token, 1);
    return token;
  },
  'sign out': async (token) => {
    await signOut(portal.world, token);
    return token;
  },
};

/** Every sequence of so many acts. */
function sequences(length: number): string[][] {
  if (length === 0) return [[]];
  return sequences(length - 1).flatMap((shorter) => Object.keys(ACTS).map((act) => [...shorter, act]));
}

async function run(sequence: readonly string[], address: string): Promise<void> {
  let { token } = await portal.entered(address);
  const seen = [token];
  for (const act of sequence) {
    token = (await ACTS[act]?.(token, address)) ?? token;
    seen.push(token);
    for (const held of new Set(seen)) expect(await portal.holds(held), `${address}: ${sequence.join(', ')}`).not.toBe('session');
  }
  const again = await portal.entered(address);
  expect(again.step.step).toBe(address === ADA || address === BEN ? 'set-up' : 'challenge');
}

describe('no sequence of acts that prove nothing makes a session, and the next sign-in is asked the same', () => {
  let before: number;
  beforeEach(() => {
    before = portal.sessions();
  });

  test.each([
    ['nothing enrolled', ADA],
    ['a kind that is not allowed', ILSE],
    ['a factor', ZOE],
  ])('%s: every pair of acts', async (_, address) => {
    for (const sequence of sequences(2)) await run(sequence, address);
    expect(portal.sessions()).toBe(before);
  });

  test('nothing enrolled: every third of the sequences of three, and some of four', async () => {
    const three = sequences(3).filter((_, i) => i % 3 === 0);
    const four = sequences(4).filter((_, i) => i % 101 === 0);
    for (const sequence of [...three, ...four]) await run(sequence, BEN);
    expect(portal.sessions()).toBe(before);
  });
});

test('the set-up that was enforced is still enforced after it was begun anew, and its old page confirms nothing', async () => {
  const first = await portal.entered(ADA);
  const shown = await openSetUp(portal.world, first.token, 'totp');
  portal.phones.set(ADA, shown?.secret ?? new Uint8Array());
  const second = await portal.entered(ADA);
  expect(second.step).toMatchObject({ step: 'set-up', until: null });
  // The code of the first set-up, in the second sign-in: nothing was opened there.
  expect(await confirmTotp(portal.world, second.token, portal.codeOf(ADA), '', '')).toEqual({ outcome: 'over' });
  expect(await portal.holds(second.token)).toBe('attempt');
});

test('each step is taken once: its token is over with it', async () => {
  const address = 'yusuf@northwind.example';
  await portal.rules(['requireMfa: false']);
  await portal.enrolled(address);
  await portal.rules(['requireMfa: true', 'factors: [passkey]']);
  const { token } = await portal.entered(address);
  const answered = await portal.code(token, portal.codeOf(address));
  expect(answered).toMatchObject({ outcome: 'in', step: { step: 'set-up', kinds: ['passkey'] } });
  expect(await portal.holds(token)).toBe('nobody');
  expect(await portal.code(token, portal.codeOf(address, 30))).toEqual({ outcome: 'over' });
  if (answered.outcome !== 'in') return;
  expect(await portal.code(answered.token, portal.codeOf(address, 30))).toEqual({ outcome: 'over' });
  const done = await portal.setUpPasskey(address, answered.token);
  expect(done.step).toEqual({ step: 'session' });
  expect(await portal.holds(answered.token)).toBe('nobody');
});
