import { PadlockError } from '../../../model/errors.ts';

/** Bytes of a secret: 160 bits, as long as the hash is (RFC 4226). */
export const TOTP_SECRET_BYTES = 20;

/** Refuses a secret that is none. A store that lost one must never come to accept the codes of an empty secret. */
export function checkSecret(secret: Uint8Array): void {
  if (secret.length === TOTP_SECRET_BYTES) return;
  throw new PadlockError('store/corrupt', `the secret of an authenticator app has ${secret.length} bytes instead of ${TOTP_SECRET_BYTES}`, {
    fix: "restore the store from a backup, or reset this person's factors",
  });
}
