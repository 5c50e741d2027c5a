import type { Duration } from '../../core/model/words.ts';
import { wholeSecond } from '../../core/policy/deadline.ts';
import { reportCsv } from '../../core/report/csv.ts';
import { type ReportHead, reportJson } from '../../core/report/json.ts';
import type { World } from '../world.ts';
import { summarizeStore } from './status.ts';

/** How far back a report lists resets. */
const RESETS_SHOWN: Duration = 90 * 24 * 60 * 60 * 1000;

export const REPORT_FORMATS = ['csv', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportOptions {
  readonly account?: string;
  readonly formats: readonly ReportFormat[];
  /** Takes a format's chunks to where they belong; whole or not at all. */
  readonly deliver: (format: ReportFormat, chunks: AsyncIterable<string>) => Promise<void>;
}

/** Makes a report over one snapshot, streamed format by format. Reading alone: no row is written. */
export function reportFlow(world: World, options: ReportOptions): Promise<ReportHead> {
  const now = world.clock.now();
  const { account } = options;
  return world.store.read(async (reader) => {
    const { summary, total } = await summarizeStore(reader, now, account);
    const head: ReportHead = { generatedAt: wholeSecond(now), summary, resets: await reader.resets(now - RESETS_SHOWN, account) };
    const scopes = summary.scopes.map((scope) => scope.facts);
    for (const format of options.formats) {
      const rows = reader.memberships(now, account === undefined ? {} : { account });
      await options.deliver(format, format === 'csv' ? reportCsv(rows, scopes, total) : reportJson(head, rows, total));
    }
    return head;
  });
}
