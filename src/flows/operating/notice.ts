import { unwitnessed, unwitnessedWords } from '../../core/audit/unwitnessed.ts';
import { fallbacks, fallenWords } from '../../core/audit/witness.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { OperatedWorld } from '../world.ts';

/**
 * What whoever reads a store must know of it: that it is older than what is known outside of it, or that
 * nothing is. Null: nothing.
 */
export async function openingNotice(world: OperatedWorld): Promise<string | null> {
  try {
    const witnessed = await world.witness.read();
    return await world.store.read(async (reader) => {
      const fallen = await fallbacks(reader, witnessed);
      if (fallen.length > 0) return `store/restored  ${fallenWords(fallen)}; see padlock doctor`;
      const unknown = await unwitnessed(reader, witnessed, world.witness);
      return unknown.length === 0 ? null : `witness/unreadable  ${unwitnessedWords(unknown, world.witness.place)}; see padlock doctor`;
    });
  } catch (error) {
    if (error instanceof PadlockError && error.code === 'witness/unreadable') return `${error.code}  ${error.message}`;
    throw error;
  }
}
