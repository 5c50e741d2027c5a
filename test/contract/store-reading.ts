import { describe, expect, test } from 'vitest';
import type { JudgedMembership } from '../../src/core/model/findings.ts';
import type { AdministratorQuestion, MembershipFilter, Proposal } from '../../src/core/ports/store.ts';
import {
  ACCOUNT,
  ANY_KIND,
  BAKERY,
  type Contracted,
  changesOf,
  codeOf,
  created,
  DAY,
  factorOf,
  idOf,
  policyOf,
  T0,
  termsOf,
} from './store-world.ts';

/** What reading gives, over the known world. */
export function readingContract(of: () => Contracted): void {
  const store = () => of().store;
  const find = (...called: readonly string[]) =>
    store().read((reader) => reader.findUsers(called.map((c) => ({ account: ACCOUNT, called: c }))));

  describe('finding people', () => {
    test('an address is matched without regard to ASCII case, and a look-alike letter is another person', async () => {
      expect((await find('ANN@Northwind.EXAMPLE')).map((f) => f.name)).toEqual(['Ann']);
      expect((await find('аnn@northwind.example')).map((f) => f.name)).toEqual(['Mallory']);
      expect(await find('Аnn@northwind.example')).toEqual([]);
    });

    test('an id finds too, each spelling is answered as it was asked, and nobody is made up', async () => {
      const found = await find(
        '6',
        'bob@northwind.example',
        'BOB@northwind.example',
        'nobody@northwind.example',
        "'; drop table users; --",
      );
      expect(found.map((f) => [f.called, f.name])).toEqual([
        ['6', 'Eve'],
        ['BOB@northwind.example', 'Bob'],
        ['bob@northwind.example', 'Bob'],
      ]);
      expect(await store().read((reader) => reader.findUsers([{ account: 'elsewhere', called: '6' }]))).toEqual([]);
    });

    test('whose memberships have all ended is not found, neither by address nor by id', async () => {
      const id = await idOf(store(), '2');
      const ended = changesOf({ ended: [{ id, scope: ACCOUNT, role: 'Manager' }] });
      await store().write(T0, (transaction) => transaction.importDirectory(ended, { name: 'portal', enrollment: 'store' }, new Map()));
      expect(await find('bob@northwind.example', '2')).toEqual([]);
    });

    test('a person is told with every membership that has not ended', async () => {
      const carol = await store().read((reader) => reader.person(undefined, 'Carol@Bakery.example'));
      expect(carol).toMatchObject({ account: ACCOUNT, enforcer: 'portal', externalId: '3', lastSignIn: T0 - DAY });
      expect(carol?.memberships.map((m) => [m.scope, m.role, m.kinds, m.joined])).toEqual([
        [ACCOUNT, 'Editor', 0, T0],
        [BAKERY, 'Editor', 0, T0],
      ]);
      expect(await store().read((reader) => reader.person('elsewhere', '3'))).toBeUndefined();
    });
  });

  test('what is in force is read as it was put', async () => {
    const trust = [{ provider: 'entra', claim: 'amr', value: 'mfa', maxAge: DAY }] as const;
    const terms = termsOf(ACCOUNT, { trust, enforceFrom: T0 + DAY, grace: DAY });
    await store().write(T0, async (transaction) => {
      await transaction.putDocuments([policyOf('staff', ACCOUNT)]);
      await transaction.putTerms([{ scope: ACCOUNT, terms, version: null }]);
      await transaction.addObligations([{ scope: ACCOUNT, demand: ANY_KIND, since: T0 }]);
    });
    const applied = await store().read((reader) => reader.applied());
    const account = { account: ACCOUNT, enforcer: 'portal', scopes: [ACCOUNT, BAKERY], exemptionsVersion: 0, administrators: 1 };
    expect(applied.accounts).toEqual([account]);
    expect(applied.documents).toEqual([{ ...policyOf('staff', ACCOUNT), version: 1 }]);
    expect(applied.terms).toEqual([{ ...terms, version: 1 }]);
    expect(applied.obligations).toEqual([{ scope: ACCOUNT, demand: ANY_KIND, since: T0 }]);
    const [staff, bakery] = await store().read((reader) => reader.scopes());
    expect(staff).toMatchObject({ scope: ACCOUNT, title: 'Northwind IT', requireMfa: true, reportOnly: false, document: ACCOUNT });
    expect(bakery).toMatchObject({ scope: BAKERY, title: 'Sunrise Bakery', requireMfa: false, document: null, place: null });
  });

  describe('administrators who will be able to sign in', () => {
    const question: AdministratorQuestion = { account: ACCOUNT, demand: ANY_KIND, enforced: true, enrollable: 3, without: [] };
    const count = async (some: Partial<AdministratorQuestion>) =>
      (await store().read((reader) => reader.administrators([{ ...question, ...some }]))).get(ACCOUNT);

    test('one who can still enroll counts, one who cannot does not', async () => {
      expect(await count({})).toBe(1);
      expect(await count({ enrollable: 0 })).toBe(0);
      expect(await count({ enrollable: 0, enforced: false })).toBe(1);
      expect(await count({ enrollable: 0, demand: ANY_KIND & ~7 })).toBe(1);
      expect(await count({ enrollable: 1, demand: 2 })).toBe(0);
    });

    test('an allowed kind counts, another does not', async () => {
      const id = await idOf(store(), '1');
      await store().write(T0, (transaction) => transaction.enroll([factorOf(id, 'totp', T0)]));
      expect(await count({ enrollable: 0 })).toBe(1);
      expect(await count({ enrollable: 0, demand: 2 })).toBe(0);
    });

    test('one whose factors are gone by then counts only if they can enroll again', async () => {
      const id = await idOf(store(), '1');
      await store().write(T0, (transaction) => transaction.enroll([factorOf(id, 'totp', T0)]));
      expect(await count({ enrollable: 0, without: [id] })).toBe(0);
      expect(await count({ enrollable: 0, without: [id + 1] })).toBe(1);
      expect(await count({ without: [id] })).toBe(1);
      expect(await count({ enforced: false, enrollable: 0, without: [id] })).toBe(1);
    });

    test.each([
      ['locked', 'insert into sign_in_state (user_id, code_failures, locked_at) values (ID, 9, 1)'],
      ['without a way in', 'update users set local_password = 0, sso = 0 where id = ID'],
      ['ended', 'update memberships set ended_at = 1 where user_id = ID'],
      ['disabled', 'update memberships set active = 0 where user_id = ID'],
    ])('one who is %s does not count', async (_, statement) => {
      await of().run(statement.replace('ID', String(await idOf(store(), '1'))));
      expect(await count({})).toBe(0);
    });
  });

  describe('lists', () => {
    const list = async (filter: MembershipFilter) =>
      store().read(async (reader) => {
        const rows: JudgedMembership[] = [];
        for await (const row of reader.memberships(T0, filter)) rows.push(row);
        return rows.map((r) => `${r.scope} ${r.externalId} ${r.reason}`);
      });
    const put = () =>
      store().write(T0, async (transaction) => {
        await transaction.putTerms([{ scope: BAKERY, terms: termsOf(BAKERY), version: null }]);
        await transaction.putDocuments([policyOf('staff', ACCOUNT, { spec: { requireMfa: true, breakGlass: ['BOB@northwind.example'] } })]);
      });

    test('all memberships; the open ones; so many of each scope by address', async () => {
      await put();
      expect(await list({})).toEqual([
        `${ACCOUNT} 1 no-policy`,
        `${ACCOUNT} 2 no-policy`,
        `${ACCOUNT} 3 no-policy`,
        `${ACCOUNT} 7 no-policy`,
        `${BAKERY} 3 past-deadline`,
        `${BAKERY} 4 disabled`,
        `${BAKERY} 5 disabled`,
        `${BAKERY} 6 past-deadline`,
      ]);
      expect(await list({ openOnly: true })).toEqual([`${BAKERY} 3 past-deadline`, `${BAKERY} 6 past-deadline`]);
      expect(await list({ perScope: 1 })).toEqual([`${ACCOUNT} 1 no-policy`, `${BAKERY} 6 past-deadline`]);
      expect(await list({ scope: BAKERY, openOnly: true, perScope: 1 })).toEqual([`${BAKERY} 6 past-deadline`]);
      expect(await list({ account: 'elsewhere' })).toEqual([]);
    });

    test('the counts of all reasons add up to the memberships counted apart, break-glass users among them by flag', async () => {
      await put();
      const [counts, members] = await store().read(
        async (reader) => [await reader.stateCounts(T0), await reader.membershipCounts()] as const,
      );
      const sums = new Map<string, number>();
      for (const { scope, count } of counts) sums.set(scope, (sums.get(scope) ?? 0) + count);
      expect(sums).toEqual(members);
      expect(members).toEqual(
        new Map([
          [ACCOUNT, 4],
          [BAKERY, 4],
        ]),
      );
      expect(counts.filter((c) => c.breakGlass)).toMatchObject([{ scope: ACCOUNT, role: 'Manager', count: 1 }]);
      expect(await store().read((reader) => reader.stateCounts(T0, 'elsewhere'))).toEqual([]);
    });

    test('the directory is told whole, with those who have left, and exported without them', async () => {
      const id = await idOf(store(), '3');
      const ended = changesOf({ ended: [{ id, scope: BAKERY, role: 'Editor' }] });
      await store().write(T0, (transaction) => transaction.importDirectory(ended, { name: 'portal', enrollment: 'store' }, new Map()));
      const facts = await store().read((reader) => reader.directory(ACCOUNT));
      expect(facts.scopes).toEqual([ACCOUNT, BAKERY]);
      expect(facts.organizations).toEqual([{ externalId: '5001', name: 'Sunrise Bakery', myGlueAccount: 'bakery' }]);
      expect(facts.people.map((p) => p.externalId)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
      const memberships = [
        { scope: ACCOUNT, role: 'Editor', ended: false },
        { scope: BAKERY, role: 'Editor', ended: true },
      ];
      expect(facts.people.find((p) => p.id === id)?.memberships.toSorted((a, b) => a.scope.localeCompare(b.scope))).toEqual(memberships);
      expect(await store().read((reader) => reader.origins(ACCOUNT))).toEqual(['csv']);
      const rows = await store().read(async (reader) => Array.fromAsync(reader.directoryRows(ACCOUNT, 'csv')));
      expect(rows.map((r) => `${r.scope} ${r.externalId}`)).toEqual(
        [1, 2, 3, 7].map((n) => `${ACCOUNT} ${n}`).concat([4, 5, 6].map((n) => `${BAKERY} ${n}`)),
      );
      expect(rows.find((r) => r.externalId === '2')).toMatchObject({
        role: 'Manager',
        localPassword: false,
        sso: true,
        kinds: 0,
        enabled: true,
      });
      expect(await store().read((reader) => reader.directory('elsewhere'))).toMatchObject({ account: null, people: [] });
    });

    test('impact and its names, before and after a first policy', async () => {
      const obligation = { scope: BAKERY, demand: ANY_KIND, since: T0 };
      const scopes = [{ scope: BAKERY, before: null, after: termsOf(BAKERY, { grace: DAY }), obligation }];
      const proposal: Proposal = { scopes, exemptions: { channel: 'file', documents: [], windows: [] } };
      const [rows, names] = await store().read(
        async (reader) => [await reader.impact(proposal, T0), await reader.impactNames(proposal, T0, 1)] as const,
      );
      expect(rows.map((r) => [r.role, r.before, r.after, r.count, r.firstDeadline])).toEqual([
        ['Editor', 'no-policy', 'within-grace', 1, T0 + DAY],
        ['Creator', 'no-policy', 'within-grace', 1, T0 + DAY],
        ['Lite', 'disabled', 'disabled', 2, null],
      ]);
      expect(names).toEqual([{ scope: BAKERY, group: 'pending', user: 'Eve', role: 'Creator', deadline: T0 + DAY }]);
    });
  });

  describe('whom a channel stands for', () => {
    const resolve = (user: string | undefined, subject = 'deploy') =>
      store().read((reader) => reader.resolveActor(ACCOUNT, 'cli', subject, user));

    test('the person whom the configuration names, with the role in the account, enabled or nothing', async () => {
      expect(await resolve('ANN@northwind.example')).toMatchObject({
        userId: await idOf(store(), '1'),
        role: 'Administrator',
        bootstrap: false,
      });
      expect(await resolve('dora@bakery.example')).toMatchObject({ role: null });
      expect(await resolve(undefined)).toMatchObject({ userId: null, role: null });
      expect(await resolve('nobody@northwind.example')).toMatchObject({ userId: null, role: null });
      expect(await store().read((reader) => reader.resolveActor('elsewhere', 'cli', 'deploy', undefined))).toMatchObject({
        bootstrap: true,
      });
    });

    test('a bound identity is the person by id, even when the address has changed hands', async () => {
      const bound = await resolve('ann@northwind.example');
      await store().write(T0, (transaction) => transaction.bindIdentity(bound));
      const ended = [{ id: bound.userId ?? 0, scope: ACCOUNT, role: 'Administrator' as const }];
      const heir = created('8', { address: 'ann@northwind.example', name: 'Another Ann' }, [ACCOUNT, 'Administrator']);
      await store().write(T0, (transaction) =>
        transaction.importDirectory(changesOf({ ended, created: [heir] }), { name: 'portal', enrollment: 'store' }, new Map()),
      );
      expect(await resolve(undefined)).toMatchObject({ userId: bound.userId, role: null, bound: true });
      expect(await resolve('ann@northwind.example')).toMatchObject({ userId: null, role: null, bound: true });
      expect(await resolve('ann@northwind.example', 'another')).toMatchObject({ userId: await idOf(store(), '8'), role: 'Administrator' });
      await store().write(T0, (transaction) => transaction.bindIdentity({ ...bound, userId: 1 + (bound.userId ?? 0) }));
      expect((await resolve(undefined)).userId).toBe(bound.userId);
    });

    test('a bound identity whom the configuration takes for somebody else is nobody; by whatever that person is called', async () => {
      const bound = await resolve('ann@northwind.example');
      expect(bound).toMatchObject({ called: 'Ann@northwind.example', bound: false });
      await store().write(T0, (transaction) => transaction.bindIdentity(bound));
      const nobody = { userId: null, role: null, bound: true, bootstrap: false, contested: 'Ann@northwind.example' };
      for (const other of ['bob@northwind.example', '2']) expect(await resolve(other)).toMatchObject(nobody);
      for (const same of ['ANN@northwind.example', '1', undefined, 'gone@northwind.example']) {
        const found = await resolve(same);
        expect(found).toMatchObject({ userId: bound.userId, called: 'Ann@northwind.example' });
        expect(found.contested).toBeUndefined();
      }
    });
  });

  test('a reader cannot write', async () => {
    const before = await of().content();
    expect(await codeOf(store().read(async (reader) => 'putTerms' in reader))).toBe('no error');
    await store().read(async (reader) => {
      expect(Object.keys(reader).filter((name) => /^(put|add|import|enroll|bind|audit$)/.test(name))).toEqual([]);
      await reader.applied();
      await reader.stateCounts(T0);
    });
    expect(await of().content()).toBe(before);
  });
}
