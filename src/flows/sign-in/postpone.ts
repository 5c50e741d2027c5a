import { mayPostpone } from '../../core/authentication/steps.ts';
import { openAttempt } from './attempt.ts';
import { type Progress, proceed } from './progress.ts';
import type { SignInWorld } from './world.ts';

/**
 * Postpones a set-up that may wait: a session, although a factor is asked for. Undefined: it may not, or there is nothing to
 * postpone. Nothing of it is remembered: the next sign-in is asked again, and at the deadline nobody is let past.
 */
export async function postpone(world: SignInWorld, token: string, device: string): Promise<Progress | undefined> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const open = await openAttempt(world, transaction, token, now);
    if (open === undefined || !mayPostpone(open.step, now) || !(await transaction.dropAttempt(open.attempt.hash))) return undefined;
    const { scope, proven, method, tokenShown } = open.attempt;
    return proceed(world, transaction, open.someone, { scope, proven, method, tokenShown, device }, now, true);
  });
}
