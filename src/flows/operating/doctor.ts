import { chainWords } from '../../core/audit/render.ts';
import { verifyChain } from '../../core/audit/verify.ts';
import { fallbacks, fallenWords, forgottenResets } from '../../core/audit/witness.ts';
import { type Check, fault, fine, warning } from '../../core/doctor/check.ts';
import { formatInstant } from '../../core/documents/values.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { CLOCK_TOLERANCE, type FactorCheck } from '../../core/model/keeping.ts';
import type { Witnessed } from '../../core/model/witnessed.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreAuditing } from '../../core/ports/store-auditing.ts';
import type { StoreKeeping } from '../../core/ports/store-keeping.ts';
import type { OperatedWorld } from '../world.ts';

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
      ...(await rightsChecks(world, reader)),
      await auditCheck(reader, witnessed),
      unread ?? (await headsCheck(reader, witnessed)),
      await resetsCheck(reader, witnessed),
      keysCheck(world, factors),
      factorsCheck(factors),
    ];
  });
}

/** Read before the snapshot: the store may be ahead of it, never behind. */
async function witnessOf(world: OperatedWorld): Promise<[Witnessed, Check | null]> {
  try {
    return [await world.witness.read(), null];
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    return [{ heads: [], resets: [], known: false, unreadable: 0 }, fault('heads', error.message, error.fix ?? '')];
  }
}

async function storeChecks(world: OperatedWorld, reader: Reader): Promise<Check[]> {
  const { schemaVersion, damage, highest } = await reader.health();
  const behind = highest - world.clock.now();
  return [
    damage.length === 0
      ? fine('store', `readable, schema version ${schemaVersion}, its pages are sound`)
      : fault('store', 'its pages are damaged', 'stop writing to it, and restore a backup: docs/runbook.md', damage),
    behind <= CLOCK_TOLERANCE
      ? fine('clock', highest === 0 ? 'nothing was written yet' : `ahead of the store's highest reading, ${formatInstant(highest)}`)
      : fault('clock', `${Math.round(behind / 1000)} s behind the store's highest reading; changes are refused`, 'set the clock (NTP)'),
  ];
}

async function rightsChecks(world: OperatedWorld, reader: Reader): Promise<Check[]> {
  const { accounts } = await reader.applied();
  const questions = accounts.map(({ account }) => ({ account, demand: 0, enforced: false, enrollable: 0, without: [] }));
  const able = await reader.administrators(questions);
  const checks: Check[] = [];
  for (const { account } of accounts) {
    const { channel, subject } = world.actor;
    const actor = await reader.resolveActor(account, channel, subject, world.actorUser);
    const administrators = able.get(account) ?? 0;
    if (administrators === 0) {
      checks.push(
        fault('rights', `${account} has no administrator who can sign in`, 'see "The sole administrator is gone" in docs/runbook.md'),
      );
    } else if (actor.role === null) {
      const whom = world.actorUser === undefined ? 'nobody' : world.actorUser;
      const told = `${channel} "${subject}" stands for ${whom}, no enabled member of ${account}; changes are refused`;
      const fix = 'set actor.user in padlock.yaml to somebody who is';
      checks.push(world.actorUser === undefined ? warning('rights', told, fix) : fault('rights', told, fix));
    } else {
      const count = administrators === 1 ? '1 administrator' : `${administrators} administrators`;
      checks.push(fine('rights', `${channel} "${subject}" is ${actor.role} of ${account}; ${count} can sign in`));
    }
  }
  return checks;
}

/** The chains by themselves; whether they are the ones known outside is the next check's. */
async function auditCheck(reader: Reader, witnessed: Witnessed): Promise<Check> {
  const broken: string[] = [];
  let entries = 0;
  for (const { account } of (await reader.applied()).accounts) {
    const known = witnessed.heads.find((head) => head.account === account) ?? null;
    const finding = await verifyChain(account, reader.auditEntries(account), known);
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

async function headsCheck(reader: Reader, witnessed: Witnessed): Promise<Check> {
  const fallen = await fallbacks(reader, witnessed);
  if (fallen.length > 0) {
    return fault(
      'heads',
      `${fallenWords(fallen)}; nothing is written to it`,
      'if a backup was restored on purpose: padlock audit acknowledge --reason TEXT; else somebody cut it short',
    );
  }
  const heads = await reader.auditHeads();
  if (!witnessed.known && heads.length > 0) {
    return warning('heads', 'nothing is known outside of the store', 'nothing to do, if it is new: the next command that writes tells it');
  }
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

async function resetsCheck(reader: Reader, witnessed: Witnessed): Promise<Check> {
  const forgotten = await forgottenResets(reader, witnessed);
  if (forgotten.length === 0) return fine('resets', 'none that was executed is forgotten');
  return fault(
    'resets',
    'executed, and forgotten by the store: the factors that they removed are alive again',
    'do each again: padlock reset --redo ID --account NAME',
    forgotten.map((r) => `${r.requestId} of ${r.account}, user ${r.userId}, executed ${formatInstant(r.executedAt)}`),
  );
}

function keysCheck(world: OperatedWorld, { factors }: FactorCheck): Check {
  const mode = world.keys.mode();
  try {
    const { active, ids } = world.keys.read();
    if (mode !== null && (mode & 0o077) !== 0) {
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
    return fault('keys', error.message, 'restore it from where it is kept; lost for good: "The key is lost" in docs/runbook.md');
  }
}

function factorsCheck({ factors, tried, unreadable, named }: FactorCheck): Check {
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
