import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PadlockError } from '../../src/core/model/errors.ts';
import type { FactorKind, Instant, Json } from '../../src/core/model/words.ts';
import type { Enforcer, PersonElsewhere, ResetNotes, ResetOrder, ScopeDemand } from '../../src/core/ports/enforcer.ts';

/** Where people of an account sign in, as a test reaches it from behind. */
export interface Elsewhere {
  /** Somebody with a password, a session and these factors; disabled where that is said. */
  join(externalId: string, factors: readonly (readonly [FactorKind, Instant])[], disabled?: boolean): Promise<PersonElsewhere>;
  enroll(externalId: string, kind: FactorKind, at: Instant): Promise<void>;
  stateOf(externalId: string): Promise<{ readonly kinds: readonly FactorKind[]; readonly sessions: number; readonly enabled: boolean }>;
  /** Everything that it keeps, as one text. */
  content(): Promise<string>;
  /** Changes what a scope asks, behind Padlock's back; opens a way around. */
  tamper(scope: string): Promise<void>;
  openDoor(): Promise<void>;
  /** From now on one scope cannot be changed; nothing answers; a reader is shown nothing. */
  refuse(scope: string): Promise<void>;
  breakDown(): Promise<void>;
  takeRights(): Promise<void>;
  /** From now on it is killed before its call of this number, from 0. */
  killAt(call: number | null): void;
}

/** An enforcer under contract; `elsewhere` where it keeps a copy. */
export interface Enforced {
  readonly enforcer: Enforcer;
  readonly elsewhere: Elsewhere | null;
  close(): Promise<void>;
}

export const [ACCOUNT, BAKERY] = ['northwind', 'northwind/bakery'];
export const NOW: Instant = Date.UTC(2026, 10, 25, 8);
const HOUR = 3_600_000;

/** Stops a reset as a kill does: nothing of it is caught or cleaned up. */
export class Killed extends Error {}

export function demand(scope: string, more: Partial<ScopeDemand> = {}): ScopeDemand {
  const stages = (['Editor', 'Lite'] as const).map((role) => ({ role, kinds: ['totp', 'passkey'] as const, from: NOW - HOUR }));
  return { scope, stages, grace: 0, trust: [], revokes: false, exempt: [], ...more };
}

export function orderOf(person: PersonElsewhere, requestId = 'R-1'): ResetOrder {
  return { requestId, account: ACCOUNT, person, requestedAt: NOW };
}

/** Notes as the store keeps them: the first writer's stand. */
export function memoryNotes(): ResetNotes & { standing: Json } {
  return {
    standing: null,
    async begin(notes) {
      this.standing ??= JSON.parse(JSON.stringify(notes)) as Json;
      return this.standing;
    },
  };
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PadlockError) return error.code;
  throw new Error(`it did not fail as it should: ${String(error)}`);
}

async function listed(enforcer: Enforcer) {
  const all = [];
  for await (const one of enforcer.enrollment(ACCOUNT)) all.push(one);
  return all;
}

/** What any enforcer must do, whatever it can; what one elsewhere must do besides stands in `enforcer-elsewhere.ts`. */
export function enforcerContract(
  name: string,
  open: () => Promise<Enforced>,
  more: (of: () => Enforced & { elsewhere: Elsewhere }) => void,
): void {
  describe(name, () => {
    let enforced: Enforced;
    beforeEach(async () => {
      enforced = await open();
    });
    afterEach(() => enforced.close());

    test('its capabilities go together', () => {
      const { place, enforcesAccount, enforcesMyGlue, enrolls, grace, resets, enrollment } = enforced.enforcer.capabilities;
      const enforces = enforcesAccount || enforcesMyGlue;
      expect(enforces).toBe(place !== 'nowhere');
      if (!enforces) expect({ enrolls, grace, resets }).toEqual({ enrolls: [], grace: 'none', resets: false });
      expect(enrollment).toBe({ here: 'store', elsewhere: 'enforcer', nowhere: 'directory' }[place]);
      expect(enforced.elsewhere !== null).toBe(place === 'elsewhere');
    });

    test('a push answers for each scope, in their order, by what it is; of none, for none', async () => {
      const { enforcer } = enforced;
      const pushed = await enforcer.push([demand(BAKERY), demand(ACCOUNT, { stages: [] })], NOW);
      expect(pushed.map(({ scope }) => scope)).toEqual([BAKERY, ACCOUNT]);
      const outcome = { here: 'read-from-store', elsewhere: 'pushed', nowhere: 'unenforceable' }[enforcer.capabilities.place];
      for (const one of pushed) {
        expect(one.outcome).toBe(outcome);
        if (one.outcome === 'unenforceable') expect(one.why).not.toBe('');
      }
      expect(await enforcer.push([], NOW)).toEqual([]);
    });

    test('after a push nothing is left for one, and a second changes nothing', async () => {
      const { enforcer, elsewhere } = enforced;
      const demands = [demand(ACCOUNT), demand(BAKERY)];
      await enforcer.push(demands, NOW);
      const before = await elsewhere?.content();
      expect((await enforcer.drift(ACCOUNT, demands, NOW)).filter(({ mends }) => mends === 'push')).toEqual([]);
      await enforcer.push(demands, NOW);
      expect(await elsewhere?.content()).toBe(before);
    });

    test('a reset is done, refused, or went with the store: never taken for done', async () => {
      const { enforcer, elsewhere } = enforced;
      const person = (await elsewhere?.join('ada', [['totp', 0]])) ?? { externalId: 'ada', address: null };
      const reset = enforcer.reset(orderOf(person), memoryNotes());
      if (!enforcer.capabilities.resets) expect(await codeOf(reset)).toBe('enforcer/cannot');
      else expect(await reset).toEqual(elsewhere === null ? { outcome: 'in-store' } : { outcome: 'done', factors: 1 });
    });

    test('who is enrolled is listed by one that says so, and refused by every other', async () => {
      const { enforcer } = enforced;
      if (enforcer.capabilities.enrollment === 'enforcer') expect(await listed(enforcer)).toEqual([]);
      else expect(await codeOf(listed(enforcer))).toBe('enforcer/cannot');
    });

    more(() => {
      const { elsewhere } = enforced;
      if (elsewhere === null) throw new RangeError(`${name} keeps no copy`);
      return { ...enforced, elsewhere };
    });
  });
}
