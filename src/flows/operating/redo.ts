import { forgottenResets } from '../../core/audit/witness.ts';
import { formatInstant } from '../../core/documents/values.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { troubleOf } from '../../core/plan/resets.ts';
import { authorize } from '../authorize.ts';
import { keepsFactorsElsewhere } from '../enforcing.ts';
import { refuseUnknownAccount } from '../known.ts';
import { carryReset } from '../reconcile/carry-resets.ts';
import type { ResetDone } from '../reconcile/reset.ts';
import type { OperatedWorld } from '../world.ts';

/** What becomes of a reset of somebody whom the restored store never knew: their factors are not alive in it. */
const NOBODY = 'nobody with that id joined before; nothing to remove';

/**
 * Does a reset again that was executed before the store was restored from an older state, or whose factors somebody has put back
 * into the file: the same person by id, by the
 * request's own time, so that a factor enrolled since stays; also past its end, and neither approved nor counted anew. Somebody
 * who joined after it was executed is another person with an id used again: nobody is touched (`NoSuchUser`), and there is nothing to
 * remove. Outside of the store nobody knows why it was asked for: `reason` says it again.
 * `store/not-forgotten` when nothing outside tells of it, or the store knows it as executed and its factors are gone.
 */
export async function redoFlow(
  world: OperatedWorld,
  request: { readonly account: string; readonly requestId: string; readonly reason?: string },
): Promise<ResetDone> {
  const { account, requestId } = request;
  const now = world.clock.now();
  const witnessed = await world.witness.read();
  const redone = await world.store.write(now, async (transaction): Promise<ResetChange> => {
    const { accounts } = await transaction.applied();
    refuseUnknownAccount(accounts, account);
    const undone = [...(await forgottenResets(transaction, witnessed)), ...(await transaction.revivedResets())];
    const forgotten = undone.find((r) => r.account === account && r.requestId === requestId);
    if (forgotten === undefined) {
      throw new PadlockError('store/not-forgotten', `no reset ${requestId} of ${account} was executed and undone since`, {
        fix: 'padlock doctor names those that were; a new request takes no --redo',
      });
    }
    const { userId, requestedAt } = forgotten;
    const memberships = await transaction.membershipsOf([userId]);
    const role = memberships.find((m) => m.scope === account)?.role ?? null;
    const actor = await authorize(world, transaction, account, { act: 'reset', user: userId, role });
    const there = await transaction.joinedBefore(account, userId, forgotten.executedAt);
    const outcome = there ? ('Executed' as const) : ('NoSuchUser' as const);
    const because = 'factors' in forgotten ? 'its factors were put back' : 'the store was restored';
    const reason = there ? [request.reason, because].filter((text) => text !== undefined).join('; ') : NOBODY;
    const write = {
      requestId,
      account,
      userId: there ? userId : null,
      called: `#${userId}`,
      outcome,
      reason,
      asked: reason,
      expiresAt: null,
      requestedAt,
      actor,
      approved: false,
      approverId: null,
    };
    const { done, factorsRemoved } = await transaction.putReset({
      ...write,
      redone: true,
      elsewhere: keepsFactorsElsewhere(world, { accounts }, account),
    });
    if (!done) throw new PadlockError('store/conflict', `the store knows request ${requestId} for another person; nothing was reset`);
    if (there) await transaction.notify(userId, 'reset', { at: now });
    const detail = { requestId, outcome, reason, redone: true, factorsRemoved, user: userId, firstExecutedAt: forgotten.executedAt };
    await transaction.audit([{ account, at: now, actor, act: `reset.${outcome.toLowerCase()}`, target: requestId, detail }]);
    if (actor.userId !== null) await transaction.bindIdentity(actor);
    return {
      requestId,
      account,
      user: `#${userId}`,
      userId: write.userId,
      outcome,
      reason: there
        ? `done again after ${'factors' in forgotten ? 'its factors were put back' : 'a restore'}, first executed ${formatInstant(forgotten.executedAt)}`
        : NOBODY,
      settled: false,
      approved: false,
      approverId: null,
      place: '-',
    };
  });
  // Somebody whom the restored store never knew has no factor that is alive: there is nothing to remove.
  return { ...redone, trouble: redone.outcome === 'NoSuchUser' ? null : (troubleOf(redone, []) ?? (await carryReset(world, request))) };
}
