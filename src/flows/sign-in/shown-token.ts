import type { Session } from '../../core/model/sign-in.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import type { Someone } from './person.ts';
import type { SignInWorld } from './world.ts';

/** Whether the first factor of somebody takes an enrollment token: whether one is due now or not. */
export function takesToken({ facts }: Pick<Someone, 'facts'>): boolean {
  return facts.kinds === 0 && facts.asked.some(({ token }) => token);
}

/**
 * Keeps that a token was shown in a session, whatever the session is called by then: proving again who one is gives it another name. Kept where
 * counts are, with which it is swept away.
 */
export async function keepShown(transaction: StoreTransaction, session: Session, now: Instant): Promise<void> {
  await transaction.addFailure(keyOf(session), now);
}

/** Whether a token was shown in a session, for as long as a half-done sign-in may take. */
export async function wasShown(world: SignInWorld, reader: StoreSignIn, session: Session, now: Instant): Promise<boolean> {
  const { count, lastAt } = await reader.failures(keyOf(session));
  return count > 0 && now < lastAt + world.limits.attempt;
}

/** Forgets it: the token let one factor in, and no other first one after that was removed. */
export async function forgetShown(transaction: StoreTransaction, session: Session): Promise<void> {
  await transaction.clearFailures(keyOf(session));
}

function keyOf({ userId, createdAt }: Session): string {
  return `token-shown/${userId}/${createdAt}`;
}
