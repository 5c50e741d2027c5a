import { tellStopped } from './session.ts';
import type { SignInWorld } from './world.ts';

/** The longest that failures are counted over. */
const COUNTED = 24 * 60 * 60 * 1000;

/**
 * Deletes half-done sign-ins, sessions and counts that are over, and tells people whose sign-in stopped at their second factor,
 * once a day at most: somebody has their password. Gives how many were told.
 */
export async function sweepSignIns(world: SignInWorld): Promise<number> {
  const now = world.clock.now();
  const { attempt, idle, session } = world.limits;
  return world.store.write(now, async (transaction) => {
    const stopped = await transaction.sweep({
      attempts: now - attempt,
      idle: now - idle,
      sessions: now - session,
      failures: now - COUNTED,
    });
    let told = 0;
    for (const userId of stopped) {
      const state = await transaction.signInState(userId);
      // Whoever has no factor stopped before setting one up; that is no sign of anything.
      if (state === undefined || (state.kinds ?? 0) === 0) continue;
      if (await tellStopped(transaction, userId, now)) told += 1;
    }
    return told;
  });
}
