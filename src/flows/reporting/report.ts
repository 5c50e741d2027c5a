import type { JudgedMembership } from '../../core/model/findings.ts';
import type { Duration } from '../../core/model/words.ts';
import { wholeSecond } from '../../core/policy/deadline.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import { judgeBreakGlass } from '../../core/report/break-glass.ts';
import type { Comparison, Tally } from '../../core/report/comparison.ts';
import { reportCsv } from '../../core/report/csv.ts';
import type { ReportHead } from '../../core/report/head.ts';
import { reportHtml } from '../../core/report/html/report.ts';
import { reportJson } from '../../core/report/json.ts';
import type { ReportMaterial } from '../../core/report/material.ts';
import { agreePeople } from '../../core/report/summary.ts';
import type { World } from '../world.ts';
import { type Past, readHistory } from './history.ts';
import { summarizeStore } from './status.ts';

/** How far back a report lists resets, and uses of break-glass users where there is no earlier report. */
const REPORTED: Duration = 90 * 24 * 60 * 60 * 1000;

/** What a report can be written as: each format is one file, and its line here. */
const RENDERERS = {
  csv: (material) => reportCsv(material.everyone(), scopesOf(material), material.expected),
  json: (material) => reportJson(material.head, material.everyone(), material.expected, material.comparison),
  html: reportHtml,
} as const satisfies Readonly<Record<string, (material: ReportMaterial) => AsyncIterable<string>>>;
export type ReportFormat = keyof typeof RENDERERS;
export const REPORT_FORMATS = Object.keys(RENDERERS) as readonly ReportFormat[];

export interface ReportOptions {
  readonly account?: string;
  readonly formats: readonly ReportFormat[];
  /** What the files of this run are called, before their format. */
  readonly name: string;
  /** The version of this program. */
  readonly version: string;
  /** The id of the key that the files will be signed with; null: not signed. */
  readonly signedBy: string | null;
  readonly past: Past;
  /** Takes a format's chunks to where they belong; whole or not at all. */
  readonly deliver: (format: ReportFormat, file: string, chunks: AsyncIterable<string>) => Promise<void>;
}

/** A report as it was made: its head, and what changed since the one before. */
export interface Reported {
  readonly head: ReportHead;
  readonly comparison: Comparison | null;
}

/**
 * Makes a report over one snapshot, streamed format by format. Reading alone: no row is written. It is compared with the
 * earlier ones that lie in the archive.
 */
export function reportFlow(world: World, options: ReportOptions): Promise<Reported> {
  const now = world.clock.now();
  const filter = options.account === undefined ? {} : { account: options.account };
  return world.store.survey(async (reader) => {
    const { summary, total } = await summarizeStore(world, reader, now, options.account);
    const scopes = summary.scopes.map((scope) => scope.facts);
    const formats = REPORT_FORMATS.filter((format) => options.formats.includes(format));
    const present = { now, account: options.account ?? null, file: `${options.name}.json`, scopes };
    const { history, tally } = await readHistory(options.past, present);
    const head: ReportHead = {
      ...(await evidence(reader, now, history.previous?.proven === true ? history.previous.generatedAt : undefined, options.account)),
      generatedAt: wholeSecond(now),
      version: options.version,
      account: options.account ?? null,
      summary,
      history,
      signedBy: options.signedBy,
      files: Object.fromEntries(formats.map((format) => [format, `${options.name}.${format}`])),
    };
    const everyone = () => reader.memberships(now, filter);
    const compared = comparing(everyone, tally);
    const material: ReportMaterial = {
      head,
      expected: total,
      everyone: compared.everyone,
      named: (perReason) => reader.memberships(now, { ...filter, openOnly: true, perReason }),
      comparison: compared.comparison,
    };
    for (const format of formats) await options.deliver(format, `${options.name}.${format}`, RENDERERS[format](material));
    return { head, comparison: await compared.comparison() };
  });
}

/** What a report names besides the people who are asked. */
async function evidence(reader: StoreReading, now: number, previousAt: number | undefined, account: string | undefined) {
  const since = now - REPORTED;
  const people = await reader.peopleCounts(account);
  agreePeople(people);
  return {
    since,
    people,
    resets: await reader.resets(since, account),
    exemptions: await reader.exemptions(account),
    breakGlass: judgeBreakGlass(await reader.breakGlass(account), previousAt ?? since),
  };
}

/** Counts what changed while the people pass by on their way to a format; if none takes them all, they are read for it once. */
function comparing(everyone: () => AsyncIterable<JudgedMembership>, tally: Tally | null) {
  let result: Comparison | null | undefined = tally === null ? null : undefined;
  async function* counted(counter: Tally): AsyncGenerator<JudgedMembership> {
    for await (const membership of everyone()) {
      counter.add(membership);
      yield membership;
    }
    result = counter.result();
  }
  // A list that was broken off would be counted half: only the first that is begun counts.
  let begun = false;
  const once = () => {
    if (tally === null || begun) return everyone();
    begun = true;
    return counted(tally);
  };
  const comparison = async () => {
    if (result === undefined) for await (const _ of once());
    return result ?? null;
  };
  return { everyone: once, comparison };
}

function scopesOf({ head }: ReportMaterial) {
  return head.summary.scopes.map((scope) => scope.facts);
}
