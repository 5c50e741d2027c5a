import { PadlockError } from '../../core/model/errors.ts';
import type { Witnessed } from '../../core/model/witnessed.ts';
import type { OperatedWorld } from '../world.ts';
import { auditVerifyFlow } from './audit.ts';

/**
 * Refuses a store that is not worth copying: its pages are sound, and its audit chains hold and reach what was `known` outside.
 * `undone`: what was not done for it, `fix`: what helps where pages are damaged, and where a chain is broken. Gives the number of
 * audit entries. `store/corrupt`, `store/audit-broken`.
 */
export async function refuseUnsound(
  world: OperatedWorld,
  known: Witnessed,
  { undone, fix }: { readonly undone: string; readonly fix: { readonly damaged: string; readonly broken: string } },
): Promise<number> {
  const { damage } = await world.store.read((reader) => reader.health());
  if (damage !== null && damage.length > 0) {
    throw new PadlockError('store/corrupt', `the store's pages are damaged (${damage[0]}); ${undone}`, { fix: fix.damaged });
  }
  const findings = await auditVerifyFlow(world, { known });
  const broken = findings.find((finding) => finding.broken !== null)?.broken;
  if (broken !== undefined && broken !== null) {
    const { seq, account, what, why } = broken;
    throw new PadlockError('store/audit-broken', `entry ${seq} of ${account} is ${what}: ${why}; ${undone}`, { fix: fix.broken });
  }
  return findings.reduce((sum, finding) => sum + finding.entries, 0);
}
