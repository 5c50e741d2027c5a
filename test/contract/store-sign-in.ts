import { beforeEach, describe, expect, test } from 'vitest';
import type { Attempt, Link, NoticeAbout, Session, SetUp } from '../../src/core/model/sign-in.ts';
import type { Store, StoreTransaction } from '../../src/core/ports/store.ts';
import { ACCOUNT, BAKERY, type Contracted, changesOf, DAY, factorOf, HOUR, idOf, T0 } from './store-world.ts';

/** A store that signing in works over, with the known world in it. */
export interface SignInContracted {
  readonly store: Pick<Store, 'read' | 'write'>;
  /** The id of one person of the known world, by external id. */
  person(externalId: string): Promise<number>;
}

/** What a store must do for signing in. Nothing here looks behind the port, so that a store in memory can be held to it. */
export function signInContract(of: () => SignInContracted): void {
  const write = <T>(work: (transaction: StoreTransaction) => Promise<T>, now = T0) => of().store.write(now, work);
  const read: Store['read'] = (work) => of().store.read(work);
  let [ann, carol]: [number, number] = [0, 0];
  beforeEach(async () => {
    [ann, carol] = [await of().person('1'), await of().person('3')];
  });

  const attemptOf = (hash: string, userId = ann, some: Partial<Attempt> = {}): Attempt => ({
    hash,
    userId,
    scope: ACCOUNT,
    proven: 'password',
    method: 'none',
    tokenShown: false,
    epoch: 0,
    passwordVersion: 1,
    createdAt: T0,
    ...some,
  });
  const sessionOf = (hash: string, userId = ann, some: Partial<Session> = {}): Session => ({
    hash,
    userId,
    scope: ACCOUNT,
    method: 'totp',
    epoch: 0,
    createdAt: T0,
    seenAt: T0,
    provenAt: T0,
    device: 'a browser',
    ...some,
  });
  const setUpOf = (bearer: string, userId = ann, some: Partial<SetUp> = {}): SetUp => ({
    bearer,
    kind: 'totp',
    userId,
    secret: Buffer.alloc(20, 3),
    openedAt: T0,
    failures: 0,
    ...some,
  });
  const linkOf = (hash: string, some: Partial<Link> = {}) => ({
    hash,
    purpose: 'unlock' as const,
    userId: ann,
    createdAt: T0,
    expiresAt: T0 + HOUR,
    ...some,
  });

  describe('who signs in', () => {
    test('is found by the address however it is written, in their account alone, and nobody by an address that looks like it', async () => {
      await read(async (reader) => {
        expect(await reader.userIdCalled(ACCOUNT, 'ANN@Northwind.example')).toBe(ann);
        expect(await reader.userIdCalled('elsewhere', 'ann@northwind.example')).toBeUndefined();
        expect(await reader.userIdCalled(ACCOUNT, 'аnn@northwind.example')).not.toBe(ann);
        expect(await reader.userIdCalled(ACCOUNT, 'nobody@northwind.example')).toBeUndefined();
      });
    });

    test('has memberships, and nothing of a password, counts or a lock before there is one', async () => {
      await read(async (reader) => {
        expect((await reader.personOf(carol))?.memberships.map(({ scope, role }) => [scope, role])).toEqual([
          [ACCOUNT, 'Editor'],
          [BAKERY, 'Editor'],
        ]);
        const state = { userId: ann, account: ACCOUNT, epoch: 0, passwordHash: null, passwordVersion: 0, codeFailures: 0, lockedAt: null };
        expect(await reader.signInState(ann)).toMatchObject(state);
        expect([await reader.personOf(999), await reader.signInState(999)]).toEqual([undefined, undefined]);
      });
    });

    test('each password has a version of its own, and no other person is touched', async () => {
      await write((t) => t.putPassword(ann, 'one'));
      expect(await read((r) => r.signInState(ann))).toMatchObject({ passwordHash: 'one', passwordVersion: 1 });
      await write((t) => t.putPassword(ann, 'one'));
      expect(await read((r) => r.signInState(ann))).toMatchObject({ passwordHash: 'one', passwordVersion: 2 });
      expect(await read((r) => r.signInState(carol))).toMatchObject({ passwordHash: null, passwordVersion: 0 });
    });

    test('the epoch rises by one; a sign-in is marked at its time', async () => {
      await write(async (t) => {
        await t.raiseEpoch(ann);
        await t.raiseEpoch(ann);
        await t.markSignedIn(ann);
      }, T0 + 5);
      expect(await read((r) => r.signInState(ann))).toMatchObject({ epoch: 2 });
      expect(await read((r) => r.signInState(carol))).toMatchObject({ epoch: 0 });
      expect((await read((r) => r.personOf(ann)))?.lastSignIn).toBe(T0 + 5);
    });
  });

  describe('half-done sign-ins', () => {
    test('are what they were begun as', async () => {
      const attempt = attemptOf('a', carol, { scope: BAKERY, proven: 'second-factor', method: 'passkey', tokenShown: true, epoch: 3 });
      await write((t) => t.putAttempt(attempt));
      expect(await read((r) => r.attempt('a'))).toEqual(attempt);
      expect(await read((r) => r.attempt('b'))).toBeUndefined();
      expect(await read((r) => r.session('a'))).toBeUndefined();
    });

    test('are dropped once, with what they were setting up', async () => {
      await write(async (t) => {
        await t.putAttempt(attemptOf('a'));
        await t.putAttempt(attemptOf('b'));
        await t.putSetUp(setUpOf('a'));
        await t.putSetUp(setUpOf('b'));
      });
      expect(await write(async (t) => [await t.dropAttempt('a'), await t.dropAttempt('a')])).toEqual([true, false]);
      expect(await read(async (r) => [await r.attempt('a'), await r.setUp('a')])).toEqual([undefined, undefined]);
      expect(await read(async (r) => [(await r.attempt('b'))?.hash, (await r.setUp('b'))?.bearer])).toEqual(['b', 'b']);
    });
  });

  describe('sessions', () => {
    test('are what they were begun as, newest first in the list, and nobody else sees them', async () => {
      await write(async (t) => {
        await t.putSession(sessionOf('old'));
        await t.putSession(sessionOf('new', ann, { createdAt: T0 + 1, device: 'another' }));
        await t.putSession(sessionOf('hers', carol, { scope: BAKERY, method: 'recovery' }));
      });
      expect((await read((r) => r.sessionsOf(ann))).map(({ hash }) => hash)).toEqual(['new', 'old']);
      expect(await read((r) => r.session('hers'))).toEqual(sessionOf('hers', carol, { scope: BAKERY, method: 'recovery' }));
    });

    test('a reissued one has the epoch of now, its old token is nothing, and what it was setting up is gone', async () => {
      await write(async (t) => {
        await t.putSession(sessionOf('s', ann, { seenAt: T0 + 1 }));
        await t.putSetUp(setUpOf('s'));
        await t.raiseEpoch(ann);
        expect(await t.reissueSession('s', { hash: 'next', provenAt: T0 + 9 })).toBe(true);
        expect(await t.reissueSession('s', { hash: 'other', provenAt: T0 + 9 })).toBe(false);
      });
      const found = await read(async (r) => [await r.session('s'), await r.session('next'), await r.setUp('s')]);
      expect(found).toEqual([undefined, sessionOf('next', ann, { epoch: 1, provenAt: T0 + 9, seenAt: T0 + 1 }), undefined]);
    });

    test('the last use only goes forward', async () => {
      await write(async (t) => {
        await t.putSession(sessionOf('s'));
        await t.touchSession('s', T0 + 5);
        await t.touchSession('s', T0 + 3);
        await t.touchSession('nothing', T0 + 3);
      });
      expect((await read((r) => r.session('s')))?.seenAt).toBe(T0 + 5);
    });

    test('end one by one, or all but one, and of one person alone', async () => {
      await write(async (t) => {
        for (const hash of ['a', 'b', 'c']) await t.putSession(sessionOf(hash));
        await t.putSession(sessionOf('hers', carol));
        await t.putSetUp(setUpOf('a'));
        expect([await t.dropSession('a'), await t.dropSession('a')]).toEqual([true, false]);
        expect(await t.setUp('a')).toBeUndefined();
        expect(await t.dropSessionsBut(ann, 'c')).toBe(1);
        expect((await t.sessionsOf(ann)).map(({ hash }) => hash)).toEqual(['c']);
        expect(await t.dropSessionsBut(ann, null)).toBe(1);
        expect([await t.sessionsOf(ann), (await t.sessionsOf(carol)).length]).toEqual([[], 1]);
      });
    });
  });

  describe('counts', () => {
    test('of a key: one more each time, when the first and the last were; anew when the last is older than asked', async () => {
      expect(await read((r) => r.failures('k'))).toMatchObject({ count: 0 });
      expect(await write((t) => t.addFailure('k', T0 - HOUR), T0)).toEqual({ count: 1, firstAt: T0, lastAt: T0 });
      expect(await write((t) => t.addFailure('k', T0 + 1 - HOUR), T0 + 1)).toEqual({ count: 2, firstAt: T0, lastAt: T0 + 1 });
      expect(await read((r) => r.failures('k'))).toEqual({ count: 2, firstAt: T0, lastAt: T0 + 1 });
      // Exactly as old as asked still counts.
      expect(await write((t) => t.addFailure('k', T0 + 1), T0 + 9)).toMatchObject({ count: 3, firstAt: T0 });
      expect(await write((t) => t.addFailure('k', T0 + 10), T0 + 20)).toEqual({ count: 1, firstAt: T0 + 20, lastAt: T0 + 20 });
      expect(await read((r) => r.failures('another'))).toMatchObject({ count: 0 });
    });

    test('one is taken back at a time, never below none; cleared, it begins anew', async () => {
      await write(async (t) => {
        await t.addFailure('k', 0);
        await t.addFailure('k', 0);
        await t.takeBackFailure('k');
        expect((await t.failures('k')).count).toBe(1);
        await t.takeBackFailure('k');
        await t.takeBackFailure('k');
        expect((await t.failures('k')).count).toBe(0);
        expect((await t.addFailure('k', 0)).count).toBe(1);
        await t.clearFailures('k');
        expect((await t.failures('k')).count).toBe(0);
      });
    });

    test('of codes: of each person, raised, and cleared by a complete sign-in, which unlocks nobody', async () => {
      await write(async (t) => {
        expect([await t.addCodeFailure(ann), await t.addCodeFailure(ann), await t.addCodeFailure(carol)]).toEqual([1, 2, 1]);
        expect(await t.signInState(ann)).toMatchObject({ codeFailures: 2, lockedAt: null });
        await t.lock(ann);
        await t.clearCodeFailures(ann);
        expect(await t.signInState(ann)).toMatchObject({ codeFailures: 0, lockedAt: T0 });
        expect(await t.signInState(carol)).toMatchObject({ codeFailures: 1, lockedAt: null });
      });
    });

    test('a lock is set once, at its time, and ends every half-done sign-in of that person with its set-up', async () => {
      await write(async (t) => {
        await t.putAttempt(attemptOf('a'));
        await t.putAttempt(attemptOf('b'));
        await t.putAttempt(attemptOf('hers', carol));
        await t.putSetUp(setUpOf('a'));
        await t.putSession(sessionOf('s'));
        expect(await t.lock(ann)).toBe(true);
      });
      expect(await write((t) => t.lock(ann), T0 + 5)).toBe(false);
      await read(async (r) => {
        expect(await r.signInState(ann)).toMatchObject({ lockedAt: T0 });
        expect([await r.attempt('a'), await r.attempt('b'), await r.setUp('a')]).toEqual([undefined, undefined, undefined]);
        expect([(await r.attempt('hers'))?.hash, (await r.session('s'))?.hash]).toEqual(['hers', 's']);
      });
    });

    test('unlocking takes lock and count away; who is not locked keeps their count', async () => {
      await write(async (t) => {
        await t.addCodeFailure(ann);
        expect(await t.unlock(ann)).toBe(false);
        expect(await t.signInState(ann)).toMatchObject({ codeFailures: 1 });
        await t.lock(ann);
        expect([await t.unlock(ann), await t.unlock(ann), await t.unlock(carol)]).toEqual([true, false, false]);
        expect(await t.signInState(ann)).toMatchObject({ codeFailures: 0, lockedAt: null });
      });
    });
  });

  describe('set-ups', () => {
    test('are opened as they were sealed, each of its bearer, a new one in the place of the old', async () => {
      await write(async (t) => {
        await t.putSetUp(setUpOf('a'));
        await t.putSetUp(setUpOf('b', carol, { kind: 'passkey', secret: Buffer.alloc(32, 5) }));
      });
      const found = await read(async (r) => [await r.setUp('a'), await r.setUp('b'), await r.setUp('c')]);
      expect(found.map((s) => s && [s.userId, s.kind, Buffer.from(s.secret).toString('hex').slice(0, 2), s.failures])).toEqual([
        [ann, 'totp', '03', 0],
        [carol, 'passkey', '05', 0],
        undefined,
      ]);
      await write(async (t) => {
        await t.addSetUpFailure('a');
        await t.putSetUp(setUpOf('a', ann, { secret: Buffer.alloc(20, 4), openedAt: T0 + 1 }));
      });
      const again = await read((r) => r.setUp('a'));
      expect(again).toMatchObject({ failures: 0, openedAt: T0 + 1 });
      expect(Buffer.from(again?.secret ?? [])).toEqual(Buffer.alloc(20, 4));
    });

    test('count mistyped confirmations, and are dropped once', async () => {
      await write(async (t) => {
        await t.putSetUp(setUpOf('a'));
        expect([await t.addSetUpFailure('a'), await t.addSetUpFailure('a'), await t.addSetUpFailure('none')]).toEqual([1, 2, 0]);
        expect([await t.dropSetUp('a'), await t.dropSetUp('a')]).toEqual([true, false]);
      });
    });

    test('change nothing that is enrolled', async () => {
      await write((t) => t.putSetUp(setUpOf('a')));
      expect(await read(async (r) => [await r.factorsOf(ann), (await r.signInState(ann))?.kinds ?? 0])).toEqual([[], 0]);
    });
  });

  describe('factors', () => {
    const enrolled = async (kinds: readonly ('totp' | 'passkey')[], lastStep = 0) => {
      await write((t) => t.enroll(kinds.map((kind) => ({ ...factorOf(ann, kind, T0), lastStep }))));
      return read((r) => r.factorsOf(ann));
    };

    test('are listed oldest first, with the step that confirmed them; kinds and epoch follow', async () => {
      const factors = await enrolled(['totp', 'passkey'], 7);
      expect(factors.map(({ kind, userId, lastStep }) => [kind, userId, lastStep])).toEqual([
        ['totp', ann, 7],
        ['passkey', ann, 7],
      ]);
      await read(async (r) => {
        expect(await r.signInState(ann)).toMatchObject({ kinds: 3, epoch: 1 });
        expect((await r.personOf(ann))?.memberships.map(({ kinds }) => kinds)).toEqual([3]);
        expect(Buffer.from((await r.factorSecret(factors[0]?.id ?? 0)) ?? []).toString()).toBe('a secret of its own');
        expect(await r.factorSecret(999_999)).toBeUndefined();
      });
    });

    test('a step is used up once, and never an older one', async () => {
      const [factor] = await enrolled(['totp'], 7);
      const id = factor?.id ?? 0;
      const use = (step: number) => write((t) => t.useFactor(id, step));
      expect([await use(7), await use(9), await use(9), await use(8), await use(10)]).toEqual([false, true, false, false, true]);
      expect((await read((r) => r.factorsOf(ann)))[0]?.lastStep).toBe(10);
      expect(await write((t) => t.useFactor(999_999, 1))).toBe(false);
    });

    test('one is removed by its owner alone, once; kinds are those of what is left', async () => {
      const [totp, second] = await enrolled(['totp', 'totp', 'passkey']);
      const remove = (user: number, id = 0) => write((t) => t.removeFactor(user, id));
      expect(await remove(carol, totp?.id)).toBe(false);
      expect([await remove(ann, totp?.id), await remove(ann, totp?.id)]).toEqual([true, false]);
      expect(await read((r) => r.signInState(ann))).toMatchObject({ kinds: 3, epoch: 2 });
      expect(await remove(ann, second?.id)).toBe(true);
      expect(await read((r) => r.signInState(ann))).toMatchObject({ kinds: 2, epoch: 3 });
      expect((await read((r) => r.personOf(ann)))?.memberships.map(({ kinds }) => kinds)).toEqual([2]);
    });
  });

  describe('challenges', () => {
    test('are taken once, of their bearer, the newest alone, and not when they are too old', async () => {
      await write(async (t) => {
        await t.putChallenge('a', 'one');
        await t.putChallenge('a', 'two');
        await t.putChallenge('b', 'three');
        expect([await t.takeChallenge('a', T0), await t.takeChallenge('a', T0)]).toEqual(['two', undefined]);
        expect([await t.takeChallenge('b', T0 + 1), await t.takeChallenge('b', T0)]).toEqual([undefined, undefined]);
      });
    });
  });

  describe('recovery codes', () => {
    test('take the place of all others, and each is used once, by its owner', async () => {
      await write(async (t) => {
        await t.putRecoveryCodes(ann, ['a', 'b']);
        await t.putRecoveryCodes(carol, ['c']);
      });
      const use = (user: number, hash: string) => write((t) => t.useRecoveryCode(user, hash), T0 + 1);
      expect([await use(ann, 'c'), await use(ann, 'x'), await use(ann, 'a'), await use(ann, 'a')]).toEqual([false, false, true, false]);
      expect(await read((r) => r.recoveryCodes(ann))).toEqual([
        { hash: 'a', createdAt: T0, usedAt: T0 + 1 },
        { hash: 'b', createdAt: T0, usedAt: null },
      ]);
      await write((t) => t.putRecoveryCodes(ann, ['d']));
      expect((await read((r) => r.recoveryCodes(ann))).map(({ hash }) => hash)).toEqual(['d']);
      await write((t) => t.putRecoveryCodes(ann, []));
      expect(await read(async (r) => [await r.recoveryCodes(ann), (await r.recoveryCodes(carol)).length])).toEqual([[], 1]);
    });
  });

  describe('links', () => {
    test('are used once, before they expire; looking at one uses nothing up', async () => {
      await write((t) => t.putLink(linkOf('l')));
      for (let i = 0; i < 3; i++) expect((await read((r) => r.link('l')))?.usedAt).toBeNull();
      expect(await write((t) => t.useLink('l'), T0 + HOUR)).toBe(false);
      expect(await write((t) => t.useLink('l'), T0 + HOUR - 1)).toBe(true);
      expect(await write((t) => t.useLink('l'), T0 + HOUR - 1)).toBe(false);
      expect(await read((r) => r.link('l'))).toEqual({
        ...linkOf('l'),
        account: ACCOUNT,
        usedAt: T0 + HOUR - 1,
        replacedAt: null,
        addressed: true,
      });
      expect(await read((r) => r.link('none'))).toBeUndefined();
      expect(await write((t) => t.useLink('none'))).toBe(false);
    });

    test('that set a password give way when it is set; others stay', async () => {
      for (const purpose of ['invitation', 'password-reset', 'unlock'] as const)
        await write((t) => t.putLink({ ...linkOf(purpose), purpose }));
      await write((t) => t.putPassword(linkOf('x').userId, 'hash'), T0 + 1);
      for (const [hash, replacedAt] of [
        ['invitation', T0 + 1],
        ['password-reset', T0 + 1],
        ['unlock', null],
      ] as const)
        expect(await read((r) => r.link(hash))).toMatchObject({ replacedAt });
    });

    test('give way to a newer one of the same purpose and person; a used one stays used', async () => {
      await write(async (t) => {
        await t.putLink(linkOf('used'));
        await t.useLink('used');
        await t.putLink(linkOf('old'));
        await t.putLink(linkOf('hers', { userId: carol }));
        await t.putLink(linkOf('reset', { purpose: 'password-reset' }));
        await t.putLink(linkOf('new', { createdAt: T0 + 1 }));
        expect((await t.link('old'))?.replacedAt).toBe(T0 + 1);
        expect((await t.link('used'))?.replacedAt).toBeNull();
        expect([await t.useLink('old'), await t.useLink('hers'), await t.useLink('reset'), await t.useLink('new')]).toEqual([
          false,
          true,
          true,
          true,
        ]);
      });
    });
  });

  describe('mails', () => {
    test('wait for the address of now, oldest first, until they are sent, and later after a failure', async () => {
      await write((t) => t.notify(ann, 'locked', { failures: 10 }));
      await write((t) => t.notify(carol, 'unlock', {}), T0 + 1);
      const [first, second, ...more] = await read((r) => r.notices(T0 + 1, 10));
      expect(first).toMatchObject({ userId: ann, account: ACCOUNT, address: 'Ann@northwind.example', about: 'locked', tries: 0 });
      expect([first?.detail, first?.createdAt, second?.userId, more]).toEqual([{ failures: 10 }, T0, carol, []]);
      expect(await read((r) => r.notices(T0 + 1, 1))).toHaveLength(1);
      await write((t) => t.noticeFailed(first?.id ?? 0, T0 + HOUR));
      expect((await read((r) => r.notices(T0 + 1, 10))).map(({ id }) => id)).toEqual([second?.id]);
      expect((await read((r) => r.notices(T0 + HOUR, 10))).map(({ id, tries }) => [id, tries])).toEqual([
        [second?.id, 0],
        [first?.id, 1],
      ]);
      expect(await write(async (t) => [await t.noticeSent(first?.id ?? 0), await t.noticeSent(first?.id ?? 0)])).toEqual([true, false]);
    });

    test('are taken by one alone, until the time is over', async () => {
      await write((t) => t.notify(ann, 'locked', {}));
      const [{ id } = { id: 0 }] = await read((r) => r.notices(T0, 10));
      expect(await write(async (t) => [await t.claimNotice(id, T0 + HOUR), await t.claimNotice(id, T0 + HOUR)], T0)).toEqual([true, false]);
      expect(await read((r) => r.notices(T0 + HOUR - 1, 10))).toEqual([]);
      expect(await write((t) => t.claimNotice(id, T0 + DAY), T0 + HOUR - 1)).toBe(false);
      expect((await read((r) => r.notices(T0 + HOUR, 10))).map(({ tries }) => tries)).toEqual([0]);
      expect(await write((t) => t.claimNotice(id, T0 + DAY), T0 + HOUR)).toBe(true);
      await write((t) => t.noticeSent(id), T0 + HOUR);
      expect(await write((t) => t.claimNotice(id, T0 + DAY), T0 + DAY)).toBe(false);
    });

    test('are counted, due or not, beside the highest reading of the clock', async () => {
      expect((await read((r) => r.pulse())).mails).toBe(0);
      await write((t) => t.notify(ann, 'locked', {}), T0 + 7);
      await write((t) => t.notify(carol, 'locked', {}), T0 + 5);
      const [{ id } = { id: 0 }] = await read((r) => r.notices(T0 + 7, 10));
      await write((t) => t.claimNotice(id, T0 + DAY), T0 + 7);
      const { highest, mails } = await read((r) => r.pulse());
      expect(mails).toBe(2);
      expect(highest).toBeLessThanOrEqual(T0 + 7);
    });

    test('nobody without an address is written to', async () => {
      const eve = await of().person('6');
      await write((t) => t.notify(eve, 'locked', {}));
      expect(await read((r) => r.notices(T0, 10))).toEqual([]);
    });
  });

  describe('sweeping', () => {
    test('deletes what is over and nothing else, and gives who stopped at the second factor', async () => {
      await write(async (t) => {
        await t.putAttempt(attemptOf('old'));
        await t.putAttempt(attemptOf('old too'));
        await t.putAttempt(attemptOf('further', carol, { proven: 'second-factor' }));
        await t.putAttempt(attemptOf('young', carol, { createdAt: T0 + 2 }));
        await t.putSession(sessionOf('idle'));
        await t.putSession(sessionOf('long', ann, { createdAt: T0 - DAY, seenAt: T0 + 2 }));
        await t.putSession(sessionOf('stands', ann, { seenAt: T0 + 2 }));
        await t.putSetUp(setUpOf('old'));
        await t.putSetUp(setUpOf('young', carol, { openedAt: T0 + 2 }));
        await t.addFailure('k', 0);
      });
      await write((t) => t.putChallenge('young', 'c'), T0 + 2);
      await write((t) => t.addFailure('young', 0), T0 + 2);
      const before = { attempts: T0 + 1, idle: T0 + 1, sessions: T0 - DAY, failures: T0 + 1 };
      expect(await write((t) => t.sweep(before), T0 + 3)).toEqual([ann]);
      await write(async (t) => {
        const left = [
          await t.attempt('old'),
          await t.attempt('further'),
          await t.session('idle'),
          await t.session('long'),
          await t.setUp('old'),
        ];
        expect(left.filter((row) => row !== undefined)).toEqual([]);
        expect([(await t.attempt('young'))?.hash, (await t.session('stands'))?.hash, (await t.setUp('young'))?.bearer]).toEqual([
          'young',
          'stands',
          'young',
        ]);
        expect(await t.takeChallenge('young', T0)).toBe('c');
        expect([(await t.failures('k')).count, (await t.failures('young')).count]).toEqual([0, 1]);
        expect(await t.sweep(before)).toEqual([]);
      });
    });
  });
}

/** What a store that keeps rows must do besides. */
export function signInRowsContract(of: () => Contracted): void {
  const ids = { store: () => of().store, ann: () => idOf(of().store, '1') };

  test('doors have the titles of their account and scope', async () => {
    const found = await ids.store().read(async (r) => [await r.door(BAKERY), await r.door('northwind/nowhere')]);
    expect(found).toEqual([
      { scope: BAKERY, account: ACCOUNT, accountTitle: 'Northwind IT', title: 'Sunrise Bakery', enforcer: 'portal' },
      undefined,
    ]);
  });

  test('a secret that is being set up is nowhere in the rows, and opens for its bearer and person alone', async () => {
    const userId = await ids.ann();
    const secret = Buffer.from('a secret that is twenty');
    await ids.store().write(T0, (t) => t.putSetUp({ bearer: 'a', kind: 'totp', userId, secret, openedAt: T0, failures: 0 }));
    const content = await of().content();
    expect(content).not.toContain(secret.toString());
    expect(content).not.toContain(JSON.stringify([...secret]).slice(1, -1));
    await of().run("update set_ups set bearer = 'b'");
    await expect(ids.store().read((r) => r.setUp('b'))).rejects.toMatchObject({ code: 'keys/unreadable-record' });
  });

  test('what fails half-way leaves nothing', async () => {
    const userId = await ids.ann();
    const before = await of().content();
    const failed = ids.store().write(T0, async (t) => {
      await t.addCodeFailure(userId);
      await t.putPassword(userId, 'hash');
      await t.lock(userId);
      throw new Error('half-way');
    });
    await expect(failed).rejects.toThrow('half-way');
    expect(await of().content()).toBe(before);
  });

  test('nothing of signing in is written by reading', async () => {
    const userId = await ids.ann();
    const before = await of().content();
    await ids.store().read(async (r) => {
      await r.signInState(userId);
      await r.personOf(userId);
      await r.termsOf([ACCOUNT, BAKERY]);
      await r.sessionsOf(userId);
      await r.factorsOf(userId);
      await r.recoveryCodes(userId);
      await r.notices(T0, 10);
      await r.failures('k');
    });
    expect(await of().content()).toBe(before);
  });

  test('a reset, a token and an unlocking are mailed to former addresses too, for ninety days; other mails are not', async () => {
    const userId = await ids.ann();
    const changes = changesOf({ updated: [{ id: userId, attributes: { address: 'thief@northwind.example' } }] });
    await ids.store().write(T0, (t) => t.importDirectory(changes, { name: 'portal', enrollment: 'store' }, new Map()));
    const told = async (about: NoticeAbout, now: number) => {
      await ids.store().write(now, (t) => t.notify(userId, about, {}));
      const mails = await ids.store().read((r) => r.notices(now, 10));
      await ids.store().write(now, async (t) => {
        for (const { id } of mails) await t.noticeSent(id);
      });
      return mails.map(({ address }) => address).sort();
    };
    for (const about of ['reset', 'token-issued', 'unlocked'] as const)
      expect(await told(about, T0 + 90 * DAY - 1)).toEqual(['Ann@northwind.example', 'thief@northwind.example']);
    expect(await told('locked', T0 + 90 * DAY - 1)).toEqual(['thief@northwind.example']);
    expect(await told('reset', T0 + 90 * DAY)).toEqual(['thief@northwind.example']);
  });
}
