import { forgottenResets } from '../../core/audit/witness.ts';
import { formatInstant } from '../../core/documents/values.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { authorize } from '../authorize.ts';
import { refuseUnknownAccount } from '../known.ts';
import type { OperatedWorld } from '../world.ts';

/**
 * Does a reset again that was executed before the store was restored from an older state: the same person by id, by the
 * request's own time, so that a factor enrolled since stays; also past its end, and neither approved nor counted anew. Somebody
 * who joined after it was executed is another person with an id used again: nobody is touched (`NoSuchUser`).
 * `store/not-forgotten` when nothing outside tells of it, or the store knows it as executed.
 */
export async function redoFlow(
  world: OperatedWorld,
  request: { readonly account: string; readonly requestId: string },
): Promise<ResetChange> {
  const { account, requestId } = request;
  const now = world.clock.now();
  const witnessed = await world.witness.read();
  return world.store.write(now, async (transaction) => {
    refuseUnknownAccount((await transaction.applied()).accounts, account);
    const forgotten = (await forgottenResets(transaction, witnessed)).find((r) => r.account === account && r.requestId === requestId);
    if (forgotten === undefined) {
      throw new PadlockError('store/not-forgotten', `no reset ${requestId} of ${account} was executed outside of what the store knows`, {
        fix: 'padlock doctor names those that were; a new request takes no --redo',
      });
    }
    const { userId, requestedAt } = forgotten;
    const memberships = await transaction.membershipsOf([userId]);
    const role = memberships.find((m) => m.scope === account)?.role ?? null;
    const actor = await authorize(world, transaction, account, { act: 'reset', user: userId, role });
    const there = await transaction.joinedBefore(account, userId, forgotten.executedAt);
    const outcome = there ? ('Executed' as const) : ('NoSuchUser' as const);
    const reason = there
      ? `done again after a restore; first executed ${formatInstant(forgotten.executedAt)}`
      : 'the store, as it was restored, does not know the person yet';
    const write = {
      requestId,
      account,
      userId: there ? userId : null,
      called: `#${userId}`,
      outcome,
      reason,
      requestedAt,
      actor,
      approved: false,
      approverId: null,
    };
    const { done, factorsRemoved } = await transaction.putReset({ ...write, redone: true });
    if (!done) throw new PadlockError('store/conflict', `the store knows request ${requestId} for another person; nothing was reset`);
    if (there) await transaction.notify(userId, 'reset', { at: now });
    const detail = { requestId, outcome, redone: true, factorsRemoved, user: userId, firstExecutedAt: forgotten.executedAt };
    await transaction.audit([{ account, at: now, actor, act: `reset.${outcome.toLowerCase()}`, target: requestId, detail }]);
    if (actor.userId !== null) await transaction.bindIdentity(actor);
    return {
      requestId,
      account,
      user: `#${userId}`,
      userId: write.userId,
      outcome,
      reason,
      settled: false,
      approved: false,
      approverId: null,
      place: '-',
    };
  });
}
