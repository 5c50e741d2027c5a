import { describe, expect, test } from 'vitest';
import type { JudgedMembership } from '../../src/core/model/findings.ts';
import { PEOPLE_FILTERS, type PeopleFilter } from '../../src/core/model/listed.ts';
import type { PeopleQuestion } from '../../src/core/ports/store-administering.ts';
import type { ResetWrite } from '../../src/core/ports/store-writing.ts';
import { padlockOf } from '../../src/core/report/rows.ts';
import { ACCOUNT, ACTOR, ANY_KIND, BAKERY, type Contracted, DAY, factorOf, HOUR, idOf, T0, termsOf } from './store-world.ts';

/** What administrators page through: people of a scope, requests for resets, entries of the log. */
export function administeringContract(of: () => Contracted): void {
  const store = () => of().store;
  const page = (some: Partial<PeopleQuestion> = {}) =>
    store().read((reader) => reader.peoplePage(T0, { scope: BAKERY, filter: 'all', search: '', limit: 50, ...some }));
  const names = async (some: Partial<PeopleQuestion> = {}) => (await page(some)).map((person) => person.externalId);

  describe('a page of people', () => {
    test('goes by address, who has none first, and begins behind the last of the page before', async () => {
      expect(await names()).toEqual(['6', '3', '4', '5']);
      expect(await names({ scope: ACCOUNT })).toEqual(['1', '2', '3', '7']);
      const ids = (await page()).map(({ userId }) => userId);
      expect(await names({ limit: 2 })).toEqual(['6', '3']);
      expect(await names({ limit: 2, ...{ after: ids[1] ?? 0 } })).toEqual(['4', '5']);
      expect(await names({ after: ids[3] ?? 0 })).toEqual([]);
      expect(await names({ after: 999_999 })).toEqual([]);
      expect(await names({ scope: 'elsewhere' })).toEqual([]);
    });

    test('is searched by a part of a name or address, in any ASCII case; signs of patterns are what they are', async () => {
      expect(await names({ search: 'CAR' })).toEqual(['3']);
      expect(await names({ search: 'bakery.example' })).toEqual(['3', '4', '5']);
      expect(await names({ search: 'eve' })).toEqual(['6']);
      await of().run(`update users set name = '100% _\\ O''Neil' where external_id = '4'`);
      for (const search of ['100%', '_', '\\', "o'neil"]) expect(await names({ search })).toEqual(['4']);
      for (const search of ['%', 'a%e', 'd_ra', "'; drop table users; --"]) expect(await names({ search: `${search}x` })).toEqual([]);
      expect(await names({ search: 'a%e' })).toEqual([]);
    });

    test('tells who is locked, and lists some people alone', async () => {
      await of().run(`insert into sign_in_state (user_id, code_failures, locked_at) values (${await idOf(store(), '3')}, 10, ${T0})`);
      expect((await page({ filter: 'locked' })).map(({ externalId, lockedAt }) => [externalId, lockedAt])).toEqual([['3', T0]]);
      expect(await names({ filter: 'unreadable', among: [await idOf(store(), '4'), await idOf(store(), '1')] })).toEqual(['4']);
      expect(await names({ among: [] })).toEqual([]);
    });

    test('holds with each filter those whom the list of all memberships has in that state', async () => {
      const people = 240;
      const values = Array.from({ length: people }, (_, i) => {
        const kinds = [0, 1, 2, 3, null][i % 5];
        return { id: 1000 + i, kinds: kinds ?? 'null', active: i % 7 === 0 ? 0 : 1, role: i % 6, joined: T0 - (i % 9) * DAY };
      });
      await of().run(`insert into users (id, account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds)
        values ${values.map(({ id, kinds, active }) => `(${id}, 1, '${id}', 'csv', 'u${id}@x.example', 'u${id}@x.example', 'U', ${active}, 0, 1, 0, ${kinds})`).join(', ')}`);
      await of().run(`insert into memberships (scope_id, user_id, role, joined_at, active, kinds)
        values ${values.map(({ id, kinds, active, role, joined }) => `(2, ${id}, ${role}, ${joined}, ${active}, ${kinds})`).join(', ')}`);
      const exempt = values.filter((_, i) => i % 11 === 0).map(({ id }) => ({ called: String(id), userId: id }));
      for (const terms of [
        null,
        { requireMfa: false },
        { grace: 5 * DAY },
        { reportOnly: true, grace: DAY },
        { demand: ANY_KIND & ~0o700 & ~0o1, grace: 5 * DAY },
      ]) {
        await store().write(T0, async (transaction) => {
          const version = (await transaction.applied()).terms.find(({ scope }) => scope === BAKERY)?.version ?? null;
          if (terms !== null) await transaction.putTerms([{ scope: BAKERY, terms: termsOf(BAKERY, terms), version }]);
          await transaction.putExemptions([
            { account: ACCOUNT, document: 'away', channel: 'file', users: exempt, startsAt: T0 - 1, expiresAt: T0 + DAY },
          ]);
        });
        const all = await store().read((reader) => Array.fromAsync(reader.memberships(T0, { scope: BAKERY })));
        const state: Record<Exclude<PeopleFilter, 'locked' | 'unreadable'>, (m: JudgedMembership) => boolean> = {
          all: () => true,
          open: (m) => padlockOf(m) === 'open',
          overdue: (m) => m.reason === 'past-deadline',
          pending: (m) => m.reason === 'within-grace',
          exempt: (m) => m.reason === 'exempted',
        };
        for (const [filter, holds] of Object.entries(state)) {
          const asked = { filter: filter as PeopleFilter, limit: 1000 };
          const listed = (await page(asked)).map(({ lockedAt: _, ...membership }) => membership).sort((a, b) => a.userId - b.userId);
          expect([filter, listed]).toEqual([filter, all.filter(holds)]);
        }
      }
      expect(PEOPLE_FILTERS).toHaveLength(7);
    });
  });

  test('factors that cannot be opened are told by person, each tried', async () => {
    const [carol, eve] = [await idOf(store(), '3'), await idOf(store(), '6')];
    await store().write(T0, (transaction) =>
      transaction.enroll([factorOf(carol, 'totp', T0), factorOf(carol, 'passkey', T0), factorOf(eve, 'totp', T0)]),
    );
    const unreadable = (ids: readonly number[]) => store().read((reader) => reader.unreadableFactors(ids));
    expect(await unreadable([carol, eve])).toEqual(new Map());
    await of().run(`update factors set key_id = 'gone' where user_id = ${eve}`);
    await of().run(`update factors set enrolled_at = enrolled_at + 1 where user_id = ${carol} and kind = 1`);
    const [passkey] = await of().rows(`select id from factors where user_id = ${carol} and kind = 1`);
    const [totp] = await of().rows(`select id from factors where user_id = ${eve}`);
    const found = [[carol, [passkey?.['id']]] as const, [eve, [totp?.['id']]] as const];
    expect(new Map([...(await unreadable([carol, eve, 999]))].sort())).toEqual(new Map(found));
    expect(await unreadable([])).toEqual(new Map());
  });

  test('people are called by their address, else by their id', async () => {
    const [carol, eve] = [await idOf(store(), '3'), await idOf(store(), '6')];
    expect(await store().read((reader) => reader.namesOf([carol, eve, 999]))).toEqual(
      new Map([
        [carol, 'carol@bakery.example'],
        [eve, '6'],
      ]),
    );
  });

  test('requests are paged newest first, those that wait apart from the others, also of one person', async () => {
    const [ann, carol] = [await idOf(store(), '1'), await idOf(store(), '3')];
    const bound = { ...ACTOR, userId: ann };
    const put = (requestId: string, at: number, some: Partial<ResetWrite> = {}) =>
      store().write(at, async (transaction) => {
        const asked = {
          asked: 'lost phone',
          reason: 'lost phone',
          requestedAt: T0,
          expiresAt: T0 + DAY,
          approved: false,
          approverId: null,
        };
        await transaction.putReset({
          requestId,
          account: ACCOUNT,
          userId: carol,
          called: 'carol',
          outcome: 'Executed',
          actor: bound,
          ...asked,
          ...some,
        });
        await transaction.bindIdentity(bound);
      });
    await put('a', T0);
    await put('b', T0 + HOUR, { outcome: 'AwaitingApproval', reason: 'it waits' });
    await put('c', T0 + HOUR, { outcome: 'Refused', userId: ann });
    await put('d', T0 + HOUR, { outcome: 'NoSuchUser', userId: null });
    const ids = async (more: object) =>
      (await store().read((reader) => reader.resetsPage({ account: ACCOUNT, waiting: false, limit: 2, ...more }))).map((r) => r.requestId);
    expect(await ids({})).toEqual(['d', 'c']);
    expect(await ids({ after: 'c' })).toEqual(['a']);
    expect(await ids({ userId: carol })).toEqual(['a']);
    expect(await ids({ account: 'elsewhere' })).toEqual([]);
    expect(await ids({ waiting: true })).toEqual(['b']);
    const [waiting] = await store().read((reader) => reader.resetsPage({ account: ACCOUNT, waiting: true, limit: 9 }));
    expect(waiting).toMatchObject({
      asked: 'lost phone',
      reason: 'it waits',
      expiresAt: T0 + DAY,
      requesterId: ann,
      requester: 'Ann@northwind.example',
    });
  });

  test('the log is paged by number, also where the clock stood ahead for a moment', async () => {
    const entry = (at: number) => ({ account: ACCOUNT, at, actor: ACTOR, act: 'reset.held', target: 'r', detail: { user: 3 } });
    await store().write(T0, (transaction) => transaction.audit([entry(T0 + 9), entry(T0 + 1), entry(T0 + 5)]));
    const list = async (before: number, limit = 2) =>
      (await store().read((reader) => reader.auditList({ account: ACCOUNT, act: 'reset', before, limit }))).entries.map(({ seq }) => seq);
    expect(await list(Number.MAX_SAFE_INTEGER)).toEqual([4, 3]);
    expect(await list(3)).toEqual([2]);
    expect(await list(2)).toEqual([]);
  });
}
