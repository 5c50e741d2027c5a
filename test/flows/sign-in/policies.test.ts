import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showToken } from '../../../src/flows/sign-in/links.ts';
import { postpone } from '../../../src/flows/sign-in/postpone.ts';
import { removeFactor, renewCodes } from '../../../src/flows/sign-in/settings.ts';
import { exempting, Portal, rulesOf } from './portal.ts';

const [ADA, DORIS, GLASS, TOM] = ['ada@northwind.example', 'doris@northwind.example', 'breakglass@northwind.example', 'tom@bakery.example'];

let portal: Portal;
beforeEach(async () => {
  portal = await Portal.open();
});
afterEach(() => portal.close());

const factor = async (address: string, kind: number) =>
  Number(portal.value('select id from factors where user_id = ? and kind = ?', await portal.idOf(address), kind) ?? -1);

describe('who is asked', () => {
  test.each<[string, string, readonly string[], string]>([
    ['a Lite user, by default', DORIS, ['requireMfa: true'], 'set-up'],
    ['a Lite user of whom it is not asked', DORIS, ['requireMfa: true', 'roles: [Editor]'], 'session'],
    ['an Editor', ADA, ['requireMfa: true', 'roles: [Editor]'], 'set-up'],
    ['nobody, where it only reports', ADA, ['requireMfa: true', 'mode: ReportOnly'], 'session'],
    ['nobody, where it is off', ADA, ['requireMfa: false'], 'session'],
  ])('%s', async (_, address, rules, step) => {
    await portal.rules(rules);
    expect(await portal.welcome(address)).toMatchObject({ step: { step } });
  });

  test('somebody exempt is not, until the exemption ends', async () => {
    await portal.apply({ ...rulesOf(['requireMfa: true']), ...exempting([ADA], '2026-11-26') });
    expect(await portal.welcome(ADA)).toMatchObject({ step: { step: 'session' } });
    portal.northwind.now = Date.UTC(2026, 10, 27);
    expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'set-up', until: null } });
  });

  test('a break-glass user is, like anybody', async () => {
    await portal.rules(['requireMfa: true', 'breakGlass:', `  - ${GLASS}`]);
    expect(await portal.welcome(GLASS)).toMatchObject({ step: { step: 'challenge', kinds: ['passkey'] } });
  });
});

describe('several memberships', () => {
  beforeEach(() => portal.join(TOM, 'northwind/clinic', 'Editor'));
  const at = (bakery: string[], clinic: string[]) => portal.rules(['requireMfa: false'], { bakery, clinic });

  test('one of them asks: asked at every door', async () => {
    await at(['requireMfa: false'], ['requireMfa: true']);
    await portal.welcome(TOM);
    for (const door of ['northwind/bakery', 'northwind/clinic'])
      expect(await portal.entered(TOM, door)).toMatchObject({ step: { step: 'set-up' } });
  });

  test('each asks for a kind of its own: one after the other, and then the session', async () => {
    await at(['requireMfa: true', 'factors: [totp]'], ['requireMfa: true', 'factors: [passkey]']);
    const welcome = await portal.welcome(TOM);
    expect(welcome).toMatchObject({ step: { step: 'set-up', kinds: ['totp', 'passkey'] } });
    if (welcome.is !== 'in') return;
    const first = await portal.setUpTotp(TOM, welcome.token);
    expect(first.step).toEqual({ step: 'set-up', kinds: ['passkey'], until: null });
    expect(await portal.setUpPasskey(TOM, first.token)).toMatchObject({ codes: [], step: { step: 'session' } });
  });

  test('one is due and one may wait: the kind that ends both is offered, and nothing is postponed', async () => {
    await at(['requireMfa: true'], ['requireMfa: true', 'factors: [passkey]', 'gracePeriod: 30d']);
    const welcome = await portal.welcome(TOM);
    expect(welcome).toMatchObject({ step: { step: 'set-up', kinds: ['passkey'], until: null } });
    if (welcome.is === 'in') expect(await postpone(portal.world, welcome.token, '')).toBeUndefined();
  });
});

describe('kinds narrowed', () => {
  test('old challenge, set-up of an allowed kind, session; afterwards the allowed kind alone answers', async () => {
    await portal.enrolled(ADA);
    await portal.rules(['requireMfa: true', 'factors: [passkey]']);
    const answered = await portal.code((await portal.entered(ADA)).token, portal.codeOf(ADA));
    expect(answered).toMatchObject({ outcome: 'in', step: { step: 'set-up', kinds: ['passkey'], until: null } });
    if (answered.outcome !== 'in') return;
    expect(await portal.holds(answered.token)).toBe('attempt');
    await portal.setUpPasskey(ADA, answered.token);
    portal.later(60_000);
    const { token, step } = await portal.entered(ADA);
    expect(step).toEqual({ step: 'challenge', kinds: ['passkey'] });
    expect(await portal.code(token, portal.codeOf(ADA))).toEqual({ outcome: 'wrong', why: 'not-allowed' });
  });

  test('so with a recovery code in place of the phone', async () => {
    const { codes } = await portal.enrolled(ADA);
    await portal.rules(['requireMfa: true', 'factors: [passkey]']);
    expect(await portal.code((await portal.entered(ADA)).token, codes[0])).toMatchObject({ step: { step: 'set-up', kinds: ['passkey'] } });
  });
});

describe('enrollment: Token', () => {
  test('a token of the person, once; a wrong one, one of somebody else, an old one count as wrong codes', async () => {
    await portal.rules(['requireMfa: true', 'enrollment: Token']);
    const welcome = await portal.welcome(ADA);
    if (welcome.is !== 'in') throw new Error(welcome.is);
    expect(welcome.step).toEqual({ step: 'token', until: null });
    const [others, old] = [await portal.link(DORIS, 'enrollment-token'), await portal.link(ADA, 'enrollment-token')];
    const token = await portal.link(ADA, 'enrollment-token');
    for (const wrong of ['', 'wrong', others, old])
      expect(await showToken(portal.world, welcome.token, wrong, '')).toEqual({ outcome: 'wrong', why: 'wrong' });
    expect(await portal.codeFailures(ADA)).toBe(4);
    expect(await showToken(portal.world, welcome.token, ` ${token}\n`, '')).toMatchObject({ outcome: 'in', step: { step: 'set-up' } });
    expect(await showToken(portal.world, (await portal.entered(ADA)).token, token, '')).toMatchObject({ outcome: 'wrong' });
  });
});

describe('removing a factor', () => {
  test('turning the requirement off leaves every factor; then the last may go, with the recovery codes', async () => {
    await portal.rules(['requireMfa: true']);
    const { token } = await portal.enrolled(ADA);
    expect(await removeFactor(portal.world, token, await factor(ADA, 0))).toEqual({ outcome: 'required', scopes: ['northwind'] });
    await portal.rules(['requireMfa: false']);
    expect(portal.value('select count(*) from factors where user_id = ?', await portal.idOf(ADA))).toBe(1);
    const removed = await removeFactor(portal.world, token, await factor(ADA, 0));
    expect(removed.outcome).toBe('done');
    expect(portal.value('select count(*) from recovery_codes where user_id = ?', await portal.idOf(ADA))).toBe(0);
    expect(await portal.entered(ADA)).toMatchObject({ step: { step: 'session' } });
    if (removed.outcome === 'done') expect(await renewCodes(portal.world, removed.token)).toEqual({ outcome: 'gone' });
  });

  test.each<[string, readonly string[], boolean]>([
    ['required', ['requireMfa: true'], true],
    ['within grace', ['requireMfa: true', 'gracePeriod: 30d'], true],
    ['only reported', ['requireMfa: true', 'mode: ReportOnly'], false],
    ['of another role', ['requireMfa: true', 'roles: [Administrator]'], false],
  ])('%s', async (_, rules, stops) => {
    await portal.rules(rules);
    const { token } = await portal.enrolled(ADA);
    expect((await removeFactor(portal.world, token, await factor(ADA, 0))).outcome).toBe(stops ? 'required' : 'done');
  });

  test('one of two allowed kinds may go, the only allowed one may not', async () => {
    await portal.rules(['requireMfa: true']);
    const { token } = await portal.enrolled(ADA);
    const both = await portal.setUpPasskey(ADA, token);
    await portal.rules(['requireMfa: true', 'factors: [passkey]']);
    expect(await removeFactor(portal.world, both.token, await factor(ADA, 1))).toMatchObject({ outcome: 'required' });
    const left = await removeFactor(portal.world, both.token, await factor(ADA, 0));
    expect(left.outcome).toBe('done');
    if (left.outcome === 'done') expect(await removeFactor(portal.world, left.token, 999_999)).toEqual({ outcome: 'gone' });
  });
});
