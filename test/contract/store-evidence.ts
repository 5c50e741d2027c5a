import { describe, expect, test } from 'vitest';
import type { JudgedMembership } from '../../src/core/model/findings.ts';
import type { MembershipFilter } from '../../src/core/ports/store.ts';
import { ACCOUNT, ACTOR, BAKERY, type Contracted, changesOf, codeOf, DAY, idOf, policyOf, T0, termsOf } from './store-world.ts';

/** What a report names besides figures: people counted twice, exemptions, break-glass users, who is back from leave. */
export function evidenceContract(of: () => Contracted): void {
  const store = () => of().store;
  const list = (filter: MembershipFilter = {}) =>
    store().read(async (reader) => {
      const rows: JudgedMembership[] = [];
      for await (const row of reader.memberships(T0 + DAY, filter)) rows.push(row);
      return rows;
    });

  describe('people by account', () => {
    const counts = (account?: string) => store().read((reader) => reader.peopleCounts(account));

    test('are counted once, however many memberships they have', async () => {
      expect(await counts()).toEqual([{ account: ACCOUNT, held: 7, considered: 7 }]);
      expect(await counts('elsewhere')).toEqual([]);
    });

    test('whose memberships have all ended are none', async () => {
      const id = await idOf(store(), '2');
      const ended = changesOf({ ended: [{ id, scope: ACCOUNT, role: 'Manager' }] });
      await store().write(T0, (transaction) => transaction.importDirectory(ended, { name: 'portal', enrollment: 'store' }, new Map()));
      expect(await counts(ACCOUNT)).toEqual([{ account: ACCOUNT, held: 6, considered: 6 }]);
    });
  });

  describe('exemptions', () => {
    const spec = { account: ACCOUNT, users: ['6'], reason: 'on a site without phones', ticket: 'NW-1', expiresAt: '2026-12-31' };
    const declare = (at: number, act: string, more: object = {}) =>
      store().write(at, async (transaction) => {
        const written = { ...policyOf('away', null), kind: 'MfaExemption' as const, spec: { ...spec, ...more } };
        await transaction.putDocuments([{ ...written, version: act === 'exemption.create' ? null : 1 }]);
        await transaction.audit([{ account: ACCOUNT, at, actor: { ...ACTOR, subject: act }, act, target: 'away', detail: {} }]);
      });
    const read = (account?: string) => store().read((reader) => reader.exemptions(account));

    test('are told with why, the ticket, and who put them in force as they stand', async () => {
      await declare(T0, 'exemption.create');
      const told = { account: ACCOUNT, document: 'away', reason: spec.reason, ticket: 'NW-1' };
      expect(await read()).toEqual([{ ...told, by: { channel: 'cli', subject: 'exemption.create' }, at: T0 }]);
      await declare(T0 + DAY, 'exemption.update', { ticket: undefined });
      expect(await read(ACCOUNT)).toEqual([{ ...told, ticket: null, by: { channel: 'cli', subject: 'exemption.update' }, at: T0 + DAY }]);
      expect(await read('elsewhere')).toEqual([]);
    });

    test('stand beside the people whom they cover, from when until when', async () => {
      await declare(T0, 'exemption.create');
      const users = [{ called: '6', userId: await idOf(store(), '6') }];
      const [startsAt, expiresAt] = [T0 + DAY / 2, T0 + 9 * DAY];
      await store().write(T0, (transaction) =>
        transaction.putExemptions([{ account: ACCOUNT, document: 'away', channel: 'file', users, startsAt, expiresAt }]),
      );
      const eve = (await list()).find((row) => row.externalId === '6');
      expect(eve).toMatchObject({ exemption: 'away', exemptFrom: startsAt, exemptUntil: expiresAt });
      expect((await list()).filter((row) => row.exemptFrom !== null)).toHaveLength(1);
    });
  });

  describe('break-glass users', () => {
    const declare = (breakGlass: readonly string[]) =>
      store().write(T0, (transaction) =>
        transaction.putDocuments([policyOf('staff', ACCOUNT, { spec: { account: ACCOUNT, requireMfa: true, breakGlass } })]),
      );

    test('are those declared, with their facts; one whom nobody is called like is told too', async () => {
      await declare(['bob@northwind.example', '4', 'nobody@northwind.example']);
      const users = await store().read((reader) => reader.breakGlass());
      expect(users).toMatchObject([
        { called: 'bob@northwind.example', document: 'staff', person: { externalId: '2', enabled: true, localPassword: false } },
        { called: '4', person: { externalId: '4', name: 'Dora', enabled: false, lastSignIn: null } },
        { called: 'nobody@northwind.example', person: null },
      ]);
      expect(await store().read((reader) => reader.breakGlass('elsewhere'))).toEqual([]);
    });

    test('nobody is guessed to be one', async () => {
      expect(await store().read((reader) => reader.breakGlass())).toEqual([]);
    });
  });

  describe('a list of at most so many of each scope and reason', () => {
    test('is in the order of addresses, break-glass users apart', async () => {
      await store().write(T0, async (transaction) => {
        const spec = { account: ACCOUNT, requireMfa: true, breakGlass: ['Ann@northwind.example'] };
        await transaction.putDocuments([policyOf('staff', ACCOUNT, { spec })]);
        await transaction.putTerms([
          { scope: ACCOUNT, terms: termsOf(ACCOUNT), version: null },
          { scope: BAKERY, terms: termsOf(BAKERY, { reportOnly: true }), version: null },
        ]);
      });
      const named = (rows: readonly JudgedMembership[]) => rows.map((row) => `${row.scope} ${row.name ?? ''} ${row.reason}`);
      expect(named(await list({ openOnly: true, perReason: 1 }))).toEqual([
        `${ACCOUNT} Ann past-deadline`,
        `${ACCOUNT} Bob past-deadline`,
        `${BAKERY} Eve report-only`,
      ]);
      expect(await list({ openOnly: true, perReason: 9 })).toHaveLength(6);
    });
  });

  describe('who is enabled again', () => {
    const set = (enabled: boolean, at: number) =>
      store().write(at, async (transaction) => {
        const updated = [{ id: await idOf(store(), '3'), attributes: { enabled } }];
        await transaction.importDirectory(changesOf({ updated }), { name: 'portal', enrollment: 'store' }, new Map());
      });
    const carol = async () => (await list()).filter((row) => row.externalId === '3').map((row) => row.reenabled);

    test('has the moment of it in every membership; before that, and by being disabled, nobody has', async () => {
      expect(await carol()).toEqual([null, null]);
      await set(false, T0);
      await set(false, T0 + 1000);
      expect(await carol()).toEqual([null, null]);
      await set(true, T0 + 2000);
      await set(true, T0 + 3000);
      expect(await carol()).toEqual([T0 + 2000, T0 + 2000]);
    });
  });

  test('a reset is told with who asked for it, and who approved it', async () => {
    const [userId, approverId] = [await idOf(store(), '2'), await idOf(store(), '1')];
    const given = { approved: true, approverId, actor: ACTOR };
    const write = {
      requestId: 'r-1',
      account: ACCOUNT,
      userId,
      called: '2',
      outcome: 'Executed',
      reason: 'lost',
      asked: 'lost',
      expiresAt: null,
      requestedAt: T0,
    } as const;
    expect(await codeOf(store().write(T0, (transaction) => transaction.putReset({ ...write, ...given })))).toBe('no error');
    const [reset] = await store().read((reader) => reader.resets(T0 - DAY));
    const told = {
      requestId: 'r-1',
      requestedBy: { channel: 'cli', subject: 'deploy' },
      approvedBy: 'Ann@northwind.example',
      executedAt: T0,
    };
    expect(reset).toMatchObject(told);
  });
}
