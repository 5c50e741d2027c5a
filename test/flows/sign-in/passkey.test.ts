import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enterByPasskey, passkeyAtDoor, passkeyChallenge } from '../../../src/flows/sign-in/passkey.ts';
import { ACCOUNT, Portal } from './portal.ts';

const [ILSE, ADA] = ['ilse@northwind.example', 'ada@northwind.example'];

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

async function withPasskey(address: string, verified = true): Promise<void> {
  const welcome = await portal.welcome(address);
  if (welcome.is !== 'in') throw new Error(welcome.is);
  await portal.setUpPasskey(address, welcome.token, { flags: { uv: verified } });
}

describe('a role that takes a passkey', () => {
  beforeEach(() => portal.rules(['requireMfa: true', 'factors: [totp, passkey]', 'factorsByRole:', '  Administrator: [passkey]']));

  test('sets one up and no app, and signs in by it', async () => {
    const welcome = await portal.welcome(ILSE);
    expect(welcome).toMatchObject({ step: { step: 'set-up', kinds: ['passkey'] } });
    if (welcome.is !== 'in') return;
    await expect(portal.setUpTotp(ILSE, welcome.token)).rejects.toThrow('may not');
    expect(await portal.setUpPasskey(ILSE, welcome.token)).toMatchObject({ step: { step: 'session' } });
    const { token, step } = await portal.entered(ILSE);
    expect(step).toEqual({ step: 'challenge', kinds: ['passkey'] });
    expect(await portal.passkey(ILSE, token)).toMatchObject({ outcome: 'in', method: 'passkey', codesLeft: 10, step: { step: 'session' } });
  });
});

describe('as the second factor', () => {
  test('presence is enough; a recovery code stands in for it; a challenge is answered once', async () => {
    await withPasskey(ADA);
    expect(await portal.passkey(ADA, (await portal.entered(ADA)).token, { flags: { uv: false } })).toMatchObject({ outcome: 'in' });
    expect(await portal.passkey(ADA, (await portal.entered(ADA)).token, { challenge: Buffer.alloc(32) })).toMatchObject({
      outcome: 'wrong',
    });
    expect(await portal.passkey(ADA, (await portal.entered(ADA)).token, { origin: 'https://evil.example' })).toMatchObject({
      outcome: 'wrong',
    });
    expect(await portal.codeFailures(ADA)).toBe(2);
  });

  test('a copy that counts from behind is refused', async () => {
    await withPasskey(ADA);
    await portal.passkey(ADA, (await portal.entered(ADA)).token, { counter: 9 });
    expect(await portal.passkey(ADA, (await portal.entered(ADA)).token, { counter: 9 })).toMatchObject({ outcome: 'wrong' });
    expect(await portal.passkey(ADA, (await portal.entered(ADA)).token, { counter: 10 })).toMatchObject({ outcome: 'in' });
  });

  test('nobody without one is asked for it', async () => {
    await portal.enrolled(ADA);
    expect(await passkeyChallenge(portal.world, (await portal.entered(ADA)).token)).toBeUndefined();
  });
});

describe('alone', () => {
  test('with its holder verified, when it was made and now: both factors at once', async () => {
    await withPasskey(ADA);
    expect(await portal.passkeyAlone(ADA)).toMatchObject({ outcome: 'in', step: { step: 'session' } });
  });

  test.each([
    ['not verified now', true, false],
    ['not verified when it was made', false, true],
    ['neither', false, false],
  ])('%s: one factor, and the password is asked first', async (_, made, now) => {
    await withPasskey(ADA, made);
    const sessions = portal.sessions();
    expect(await portal.passkeyAlone(ADA, { flags: { uv: now } })).toEqual({ outcome: 'password-first' });
    expect(portal.sessions()).toBe(sessions);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['a door where the person is no member', () => portal.passkeyAlone(ADA, {}, `${ACCOUNT}/bakery`)],
    ['a door of another account', () => portal.passkeyAlone(ADA, {}, 'elsewhere')],
    ['another challenge', () => portal.passkeyAlone(ADA, { challenge: Buffer.alloc(32) })],
    ['another site', () => portal.passkeyAlone(ADA, { origin: 'https://evil.example' })],
    [
      'somebody disabled',
      async () => {
        await portal.setEnabled(ADA, false);
        return portal.passkeyAlone(ADA);
      },
    ],
    ['no answer', async () => enterByPasskey(portal.world, { scope: ACCOUNT, visitor: 'v', answer: null, from: '192.0.2.1', device: '' })],
  ])('%s: refused, all alike', async (_, act) => {
    await withPasskey(ADA);
    expect(await act()).toEqual({ outcome: 'refused' });
  });

  test('a challenge works for the visitor who was given it, once', async () => {
    await withPasskey(ADA);
    const { challenge = '' } = (await passkeyAtDoor(portal.world, 'one', '192.0.2.1')) ?? {};
    const answer = await portal.signed(ADA, challenge);
    const enter = (visitor: string) => enterByPasskey(portal.world, { scope: ACCOUNT, visitor, answer, from: '192.0.2.1', device: '' });
    expect(await enter('other')).toEqual({ outcome: 'refused' });
    expect(await enter('one')).toMatchObject({ outcome: 'in' });
    expect(await enter('one')).toEqual({ outcome: 'refused' });
  });

  test('where the policy asks for another kind that the person has, it opens nothing', async () => {
    const { token } = await portal.enrolled(ADA);
    await portal.setUpPasskey(ADA, token);
    await portal.rules(['requireMfa: true', 'factors: [totp]']);
    expect(await portal.passkeyAlone(ADA)).toEqual({ outcome: 'password-first' });
    const entered = await portal.entered(ADA);
    expect(entered.step).toEqual({ step: 'challenge', kinds: ['totp'] });
    expect(await portal.passkey(ADA, entered.token)).toBeUndefined();
  });

  test('Overdue for another kind: the passkey, then the set-up, then the session', async () => {
    await withPasskey(ADA);
    await portal.rules(['requireMfa: true', 'factors: [totp]']);
    const alone = await portal.passkeyAlone(ADA);
    expect(alone).toMatchObject({ outcome: 'in', step: { step: 'set-up', kinds: ['totp'], until: null } });
    if (alone.outcome === 'in') expect(await portal.setUpTotp(ADA, alone.token)).toMatchObject({ step: { step: 'session' } });
  });
});
