/**
 * Threat: every door asks for the second factor but one. Elsewhere a session was cached before the second factor (better-auth
 * GHSA-xg6x-h9c9-2m83), and another door bypassed what the sign-in enforced (GitLab 32215, 222527). Here everything that takes a token is tried with nothing,
 * a pending token of each step, a session that has ended, and a session: what changes or shows something takes a session.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearerHash } from '../../src/core/authentication/bearer.ts';
import { enterCode } from '../../src/flows/sign-in/challenge.ts';
import { acceptInvitation, resetPassword, showToken, showTokenInSettings, unlockByLink, viewLink } from '../../src/flows/sign-in/links.ts';
import { answerPasskey, passkeyChallenge } from '../../src/flows/sign-in/passkey.ts';
import { postpone } from '../../src/flows/sign-in/postpone.ts';
import { endSessions, signOut, whoHolds } from '../../src/flows/sign-in/session.ts';
import { confirmPasskey, confirmTotp, currentSetUp, openSetUp, passkeySetUp } from '../../src/flows/sign-in/set-up.ts';
import { changePassword, passkeyToProve, proveAgain, proveByPasskey, removeFactor, renewCodes } from '../../src/flows/sign-in/settings.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { PASSWORD, Portal } from '../flows/sign-in/portal.ts';

const [ADA, BEN, YUSUF, WADE, ZOE, ILSE] = ['ada', 'ben', 'yusuf', 'wade', 'zoe', 'ilse'].map((name) => `${name}@northwind.example`) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

let portal: Portal;
/** Bearers by what they hold. */
const held: Record<string, string> = {};
beforeAll(async () => {
  portal = await Portal.open();
  for (const address of [ADA, YUSUF, ILSE]) held[`session of ${address}`] = (await portal.enrolled(address)).token;
  await portal.setUpPasskey(ADA, held[`session of ${ADA}`] ?? '').then(({ token }) => {
    held['session'] = token;
  });
  for (const address of [BEN, WADE, ZOE]) await portal.welcome(address);
  await portal.rules([
    'requireMfa: true',
    'factors: [totp, passkey]',
    'factorsByRole:',
    '  Administrator: [passkey]',
    '  Creator: [passkey]',
  ]);
  held['nothing'] = '';
  held['made up'] = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  held['at the challenge'] = (await portal.entered(ADA)).token;
  held['at the set-up'] = (await portal.entered(BEN)).token;
  const answered = await portal.code((await portal.entered(YUSUF)).token, portal.codeOf(YUSUF));
  if (answered.outcome !== 'in') throw new Error(answered.outcome);
  held['at the set-up after the challenge'] = answered.token;
  portal.enrollable = 1;
  held['stuck'] = (await portal.entered(ZOE)).token;
  portal.enrollable = 3;
  held['hash of a session'] = bearerHash(held['session'] ?? '');
  const ended = await portal.signedIn(ADA);
  await signOut(portal.world, ended);
  held['a session signed out'] = ended;
  held['a link'] = await portal.link(BEN, 'password-reset');
});
afterAll(() => portal.close());

/** What takes a session: shows or changes something of the person's. Gives whether it did. */
const TAKE_A_SESSION: Readonly<Record<string, (token: string) => Promise<boolean>>> = {
  endSessions: async (token) => (await endSessions(portal.world, token, null)) > 0,
  proveAgain: async (token) => {
    const proof = { password: PASSWORD, typed: '000000', from: '192.0.2.9' };
    return (await proveAgain(portal.world, token, proof)).outcome !== 'over';
  },
  passkeyToProve: async (token) => (await passkeyToProve(portal.world, token)) !== undefined,
  proveByPasskey: async (token) => (await proveByPasskey(portal.world, token, {})).outcome !== 'over',
  removeFactor: async (token) => (await removeFactor(portal.world, token, 1)).outcome !== 'over',
  renewCodes: async (token) => (await renewCodes(portal.world, token)).outcome !== 'over',
  showTokenInSettings: async (token) => (await showTokenInSettings(portal.world, token, 'x')).outcome !== 'over',
  changePassword: async (token) => (await changePassword(portal.world, token, 'another long walk')).outcome !== 'over',
  'whoHolds says session': async (token) => (await whoHolds(portal.world, token)).is === 'session',
};

/** What takes a half-done sign-in at its step. Gives whether a session came of it. */
const TAKE_A_STEP: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
  enterCode: (token) => enterCode(portal.world, token, '000000', ''),
  passkeyChallenge: (token) => passkeyChallenge(portal.world, token),
  answerPasskey: (token) => answerPasskey(portal.world, token, {}, ''),
  postpone: (token) => postpone(portal.world, token, ''),
  showToken: (token) => showToken(portal.world, token, 'x', ''),
  openSetUp: (token) => openSetUp(portal.world, token, 'totp'),
  currentSetUp: (token) => currentSetUp(portal.world, token),
  passkeySetUp: (token) => passkeySetUp(portal.world, token),
  confirmTotp: (token) => confirmTotp(portal.world, token, '000000', '', ''),
  confirmPasskey: (token) => confirmPasskey(portal.world, token, {}, '', ''),
};

/** What takes a link, given a bearer's token instead. */
const TAKE_A_LINK: Readonly<Record<string, (token: string) => Promise<{ readonly is: string }>>> = {
  viewLink: (token) => viewLink(portal.world, token, 'unlock'),
  unlockByLink: (token) => unlockByLink(portal.world, token),
  resetPassword: (token) => resetPassword(portal.world, token, PASSWORD),
  acceptInvitation: (token) => acceptInvitation(portal.world, token, PASSWORD, ''),
};

const WITHOUT = [
  'nothing',
  'made up',
  'at the challenge',
  'at the set-up',
  'at the set-up after the challenge',
  'stuck',
  'hash of a session',
  'a session signed out',
  'a link',
] as const;

describe.each(WITHOUT)('a bearer who holds: %s', (what) => {
  const token = () => held[what] ?? '';

  test.each(Object.keys(TAKE_A_SESSION))('%s: no', async (door) => {
    const before = contentOf(portal.northwind.opened.raw);
    expect(await TAKE_A_SESSION[door]?.(token())).toBe(false);
    expect(contentOf(portal.northwind.opened.raw)).toBe(before);
  });

  test('whatever takes a step makes no session of it', async () => {
    const sessions = portal.sessions();
    for (const door of Object.values(TAKE_A_STEP)) await door(token());
    expect(portal.sessions()).toBe(sessions);
    expect(await portal.holds(token())).not.toBe('session');
  });

  test('nothing that takes a link takes this', async () => {
    if (what === 'a link') return;
    for (const door of Object.values(TAKE_A_LINK)) expect(await door(token())).toEqual({ is: 'unknown' });
  });
});

test('a session is none of the steps: nothing of them works with it but the set-up in the settings', async () => {
  const token = held['session'] ?? '';
  portal.later(6 * 60_000);
  for (const [name, door] of Object.entries(TAKE_A_STEP)) {
    const came = await door(token);
    expect(came === undefined || (came as { outcome: string }).outcome === 'over', name).toBe(true);
  }
  expect(await portal.holds(token)).toBe('session');
});

test('the matrix holds every flow that takes a token', () => {
  const folder = join(import.meta.dirname, '..', '..', 'src', 'flows', 'sign-in');
  const taking = readdirSync(folder).flatMap((file) =>
    [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /export (?:async )?function (\w+)(?:<\w+>)?\(\s*world: SignInWorld,\s*token: string/g,
      ),
    ].map(([, name]) => name),
  );
  const tried = [
    ...Object.keys(TAKE_A_SESSION),
    ...Object.keys(TAKE_A_STEP),
    ...Object.keys(TAKE_A_LINK),
    'whoHolds',
    'signOut',
    'countAnswer',
  ];
  expect(taking.filter((name) => !tried.includes(name ?? ''))).toEqual([]);
  expect(taking.length).toBeGreaterThan(20);
});
