import { bearerHash } from '../../core/authentication/bearer.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { Instant } from '../../core/model/words.ts';
import type { ReportArchive } from '../../core/ports/report-archive.ts';
import type { SignatureCheck } from '../../core/ports/signer.ts';
import { type ArchivedHead, readArchivedHead } from '../../core/report/archived.ts';
import { type CheckedManifest, checkManifest, disprove, manifestNameOf } from '../../core/report/manifest.ts';
import { rightTo } from '../../core/rights/rights.ts';
import { actorIn, authorize } from '../authorize.ts';
import { beginningOf, readable } from '../reporting/history.ts';
import { REPORT_FORMATS, type ReportFormat } from '../reporting/report.ts';
import type { World } from '../world.ts';

/** How many of the newest files are looked through, and how many runs a page shows: each file of those is read to its end. */
const LOOKED = 100;
const SHOWN = 10;

/** The largest file that is handed out, in bytes: it is held in memory, so that what was proven is what is sent. */
const LARGEST = 64 * 1024 * 1024;

/** As runs call their files; nothing else ends up in a header. */
const RUN_NAME = /^padlock-[\w.-]+\.json$/;

/** Reports that earlier runs left, and the key that proves them. */
export interface KeptReports {
  readonly archive: ReportArchive;
  readonly check: SignatureCheck;
}

/** One file of a run that its manifest names; `wrong`: why it is not handed out, in words, null: it is. */
export interface ArchivedFile {
  readonly format: ReportFormat;
  readonly wrong: string | null;
}

/** A run on accounts whose reports the reader may read. */
export interface ArchivedRun {
  /** Means something in a listing alone: no file is called so. */
  readonly id: string;
  readonly generatedAt: Instant;
  /** Why nothing proves the run; null: its signature holds. Without a proof nothing tells whose people its other files name. */
  readonly wrong: string | null;
  readonly files: readonly ArchivedFile[];
}

/** What lies in the folder of reports, for one reader. */
export type Archive =
  /** No folder is configured, or it cannot be read at present. */
  | { readonly state: 'none' | 'unreadable' }
  | {
      readonly state: 'listed';
      readonly runs: readonly ArchivedRun[];
      readonly more: boolean;
      /** Runs that are on further accounts as well, and are left out. */
      readonly wider: number;
      /** Files that do not say which accounts they are on, and are left out. */
      readonly untold: number;
      /** There are older ones, which were not looked at. */
      readonly older: boolean;
      /** The key that would prove them cannot be read. */
      readonly keyless: boolean;
    };

/**
 * The runs that lie in the folder of reports and are on such accounts alone in which the reader may read reports, newest first. `after`: the id
 * that the page follows. `rights/denied` for who may read none of the account.
 */
export async function archiveFlow(world: World, kept: KeptReports | undefined, account: string, after = ''): Promise<Archive> {
  await world.store.read((reader) => authorize(world, reader, account, { act: 'read-report' }, 'nothing was listed'));
  if (kept === undefined) return { state: 'none' };
  const found = await runsFor(world, kept, account);
  if (found === null) return { state: 'unreadable' };
  const begin = found.own.findIndex(({ id }) => id === after) + 1;
  const { check, keyless } = trusted(kept.check);
  const runs: ArchivedRun[] = [];
  for (const run of found.own.slice(begin, begin + SHOWN)) runs.push(await shownOf({ ...kept, check }, run));
  const { wider, untold, older } = found;
  return { state: 'listed', runs, more: begin + SHOWN < found.own.length, wider, untold, older, keyless };
}

/** A kept file as it is handed out. */
export interface HandedOut {
  readonly file: string;
  readonly content: Uint8Array;
}

/**
 * One file of a run, by the id that a listing gave it; undefined: there is none for this reader, or nothing proves it. What is given is what was
 * proven, byte for byte. `rights/denied` as for the listing.
 */
export async function archivedFileFlow(
  world: World,
  kept: KeptReports | undefined,
  account: string,
  { id, format }: { readonly id: string; readonly format: ReportFormat },
): Promise<HandedOut | undefined> {
  await world.store.read((reader) => authorize(world, reader, account, { act: 'read-report' }, 'no report was given'));
  const run = kept === undefined ? undefined : (await runsFor(world, kept, account))?.own.find((one) => one.id === id);
  if (kept === undefined || run === undefined) return undefined;
  const manifest = await proofOf({ ...kept, check: trusted(kept.check).check }, run.name);
  if ('wrong' in manifest) return undefined;
  const file = nameIn(run.name, format);
  const found = await kept.archive.whole(file, LARGEST);
  return found === null || disprove(manifest, file, found) !== null ? undefined : { file, content: found.content };
}

interface Run extends ArchivedHead {
  readonly id: string;
  readonly name: string;
}

/** What of the folder is the reader's; null: it cannot be read. */
async function runsFor(world: World, { archive }: KeptReports, account: string) {
  const names = await listed(archive);
  if (names === null) return null;
  const looked = names.filter((name) => RUN_NAME.test(name)).toReversed();
  const runs: Run[] = [];
  let untold = 0;
  for (const name of looked.slice(0, LOOKED)) {
    const line = await readable(name, () => beginningOf(archive, name));
    const head = typeof line === 'string' ? readArchivedHead(name, line) : null;
    if (head === null) untold += 1;
    else runs.push({ id: bearerHash(`report/${name}`).slice(0, 24), name, ...head });
  }
  const may = await mayRead(world, new Set(runs.flatMap(({ accounts }) => accounts)));
  const own = runs.filter(({ accounts }) => accounts.every((one) => may.has(one)));
  // Of those on other accounts alone nothing is said, not even that there are any.
  const wider = runs.filter((run) => !own.includes(run) && run.accounts.includes(account)).length;
  own.sort((a, b) => b.generatedAt - a.generatedAt);
  return { own, wider, untold, older: looked.length > LOOKED };
}

/** Of some accounts those in which the reader may read reports. */
function mayRead(world: World, accounts: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  return world.store.read(async (reader) => {
    const may = new Set<string>();
    for (const account of accounts)
      if (rightTo(await actorIn(world, reader, account), { act: 'read-report' }, world.rights).allowed) may.add(account);
    return may;
  });
}

async function listed(archive: ReportArchive): Promise<readonly string[] | null> {
  try {
    return await archive.names();
  } catch (error) {
    if (error instanceof PadlockError && error.code === 'report/unreadable') return null;
    throw error;
  }
}

/** The check, or one that trusts nothing where its key cannot be read: then nothing is proven, and the page can say so. */
function trusted(check: SignatureCheck): { readonly check: SignatureCheck; readonly keyless: boolean } {
  try {
    check.known();
    return { check, keyless: false };
  } catch (error) {
    if (!(error instanceof PadlockError)) throw error;
    return { check: { known: () => [], holds: () => false }, keyless: true };
  }
}

async function shownOf(kept: KeptReports, { id, name, generatedAt }: Run): Promise<ArchivedRun> {
  const manifest = await proofOf(kept, name);
  if ('wrong' in manifest) return { id, generatedAt, wrong: manifest.wrong, files: [] };
  const files: ArchivedFile[] = [];
  for (const format of REPORT_FORMATS) {
    const file = nameIn(name, format);
    const signed = manifest.files.find((one) => one.name === file);
    if (signed === undefined) continue;
    const tooLarge = signed.bytes > LARGEST;
    files.push({ format, wrong: tooLarge ? 'too large for a download' : disprove(manifest, file, await kept.archive.digest(file)) });
  }
  return { id, generatedAt, wrong: null, files };
}

/** The manifest that proves the JSON of a run, by which it is known whose people all its files name. */
async function proofOf({ archive, check }: KeptReports, name: string): Promise<CheckedManifest | { readonly wrong: string }> {
  const text = await archive.manifest(manifestNameOf(name));
  if (text === null) return { wrong: 'it is not signed' };
  const manifest = checkManifest(text, check);
  if ('wrong' in manifest) return manifest;
  const wrong = disprove(manifest, name, await archive.digest(name));
  return wrong === null ? manifest : { wrong };
}

function nameIn(run: string, format: ReportFormat): string {
  return run.replace(/json$/, format);
}
