/** The keys that seal secrets, by id; their material never leaves it. */
export interface KeysHeld {
  /** The one that seals. */
  readonly active: string;
  readonly ids: readonly string[];
}

/**
 * Where the keys are kept, outside the store. Every change takes the place of the old file at once: nobody reads half of one.
 * Errors: `keys/missing`, `keys/invalid`, `keys/unwritable`.
 */
export interface KeyKeeper {
  read(): KeysHeld;
  /** Who may read it, as permission bits; null when there is none. */
  mode(): number | null;
  /** Adds a key that seals from now on, under an id that is none of those `taken`. Gives the id. */
  add(taken: readonly string[]): string;
  /** Makes a new file with one key, where there is none. Gives its id. */
  begin(taken: readonly string[]): string;
  remove(ids: readonly string[]): void;
}
