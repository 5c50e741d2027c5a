import type { OperatedWorld } from '../world.ts';
import { refuseUnsound } from './sound.ts';

/**
 * Verifies a copy before it takes its name: its pages are sound, and its audit chains hold and reach what was known outside when
 * the copying began. `openCopy` makes the copy and opens it. Gives the number of audit entries. `store/corrupt`, `store/audit-broken`.
 */
export async function backupFlow(source: Pick<OperatedWorld, 'witness'>, openCopy: () => Promise<OperatedWorld>): Promise<number> {
  const known = await source.witness.read();
  const copy = await openCopy();
  try {
    return await refuseUnsound({ ...copy, witness: source.witness }, known, {
      undone: 'no backup was made',
      fix: {
        damaged: 'keep the last good backup: padlock doctor says what is wrong',
        broken: 'keep the last good backup: padlock audit verify says the same of the store',
      },
    });
  } finally {
    await copy.store.close();
  }
}
