import { createHash, timingSafeEqual } from 'node:crypto';
import type { RecoveryCode } from '../model/sign-in.ts';
import { RECOVERY_ALPHABET, RECOVERY_LENGTH } from './field.ts';

/** How many codes somebody gets at a time. */
const COUNT = 10;

/** Random bytes that a set of codes takes: five bits a character, 80 bits a code. */
export const RECOVERY_BYTES = (COUNT * RECOVERY_LENGTH * 5) / 8;

/** Ten codes as people keep them, `xxxx-xxxx-xxxx-xxxx`, from that many random bytes: every bit of them counts, evenly. */
export function drawRecoveryCodes(bytes: Uint8Array): string[] {
  if (bytes.length !== RECOVERY_BYTES) throw new RangeError(`recovery codes take ${RECOVERY_BYTES} random bytes`);
  const characters = lettersOf(bytes);
  return Array.from({ length: COUNT }, (_, i) => shown(characters.slice(i * RECOVERY_LENGTH, (i + 1) * RECOVERY_LENGTH)));
}

/**
 * What is kept of a code: `salt$sha256`, both hexadecimal. A code is 80 random bits, which nobody finds by trying: a slow hash
 * would keep people waiting and nobody out.
 */
export function hashRecoveryCode(code: string, salt: Uint8Array): string {
  const text = Buffer.from(salt).toString('hex');
  return `${text}$${digestOf(code, text).toString('hex')}`;
}

/** Whether a hash is that of this code, as it is shown or as it is read from the field. False for whatever is no hash. */
export function matchesRecoveryCode(hash: string, code: string): boolean {
  const [, salt, digest] = /^([0-9a-f]*)\$([0-9a-f]{64})$/.exec(hash) ?? [];
  if (salt === undefined || digest === undefined) return false;
  return timingSafeEqual(Buffer.from(digest, 'hex'), digestOf(code, salt));
}

function digestOf(code: string, salt: string): Buffer {
  return createHash('sha256')
    .update(`${salt}$${code.replaceAll('-', '')}`)
    .digest();
}

/** The bits of some bytes, five at a time, highest first. Those that are read leave `bits` at its upper end. */
function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    for (; held >= 5; held -= 5) letters += RECOVERY_ALPHABET[(bits >> (held - 5)) & 31];
  }
  return letters;
}

function shown(code: string): string {
  return code.replace(/.{4}(?=.)/g, '$&-');
}

/** The codes that still stand in for a factor. */
export function unusedCodes<T extends Pick<RecoveryCode, 'usedAt'>>(codes: readonly T[]): T[] {
  return codes.filter(({ usedAt }) => usedAt === null);
}
