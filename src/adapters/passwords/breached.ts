import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PadlockError } from '../../core/model/errors.ts';
import type { CommonPasswords } from '../../core/ports/passwords.ts';

/** A part of the file that is read whole: some hundred lines. */
const BLOCK = 4096;

/** The longest line: a SHA-1 in hexadecimal, a colon, a count, CR and LF. */
const MOST_LINE = 64;

const LINE = /^[0-9A-F]{40}:[0-9]+$/i;

/**
 * The breached passwords of a file as Have I Been Pwned gives them out: `SHA1:COUNT` lines, ordered by hash. Some 30 reads for
 * a billion of them; nothing is kept in memory, and nothing of a password leaves the machine. The file may be replaced at any time.
 */
export function breachedPasswords(path: string): CommonPasswords {
  return {
    has(password) {
      const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase();
      let file: number | undefined;
      try {
        file = openSync(path, 'r');
        return holds(file, hash);
      } catch (cause) {
        throw new PadlockError('sign-in/breached-unreadable', `the breached passwords cannot be read from ${path} (${codeOf(cause)})`, {
          fix: 'fetch the file again, SHA-1 ordered by hash, or take it out of the configuration',
          cause,
        });
      } finally {
        if (file !== undefined) closeSync(file);
      }
    },
  };
}

/** Halves the part of the file that the line of this hash begins in, if it is there, until it is small enough to be read. */
function holds(file: number, hash: string): boolean {
  let from = 0;
  let to = fstatSync(file).size;
  if (to === 0) throw new RangeError('it is empty');
  while (to - from > BLOCK) {
    const middle = Math.floor((from + to) / 2);
    const [line, at] = lineAfter(file, middle);
    if (line !== '' && hashOf(line) <= hash) from = at;
    // A line that begins at the middle itself was passed over.
    else to = middle + 1;
  }
  const length = to - from + MOST_LINE;
  const text = read(file, from, length);
  return hashesOf(text, text.length < length).includes(hash);
}

/** The first line that begins after a place, and where; an empty one at the end of the file. */
function lineAfter(file: number, place: number): readonly [line: string, at: number] {
  const text = read(file, place, 2 * MOST_LINE);
  const start = text.indexOf('\n') + 1;
  if (start === 0 && text.length === 2 * MOST_LINE) throw new RangeError('a line of it is too long');
  if (start === 0) return ['', place];
  const [line = ''] = text.slice(start).split('\n', 1);
  return [line, place + start];
}

/** The hashes of some lines, without what may be cut off at their end. A file in another order would hide what it holds. */
function hashesOf(text: string, atEnd: boolean): string[] {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  if (atEnd && rest !== '') lines.push(rest);
  const hashes = lines.map(hashOf);
  if (hashes.some((hash, i) => hash <= (hashes[i - 1] ?? ''))) throw new RangeError('it is not ordered by hash');
  return hashes;
}

function hashOf(line: string): string {
  if (!LINE.test(line.trimEnd())) throw new RangeError('a line of it is no HASH:COUNT');
  return line.slice(0, 40).toUpperCase();
}

function read(file: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('latin1', 0, readSync(file, bytes, 0, length, from));
}

function codeOf(cause: unknown): string {
  if (cause instanceof RangeError) return cause.message;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
}
