import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Testimony, Witness } from '../../core/ports/witness.ts';
import { type Line, linesOf, remember, shorten } from './lines.ts';

/** From this size on a file is written anew when less than a quarter of its lines still say anything. */
const LARGE = 256 * 1024;

/**
 * A witness in an append-only file of JSON lines, for its owner alone. Each testimony is one write, synced. Several processes
 * append at once. A line cut short by a crash is passed over: what it told is told again by the next write.
 */
export function fileWitness(path: string, random: Random, large = LARGE): Witness {
  return {
    place: path,
    read: async () => remember(linesOf(textOf(path))),
    ready: async () => writable(path),
    append: async (testimony) => {
      const lines = linesFor(testimony);
      if (lines.length === 0) return;
      append(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
      if (statSync(path).size >= large) alone(path, () => compact(path, random));
    },
  };
}

function linesFor({ heads, resets, acknowledged = [] }: Testimony): Line[] {
  return [
    ...acknowledged.map((head) => ({ acknowledged: head })),
    ...resets.map((reset) => ({ reset })),
    ...heads.map((head) => ({ head })),
  ];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return '';
    throw new PadlockError('witness/unreadable', `what is known outside of the store cannot be read from ${path} (${codeOf(cause)})`, {
      fix: 'correct its permissions; without it nobody can tell whether the store was restored or cut short',
      cause,
    });
  }
}

/** Asks without making the file: one that is missing where it should be must not be taken for an empty one afterwards. */
function writable(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (statSync(path, { throwIfNoEntry: false }) === undefined) accessSync(dirname(path), constants.W_OK);
    else closeSync(openSync(path, 'r+'));
  } catch (cause) {
    throw unwritable(path, 'nothing was changed', cause);
  }
}

function opened(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'a+', 0o600);
  } catch (cause) {
    throw unwritable(path, 'nothing was changed', cause);
  }
}

/** In one write. Where the file was replaced meanwhile, what was written to the old one is written again to the new. */
function append(path: string, text: string): void {
  const file = opened(path);
  try {
    const { ino, size } = fstatSync(file);
    // A line cut short by a crash is ended, so that ours stands on one of its own.
    const bytes = Buffer.from(endsLine(file, size) ? text : `\n${text}`);
    if (writeSync(file, bytes) !== bytes.length) throw new RangeError('cut short');
    fsyncSync(file);
    if (size === 0) syncFolder(path);
    if (statSync(path).ino !== ino) append(path, text);
  } catch (cause) {
    if (cause instanceof PadlockError) throw cause;
    throw unwritable(path, 'the store was changed, and the next command that writes tells it again', cause);
  } finally {
    closeSync(file);
  }
}

function endsLine(file: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}

/** From this age on, in milliseconds, a lock is that of a process which was killed. */
const STALE = 60_000;

/**
 * Runs work unless another process is at it: two who wrote the file anew at once would each drop what was appended to the
 * other's. Whoever finds it locked leaves it to the next. Ages are told by the file system's own clock.
 */
function alone(path: string, work: () => void): void {
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw unwritable(path, 'the head was written', cause);
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && statSync(path).mtimeMs - since > STALE) rmSync(lock, { force: true });
    return;
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Writes the file anew with what its lines still say. What somebody appends to the old one meanwhile is carried over. */
function compact(path: string, random: Random): void {
  const old = openSync(path, 'r');
  try {
    const text = readFileSync(old, 'utf8');
    const lines = linesOf(text);
    const short = shorten(lines);
    if (short.length * 4 > lines.length) return;
    const temporary = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}.part`;
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(file, `${short.map((line) => JSON.stringify(line)).join('\n')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncFolder(path);
    const since = Buffer.alloc(fstatSync(old).size - Buffer.byteLength(text));
    if (since.length > 0) append(path, since.subarray(0, readSync(old, since, 0, since.length, Buffer.byteLength(text))).toString());
  } finally {
    closeSync(old);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function unwritable(path: string, state: string, cause: unknown): PadlockError {
  return new PadlockError('witness/unwritable', `the head of the audit chain cannot be written to ${path} (${codeOf(cause)}); ${state}`, {
    fix: 'make the file writable, or name another by the key heads of the configuration',
    cause,
  });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
}
