import { forgottenResets } from '../../core/audit/witness.ts';
import { type Check, fault, fine, warning } from '../../core/doctor/check.ts';
import { formatInstant } from '../../core/documents/values.ts';
import { kindsOf } from '../../core/model/demand.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { type FactorCheck, isForOwnerAlone } from '../../core/model/keeping.ts';
import type { Witnessed } from '../../core/model/witnessed.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreKeeping } from '../../core/ports/store-keeping.ts';
import { keepersOf } from '../enforcing.ts';
import type { OperatedWorld, World } from '../world.ts';

/** Resets that were executed, and whose factors are there again: the store has forgotten them, or somebody put the rows back. */
export async function resetsCheck(reader: StoreReading & StoreKeeping, witnessed: Witnessed): Promise<Check> {
  const again = [
    ...(await forgottenResets(reader, witnessed)).map((reset) => ({ ...reset, what: 'forgotten by the store' })),
    ...(await reader.revivedResets()).map((reset) => ({ ...reset, what: 'its factors were put back' })),
  ];
  if (again.length === 0) return fine('resets', 'none that was executed is forgotten, or undone');
  return fault(
    'resets',
    'executed, and undone since: the factors that they removed are alive again',
    'do each again: padlock reset --redo ID --account NAME',
    again.map((r) => `${r.requestId} of ${r.account}, user ${r.userId}, executed ${formatInstant(r.executedAt)}: ${r.what}`),
  );
}

/** Whether whoever counts as enrolled is: what decides who is asked stands beside the factors, and could be written there by hand. */
export async function enrolledCheck(world: World, reader: StoreKeeping, names: number): Promise<Check> {
  const { count, named } = await reader.misfits(keepersOf(world), names);
  if (count === 0) return fine('enrolled', 'whoever counts as enrolled has the factors');
  return fault(
    'enrolled',
    `${count === 1 ? '1 person is' : `${count} people are`} said to be enrolled otherwise than their factors are`,
    'somebody wrote into the file: keep a copy, then padlock reset each person, which counts their factors anew',
    named.map(
      ({ called, account, told, factors }) => `${called} of ${account}: ${kindWords(told)} is said, ${kindWords(factors)} is there`,
    ),
  );
}

function kindWords(mask: number | null): string {
  if (mask === null) return 'nothing known';
  return mask === 0 ? 'no factor' : kindsOf(mask).join(' and ');
}

/** The keys that seal: there, and for their owner alone. */
export function keysCheck(world: OperatedWorld, { factors }: FactorCheck): Check {
  const mode = world.keys.mode();
  try {
    const { active, ids } = world.keys.read();
    if (mode !== null && !isForOwnerAlone(mode)) {
      return fault('keys', `the key file can be read by others (${mode.toString(8)})`, 'chmod 600 the key file, then: padlock keys rotate');
    }
    return fine(
      'keys',
      ids.length === 1
        ? `${active} seals`
        : `${active} seals; kept for older records and backups: ${ids.filter((id) => id !== active).join(', ')}`,
    );
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    if (mode === null && factors === 0)
      return warning('keys', 'there is no key file, and nothing that it would open', 'padlock keys rotate --lost');
    return fault('keys', error.message, 'restore it from where it is kept; lost for good: "The key is lost for good" in docs/runbook.md');
  }
}

/** Without it no report is signed, and one that others have read signs for them. */
export function signingCheck({ signing }: OperatedWorld): Check {
  try {
    const { id } = signing.key();
    const mode = signing.mode() ?? 0;
    if (isForOwnerAlone(mode)) return fine('signing', `${id} signs reports`);
    const fix = `chmod 600 ${signing.place}; if somebody may have read it, move it away, then: padlock report key --create`;
    return fault('signing', `the key that signs reports can be read by others (${mode.toString(8)})`, fix);
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    return fault('signing', error.message, error.fix ?? '');
  }
}

/** What opening factors found, by person. */
export function factorsCheck({ factors, tried, unreadable, named }: FactorCheck): Check {
  if (unreadable === 0)
    return fine('factors', tried === factors ? `all ${factors} open` : `${tried} of ${factors} were tried, and open (--all tries each)`);
  return fault(
    'factors',
    `${unreadable} of ${factors} cannot be opened; they still count as enrolled, and nothing was overwritten`,
    'restore the key file or the rows; lost for good: padlock reset each person',
    named.map(({ called, account, kind, keyId, why }) => {
      return `${called} of ${account}: ${kind}, ${why === 'no-key' ? `the key ${keyId} is not in the key file` : `the key ${keyId} does not open it`}`;
    }),
  );
}
