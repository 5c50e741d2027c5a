import { chainWords } from '../../core/audit/render.ts';
import { UNWITNESSED_FIX, unwitnessed, unwitnessedWords } from '../../core/audit/unwitnessed.ts';
import { verifyAccount } from '../../core/audit/verify.ts';
import { fallbacks, fallenWords } from '../../core/audit/witness.ts';
import { type Check, fault, fine, warning } from '../../core/doctor/check.ts';
import { formatInstant } from '../../core/documents/values.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { CLOCK_TOLERANCE, isForOwnerAlone } from '../../core/model/keeping.ts';
import type { Witnessed } from '../../core/model/witnessed.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreAuditing } from '../../core/ports/store-auditing.ts';
import type { StoreKeeping } from '../../core/ports/store-keeping.ts';
import type { OperatedWorld } from '../world.ts';
import { enrolledCheck, factorsCheck, keysCheck, resetsCheck, signingCheck } from './doctor-factors.ts';
import { rightsChecks } from './doctor-rights.ts';

type Reader = StoreReading & StoreAuditing & StoreKeeping;

/** Factors of each key that are opened unless all are asked for, and how many unreadable ones are named. */
const TRIES = 10_000;
const NAMES = 1000;

/**
 * Looks at everything that operating a store depends on, in one snapshot, and writes nothing. Each check stands alone: one that
 * fails hides no other. `every`: opens each factor, however many there are.
 */
export async function doctorFlow(world: OperatedWorld, options: { readonly every?: boolean } = {}): Promise<Check[]> {
  const [witnessed, unread] = await witnessOf(world);
  return world.store.read(async (reader) => {
    const tries = options.every === true ? Number.MAX_SAFE_INTEGER : TRIES;
    const factors = await reader.checkFactors(tries, NAMES);
    return [
      ...(await storeChecks(world, reader)),
      filesCheck(world),
      ...(await rightsChecks(world, reader)),
      await auditCheck(reader, witnessed),
      unread ?? (await headsCheck(world, reader, witnessed)),
      await resetsCheck(reader, witnessed),
      keysCheck(world, factors),
      signingCheck(world),
      factorsCheck(factors),
      await enrolledCheck(world, reader, NAMES),
    ];
  });
}

/** Read before the snapshot: the store may be ahead of it, never behind. */
async function witnessOf(world: OperatedWorld): Promise<[Witnessed, Check | null]> {
  try {
    return [await world.witness.read(), null];
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    return [{ heads: [], resets: [], unreadable: 0 }, fault('heads', error.message, error.fix ?? '')];
  }
}

async function storeChecks(world: OperatedWorld, reader: Reader): Promise<Check[]> {
  const { schemaVersion, damage, highest } = await reader.health();
  const behind = highest - world.clock.now();
  return [
    damage === null || damage.length === 0
      ? fine(
          'store',
          `readable, schema version ${schemaVersion}, ${damage === null ? "its pages are the server's to watch" : 'its pages are sound'}`,
        )
      : fault('store', 'its pages are damaged', 'stop writing to it, and restore a backup: docs/runbook.md', damage),
    behind <= CLOCK_TOLERANCE
      ? fine('clock', highest === 0 ? 'nothing was written yet' : `ahead of the store's highest reading, ${formatInstant(highest)}`)
      : fault('clock', `${Math.round(behind / 1000)} s behind the store's highest reading; changes are refused`, 'set the clock (NTP)'),
  ];
}

/** The store tells who can be attacked, and the heads where to; the keys have a check of their own. */
function filesCheck(world: OperatedWorld): Check {
  const open = world.files().filter(({ mode }) => !isForOwnerAlone(mode));
  if (open.length === 0) return fine('files', 'for their owner alone');
  return fault(
    'files',
    `${open.length === 1 ? '1 file is' : `${open.length} files are`} not for their owner alone`,
    `chmod 600 ${open.map(({ path }) => path).join(' ')}`,
    open.map(({ path, mode }) => `${path} (${mode.toString(8)})`),
  );
}

/** The chains by themselves; whether they are the ones known outside is the next check's. */
async function auditCheck(reader: Reader, witnessed: Witnessed): Promise<Check> {
  const broken: string[] = [];
  let entries = 0;
  for (const { account } of (await reader.applied()).accounts) {
    const known = witnessed.heads.find((head) => head.account === account) ?? null;
    const finding = await verifyAccount(reader, account, known);
    entries += finding.entries;
    if (finding.broken !== null && finding.broken.what !== 'truncated' && finding.broken.what !== 'replaced') {
      broken.push(chainWords(finding).join(' · '));
    }
  }
  if (broken.length === 0) return fine('audit', `${entries} entries hold`);
  return fault(
    'audit',
    'the audit log was tampered with or damaged',
    'keep the file as evidence, and restore a backup: docs/runbook.md',
    broken,
  );
}

async function headsCheck(world: OperatedWorld, reader: Reader, witnessed: Witnessed): Promise<Check> {
  const fallen = await fallbacks(reader, witnessed);
  if (fallen.length > 0) {
    return fault(
      'heads',
      `${fallenWords(fallen)}; nothing is written to it`,
      'if a backup was restored on purpose: padlock audit acknowledge --reason TEXT; else somebody cut it short',
    );
  }
  const unknown = await unwitnessed(reader, witnessed, world.witness);
  if (unknown.length > 0) {
    return fault('heads', `${unwitnessedWords(unknown, world.witness.place)}; nothing is written to the store`, UNWITNESSED_FIX);
  }
  const heads = await reader.auditHeads();
  const untold = heads.filter((head) => !witnessed.heads.some((known) => known.hash === head.hash));
  if (untold.length > 0) {
    return warning(
      'heads',
      `the store is ahead of what is known outside, in ${untold.map((h) => h.account).join(', ')}`,
      'the next command that writes tells it',
    );
  }
  if (witnessed.unreadable > 0) {
    return warning(
      'heads',
      `the file known outside has ${witnessed.unreadable} lines that are none of ours`,
      'a crash cuts a line short; look who else writes there',
    );
  }
  return fine('heads', 'what is known outside agrees');
}
