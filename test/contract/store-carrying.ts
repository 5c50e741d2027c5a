import { describe, expect, test } from 'vitest';
import { ACCOUNT, ACTOR, type Contracted, codeOf, DAY, HOUR, idOf, T0 } from './store-world.ts';

/** What a store keeps of resets that an enforcer elsewhere must carry out as well. */
export function carryingContract(of: () => Contracted): void {
  const store = () => of().store;
  const order = (requestId: string, userId: number, outcome: 'Executed' | 'Held' = 'Executed') => ({
    ...{ requestId, account: ACCOUNT, userId, called: 'bob', outcome, reason: 'lost', asked: 'lost', expiresAt: T0 + DAY },
    ...{ approved: false, approverId: null, requestedAt: T0 - HOUR, actor: ACTOR },
  });
  const put = (requestId: string, outcome: 'Executed' | 'Held', elsewhere: boolean, now = T0) =>
    store().write(now, async (t) => t.putReset({ ...order(requestId, await idOf(store(), '2'), outcome), elsewhere }));
  const uncarried = async () => (await store().read((reader) => reader.uncarriedResets(ACCOUNT))).map(({ requestId }) => requestId);

  describe('resets at an enforcer elsewhere', () => {
    test('an executed one is to be carried out, in the order of execution; no other is', async () => {
      await put('Z', 'Executed', true);
      await put('A', 'Executed', true, T0 + 1);
      await put('here', 'Executed', false);
      await put('held', 'Held', true);
      expect(await uncarried()).toEqual(['Z', 'A']);
      const [first] = await store().read((reader) => reader.uncarriedResets());
      expect(first).toEqual({
        ...{ requestId: 'Z', account: ACCOUNT, userId: await idOf(store(), '2'), requestedAt: T0 - HOUR, notes: null },
        person: { externalId: '2', address: 'bob@northwind.example' },
      });
      expect(await store().read((reader) => reader.uncarriedResets('southwind'))).toEqual([]);
    });

    test('a held one, once it is executed', async () => {
      await put('R', 'Held', true);
      await put('R', 'Executed', true, T0 + 1);
      expect(await uncarried()).toEqual(['R']);
    });

    test('notes are written once; what is carried out has none, and is not carried out again', async () => {
      await put('R', 'Executed', true);
      const note = (notes: object) => store().write(T0, (t) => t.noteReset(ACCOUNT, 'R', notes as never));
      expect(await note({ factors: ['1'] })).toEqual({ factors: ['1'] });
      expect(await note({ factors: ['2'] })).toEqual({ factors: ['1'] });
      const carried = () => store().write(T0, (t) => t.carriedReset(ACCOUNT, 'R'));
      expect([await carried(), await carried()]).toEqual([true, false]);
      expect(await uncarried()).toEqual([]);
      expect(await codeOf(note({ factors: ['3'] }))).toBe('store/conflict');
      expect(await of().rows("select elsewhere, elsewhere_notes from resets where request_id = 'R'")).toEqual([
        { elsewhere: 'done', elsewhere_notes: null },
      ]);
    });

    test('asked for again it stays as it is; redone it is to be carried out again', async () => {
      await put('R', 'Executed', true);
      await store().write(T0, (t) => t.carriedReset(ACCOUNT, 'R'));
      await put('R', 'Executed', true);
      expect(await uncarried()).toEqual([]);
      const user = await idOf(store(), '2');
      await store().write(T0, (t) => t.putReset({ ...order('R', user), redone: true, elsewhere: true }));
      expect(await uncarried()).toEqual(['R']);
    });
  });

  test('whom an exemption covers at a moment', async () => {
    const users = [{ called: 'bob', userId: await idOf(store(), '2') }];
    const write = { account: ACCOUNT, channel: 'file' as const, users, startsAt: T0, expiresAt: T0 + DAY };
    await store().write(T0, (t) => t.putExemptions([{ ...write, document: 'one' }]));
    const exempt = (now: number, account = ACCOUNT) => store().read((reader) => reader.exemptPeople(account, now));
    expect(await exempt(T0)).toEqual([{ externalId: '2', address: 'bob@northwind.example' }]);
    expect([await exempt(T0 - 1), await exempt(T0 + DAY), await exempt(T0, 'southwind')]).toEqual([[], [], []]);
  });
}
