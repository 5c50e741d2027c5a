import type { ScopeFacts } from '../model/findings.ts';
import { guarded } from '../model/spreadsheet.ts';
import { type FindingRow, type Rows, rowChunks } from './rows.ts';

/** Spreadsheets take a file without it for the machine's old code page. */
const BYTE_ORDER_MARK = '\uFEFF';

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** The columns; every member of a row is one, which `satisfies` and a test hold. */
const COLUMNS = [
  'account',
  'myGlueAccount',
  'userId',
  'externalId',
  'address',
  'name',
  'role',
  'class',
  'padlock',
  'reason',
  'state',
  'mode',
  'enabled',
  'breakGlass',
  'kinds',
  'joined',
  'lastSignIn',
  'reenabled',
  'deadline',
  'exemption',
  'exemptFrom',
  'exemptUntil',
  'provenBy',
  'provenAt',
] as const satisfies readonly (keyof FindingRow)[];

/** The first line of the CSV (RFC 4180): a byte order mark, the columns' names, CR LF. */
export const csvHeader = `${BYTE_ORDER_MARK}${COLUMNS.join(',')}\r\n`;

/**
 * One row as a line of CSV, ended by CR LF. What a spreadsheet would take for a formula gets an apostrophe before it.
 * Nothing to say is an empty cell; of `kinds`, several are set apart by blanks, none is `none`, not known is `unknown`.
 */
export function csvRow(row: FindingRow): string {
  const kinds = row.kinds === null ? 'unknown' : row.kinds.length === 0 ? 'none' : row.kinds.join(' ');
  return `${COLUMNS.map((column) => cell(column === 'kinds' ? kinds : (row[column] ?? ''))).join(',')}\r\n`;
}

/**
 * A whole CSV in chunks: header and one line a membership. `expected` is the number of rows.
 * Throws `report/incomplete` when the rows are others.
 */
export async function* reportCsv(rows: Rows, scopes: readonly ScopeFacts[], expected: number): AsyncGenerator<string> {
  yield csvHeader;
  yield* rowChunks(rows, scopes, expected, csvRow);
}

function cell(value: string | number | boolean): string {
  const text = typeof value === 'string' ? guarded(value) : String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
