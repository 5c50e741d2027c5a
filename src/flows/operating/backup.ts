import { PadlockError } from '../../core/model/errors.ts';
import type { OperatedWorld } from '../world.ts';
import { auditVerifyFlow } from './audit.ts';

/**
 * Verifies a copy before it takes its name: its pages are sound, and its audit chains hold and reach what was known outside when
 * the copying began. `openCopy` makes the copy and opens it. Gives the number of audit entries. `store/corrupt`, `store/audit-broken`.
 */
export async function backupFlow(source: Pick<OperatedWorld, 'witness'>, openCopy: () => Promise<OperatedWorld>): Promise<number> {
  const known = await source.witness.read();
  const copy = await openCopy();
  try {
    const { damage } = await copy.store.read((reader) => reader.health());
    if (damage !== null && damage.length > 0) {
      throw new PadlockError('store/corrupt', `the store's pages are damaged (${damage[0]}); no backup was made`, {
        fix: 'keep the last good backup: padlock doctor says what is wrong',
      });
    }
    const findings = await auditVerifyFlow({ ...copy, witness: source.witness }, { known });
    const broken = findings.find((finding) => finding.broken !== null)?.broken;
    if (broken !== undefined && broken !== null) {
      throw new PadlockError(
        'store/audit-broken',
        `entry ${broken.seq} of ${broken.account} is ${broken.what}: ${broken.why}; no backup was made`,
        {
          fix: 'keep the last good backup: padlock audit verify says the same of the store',
        },
      );
    }
    return findings.reduce((sum, finding) => sum + finding.entries, 0);
  } finally {
    await copy.store.close();
  }
}
