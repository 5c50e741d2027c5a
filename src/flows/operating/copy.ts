import { verifyAccount } from '../../core/audit/verify.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { CopiedStore, CopyStep, StoreCopier } from '../../core/ports/store-copier.ts';
import type { OperatedWorld } from '../world.ts';
import { refuseUnsound } from './sound.ts';

/** A copy, and how many entries of its audit log were verified where they arrived. */
export interface Copied extends CopiedStore {
  readonly entries: number;
}

/**
 * Copies a store that is sound to where `copier` goes, and verifies every chain anew from what arrived: only then can anybody open
 * it. Nothing is written to the source, and no entry to the copy: what is known outside of the one holds of the other. Whoever may
 * read the store's file and write to the database may copy, as with a backup.
 * `store/corrupt`, `store/audit-broken`, and the errors of {@link StoreCopier}.
 */
export async function copyFlow(source: OperatedWorld, copier: StoreCopier, progress: (step: CopyStep) => void): Promise<Copied> {
  await refuseUnsound(source, await source.witness.read(), {
    undone: 'nothing was copied',
    fix: {
      damaged: 'restore a backup: padlock doctor says what is wrong',
      broken: 'padlock audit verify says the same: see docs/runbook.md',
    },
  });
  let entries = 0;
  const copied = await copier.copy({
    now: source.clock.now(),
    progress,
    verify: async (target, heads) => {
      for (const head of heads) {
        const finding = await verifyAccount(target, head.account, head);
        entries += finding.entries;
        if (finding.broken === null) continue;
        const { seq, what, why } = finding.broken;
        throw new PadlockError('store/copy-differs', `entry ${seq} of ${head.account} is ${what} in ${copier.place}: ${why}`, {
          fix: 'make the database anew (dropdb, createdb), and copy again; the store that is copied is as it was',
        });
      }
    },
  });
  return { ...copied, entries };
}
