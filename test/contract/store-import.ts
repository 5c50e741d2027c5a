import { describe, expect, test } from 'vitest';
import type { DirectoryChanges } from '../../src/core/model/directory.ts';
import type { EnforcerName } from '../../src/core/model/words.ts';
import { ACCOUNT, BAKERY, type Contracted, changesOf, created, DAY, factorOf, idsOf, T0 } from './store-world.ts';

/** What an import does, change by change, over the known world. */
export function importContract(of: () => Contracted): void {
  const store = () => of().store;
  const later = T0 + DAY;
  const carryOut = (some: Partial<DirectoryChanges>, enforcer: EnforcerName = 'portal') =>
    store().write(later, (transaction) =>
      transaction.importDirectory(
        changesOf(some),
        { name: enforcer, enrollment: enforcer === 'portal' ? 'store' : 'directory' },
        new Map(),
      ),
    );
  const ids = async () => {
    const known = await idsOf(store());
    return (externalId: string) => known.get(externalId) ?? 0;
  };
  const user = async (id: number) => (await of().rows(`select * from users where id = ${id}`))[0];
  const membership = async (id: number, scope: string) =>
    (
      await of().rows(
        `select m.* from memberships as m join scopes as s on s.id = m.scope_id where s.key = '${scope}' and m.user_id = ${id}`,
      )
    )[0];

  describe('an import', () => {
    test('creates people with what was said of them, and what a new person is where nothing was', async () => {
      const id = await ids();
      expect(await user(id('6'))).toMatchObject({
        address: null,
        address_key: null,
        enabled: 1,
        service: 0,
        local_password: 1,
        sso: 0,
        kinds: 0,
        epoch: 0,
      });
      expect(await user(id('1'))).toMatchObject({ address: 'Ann@northwind.example', address_key: 'ann@northwind.example', origin: 'csv' });
      expect(await membership(id('4'), BAKERY)).toMatchObject({ role: 5, joined_at: T0, ended_at: null, active: 0, kinds: 0 });
      expect(await membership(id('5'), BAKERY)).toMatchObject({ active: 0 });
      expect(await membership(id('6'), BAKERY)).toMatchObject({ role: 3, active: 1 });
    });

    test('updates what is said and leaves what is not; null takes away', async () => {
      const id = await ids();
      await carryOut({
        updated: [
          { id: id('3'), attributes: { name: 'Carola' } },
          { id: id('2'), attributes: { name: null, sso: false, lastSignIn: later } },
        ],
      });
      expect(await user(id('3'))).toMatchObject({
        name: 'Carola',
        address: 'carol@bakery.example',
        address_key: 'carol@bakery.example',
        last_sign_in: T0 - DAY,
      });
      expect(await user(id('2'))).toMatchObject({ name: null, sso: 0, local_password: 0, last_sign_in: later, epoch: 0 });
    });

    test('disabling ends sessions and is seen beside every membership; enabling again is not a new start', async () => {
      const id = await ids();
      await carryOut({ updated: [{ id: id('3'), attributes: { enabled: false } }] });
      expect(await user(id('3'))).toMatchObject({ enabled: 0, epoch: 1 });
      for (const scope of [ACCOUNT, BAKERY]) expect(await membership(id('3'), scope)).toMatchObject({ active: 0 });
      await carryOut({ updated: [{ id: id('3'), attributes: { enabled: false, name: 'C' } }] });
      expect(await user(id('3'))).toMatchObject({ epoch: 1 });
      await carryOut({ updated: [{ id: id('3'), attributes: { enabled: true } }] });
      expect(await user(id('3'))).toMatchObject({ enabled: 1, epoch: 1 });
      expect(await membership(id('3'), BAKERY)).toMatchObject({ active: 1, joined_at: T0 });
    });

    test('joins, ends, rejoins and changes roles; first joined stays, and what ends sessions raises the epoch', async () => {
      const id = await ids();
      await store().write(T0, (transaction) => transaction.enroll([factorOf(id('1'), 'totp', T0)]));
      const epoch = Number((await user(id('1')))?.['epoch']);
      await carryOut({ joined: [{ id: id('1'), scope: BAKERY, role: 'Editor' }] });
      expect(await membership(id('1'), BAKERY)).toMatchObject({ role: 2, joined_at: later, active: 1, kinds: 1 });
      await carryOut({ ended: [{ id: id('3'), scope: BAKERY, role: 'Editor' }] });
      expect(await membership(id('3'), BAKERY)).toMatchObject({ ended_at: later });
      expect(await user(id('3'))).toMatchObject({ epoch: 1, address_key: 'carol@bakery.example' });
      await carryOut({ rejoined: [{ id: id('3'), scope: BAKERY, role: 'Lite' }] });
      expect(await membership(id('3'), BAKERY)).toMatchObject({ ended_at: null, joined_at: T0, role: 5 });
      await carryOut({ roleChanged: [{ id: id('1'), scope: ACCOUNT, from: 'Administrator', to: 'Manager' }] });
      expect(await membership(id('1'), ACCOUNT)).toMatchObject({ role: 1, joined_at: T0 });
      expect(await user(id('1'))).toMatchObject({ epoch: epoch + 1 });
    });

    test('two people swap their addresses, a newcomer takes that of a leaver', async () => {
      const id = await ids();
      await carryOut({
        updated: [
          { id: id('1'), attributes: { address: 'bob@northwind.example' } },
          { id: id('2'), attributes: { address: 'ANN@northwind.example' } },
        ],
        ended: [
          { id: id('3'), scope: ACCOUNT, role: 'Editor' },
          { id: id('3'), scope: BAKERY, role: 'Editor' },
        ],
        created: [created('9', { address: 'Carol@bakery.example' }, [BAKERY, 'Lite'])],
      });
      const called = ['ann@northwind.example', 'bob@northwind.example', 'carol@bakery.example'];
      const found = await store().read((reader) => reader.findUsers(called.map((c) => ({ account: ACCOUNT, called: c }))));
      expect(found.map((f) => f.id)).toEqual([id('2'), id('1'), (await ids())('9')]);
      expect(await user(id('3'))).toMatchObject({ address: 'carol@bakery.example', address_key: null });
    });

    test('an address that is taken twice is refused, and nothing of the import stands', async () => {
      const before = await of().content();
      await expect(carryOut({ created: [created('9', { address: 'BOB@northwind.example' }, [BAKERY, 'Lite'])] })).rejects.toThrow();
      expect(await of().content()).toBe(before);
    });

    test('takes over whom it was told to, by their id', async () => {
      const id = await ids();
      await carryOut({ origin: 'itglue', adopted: [{ id: id('2'), externalId: '4711' }] });
      expect(await user(id('2'))).toMatchObject({ origin: 'itglue', external_id: '4711', address_key: 'bob@northwind.example' });
      expect(await store().read((reader) => reader.origins(ACCOUNT))).toEqual(['csv', 'itglue']);
    });

    test('adds scopes and organizations; one whose MyGlue account is not said keeps it', async () => {
      await carryOut({
        newScopes: ['northwind/clinic'],
        organizations: [
          { externalId: '5001', name: 'Sunrise', place: 'o:1' },
          { externalId: '5002', name: 'Clinic', myGlueAccount: 'clinic', place: 'o:2' },
          { externalId: '5003', name: 'Alone', myGlueAccount: null, place: 'o:3' },
        ],
      });
      const { organizations, scopes } = await store().read((reader) => reader.directory(ACCOUNT));
      expect(scopes).toEqual([ACCOUNT, BAKERY, 'northwind/clinic']);
      expect(organizations.map((o) => [o.externalId, o.name, o.myGlueAccount])).toEqual([
        ['5001', 'Sunrise', 'bakery'],
        ['5002', 'Clinic', 'clinic'],
        ['5003', 'Alone', null],
      ]);
      await carryOut({ organizations: [{ externalId: '5001', name: 'Sunrise', myGlueAccount: null, place: 'o:1' }] });
      expect((await store().read((reader) => reader.directory(ACCOUNT))).organizations[0]?.myGlueAccount).toBeNull();
    });

    test('what is enrolled is the portal’s to say, and the directory’s where nobody enforces', async () => {
      const id = await ids();
      const kinds = async (externalId: string) => [
        (await user(id(externalId)))?.['kinds'],
        (await membership(id(externalId), ACCOUNT))?.['kinds'],
      ];
      await store().write(T0, (transaction) => transaction.enroll([factorOf(id('1'), 'totp', T0)]));
      await carryOut({
        updated: [
          { id: id('1'), attributes: { kinds: 3 } },
          { id: id('2'), attributes: { kinds: 3 } },
        ],
      });
      expect([await kinds('1'), await kinds('2')]).toEqual([
        [1, 1],
        [0, 0],
      ]);
      await carryOut({ updated: [{ id: id('2'), attributes: { kinds: 2 } }] }, 'none');
      expect([await kinds('1'), await kinds('2')]).toEqual([
        [null, null],
        [2, 2],
      ]);
      await carryOut({}, 'portal');
      expect([await kinds('1'), await kinds('2')]).toEqual([
        [1, 1],
        [0, 0],
      ]);
    });

    test('raises the account’s version, so that an import planned before is stale', async () => {
      const version = async () => (await store().read((reader) => reader.directory(ACCOUNT))).account?.version ?? -1;
      const before = await version();
      await carryOut({});
      expect(await version()).toBe(before + 1);
    });
  });
}
