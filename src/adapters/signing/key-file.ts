import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PadlockError } from '../../core/model/errors.ts';
import type { Random } from '../../core/ports/random.ts';

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Makes a file with a new Ed25519 key (PKCS #8, PEM), readable by its owner alone, where there is none; never overwrites. It is
 * there whole or not at all, whenever the process ends.
 */
export function createSigningKey(path: string, random: Random): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, random.bytes(32)]), format: 'der', type: 'pkcs8' });
  const temporary = `${path}.${Buffer.from(random.bytes(8)).toString('hex')}.part`;
  try {
    writeFileSync(temporary, key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx', flush: true });
    linkSync(temporary, path);
  } catch (cause) {
    // Another process was faster: its key is the one.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The private key of a file. `keys/missing` when there is none, `keys/invalid` when it is not one; its content is never quoted. */
export function readSigningKey(path: string): KeyObject {
  return read(path, createPrivateKey);
}

/** The public key of a file, which may hold it alone (`padlock report key` prints it), or the private one. */
export function readPublicKey(path: string): KeyObject {
  return read(path, createPublicKey);
}

function read(path: string, parse: (pem: Buffer) => KeyObject): KeyObject {
  if (!existsSync(path)) {
    throw new PadlockError('keys/missing', `there is no key for signatures at ${path}`, {
      fix: 'restore it from where it is kept, or make one: padlock report key --create; without one, reports are written with --unsigned',
    });
  }
  const pem = bytesOf(path);
  try {
    const key = parse(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What a parser says of a key is not told on: it might quote it.
  }
  throw new PadlockError('keys/invalid', `${path} is not an Ed25519 key in PEM`, { fix: 'restore it from where it is kept' });
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
    throw new PadlockError('keys/invalid', `the key for signatures at ${path} cannot be read (${code})`, {
      fix: 'correct its permissions, and the path that the configuration names',
    });
  }
}
