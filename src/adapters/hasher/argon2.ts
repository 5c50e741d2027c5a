import { availableParallelism } from 'node:os';
import { hash, type ParsedHashOptions, parseOptions, verify } from '@node-rs/argon2';
import { PadlockError } from '../../core/model/errors.ts';
import type { Hasher } from '../../core/ports/hasher.ts';
import { gate } from './gate.ts';

/** Argon2id as OWASP has it at least: 19 MiB, two passes, one lane; by the numbers of the package. */
const PARAMETERS = { algorithm: 2, version: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const SALT_BYTES = 16;

/**
 * A hash that is of no password, with the same parameters: what is verified where there is nobody, so that it takes as long.
 * Nothing has to be made for it, not even at the first time.
 */
const DECOY = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$${zeros(SALT_BYTES)}$${zeros(PARAMETERS.outputLen)}`;

/** What a password takes at most as it is hashed: no text costs more than another. */
const MOST_BYTES = 1024;

/** Who may wait for each core: at 30 to 100 ms a password, somebody at the last place waits one to three seconds. */
const PLACES = 32;

/** Hashes with Argon2id on threads of its own, on as many cores as there are. `slots` and `places`: for tests. */
export function argon2Hasher(slots = availableParallelism(), places = slots * PLACES): Hasher {
  const { run } = gate(slots, places);
  return {
    async hash(password) {
      const bytes = bytesOf(password);
      if (bytes === null) throw new RangeError('a password of more than 1024 bytes is judged before it is hashed');
      return run(() => hash(bytes, PARAMETERS));
    },
    async verify(kept, password) {
      const bytes = bytesOf(password);
      if (kept !== null) parametersOf(kept);
      // One way for all: whatever can only be wrong is hashed as well.
      const holds = await run(() => verify(kept ?? DECOY, bytes ?? Buffer.alloc(0)));
      return holds && kept !== null && bytes !== null;
    },
    needsRehash(kept) {
      const { saltLen, ...parameters } = parametersOf(kept);
      const same = Object.entries(PARAMETERS).every(([name, value]) => parameters[name as keyof typeof parameters] === value);
      return !same || saltLen < SALT_BYTES;
    },
  };
}

/** A password as bytes, in one form of Unicode: the same keys make other code points on another system. Null: too many. */
function bytesOf(password: string): Buffer | null {
  // Normalizing what is far too long would itself take time.
  if (password.length > MOST_BYTES) return null;
  const bytes = Buffer.from(password.normalize('NFC'));
  return bytes.length > MOST_BYTES ? null : bytes;
}

function parametersOf(kept: string): ParsedHashOptions {
  try {
    return parseOptions(kept);
  } catch {
    // Without its cause, whose words could hold a part of the hash.
    throw new PadlockError('store/corrupt', 'the hash of a password is none', {
      fix: 'restore the store from a backup, or let the person set a new password',
    });
  }
}

function zeros(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64').replace(/=+$/, '');
}
