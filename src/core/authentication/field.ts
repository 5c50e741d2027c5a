/**
 * The one field that people type a code into. Nobody has to say which code it is: six digits are one of an authenticator app,
 * sixteen letters of the recovery alphabet are a recovery code, and they cannot be taken for each other.
 */

/** Figures and small letters without i, l, o and u, so that no 1, 0 or v has a double: what recovery codes are written in. */
export const RECOVERY_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Characters of a recovery code, without its hyphens. */
export const RECOVERY_LENGTH = 16;

/** What somebody typed: a code bare of blanks and hyphens, in small letters; or neither kind of code. */
export type Field =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string }
  | { readonly kind: 'other' };

/** A code that is typed with all its blanks and hyphens is shorter; longer texts are not looked at. */
const MOST_CHARACTERS = 100;

/** Blanks of any sort, and the hyphens and dashes that keyboards put in place of a hyphen. */
const BETWEEN = /[\s\u00ad\u200b\u2010-\u2015\u2212-]+/gu;

const CODE = /^[0-9]{6}$/;
const RECOVERY = new RegExp(`^[${RECOVERY_ALPHABET}]{${RECOVERY_LENGTH}}$`);

/** Reads what was sent for the field, whatever it is. Forgives blanks, hyphens and letter case, and guesses at nothing else. */
export function readField(raw: unknown): Field {
  if (typeof raw !== 'string' || raw.length > MOST_CHARACTERS) return { kind: 'other' };
  // ASCII letters alone: by Unicode's rules a Kelvin sign would become a k.
  const code = raw.replace(BETWEEN, '').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  if (CODE.test(code)) return { kind: 'code', code };
  if (RECOVERY.test(code)) return { kind: 'recovery', code };
  return { kind: 'other' };
}
