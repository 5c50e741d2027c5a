/** Hashes passwords. Slow on purpose; never more at once than there are cores. `sign-in/busy` when too many wait. */
export interface Hasher {
  /** A PHC string, with its parameters in it. */
  hash(password: string): Promise<string>;
  /** Whether a password is the one of a hash. Without one (null) it takes as long, and is false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}
