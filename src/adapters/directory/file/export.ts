import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportCsv } from './export-csv.ts';
import { exportItGlue } from './export-itglue.ts';
import type { AccountMapping, ExportRow } from './part.ts';

/**
 * Writes the people of one origin as a file that {@link openDirectoryFile} reads, so that importing it again changes nothing.
 * Rows are streamed; `out` is left open. The JSON has what IT Glue's API has: whether someone is active, or has factors, is not
 * said there. Throws `directory/unmapped-myglue-account` for a MyGlue account whose id the mapping does not know (JSON).
 */
export async function exportDirectory(
  format: 'csv' | 'json',
  rows: AsyncIterable<ExportRow>,
  origin: string,
  mapping: AccountMapping,
  out: Writable,
): Promise<void> {
  const chunks = format === 'csv' ? exportCsv(rows, origin) : exportItGlue(rows, origin, mapping);
  await pipeline(Readable.from(chunks), out, { end: false });
}
