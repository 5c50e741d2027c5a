import { createHash } from 'node:crypto';
import type { Hasher } from '../../../src/core/ports/hasher.ts';

/** Not argon2: what is tested here is what is hashed, when, and how often. Counts what it verifies and hashes. */
export class CountingHasher implements Hasher {
  verified = 0;
  hashed = 0;

  async hash(password: string): Promise<string> {
    this.hashed += 1;
    return digestOf(password);
  }

  async verify(hash: string | null, password: string): Promise<boolean> {
    this.verified += 1;
    return hash !== null && hash === digestOf(password);
  }

  needsRehash(): boolean {
    return false;
  }
}

function digestOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
