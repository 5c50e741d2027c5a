import { createHash } from 'node:crypto';
import type { Hasher } from '../../../src/core/ports/hasher.ts';

/** Not argon2: what is tested here is what is hashed, when, and how often. Counts what it verifies. */
export class CountingHasher implements Hasher {
  verified = 0;

  async hash(password: string): Promise<string> {
    return createHash('sha256').update(password).digest('hex');
  }

  async verify(hash: string | null, password: string): Promise<boolean> {
    this.verified += 1;
    return hash !== null && hash === (await this.hash(password));
  }

  needsRehash(): boolean {
    return false;
  }
}
