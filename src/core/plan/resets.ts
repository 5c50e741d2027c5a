import type { Answer } from '../model/actor.ts';
import { addressKey } from '../model/address.ts';
import type { KnownReset, ResetOutcome } from '../model/applied.ts';
import type { Terms } from '../model/terms.ts';
import type { Instant } from '../model/words.ts';
import type { DeclaredReset } from '../policy/policy-set.ts';
import type { ResetChange } from './plan.ts';

/** What a request is decided by. */
export interface ResetFacts {
  readonly known: KnownReset | undefined;
  /** The terms in force of the person's scopes. */
  readonly terms: readonly Terms[];
  /** Whether the actor may reset this person, and whether the actor's approval counts; why not, in words. */
  readonly right: Answer;
  readonly approval: Answer;
  readonly now: Instant;
  /** Room left under the `resets` guard. */
  readonly room: boolean;
}

const SETTLED: ReadonlySet<ResetOutcome> = new Set(['Executed', 'Expired', 'Refused', 'UserChanged', 'NoSuchUser']);

/**
 * What becomes of a request now. The first row that applies decides; the id is the key, whatever the document is called.
 *
 * | the store knows the id as settled, same person    | as it was; nothing more happens       |
 * | the store knows the id for somebody else          | Refused; the other request stays as it is |
 * | the name of an open one means somebody else now   | UserChanged                           |
 * | nobody is called so                               | NoSuchUser                            |
 * | past its end                                      | Expired                               |
 * | the actor may not reset this person               | Refused; an open request stays as it is |
 * | approval asked for, and none by a second person   | AwaitingApproval                      |
 * | no room under the `resets` guard                  | Held                                  |
 * | otherwise                                         | Executed                              |
 */
export function decideReset(request: DeclaredReset, facts: ResetFacts): ResetChange {
  const { known, right, approval, now } = facts;
  const settled = known !== undefined && SETTLED.has(known.outcome);
  const answer = (outcome: ResetOutcome, reason: string, done = false): ResetChange => ({
    requestId: request.requestId,
    account: request.account,
    user: request.user,
    userId: request.found?.id ?? known?.userId ?? null,
    outcome,
    reason,
    settled: done,
    place: request.place,
  });
  if (settled && (request.found === undefined || known.userId === null || request.found.id === known.userId)) {
    return answer(known.outcome, known.reason, true);
  }
  const another = known !== undefined && known.userId !== null && request.found?.id !== known.userId;
  if (settled || (another && addressKey(known.called) !== addressKey(request.user))) {
    return answer('Refused', `request ${request.requestId} ${settled ? 'was' : 'is'} for another person; use a new requestId`, true);
  }
  if (another) {
    return answer('UserChanged', `${request.user} is not the person any more whom the request was accepted for`);
  }
  if (request.found === undefined) return answer('NoSuchUser', `nobody in ${request.account} is called ${request.user}`);
  if (now >= request.expiresAt) return answer('Expired', 'its expiresAt has passed');
  if (!right.allowed) return known === undefined ? answer('Refused', right.reason) : answer(known.outcome, known.reason);
  if (needsApproval(facts) && !(request.approved && approval.allowed)) {
    return answer(
      'AwaitingApproval',
      request.approved && !approval.allowed ? approval.reason : 'a second administrator must set approved: true',
    );
  }
  if (!facts.room) return answer('Held', 'the resets guard holds it');
  return answer('Executed', request.reason);
}

/** The strictest of the person's scopes holds. */
function needsApproval(facts: ResetFacts): boolean {
  return facts.terms.some((t) => ((t.rules['resets'] as { approvals?: number } | undefined)?.approvals ?? 0) > 0);
}
