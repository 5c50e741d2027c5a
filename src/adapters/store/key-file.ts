import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Keyring } from './envelope.ts';

/** The file's form: `{ "active": "k1", "keys": { "k1": "<32 bytes in base64>" } }`, readable by its owner alone. */
interface KeyFile {
  readonly active: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Reads a key file. `keys/missing` when there is none, `keys/invalid` when it is not one; its content is never quoted. */
export function readKeyFile(path: string): Keyring {
  if (!existsSync(path)) {
    throw new PadlockError('keys/missing', `there is no key file at ${path}; nothing was read or written`, {
      fix: 'restore it from where it is kept: without it no secret can be sealed or opened',
    });
  }
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
    const keys = new Map(Object.entries(file.keys).map(([id, text]) => [id, keyOf(text)]));
    if (!keys.has(file.active)) throw new TypeError('one key is active');
    return { active: file.active, keys };
  } catch (cause) {
    throw new PadlockError('keys/invalid', `${path} is not a key file`, {
      fix: 'restore it from where it is kept',
      cause: redacted(cause),
    });
  }
}

/**
 * Makes a key file with one key where there is none; never overwrites. It is there whole or not at all, whenever the process ends:
 * half a key file would be kept for ever, and no secret could be sealed.
 */
export function createKeyFile(path: string, random: Random): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file: KeyFile = { active: 'k1', keys: { k1: Buffer.from(random.bytes(32)).toString('base64') } };
  const temporary = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}.part`;
  try {
    // One that a kill has left is the key file itself under a second name: it is never written into.
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(temporary, path);
  } catch (cause) {
    // Another process was faster: its key is the one.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Strictly base64, of 32 bytes: Node's own decoder skips and cuts off what it does not understand. */
function keyOf(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length !== 32 || key.toString('base64') !== text) throw new TypeError('a key is 32 bytes in base64');
  return key;
}

/** A parser's message quotes what it read: only the kind of error is kept. */
function redacted(cause: unknown): Error {
  return new Error(cause instanceof Error ? cause.name : 'unreadable');
}
