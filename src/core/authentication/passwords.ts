/** What a password is judged by, besides its length. */
export interface PasswordFacts {
  /** What the person and their account are called: address, name, title of the account. */
  readonly called: readonly string[];
  /** Whether it is one of those that many people use, or that were in a breach. */
  readonly common: (password: string) => boolean;
}

/** Characters of a password, as people count them. */
const FEWEST = 8;
const MOST = 256;

/**
 * Why a new password is not taken and what to do, or null when it is. As NIST SP 800-63B has it: length, no list of what it must
 * be composed of, and nothing that is tried first.
 */
export function judgePassword(password: string, { called, common }: PasswordFacts): string | null {
  // Half of a surrogate pair would be hashed as if it were any other.
  if (!password.isWellFormed()) return 'it holds a character that is none; type it again';
  const text = password.normalize('NFC');
  const length = [...text].length;
  if (length < FEWEST) return `it is too short; use ${FEWEST} characters or more, several words for example`;
  if (length > MOST) return `it is too long; use ${MOST} characters or fewer`;
  if (obvious(called).has(plain(text))) return 'it is what you or your account are called; use one that nobody can look up';
  if (common(text)) return 'it is one that many people use or that was in a breach; use one that you have made up yourself';
  return null;
}

/** What somebody would try who knows a person by name. */
function obvious(called: readonly string[]): ReadonlySet<string> {
  const names = called.flatMap((name) => [name, ...name.split('@', 1)]).map(plain);
  return new Set(['padlock', ...names, ...names.flatMap((name) => [`padlock${name}`, `${name}padlock`])].filter((name) => name !== ''));
}

/** Letters and figures alone, in small letters: a blank or a dot makes no other password of a name. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}
