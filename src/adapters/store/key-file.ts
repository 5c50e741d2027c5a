import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import type { KeyKeeper } from '../../core/ports/keys.ts';
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
export function createKeyFile(path: string, random: Random, id = 'k1'): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file: KeyFile = { active: id, keys: { [id]: freshKey(random) } };
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

/** A key file as those who keep the keys change it: each change takes the place of the old file at once. */
export function keyFile(path: string, random: Random): KeyKeeper {
  return {
    read: () => {
      const { active, keys } = readKeyFile(path);
      return { active, ids: [...keys.keys()] };
    },
    mode: () => (existsSync(path) ? statSync(path).mode & 0o777 : null),
    add: (taken) => {
      const { keys } = readKeyFile(path);
      const id = nextId([...keys.keys(), ...taken]);
      replace(path, { active: id, keys: { ...textsOf(keys), [id]: freshKey(random) } }, random);
      return id;
    },
    begin: (taken) => {
      if (existsSync(path)) {
        throw new PadlockError('keys/invalid', `there is a file at ${path}; nothing was written`, {
          fix: 'if its keys are lost for good, move it out of the way first',
        });
      }
      const id = nextId(taken);
      createKeyFile(path, random, id);
      return id;
    },
    remove: (ids) => {
      const { active, keys } = readKeyFile(path);
      replace(path, { active, keys: textsOf(new Map([...keys].filter(([id]) => id === active || !ids.includes(id)))) }, random);
    },
  };
}

function freshKey(random: Random): string {
  return Buffer.from(random.bytes(32)).toString('base64');
}

function textsOf(keys: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...keys].map(([id, key]) => [id, Buffer.from(key).toString('base64')]));
}

/** An id is never used for a second key: records name theirs. */
function nextId(taken: readonly string[]): string {
  const numbers = taken.map((id) => Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

function replace(path: string, file: KeyFile, random: Random): void {
  // A name that nobody can foresee, and a file that was not there: no link leads the keys elsewhere.
  const temporary = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}.part`;
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(temporary, path);
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (cause) {
    rmSync(temporary, { force: true });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
    throw new PadlockError('keys/unwritable', `the key file ${path} cannot be replaced (${code}); it is as it was`, {
      fix: 'make its folder writable for this command, or rotate where it is',
    });
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
