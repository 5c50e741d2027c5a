import { headOf, padEnd, padStart, widthOf } from './width.ts';

/** No text is laid out narrower than this, whatever the terminal says. */
export const NARROWEST = 40;

/** What paints a text in a terminal: a select-graphic-rendition sequence. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: paint begins with one
const PAINT = /\u001b\[\d+m/g;

/** Where a flowed text stands: the whole width, the blanks before its first line, and before those that follow. */
export interface Measure {
  readonly width: number;
  readonly indent: number;
  readonly hang: number;
}

/**
 * Sets parts one after the other, `joiner` (which ends in a blank) between them, and breaks lines between parts only:
 * `22 enrolled · 13 not` stays whole. A part too long for a line is broken between its words, a word too long for one anywhere.
 * No line is wider than the width; a line that ends in a joiner ends without its last blank.
 */
export function flow(parts: readonly string[], joiner: string, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  const indent = () => (lines.length === 0 ? measure.indent : measure.hang);
  const close = () => {
    if (line !== '') lines.push(' '.repeat(indent()) + line.trimEnd());
    line = '';
  };
  const place = (text: string) => {
    if (line !== '' && indent() + columnsOf(line) + 1 + columnsOf(text) <= measure.width) {
      line += ` ${text}`;
      return;
    }
    close();
    if (columnsOf(text) <= measure.width - indent()) line = text;
    else if (text.includes(' ')) text.split(' ').forEach(place);
    else {
      for (let rest = text.replace(PAINT, ''); rest !== ''; rest = rest.slice(line.length)) {
        close();
        line = headOf(rest, measure.width - indent());
      }
    }
  };
  for (const [index, part] of parts.entries()) place(index === parts.length - 1 ? part : part + joiner.trimEnd());
  close();
  return lines;
}

/** One line as it is, or broken between its words where it is wider; what follows is hung beneath its beginning. */
export function folded(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  return flow([line.slice(indent)], ' ', { width: Math.max(width, NARROWEST), indent, hang: indent + 4 });
}

/** Paint takes no column. */
function columnsOf(text: string): number {
  return widthOf(text.replace(PAINT, ''));
}

/** A column of a table: its heading, and on which side its cells stand. */
export interface Column {
  readonly heading: string;
  readonly side: 'start' | 'end';
}

/**
 * A table's lines, the heading first, columns as wide as their widest cell and two blanks apart, one where two do not fit.
 * Null when it does not fit in `width` columns at all.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] | null {
  const widths = columns.map((column, i) => Math.max(widthOf(column.heading), ...rows.map((row) => widthOf(row[i] ?? ''))));
  const cells = widths.reduce((sum, w) => sum + w, 0);
  const gaps = columns.length - 1;
  const gap = cells + 2 * gaps <= width ? 2 : 1;
  if (cells + gap * gaps > width) return null;
  const set = (row: readonly string[]) =>
    columns
      .map((column, i) => {
        const [cell, w] = [row[i] ?? '', widths[i] ?? 0];
        return column.side === 'start' ? padEnd(cell, w) : padStart(cell, w);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [columns.map((column) => column.heading), ...rows].map(set);
}

/** `1 person`, `2 people`: a count with the word that agrees with it. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
