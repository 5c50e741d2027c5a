import { beginning } from '../model/beginning.ts';
import type { ErrorCode, Fault } from '../model/errors.ts';
import type { Position } from '../model/positions.ts';
import { MOST_TEXT_BYTES, type SourceText } from '../ports/source.ts';

/** A text that was decoded, and where its lines begin. */
export interface Text {
  readonly file: string;
  readonly text: string;
  /** Offsets of line starts, ascending, the first 0. */
  readonly lines: readonly number[];
}

/** From where to where something stands in a text, in UTF-16 units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const LONGEST_QUOTE = 80;
const LONGEST_LINE = 400;

/** Control characters that YAML has no place for, halves of surrogate pairs, and noncharacters. Tab, LF, CR and NEL are fine. */
const UNFIT = /[[\p{Cc}\p{Cs}\ufffe\uffff]--[\t\n\r\u0085]]/v;

/**
 * Bytes or characters → a text without its byte order mark, or the one fault for which the whole text cannot be trusted:
 * too large, not UTF-8, or a character that no document may hold.
 */
export function decode(source: SourceText): Text | Fault {
  if (source.text.length > MOST_TEXT_BYTES) {
    const [message, fix] = ['a text may have 16 MiB, this one has more', 'split it'];
    return { code: 'document/too-large', message, file: source.file, line: 1, column: 1, fix };
  }
  const raw = typeof source.text === 'string' ? source.text : new TextDecoder('utf-8', { ignoreBOM: true }).decode(source.text);
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw;
  const whole: Text = { file: source.file, text, lines: lineStarts(text) };
  if (typeof source.text !== 'string') {
    const broken = firstBroken(source.text, text);
    if (broken !== undefined)
      return faultAt(whole, { start: broken, end: broken }, 'document/encoding', 'this is not UTF-8', 'save the file as UTF-8');
  }
  const unfit = UNFIT.exec(text);
  if (unfit === null) return whole;
  const name = `U+${(unfit[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const span = { start: unfit.index, end: unfit.index };
  return faultAt(whole, span, 'document/encoding', `the character ${name} cannot stand in a document`, 'remove it');
}

/** Whether a value that was written with escapes (`"\0"`, `"\ud800"`) holds what the text itself may not. */
export function isFit(value: string): boolean {
  return !UNFIT.test(value);
}

/** Where an offset stands; offsets past the text stand at its end. */
export function positionAt({ text, lines }: Text, offset: number): Position {
  const sought = Math.max(0, Math.min(offset, text.length));
  let low = 0;
  let high = lines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= sought) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: sought - (lines[low] ?? 0) + 1 };
}

/** A fault at a span; the text there is quoted up to the end of its line. Nothing in it can steer a terminal, however hostile the text. */
export function faultAt(text: Text, span: Span, code: ErrorCode, message: string, fix?: string): Fault {
  const quoted = quote(text, span);
  return {
    code,
    message: clipped(message),
    file: text.file,
    ...positionAt(text, span.start),
    ...(quoted === '' ? {} : { text: quoted }),
    ...(fix === undefined ? {} : { fix: clipped(fix) }),
  };
}

/** What stands at a span, up to the end of its line, shortened, and nothing in it that could steer a terminal. */
export function quote(text: Text, span: Span): string {
  const [first = ''] = text.text.slice(span.start, Math.min(span.end, span.start + LONGEST_QUOTE)).split(/\r?\n/, 1);
  return beginning(printable(first.trimEnd()), LONGEST_QUOTE);
}

/** A value as messages show it: JSON, shortened, and nothing that could steer a terminal. */
export function shown(value: unknown): string {
  const json = typeof value === 'object' && value !== null ? kindOf(value) : String(JSON.stringify(value));
  const short = json.length > 60 ? `${beginning(json, 56)}…${json.startsWith('"') ? '"' : ''}` : json;
  return printable(short);
}

/** What a value is, in the words of messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'a boolean' : 'text';
}

function clipped(text: string): string {
  const line = printable(text);
  return line.length > LONGEST_LINE ? `${beginning(line, LONGEST_LINE - 1)}…` : line;
}

function printable(text: string): string {
  return text.replace(/\p{C}/gu, (char) => (char === '\t' ? ' ' : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The offset of the first replacement character that the bytes do not spell themselves, if any. */
function firstBroken(bytes: Uint8Array, text: string): number | undefined {
  if (!text.includes('\ufffd')) return undefined;
  const wellFormed = new TextEncoder().encode(text);
  const skip = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let same = wellFormed.findIndex((byte, index) => byte !== bytes[index + skip]);
  if (same < 0) return undefined;
  // the difference may lie inside the replacement character: back to where it begins
  while (((wellFormed[same] ?? 0) & 0xc0) === 0x80) same -= 1;
  return new TextDecoder().decode(wellFormed.subarray(0, same)).length;
}
