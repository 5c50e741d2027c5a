import { ScureBase32Plugin } from 'otplib';
import { checkSecret } from './secret.ts';

/** For whom a secret is, as an authenticator app shows it. */
export interface TotpLabel {
  /** Who asks for the code: the title of the account. */
  readonly issuer: string;
  /** Whose code it is: the address. */
  readonly user: string;
  readonly secret: Uint8Array;
}

/** Characters of each part that an app gets to show: beyond that, a QR code could not hold them in any script. */
const MOST_ISSUER = 50;
const MOST_USER = 80;

/** What stands where a text has nothing to show. */
const NAMELESS = 'Padlock';

const base32 = new ScureBase32Plugin();

/**
 * The address that an authenticator app reads from the QR code, in the one form that every app reads alike: the issuer before the
 * label and again as a parameter, spaces as %20 (some apps show a + as it is), no colon in either part (some apps split at the
 * last one), the secret without padding, and every parameter said although these are the defaults.
 */
export function totpUri({ issuer, user, secret }: TotpLabel): string {
  const from = encodeURIComponent(labelled(issuer, MOST_ISSUER));
  const whose = encodeURIComponent(labelled(user, MOST_USER));
  return `otpauth://totp/${from}:${whose}?secret=${encoded(secret)}&issuer=${from}&algorithm=SHA1&digits=6&period=30`;
}

/** A secret for typing, where nothing can read the QR code: base32 in groups of four. */
export function secretText(secret: Uint8Array): string {
  return encoded(secret).replace(/.{4}(?=.)/g, '$& ');
}

function encoded(secret: Uint8Array): string {
  checkSecret(secret);
  return base32.encode(secret, { padding: false });
}

/** A text as it may stand in a label: in one line, without a colon. */
function labelled(text: string, most: number): string {
  const line = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\p{Cc}:]+/gu, ' ')
    .trim();
  return [...line].slice(0, most).join('').trim() || NAMELESS;
}
