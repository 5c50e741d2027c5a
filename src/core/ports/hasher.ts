/** Hashes passwords, slowly on purpose. Errors: `sign-in/busy` when too many wait; `store/corrupt` for a hash that is none. */
export interface Hasher {
  /** A hash with its own salt and parameters in it, for a password that `judgePassword` has taken. */
  hash(password: string): Promise<string>;
  /** Whether the hash is of this password. Null, where nobody is known or no password is set, is false after the same time. */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether a hash was made otherwise than it would be now: it is made anew at the next sign-in, when the password is there. */
  needsRehash(hash: string): boolean;
}
