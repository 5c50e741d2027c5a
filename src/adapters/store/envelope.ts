import { createCipheriv, createDecipheriv } from 'node:crypto';
import { PadlockError } from '../../core/model/errors.ts';
import type { Random } from '../../core/ports/random.ts';

/** Keys that wrap record keys, by id; the active one seals. They come from outside the database and never go into it. */
export interface Keyring {
  readonly active: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** A sealed record: the id of the key that wraps its own, and wrapped key, nonces, tags and text as one blob. */
export interface Sealed {
  readonly keyId: string;
  readonly blob: Uint8Array;
}

const KEY = 32;
const NONCE = 12;
const TAG = 16;
const WRAPPED = NONCE + KEY + TAG;

/**
 * Envelope encryption: AES-256-GCM (NIST SP 800-38D) under a fresh data key for each record, itself wrapped under the
 * active key by the same. `context` is authenticated with both: a record moved to another place does not open.
 */
export function seal(secret: Uint8Array, context: string, keyring: Keyring, random: Random): Sealed {
  const wrapping = keyOf(keyring, keyring.active);
  const drawn = random.bytes(KEY + 2 * NONCE);
  const dataKey = drawn.subarray(0, KEY);
  const wrapped = encrypt(wrapping, drawn.subarray(KEY, KEY + NONCE), dataKey, context);
  return { keyId: keyring.active, blob: Buffer.concat([wrapped, encrypt(dataKey, drawn.subarray(KEY + NONCE), secret, context)]) };
}

/** Opens a sealed record. `keys/missing` without its key, `keys/unreadable-record` when it is not what was sealed there. */
export function open(sealed: Sealed, context: string, keyring: Keyring): Uint8Array {
  const wrapping = keyOf(keyring, sealed.keyId);
  try {
    const dataKey = decrypt(wrapping, sealed.blob.subarray(0, WRAPPED), context);
    return decrypt(dataKey, sealed.blob.subarray(WRAPPED), context);
  } catch (cause) {
    throw new PadlockError(
      'keys/unreadable-record',
      'a sealed record does not open with its key: it was changed, moved, or sealed with another key',
      {
        fix: 'restore the key or the row; nothing was overwritten',
        cause,
      },
    );
  }
}

/**
 * The same record with its data key wrapped under the active key; what is sealed stays as it is. The whole record must open first:
 * what was changed or moved is not made to look right. Errors as {@link open}'s.
 */
export function rewrap(sealed: Sealed, context: string, keyring: Keyring, random: Random): Sealed {
  open(sealed, context, keyring).fill(0);
  const dataKey = decrypt(keyOf(keyring, sealed.keyId), sealed.blob.subarray(0, WRAPPED), context);
  const wrapped = encrypt(keyOf(keyring, keyring.active), random.bytes(NONCE), dataKey, context);
  return { keyId: keyring.active, blob: Buffer.concat([wrapped, sealed.blob.subarray(WRAPPED)]) };
}

function keyOf(keyring: Keyring, id: string): Uint8Array {
  const key = keyring.keys.get(id);
  if (key !== undefined) return key;
  throw new PadlockError('keys/missing', `the key "${id}" is not in the key file`, {
    fix: 'restore the key file that has it; nothing was overwritten',
  });
}

function encrypt(key: Uint8Array, nonce: Uint8Array, text: Uint8Array, context: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, box: Uint8Array, context: string): Buffer {
  const end = box.length - TAG;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE), { authTagLength: TAG }).setAAD(Buffer.from(context));
  decipher.setAuthTag(box.subarray(end));
  return Buffer.concat([decipher.update(box.subarray(NONCE, end)), decipher.final()]);
}
