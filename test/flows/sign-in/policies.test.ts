import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showToken, showTokenInSettings } from '../../../src/flows/sign-in/links.ts';
import { postpone } from '../../../src/flows/sign-in/postpone.ts';
import { openSetUp } from '../../../src/flows/sign-in/set-up.ts';
import { proveAgain, removeFactor, renewCodes } from '../../../src/flows/sign-in/settings.ts';
import { exempting, PASSWORD, Portal, rulesOf } from './portal.ts';

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

  describe('before a factor is due, in the settings', () => {
    const exempt = async () => {
      await portal.apply({ ...rulesOf(['requireMfa: true', 'enrollment: Token']), ...exempting([ADA], '2026-12-31') });
      const welcome = await portal.welcome(ADA);
      if (welcome.is !== 'in' || welcome.step.step !== 'session') throw new Error(JSON.stringify(welcome));
      return welcome.token;
    };

    test('somebody exempt sets up with a token that they were issued, and not without', async () => {
      const session = await exempt();
      expect(await openSetUp(portal.world, session, 'totp')).toBeUndefined();
      const token = await portal.link(ADA, 'enrollment-token');
      expect(await showTokenInSettings(portal.world, session, ` ${token}\n`)).toEqual({ outcome: 'shown' });
      expect(portal.value("select count(*) from audit where act = 'enrollment-token.used'")).toBe(1);
      // Another session of theirs gets nothing by it.
      portal.later(1000);
      expect(await openSetUp(portal.world, (await portal.entered(ADA)).token, 'totp')).toBeUndefined();
      expect(await portal.setUpTotp(ADA, session)).toMatchObject({ outcome: 'enrolled', step: { step: 'session' } });
    });

    test('a wrong one counts as a wrong code does, up to the lock; a right one is used up', async () => {
      const session = await exempt();
      const token = await portal.link(ADA, 'enrollment-token');
      const others = await portal.link(DORIS, 'enrollment-token');
      for (const wrong of ['', 'wrong', others])
        expect(await showTokenInSettings(portal.world, session, wrong)).toEqual({ outcome: 'wrong', why: 'wrong' });
      expect(await portal.codeFailures(ADA)).toBe(3);
      expect(await showTokenInSettings(portal.world, session, token)).toEqual({ outcome: 'shown' });
      expect(await showTokenInSettings(portal.world, session, token)).toEqual({ outcome: 'wrong', why: 'wrong' });
      let last = '';
      for (let i = 0; i < 5; i++) last = (await showTokenInSettings(portal.world, session, 'wrong')).outcome;
      expect([last, await portal.locked(ADA)]).toEqual(['locked', true]);
      expect(await showTokenInSettings(portal.world, session, 'wrong')).toEqual({ outcome: 'locked' });
    });

    test('the token holds for a quarter of an hour, through another proof, and for one factor', async () => {
      const session = await exempt();
      await showTokenInSettings(portal.world, session, await portal.link(ADA, 'enrollment-token'));
      portal.later(6 * 60_000);
      expect(await openSetUp(portal.world, session, 'totp')).toBeUndefined();
      const proved = await proveAgain(portal.world, session, { password: PASSWORD, typed: '', from: '192.0.2.1' });
      if (proved.outcome !== 'proven') throw new Error(proved.outcome);
      const enrolled = await portal.setUpTotp(ADA, proved.token);
      const removed = await removeFactor(portal.world, enrolled.token, await factor(ADA, 0));
      if (removed.outcome !== 'done') throw new Error(removed.outcome);
      expect(await openSetUp(portal.world, removed.token, 'totp')).toBeUndefined();
      await showTokenInSettings(portal.world, removed.token, await portal.link(ADA, 'enrollment-token'));
      portal.later(15 * 60_000);
      const again = await proveAgain(portal.world, removed.token, { password: PASSWORD, typed: '', from: '192.0.2.1' });
      expect(again.outcome === 'proven' && (await openSetUp(portal.world, again.token, 'totp'))).toBeUndefined();
    });

    test('nothing is counted or used up where no token is asked for, or without a recent proof', async () => {
      const session = await exempt();
      const token = await portal.link(ADA, 'enrollment-token');
      portal.later(6 * 60_000);
      expect(await showTokenInSettings(portal.world, session, token)).toEqual({ outcome: 'over' });
      await portal.rules(['requireMfa: false']);
      const proved = await proveAgain(portal.world, session, { password: PASSWORD, typed: '', from: '192.0.2.1' });
      if (proved.outcome !== 'proven') throw new Error(proved.outcome);
      expect(await showTokenInSettings(portal.world, proved.token, token)).toEqual({ outcome: 'over' });
      expect([await portal.codeFailures(ADA), portal.value('select count(*) from links where used_at is not null')]).toEqual([0, 1]);
    });
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
