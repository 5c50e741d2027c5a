import { fallbacks, fallenWords } from '../../core/audit/witness.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { OperatedWorld } from '../world.ts';

/** What whoever reads a store must know of it: that it is older than what is known outside of it. Null: nothing. */
export async function openingNotice(world: OperatedWorld): Promise<string | null> {
  try {
    const witnessed = await world.witness.read();
    const fallen = await world.store.read((reader) => fallbacks(reader, witnessed));
    return fallen.length === 0 ? null : `store/restored  ${fallenWords(fallen)}; see padlock doctor`;
  } catch (error) {
    if (error instanceof PadlockError && error.code === 'witness/unreadable') return `${error.code}  ${error.message}`;
    throw error;
  }
}
