import type { ResolvedActor } from '../core/model/actor.ts';
import { PadlockError } from '../core/model/errors.ts';
import type { StoreReading } from '../core/ports/store.ts';
import { type Act, rightTo } from '../core/rights/rights.ts';
import type { World } from './world.ts';

/** Who acts in an account, as a person. */
export function actorIn(world: World, reader: StoreReading, account: string): Promise<ResolvedActor> {
  return reader.resolveActor(account, world.actor.channel, world.actor.subject, world.actorUser);
}

/** Who acts in an account, when they may: else `rights/denied`, before anything is written. `nothing`: what did not happen. */
export async function authorize(
  world: World,
  reader: StoreReading,
  account: string,
  act: Act,
  nothing = 'nothing was changed',
): Promise<ResolvedActor> {
  const actor = await actorIn(world, reader, account);
  const answer = rightTo(actor, act, world.rights);
  if (answer.allowed) return actor;
  throw denied(actor, answer.reason, nothing);
}

/** `rights/denied`: why, what did not happen, and what would help this actor. */
export function denied(actor: ResolvedActor | undefined, reason: string, nothing: string): PadlockError {
  if (actor?.contested !== undefined) {
    return new PadlockError('rights/denied', `${contestedWords(actor, actor.contested)}; ${nothing}`, { fix: CONTESTED_FIX });
  }
  const fix =
    actor?.bound === true
      ? `let somebody with the right do it; "${actor.subject}" stays bound to one person, so another person needs another actor.subject in padlock.yaml`
      : 'let somebody with the right do it, or set actor.user in padlock.yaml';
  return new PadlockError('rights/denied', `${reason}; ${nothing}`, { fix });
}

/** What is wrong where a subject is bound to another person than the one whom the configuration names. */
export function contestedWords({ channel, subject, account }: ResolvedActor, bound: string): string {
  return `${channel} "${subject}" is bound to ${bound} in ${account}, and actor.user names another person`;
}

/** What to do about it. */
export const CONTESTED_FIX =
  'give that person another actor.subject in padlock.yaml (or PADLOCK_ACTOR_SUBJECT), or set actor.user back to whom it is bound to';
