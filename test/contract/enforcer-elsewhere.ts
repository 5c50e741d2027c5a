import { describe, expect, test } from 'vitest';
import { ACCOUNT, BAKERY, codeOf, demand, type Elsewhere, type Enforced, Killed, memoryNotes, NOW, orderOf } from './enforcer.ts';

const HOUR = 3_600_000;
/** More calls than any reset makes. */
const MANY = 100;

/** What an enforcer must do that decides by a copy of its own. */
export function elsewhereContract(of: () => Enforced & { readonly elsewhere: Elsewhere }): void {
  const demands = [demand(ACCOUNT), demand(BAKERY)];
  const scopesOf = async (all = demands, now = NOW) =>
    (await of().enforcer.drift(ACCOUNT, all, now)).filter(({ mends }) => mends === 'push').map(({ scope }) => scope);

  describe('a copy of its own', () => {
    test('drift names the scope that was changed behind, and reads alone; a push mends it', async () => {
      const { enforcer, elsewhere } = of();
      await enforcer.push(demands, NOW);
      await elsewhere.tamper(BAKERY);
      const before = await elsewhere.content();
      expect(new Set(await scopesOf())).toEqual(new Set([BAKERY]));
      expect(await elsewhere.content()).toBe(before);
      await enforcer.push([demand(BAKERY)], NOW);
      expect(await scopesOf()).toEqual([]);
    });

    test('turned off is pushed as well', async () => {
      const off = [demand(ACCOUNT, { stages: [] }), demand(BAKERY, { stages: [] })];
      const untouched = await of().elsewhere.content();
      await of().enforcer.push(demands, NOW);
      expect(await of().elsewhere.content()).not.toBe(untouched);
      await of().enforcer.push(off, NOW);
      expect(await of().elsewhere.content()).toBe(untouched);
    });

    test('nothing is asked before a deadline; once it has passed, that is for a push', async () => {
      const late = [demand(ACCOUNT, { stages: [{ role: 'Editor', kinds: ['totp', 'passkey'], from: NOW + HOUR }] })];
      await of().enforcer.push([demand(ACCOUNT, { stages: [] })], NOW);
      expect(await scopesOf(late, NOW)).toEqual([]);
      expect(await scopesOf(late, NOW + HOUR)).toEqual([ACCOUNT]);
      await of().enforcer.push(late, NOW + HOUR);
      expect(await scopesOf(late, NOW + HOUR)).toEqual([]);
    });

    test('stronger kinds and exemptions are a part of it', async () => {
      const person = await of().elsewhere.join('ada', []);
      await of().enforcer.push(demands, NOW);
      const strong = [demand(ACCOUNT, { stages: [{ role: 'Editor', kinds: ['passkey'], from: NOW }] })];
      expect(await scopesOf(strong)).not.toEqual([]);
      const exempt = demands.map((one) => ({ ...one, exempt: [person] }));
      expect(await scopesOf(exempt)).not.toEqual([]);
      await of().enforcer.push(exempt, NOW);
      expect(await scopesOf(exempt)).toEqual([]);
      expect(await scopesOf()).not.toEqual([]);
    });

    test('a way around is told, and is nothing that a push mends', async () => {
      await of().enforcer.push(demands, NOW);
      await of().elsewhere.openDoor();
      const [door, ...others] = await of().enforcer.drift(ACCOUNT, demands, NOW);
      expect(others).toEqual([]);
      expect(door).toMatchObject({ scope: null, mends: 'by-hand' });
      expect(door?.is).not.toEqual(door?.shouldBe);
    });

    test('a scope that cannot be changed fails, with why and what to do; the others go on', async () => {
      await of().elsewhere.refuse(BAKERY);
      const [bakery, account] = await of().enforcer.push([demand(BAKERY), demand(ACCOUNT)], NOW);
      expect(bakery).toMatchObject({ scope: BAKERY, outcome: 'failed', why: expect.stringMatching(/./), fix: expect.stringMatching(/./) });
      expect(account).toEqual({ scope: ACCOUNT, outcome: 'pushed' });
      expect(new Set(await scopesOf())).toEqual(new Set([BAKERY]));
    });

    test.each(['breakDown', 'takeRights'] as const)('%s: what cannot be read whole is unreachable, never empty', async (how) => {
      const { enforcer, elsewhere } = of();
      const person = await elsewhere.join('ada', [['totp', 0]]);
      await elsewhere[how]();
      const list = async () => {
        for await (const one of enforcer.enrollment(ACCOUNT)) expect(one).toBeDefined();
      };
      const each = [enforcer.drift(ACCOUNT, demands, NOW), list(), enforcer.reset(orderOf(person), memoryNotes())];
      expect(await Promise.all(each.map(codeOf))).toEqual(each.map(() => 'enforcer/unreachable'));
    });

    test('everybody is listed with their kinds, once', async () => {
      await of().elsewhere.join('ada', [
        ['totp', 0],
        ['totp', 1],
        ['passkey', 2],
      ]);
      for (const name of ['ben', 'cleo', 'dan']) await of().elsewhere.join(name, []);
      const all = [];
      for await (const { externalId, kinds } of of().enforcer.enrollment(ACCOUNT)) all.push([externalId, [...kinds].sort().join()]);
      expect(all.sort()).toEqual([
        ['ada', 'passkey,totp'],
        ['ben', ''],
        ['cleo', ''],
        ['dan', ''],
      ]);
    });
  });

  describe('a reset in steps', () => {
    test('removes what was confirmed before the request, ends every session, and leaves the person as they were', async () => {
      const person = await of().elsewhere.join('ada', [
        ['totp', NOW - 1],
        ['passkey', NOW - 2],
        ['passkey', NOW],
      ]);
      const off = await of().elsewhere.join('ben', [['totp', 0]], true);
      expect(await of().enforcer.reset(orderOf(person), memoryNotes())).toEqual({ outcome: 'done', factors: 2 });
      await of().enforcer.reset(orderOf(off), memoryNotes());
      expect(await of().elsewhere.stateOf('ada')).toEqual({ kinds: ['passkey'], sessions: 0, enabled: true });
      expect(await of().elsewhere.stateOf('ben')).toEqual({ kinds: [], sessions: 0, enabled: false });
    });

    test('found by address where the id is another; nobody is nobody', async () => {
      const { address } = await of().elsewhere.join('ada', [['totp', 0]]);
      const reset = (who: string | null) => of().enforcer.reset(orderOf({ externalId: '4711', address: who }), memoryNotes());
      expect(await reset(address?.toUpperCase() ?? null)).toEqual({ outcome: 'done', factors: 1 });
      expect([await reset('nobody@northwind.example'), await reset(null)]).toEqual([{ outcome: 'nobody' }, { outcome: 'nobody' }]);
    });

    test('killed before any call, even twice, and resumed: what was enrolled in between stays, nothing older does', async () => {
      const { enforcer, elsewhere } = of();
      let [killed, call] = [0, 0];
      for (; call < MANY; call += 1) {
        const name = `p${call}`;
        const person = await elsewhere.join(name, [
          ['totp', 0],
          ['passkey', 1],
        ]);
        const notes = memoryNotes();
        const run = async () => (await enforcer.reset(orderOf(person), notes)).outcome;
        const once = async () =>
          run().catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
            return 'killed';
          });
        elsewhere.killAt(call);
        const first = await once();
        if (first === 'killed') killed += 1;
        await elsewhere.enroll(name, 'totp', NOW + 1);
        elsewhere.killAt(call);
        await once();
        elsewhere.killAt(null);
        await run();
        expect([call, await elsewhere.stateOf(name)]).toEqual([call, { kinds: ['totp'], sessions: 0, enabled: true }]);
        if (first !== 'killed') break;
      }
      expect(killed).toBeGreaterThan(5);
      expect(call).toBeLessThan(MANY);
    });
  });
}
