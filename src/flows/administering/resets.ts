import type { KnownReset } from '../../core/model/applied.ts';
import type { ListedReset } from '../../core/model/listed.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import type { Random } from '../../core/ports/random.ts';
import type { StoreReader } from '../../core/ports/store.ts';
import { authorize } from '../authorize.ts';
import { BY_HAND, settleReset } from '../reconcile/reset.ts';
import type { World } from '../world.ts';
import { type Acted, type Administrator, acting } from './acting.ts';

/** Rows of a page. */
const PAGE = 50;

/** An id for a request made on a page: made with the form, so that a form sent twice asks once. */
export function newRequestId(random: Random): string {
  return `PORTAL-${Buffer.from(random.bytes(8)).toString('hex').toUpperCase()}`;
}

/** Whether a form's request id is one that a form of ours was made with. */
export function isRequestId(text: string): boolean {
  return /^PORTAL-[0-9A-F]{16}$/.test(text);
}

/** Resets somebody now, by the same rules as a declared request; where the policy asks for a second administrator, the request waits. */
export function requestReset(
  by: Administrator,
  userId: number,
  request: { readonly requestId: string; readonly reason: string },
): Promise<Acted<ResetChange>> {
  return acting(
    by,
    async () => ({ userId, act: (role) => ({ act: 'reset', user: userId, role }) }),
    async ({ transaction, account, on, now }) => {
      const { address, externalId, name } = on.person;
      const user = address ?? externalId;
      const declared = {
        ...{ requestId: request.requestId, reason: request.reason, account, user },
        ...{ requestedAt: now, expiresAt: now + BY_HAND, approved: false, place: '-' },
        found: { account, called: user, id: userId, address, name },
      };
      return settleReset(by.world, transaction, await transaction.applied(), declared, now);
    },
  );
}

/**
 * Goes on with a request that waits: `approve` is the act of a second administrator, `again` asks whether a guard still holds it. By the
 * rules of declared requests, and until the request's own end, however it came in. Done twice, it is executed once.
 */
export function goOn(by: Administrator, requestId: string, how: 'approve' | 'again'): Promise<Acted<ResetChange>> {
  let known: KnownReset | undefined;
  return acting(
    by,
    async (transaction, account) => {
      [known] = await transaction.knownResets([{ account, requestId }]);
      if (known === undefined || known.userId === null) return undefined;
      const { userId, requesterId: requester } = known;
      return {
        userId,
        act: (role) => (how === 'approve' ? { act: 'approve-reset', user: userId, requester } : { act: 'reset', user: userId, role }),
      };
    },
    async ({ transaction, account, now }) => {
      if (known === undefined) throw new RangeError(requestId);
      const { called, userId, firstSeen } = known;
      const candidates = await transaction.findUsers([{ account, called }]);
      const declared = {
        ...{ requestId, account, user: called, place: '-', requestedAt: firstSeen },
        // The name may mean somebody else by now: then it is not the person whom the request was accepted for.
        found: candidates.find(({ id }) => id === userId) ?? candidates[0],
        reason: known.asked ?? known.reason,
        expiresAt: known.expiresAt ?? firstSeen + BY_HAND,
        approved: how === 'approve' || known.approved,
      };
      return settleReset(by.world, transaction, await transaction.applied(), declared, now);
    },
  );
}

/** An account's requests: those that wait, which stand on the first page alone, and a page of the others. */
export interface ResetList {
  readonly waiting: readonly ListedReset[];
  readonly others: readonly ListedReset[];
  /** There are more behind them. */
  readonly more: boolean;
}

/** The reset requests of an account, whatever became of them. */
export function resetsFlow(world: World, account: string, after?: string): Promise<ResetList> {
  return world.store.read(async (reader) => {
    await authorize(world, reader, account, { act: 'list-resets' }, 'nothing was listed');
    const waiting = after === undefined ? await waitingResets(reader, account) : [];
    const rows = await reader.resetsPage({ account, waiting: false, limit: PAGE + 1, ...(after !== undefined && { after }) });
    return { waiting, others: rows.slice(0, PAGE), more: rows.length > PAGE };
  });
}

/** Requests that wait, of an account or for one person. */
export function waitingResets(reader: StoreReader, account: string, userId?: number): Promise<readonly ListedReset[]> {
  return reader.resetsPage({ account, waiting: true, limit: PAGE, ...(userId !== undefined && { userId }) });
}
