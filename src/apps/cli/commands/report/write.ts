import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { formatInstant } from '../../../../core/documents/values.ts';
import { EXIT } from '../../../../core/model/errors.ts';
import { wholeSecond } from '../../../../core/policy/deadline.ts';
import type { Signer } from '../../../../core/ports/signer.ts';
import { breakGlassFindings } from '../../../../core/report/break-glass.ts';
import { comparisonJson, summaryJson } from '../../../../core/report/json.ts';
import { MANIFEST_SUFFIX, manifestText, type SignedFile } from '../../../../core/report/manifest.ts';
import { type Condition, metConditions } from '../../../../core/report/protection.ts';
import { renderReportText } from '../../../../core/report/text.ts';
import type { Past } from '../../../../flows/reporting/history.ts';
import { REPORT_FORMATS, type Reported, type ReportFormat, reportFlow } from '../../../../flows/reporting/report.ts';
import { type StagedFile, stageFile } from '../../output/file.ts';
import { progressOn } from '../../output/progress.ts';
import { finish, type Session } from '../../output/session.ts';
import { VERSION } from '../../version.ts';

export interface WriteOptions {
  readonly account?: string;
  readonly format?: readonly ReportFormat[];
  readonly out?: string;
  readonly previous?: string;
  readonly failOn?: readonly Condition[];
  readonly unsigned?: boolean;
}

/**
 * `padlock report`: reads the store, writes files. All of them get their names once all are whole, the manifest last; else none does.
 * No other report is ever overwritten: of two runs within a second the second is called `…Z-2`.
 */
export async function writeReport(session: Session, options: WriteOptions): Promise<void> {
  const { composition } = session;
  const folder = options.out ?? composition.configuration().reports;
  const world = await composition.world('read');
  try {
    // Without a key there is no report, rather than one that only looks signed.
    const signer = options.unsigned === true ? null : await composition.signer();
    const signedBy = signer?.key().id ?? null;
    const now = composition.clock.now();
    const base = `padlock-${formatInstant(wholeSecond(now)).replaceAll(':', '')}`;
    for (let run = 1; ; run++) {
      const name = run === 1 ? base : `${base}-${run}`;
      const staged: Staged[] = [];
      try {
        const stage = async (file: string, chunks: Iterable<string> | AsyncIterable<string>) => {
          staged.push({ name: file, ...(await stageFile(join(folder, file), chunks, composition.random)) });
        };
        const reported = await reportFlow(
          { ...world, clock: { now: () => now } },
          {
            formats: options.format ?? REPORT_FORMATS,
            name,
            version: VERSION,
            signedBy,
            past: await pastOf(session, folder, options.previous, signer !== null),
            ...(options.account !== undefined && { account: options.account }),
            deliver: (format, file, chunks) => stage(file, watched(session, `writing ${format}`, chunks)),
          },
        );
        if (signer !== null) await stage(`${name}${MANIFEST_SUFFIX}`, [manifestOf(staged, now, signer)]);
        if (!(await claimAll(staged, folder))) continue;
        const written = staged.map((file) => join(folder, file.name));
        return await tell(session, reported, written, options.failOn ?? []);
      } finally {
        for (const file of staged) await file.discard();
      }
    }
  } finally {
    await world.store.close();
  }
}

type Staged = SignedFile & StagedFile;

/** Gives all files their names, or none where another run has one of them. */
async function claimAll(staged: readonly Staged[], folder: string): Promise<boolean> {
  const made: string[] = [];
  for (const file of staged) {
    const claim = await file.claim();
    if (claim === 'made') made.push(file.name);
    if (claim !== 'taken') continue;
    // The other may have found the very same bytes there, and its manifest name them: then they are its own.
    const manifest = await readFile(join(folder, file.name), 'utf8').catch(() => '');
    for (const name of made) if (!manifest.includes(JSON.stringify(name))) await rm(join(folder, name), { force: true });
    return false;
  }
  return true;
}

function manifestOf(files: readonly SignedFile[], now: number, signer: Signer): string {
  return manifestText(files, wholeSecond(now), VERSION, signer);
}

async function pastOf({ composition }: Session, folder: string, previous: string | undefined, signed: boolean): Promise<Past> {
  const archive = await composition.reports(folder);
  const check = signed ? await composition.signatures([]) : null;
  if (previous === undefined) return { archive, check };
  return { archive, check, previous: { archive: await composition.reports(dirname(previous)), name: basename(previous) } };
}

async function tell(
  session: Session,
  { head, comparison }: Reported,
  files: readonly string[],
  failOn: readonly Condition[],
): Promise<void> {
  const met = metConditions(failOn, head.summary, breakGlassFindings(head.breakGlass));
  const { width, style } = session.terminal;
  await finish(session, {
    kind: 'ReportResult',
    exitCode: met.length > 0 ? EXIT.notCompliant : EXIT.ok,
    *text() {
      yield* renderReportText(head, comparison, { width, style });
      for (const file of files) yield `written: ${file}`;
      yield head.signedBy === null ? 'not signed' : `signed with the key ${head.signedBy}`;
      if (met.length > 0) yield style.red(`--fail-on: ${met.join(', ')}`);
    },
    json: () => ({
      files: [...files],
      signedBy: head.signedBy,
      failedOn: met,
      notComparable: head.history.faults.map(({ file, why }) => ({ file, why })),
      comparison: comparisonJson(comparison),
      ...summaryJson(head.summary),
    }),
  });
}

/** The chunks as they are, telling a terminal how much has gone. */
async function* watched(session: Session, label: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const progress = progressOn(session.stderr, label, () => session.composition.clock.now());
  let written = 0;
  try {
    for await (const chunk of chunks) {
      written += chunk.length;
      progress.step(written);
      yield chunk;
    }
  } finally {
    progress.end();
  }
}
