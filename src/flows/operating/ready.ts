import { fallbacks } from '../../core/audit/witness.ts';
import { CLOCK_TOLERANCE } from '../../core/model/keeping.ts';
import type { OperatedWorld } from '../world.ts';

/** What signing in depends on and is not there, in a word: nothing of it tells a stranger more. */
export type NotReady = 'store' | 'keys' | 'clock' | 'heads';

/** Whether people can sign in now; null: they can. Costs a few rows, and writes nothing. */
export async function notReady(world: OperatedWorld): Promise<NotReady | null> {
  try {
    world.keys.read();
  } catch {
    return 'keys';
  }
  let witnessed: Awaited<ReturnType<OperatedWorld['witness']['read']>>;
  try {
    await world.witness.ready();
    witnessed = await world.witness.read();
  } catch {
    return 'heads';
  }
  try {
    return await world.store.read(async (reader) => {
      const { highest } = await reader.pulse();
      if (highest - world.clock.now() > CLOCK_TOLERANCE) return 'clock';
      return (await fallbacks(reader, witnessed)).length > 0 ? 'heads' : null;
    });
  } catch {
    return 'store';
  }
}
