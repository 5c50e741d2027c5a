/** One text that may hold documents, as it was read: bytes, or text that is decoded already. */
export interface SourceText {
  /** As the user named it, forward slashes throughout; `-` for standard input. */
  readonly file: string;
  readonly text: string | Uint8Array;
}

/** Where documents come from: a folder, standard input, later git. Reading changes nothing. */
export interface PolicySource {
  /**
   * Every text, in an order that depends on their names alone. None is a valid answer: the caller decides what it means.
   * Throws `usage/no-such-path` for a path that does not exist, `document/unreadable` for what cannot be read.
   */
  read(): Promise<readonly SourceText[]>;
}
