import { formatInstant } from '../../core/documents/values.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { ScopeFacts } from '../../core/model/findings.ts';
import type { Instant } from '../../core/model/words.ts';
import type { ReportArchive } from '../../core/ports/report-archive.ts';
import type { SignatureCheck } from '../../core/ports/signer.ts';
import { readPreviousPeople, Tally } from '../../core/report/comparison.ts';
import { checkManifest, disprove, manifestNameOf } from '../../core/report/manifest.ts';
import { type History, isFault, type PreviousFault, type PreviousReport, readPreviousHead } from '../../core/report/previous.ts';

/** How many earlier runs a trend shows: half a year of weeks. */
const RUNS_SHOWN = 26;

/** How the reports of this program are called. */
const REPORT_NAME = /^padlock-.*\.json$/;

/** Where earlier reports lie. `previous`: the one to compare with, named by hand; else the newest of the folder. */
export interface Past {
  readonly archive: ReportArchive;
  /**
   * The key by which they are proven: one that is not is named, and left out, since whoever writes to the folder could say anything
   * by it. Null for a report that is not signed: it is compared with whatever lies there, and proves nothing.
   */
  readonly check: SignatureCheck | null;
  readonly previous?: { readonly archive: ReportArchive; readonly name: string };
}

/** What is to be reported now: at which moment, on which accounts, and under which name. */
export interface Present {
  readonly now: Instant;
  readonly account: string | null;
  readonly file: string;
  readonly scopes: readonly ScopeFacts[];
}

/**
 * The runs before this one, and a tally to compare this one by. A file that cannot be read or is not proven, or is of other accounts
 * or of a later time, is said and passed over; the next older one takes its place, unless one was named: that must be there
 * (`report/unreadable`).
 */
export async function readHistory(past: Past, present: Present): Promise<{ history: History; tally: Tally | null }> {
  const faults: PreviousFault[] = [];
  const runs: PreviousReport[] = [];
  const names = (await past.archive.names()).filter((name) => REPORT_NAME.test(name) && name !== present.file);
  for (const name of names.slice(-RUNS_SHOWN)) {
    const read = await readOne(past, past.archive, name, present);
    if (isFault(read)) faults.push(read);
    else runs.push(read);
  }
  runs.sort((a, b) => a.generatedAt - b.generatedAt);
  if (past.previous !== undefined) await beginningOf(past.previous.archive, past.previous.name);
  const candidates =
    past.previous === undefined ? runs.toReversed() : [await readOne(past, past.previous.archive, past.previous.name, present)];
  for (const candidate of candidates) {
    const people = isFault(candidate) ? candidate : await peopleOf(past.previous?.archive ?? past.archive, candidate);
    if (people instanceof Map && !isFault(candidate)) {
      return { history: { previous: candidate, runs, faults }, tally: new Tally(candidate, people, present.scopes) };
    }
    if (!(people instanceof Map) && !faults.some(({ file }) => file === candidate.file)) faults.push(people as PreviousFault);
  }
  return { history: { previous: null, runs, faults }, tally: null };
}

async function readOne(
  { check }: Past,
  archive: ReportArchive,
  name: string,
  { now, account }: Present,
): Promise<PreviousReport | PreviousFault> {
  const first = await readable(name, () => beginningOf(archive, name));
  if (typeof first !== 'string') return first;
  const read = readPreviousHead(name, first);
  if (isFault(read)) return read;
  if (read.generatedAt > now) return { file: name, why: `it is of a later time: ${formatInstant(read.generatedAt)}` };
  const on = (which: string | null) => (which === null ? 'all accounts' : `the account ${which} alone`);
  if (read.account !== account) return { file: name, why: `it is on ${on(read.account)}, and this report on ${on(account)}` };
  const unproven = check === null ? null : await disproof(archive, name, check);
  return unproven === null ? { ...read, proven: check !== null } : { file: name, why: `it is not proven: ${unproven}` };
}

/** The first line of a file; empty where it has none. */
export async function beginningOf(archive: ReportArchive, name: string): Promise<string> {
  for await (const line of archive.lines(name)) return line;
  return '';
}

/** Why nothing proves that this program wrote a report; null: its signature does. */
async function disproof(archive: ReportArchive, name: string, check: SignatureCheck): Promise<string | null> {
  const beside = manifestNameOf(name);
  const text = await archive.manifest(beside);
  if (text === null) return `there is no ${beside} beside it`;
  const manifest = checkManifest(text, check);
  return 'wrong' in manifest ? `${beside}: ${manifest.wrong}` : disprove(manifest, name, await archive.digest(name));
}

async function peopleOf(archive: ReportArchive, report: PreviousReport) {
  return readable(report.file, () => readPreviousPeople(report, archive.lines(report.file)));
}

/** What cannot be read is a fault of that file, and stops nothing. */
export async function readable<T>(file: string, work: () => Promise<T>): Promise<T | PreviousFault> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof PadlockError) || cause.code !== 'report/unreadable') throw cause;
    return { file, why: 'it cannot be read' };
  }
}
