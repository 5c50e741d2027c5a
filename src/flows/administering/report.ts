import { formatInstant } from '../../core/documents/values.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { wholeSecond } from '../../core/policy/deadline.ts';
import { authorize } from '../authorize.ts';
import type { Past } from '../reporting/history.ts';
import { type ReportFormat, reportFlow } from '../reporting/report.ts';
import type { World } from '../world.ts';

/** What a report may hold at most that is made for a download, in UTF-16 units. */
const LARGEST = 64 * 1024 * 1024;

/** A report made for one download. */
export interface MadeReport {
  readonly file: string;
  readonly chunks: readonly string[];
}

const NONE: Past = {
  archive: { names: async () => [], async *lines() {}, manifest: async () => null, digest: async () => null, whole: async () => null },
  check: null,
};

/**
 * A report on an account as it is now, in one format, not signed, compared with none. Made whole before it is given, so that nobody who
 * reads slowly holds the store's snapshot. `rights/denied`; `report/incomplete` for one that is larger than this is made for.
 */
export async function downloadFlow(world: World, account: string, format: ReportFormat, version: string): Promise<MadeReport> {
  const now = world.clock.now();
  await world.store.read((reader) => authorize(world, reader, account, { act: 'read-report' }, 'no report was made'));
  const chunks: string[] = [];
  let size = 0;
  const name = `padlock-${account}-${formatInstant(wholeSecond(now)).replaceAll(':', '')}`;
  await reportFlow(world, {
    account,
    formats: [format],
    name,
    version,
    signedBy: null,
    past: NONE,
    deliver: async (_, __, parts) => {
      for await (const part of parts) {
        size += part.length;
        if (size > LARGEST) throw tooLarge();
        chunks.push(part);
      }
    },
  });
  return { file: `${name}.${format}`, chunks };
}

function tooLarge(): PadlockError {
  return new PadlockError('report/incomplete', 'the report is too large for a download', { fix: 'make it with padlock report' });
}
