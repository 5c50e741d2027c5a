import { isUtf8 } from 'node:buffer';
import { CsvError, type InfoRecord } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { type Fault, PadlockError } from '../../../core/model/errors.ts';
import { faultAt } from '../../../core/model/place.ts';
import { unguarded } from '../../../core/model/spreadsheet.ts';

/** A header that was understood: its columns by name. */
type Header<C extends string> = ReadonlyMap<C, number>;

/** What takes the records below the header: the cells, and `FILE:LINE` of where the record begins. */
type RecordReader<C extends string> = (cell: (column: C) => string | undefined, place: string) => void;

/**
 * Reads a CSV file (RFC 4180, UTF-8, byte order mark and CRLF allowed, empty lines skipped) record by record. `columns` are those
 * that it may have, `required` those that it must. Gives the faults of header and records as such; what the cells say is the
 * reader's. Throws `directory/incomplete` for a file that is empty, ends within a record, or has a header alone, and
 * `directory/unreadable` for one that is not UTF-8.
 */
export function readCsv<C extends string>(
  file: string,
  bytes: Uint8Array,
  columns: readonly C[],
  required: readonly C[],
  read: RecordReader<C>,
): readonly Fault[] {
  if (!isUtf8(bytes)) {
    throw new PadlockError('directory/unreadable', `${file} is not UTF-8`, { fix: 'save it as "CSV UTF-8", and import again' });
  }
  const faults: Fault[] = [];
  const lines = new LineCount();
  let header: Header<C> | undefined;
  let width = 0;
  let records = 0;
  let isReadable = false;
  let isLastShort = false;
  const onRecord = (cells: string[], context: InfoRecord) => {
    const place = `${file}:${lines.startOf(cells, context.lines)}`;
    if (header === undefined) {
      header = readHeader(cells, columns, required, place, faults);
      isReadable = faults.length === 0;
      width = cells.length;
      return null;
    }
    records++;
    isLastShort = cells.length < width;
    if (cells.length !== width) {
      const message = `${cells.length} cells, where the header has ${width}`;
      faults.push(faultAt(place, 'directory/invalid-row', message, 'write one cell a column; quote a cell that has a comma'));
    } else if (isReadable) read((column) => cellAt(cells, header?.get(column)), place);
    return null;
  };
  try {
    const record_delimiter = ['\r\n', '\n', '\r'];
    parse(bytes, { bom: true, relax_column_count: true, skip_empty_lines: true, record_delimiter, on_record: onRecord });
  } catch (error) {
    faults.push(brokenFault(error, file, lines));
  }
  if (header === undefined && faults.length === 0) throw incomplete(`${file} is empty`);
  if (isLastShort && !endsLine(bytes)) throw incomplete(`${file} ends within its last row`);
  if (records === 0 && faults.length === 0) throw incomplete(`${file} has a header and no rows`);
  return faults;
}

/** Where records begin: the parser counts the line where one ends, and a CRLF within quotes twice. */
class LineCount {
  #counted = 0;

  startOf(cells: readonly string[], lines: number): number {
    let within = 0;
    for (const cell of cells) {
      if (!/[\r\n]/.test(cell)) continue;
      const breaks = cell.match(/\r\n|\r|\n/g) ?? [];
      within += breaks.length;
      this.#counted += breaks.filter((one) => one.length === 2).length;
    }
    return lines - this.#counted - within;
  }
}

function readHeader<C extends string>(
  cells: readonly string[],
  columns: readonly C[],
  required: readonly C[],
  place: string,
  faults: Fault[],
): Header<C> {
  const header = new Map<C, number>();
  for (const [index, cell] of cells.entries()) {
    const column = columns.find((one) => one === cell.trim().toLowerCase());
    if (column === undefined) {
      const near = columns.find((one) => squashed(one) === squashed(cell));
      const known = cell.includes(';') ? 'separate the columns by commas' : `the columns are ${columns.join(', ')}`;
      const fix = near === undefined ? known : `write ${near}`;
      faults.push(faultAt(place, 'directory/invalid-row', `${JSON.stringify(cell)} is no column`, fix, cell));
    } else if (header.has(column))
      faults.push(faultAt(place, 'directory/invalid-row', `the column ${column} stands there twice`, 'keep one of the two', cell));
    else header.set(column, index);
  }
  for (const column of required) {
    if (!header.has(column))
      faults.push(
        faultAt(place, 'directory/invalid-row', `the column ${column} is missing`, `add it; needed are ${required.join(' and ')}`),
      );
  }
  return header;
}

/** The letters of a name, so that `E-Mail`, `FirstName` and `First name` find their column. */
function squashed(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** A cell, without the apostrophes that the export gave it. */
function cellAt(cells: readonly string[], index: number | undefined): string | undefined {
  const cell = index === undefined ? undefined : cells[index];
  return cell === undefined ? undefined : unguarded(cell);
}

function brokenFault(error: unknown, file: string, counted: LineCount): Fault {
  if (!(error instanceof CsvError)) throw error;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') throw incomplete(`${file} ends within a quoted cell`);
  const line = typeof error['lines'] === 'number' ? counted.startOf([], error['lines']) : 0;
  return faultAt(
    `${file}:${line}`,
    'directory/invalid-row',
    'a quote stands where none belongs',
    'quote the whole cell, and double the quotes within it',
  );
}

function endsLine(bytes: Uint8Array): boolean {
  const last = bytes.at(-1);
  return last === 0x0a || last === 0x0d;
}

function incomplete(message: string): PadlockError {
  return new PadlockError('directory/incomplete', `${message}; nothing is imported`, { fix: 'export it again, whole, and import that' });
}
