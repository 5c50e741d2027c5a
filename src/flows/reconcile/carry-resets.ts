import { PadlockError } from '../../core/model/errors.ts';
import type { EnforcerName, Json } from '../../core/model/words.ts';
import type { Carried, Uncarried } from '../../core/plan/carried.ts';
import { uncarriedWords } from '../../core/plan/carried.ts';
import type { Trouble } from '../../core/plan/resets.ts';
import type { ResetCarried, ResetNotes } from '../../core/ports/enforcer.ts';
import type { UncarriedReset } from '../../core/ports/store-carrying.ts';
import { actorIn } from '../authorize.ts';
import type { World } from '../world.ts';
import { anyElsewhere } from './demands.ts';

/** What to do about a reset that was not carried out. */
const AGAIN = 'apply again, or reset again with the same request id: it goes on where it stopped';

/**
 * Carries out, at the enforcers that keep factors of their own, every reset that the store has executed and they have not: in the order of
 * execution, those of one person one after the other, so that none takes the half-done work of another for how it found the person.
 * A reset is exactly once by the store's row; there it is resumed by its request id, by the notes that it wrote down first.
 */
export async function carryResets(world: World): Promise<Omit<Carried, 'scopes'>> {
  if (!anyElsewhere(world)) return { resets: [], uncarried: [] };
  const { open, enforcers } = await world.store.read(async (reader) => {
    const { accounts } = await reader.applied();
    return {
      open: await reader.uncarriedResets(),
      enforcers: new Map(accounts.map((a): [string, EnforcerName] => [a.account, a.enforcer])),
    };
  });
  const resets: string[] = [];
  const uncarried: Uncarried[] = [];
  for (const reset of open) {
    const { account, requestId } = reset;
    const enforcer = enforcers.get(account);
    // The account has another enforcer by now: should this one come back, it is carried out then.
    if (enforcer === undefined || world.enforcers[enforcer].capabilities.place !== 'elsewhere') continue;
    try {
      await settle(world, reset, await world.enforcers[enforcer].reset(reset, notesOf(world, reset)), enforcer);
      resets.push(requestId);
    } catch (error) {
      if (!(error instanceof PadlockError)) throw error;
      uncarried.push({ account, enforcer, of: 'reset', name: requestId, why: error.message, fix: AGAIN });
    }
  }
  return { resets, uncarried };
}

/** Carries out what is open; the trouble of one request, where it is among what could not be. */
export async function carryReset(world: World, request: { readonly account: string; readonly requestId: string }): Promise<Trouble | null> {
  const { uncarried } = await carryResets(world);
  const own = uncarried.find(({ account, name }) => account === request.account && name === request.requestId);
  if (own === undefined) return null;
  const { what, why, fix } = uncarriedWords(own);
  return { code: 'enforcer/not-carried', message: `${what}: ${why}`, fix };
}

function notesOf(world: World, { account, requestId, userId }: UncarriedReset): ResetNotes {
  return {
    begin: (notes: Json) =>
      world.store.write(world.clock.now(), async (transaction) => {
        const before: UncarriedReset[] = [];
        for (const other of await transaction.uncarriedResets(account)) {
          if (other.requestId === requestId) break;
          if (other.userId === userId) before.push(other);
        }
        const [first] = before;
        if (first !== undefined) {
          throw new PadlockError('enforcer/unfinished', `reset ${first.requestId} of the same person comes first, and is not done`, {
            fix: AGAIN,
          });
        }
        return transaction.noteReset(account, requestId, notes);
      }),
  };
}

async function settle(
  world: World,
  { account, requestId, userId }: UncarriedReset,
  carried: ResetCarried,
  enforcer: EnforcerName,
): Promise<void> {
  const now = world.clock.now();
  await world.store.write(now, async (transaction) => {
    if (!(await transaction.carriedReset(account, requestId))) return;
    const actor = await actorIn(world, transaction, account);
    const factors = carried.outcome === 'done' ? carried.factors : 0;
    const detail = { requestId, enforcer, outcome: carried.outcome, factors, user: userId };
    await transaction.audit([{ account, at: now, actor, act: 'enforcer.reset', target: requestId, detail }]);
  });
}
