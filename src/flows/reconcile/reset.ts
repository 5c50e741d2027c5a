import type { Applied } from '../../core/model/applied.ts';
import type { Instant } from '../../core/model/words.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { type Trouble, troubleOf } from '../../core/plan/resets.ts';
import { byName, type DeclaredReset, userKey } from '../../core/policy/policy-set.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import { actorIn } from '../authorize.ts';
import { ambiguousUser, refuseUnknownAccount } from '../known.ts';
import type { World } from '../world.ts';
import { carryReset } from './carry-resets.ts';
import { applyResets, planResets } from './resets.ts';

/** One request made by hand. Its end is its beginning plus a day: by hand means now. */
export interface ResetRequest {
  readonly requestId: string;
  readonly account: string;
  readonly user: string;
  readonly reason: string;
}

/** What became of a request, and why not where it did not do what it asks. */
export interface ResetDone extends ResetChange {
  readonly trouble: Trouble | null;
}

/** How long a request by hand lasts: it may wait that long for approval. */
export const BY_HAND = 24 * 60 * 60 * 1000;

/**
 * Executes one reset request exactly once, by the same rules as a declared one. A request that was settled before gives
 * its outcome again, and nothing happens in the store. Then it is carried to an enforcer that keeps factors of its own, if it was not
 * before: where that fails, the trouble is `enforcer/not-carried`. `policy/unknown-account` when the store knows no such account,
 * `store/ambiguous-user` when several people are called so.
 */
export async function resetFlow(world: World, request: ResetRequest): Promise<ResetDone> {
  const now = world.clock.now();
  const done = await world.store.write(now, async (transaction) => {
    const applied = await transaction.applied();
    refuseUnknownAccount(applied.accounts, request.account);
    const found = await transaction.findUsers([{ account: request.account, called: request.user }]);
    const { users, ambiguous } = byName(found);
    if (ambiguous.size > 0) throw ambiguousUser(request.user, request.account);
    const declared: DeclaredReset = {
      ...request,
      found: users.get(userKey(request.account, request.user)),
      requestedAt: now,
      expiresAt: now + BY_HAND,
      approved: false,
      place: '-',
    };
    return settleReset(world, transaction, applied, declared, now);
  });
  return { ...done, trouble: done.trouble ?? (await carryReset(world, request)) };
}

/** Decides one request and carries it out, within a transaction; gives what became of it. */
export async function settleReset(
  world: World,
  transaction: StoreTransaction,
  applied: Applied,
  declared: DeclaredReset,
  now: Instant,
): Promise<ResetDone> {
  const actor = await actorIn(world, transaction, declared.account);
  const actors = new Map([[declared.account, actor]]);
  const input = { set: { resets: [declared], overrides: [] }, applied, proposed: [], actors };
  const { changes, verdicts } = await planResets(world, transaction, input, now);
  const recorded = await applyResets(world, applied, transaction, [declared], changes, actors, now);
  // Who asked is compared with who approves as a person: known by id from now on.
  if (recorded > 0 && actor.userId !== null) await transaction.bindIdentity(actor);
  const [change] = changes;
  if (change === undefined) throw new RangeError('one request gives one outcome');
  return { ...change, trouble: byHand(troubleOf(change, verdicts)) };
}

/** No document stands for it, so nothing can lift what holds it. */
function byHand(trouble: Trouble | null): Trouble | null {
  if (trouble?.code !== 'plan/refused') return trouble;
  return { ...trouble, fix: `${trouble.fix}; by hand nothing lifts it: declare it as an MfaReset` };
}
