import type { AccountMapping, ExportRow } from '../rows/part.ts';
import { exportCsv } from './export-csv.ts';
import { exportItGlue } from './export-itglue.ts';

/**
 * The people of one origin as the text, in chunks, of a file that {@link openDirectoryFile} reads, so that importing it again changes nothing.
 * Rows are streamed. The JSON has what IT Glue's API has: whether someone is active, or has factors, is not
 * said there. Throws `directory/unmapped-myglue-account` for a MyGlue account whose id the mapping does not know (JSON).
 */
export function exportDirectory(
  format: 'csv' | 'json',
  rows: AsyncIterable<ExportRow>,
  origin: string,
  mapping: AccountMapping,
): AsyncIterable<string> {
  return format === 'csv' ? exportCsv(rows, origin) : exportItGlue(rows, origin, mapping);
}
