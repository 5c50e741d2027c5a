import type { Answer } from '../model/actor.ts';
import { addressKey } from '../model/address.ts';
import { type KnownReset, type ResetOutcome, SETTLED_OUTCOMES } from '../model/applied.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { Terms } from '../model/terms.ts';
import type { GuardName, Verdict } from '../model/verdict.ts';
import type { Instant } from '../model/words.ts';
import type { DeclaredReset } from '../policy/policy-set.ts';
import type { ResetChange } from './plan.ts';

/** What a request is decided by. */
export interface ResetFacts {
  readonly known: KnownReset | undefined;
  /** The terms of the person's scopes, those in force and those that come with it: the strictest asks. */
  readonly terms: readonly Terms[];
  /** Who acts, as a person. */
  readonly actorId: number | null;
  /** Whether the actor may reset this person, and whether the actor's approval counts; why not, in words. */
  readonly right: Answer;
  readonly approval: Answer;
  readonly now: Instant;
  /** The guard that holds it, if one does. */
  readonly heldBy?: GuardName;
}

/**
 * What becomes of a request now. The first row that applies decides; the id is the key, whatever the document is called.
 *
 * | the store knows the id as settled, same person    | as it was; nothing more happens       |
 * | the store knows the id for somebody else          | Refused; the other request stays as it is |
 * | the name of an open one means somebody else now   | UserChanged                           |
 * | nobody is called so                               | NoSuchUser                            |
 * | past its end                                      | Expired                               |
 * | the actor may not reset this person               | Refused; an open request stays as it is |
 * | approval asked for, `approved` since it was first seen | Refused                       |
 * | approval asked for, and not given yet, or by somebody who may not give it | AwaitingApproval |
 * | a guard holds it                                  | Held                                  |
 * | otherwise                                         | Executed                              |
 *
 * Approval is the act that turns `approved` to true: a request that came in with it was approved by nobody, and stays so. Where
 * its requester turned it, under whatever name, nothing was turned: it is seen as before, so that a second Administrator who
 * applies the same document approves it. Whoever applies every document, as a pipeline does, never uses a request up by that.
 */
export function decideReset(request: DeclaredReset, facts: ResetFacts): ResetChange {
  const { known, right, now } = facts;
  const settled = known !== undefined && SETTLED_OUTCOMES.includes(known.outcome);
  const approverId = approverOf(request, facts);
  const answer = (outcome: ResetOutcome, reason: string, done = false): ResetChange => ({
    requestId: request.requestId,
    account: request.account,
    user: request.user,
    userId: request.found?.id ?? known?.userId ?? null,
    outcome,
    reason,
    approved: request.approved,
    approverId,
    settled: done,
    place: request.place,
  });
  // What somebody without the right says of it changes nothing.
  const asRecorded = ({ outcome, reason, approved, approverId: by }: KnownReset) => ({
    ...answer(outcome, reason),
    approved,
    approverId: by,
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
  if (!right.allowed) return known === undefined ? answer('Refused', right.reason) : asRecorded(known);
  if (needsApproval(facts) && approverId === null) {
    const step = `another Administrator must apply the MfaReset with requestId ${request.requestId} and approved: true`;
    if (!request.approved) return answer('AwaitingApproval', step);
    const unseen = unapprovable(known);
    if (unseen !== null) return answer('Refused', `${unseen}; ask again under a new requestId`);
    const why = facts.approval.allowed ? '' : `${facts.approval.reason}; `;
    return { ...answer('AwaitingApproval', `${why}${step}`), approved: false };
  }
  if (facts.heldBy !== undefined) return answer('Held', heldWords(facts.heldBy));
  return answer('Executed', request.reason);
}

/** Why a request did not do what it asks, as an error with its code: what, and what to do next. */
export interface Trouble {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

/** The trouble of a request; null where it was executed, or waits for approval as its policy wants it. `verdicts`: those it was judged by. */
export function troubleOf({ account, outcome, reason, settled }: ResetChange, verdicts: readonly Verdict[]): Trouble | null {
  const again = 'ask again under a new request id, once you are sure whom it is for';
  switch (outcome) {
    case 'Executed':
    case 'AwaitingApproval':
      return null;
    case 'Held': {
      const holding = verdicts.find((v) => v.scope === account && v.outcome === 'refused' && reason === heldWords(v.guard));
      const numbers = holding === undefined ? '' : `: ${holding.message}`;
      return { code: 'plan/refused', message: `${reason}${numbers}`, fix: holding?.remedy ?? 'plan again, and see what holds it' };
    }
    case 'NoSuchUser':
      return { code: 'store/unknown-user', message: reason, fix: UNKNOWN_USER_FIX };
    case 'Refused':
      if (settled) return { code: 'policy/duplicate-request', message: reason, fix: again };
      return { code: 'rights/denied', message: reason, fix: 'let somebody with the right do it' };
    case 'UserChanged':
    case 'Expired':
      return { code: 'policy/duplicate-request', message: reason, fix: again };
  }
}

/** What to do about a name that nobody has. */
export const UNKNOWN_USER_FIX = 'give the address or the id as the directory has it; padlock status --names all lists people';

function heldWords(guard: GuardName): string {
  return `the ${guard} guard holds it`;
}

/** A request that did not do what it asks, and will not by waiting: somebody must look at it. */
export function isUnmet({ outcome, settled }: ResetChange): boolean {
  if (outcome === 'Refused') return true;
  return !settled && (outcome === 'NoSuchUser' || outcome === 'UserChanged' || outcome === 'Expired');
}

/** Who has approved: recorded before, or the actor who turns it to true now. */
function approverOf(request: DeclaredReset, { known, approval, actorId }: ResetFacts): number | null {
  if (known === undefined) return null;
  if (known.approverId !== null) return known.approverId;
  return request.approved && !known.approved && approval.allowed ? actorId : null;
}

/** Why nobody can approve it any more; null while somebody can. */
function unapprovable(known: KnownReset | undefined): string | null {
  if (known === undefined) return "it came in as approved, and approval is a second person's later act";
  return known.approved ? 'approved: true was not set by a second administrator' : null;
}

/** The strictest of the person's scopes holds. */
function needsApproval(facts: ResetFacts): boolean {
  return facts.terms.some((t) => ((t.rules['resets'] as { approvals?: number } | undefined)?.approvals ?? 0) > 0);
}
