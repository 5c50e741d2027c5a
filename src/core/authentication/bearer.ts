import { createHash } from 'node:crypto';

/** Bytes of a token that stands for a sign-in, a session or a link: 256 bits from the CSPRNG. */
export const BEARER_BYTES = 32;

/** A token as a cookie or a link carries it, from its random bytes. */
export function bearerOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** What the store knows a token by. It is random enough that no salt is needed, and nothing leads back from it. */
export function bearerHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
