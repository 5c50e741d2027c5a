/** One text that may hold documents, as it was read: bytes, or text that is decoded already. */
export interface SourceText {
  /** As the user named it, forward slashes throughout; `-` for standard input. */
  readonly file: string;
  readonly text: string | Uint8Array;
}

/** Bytes of one text at most: room for 10 000 documents of common size, and no more than a process can hold many times over. */
export const MOST_TEXT_BYTES = 16 * 1024 * 1024;

/** Where documents come from: a folder, standard input, later git. Reading changes nothing. */
export interface PolicySource {
  /**
   * Every text, in an order that depends on their names alone. None is a valid answer: the caller decides what it means.
   * Of a text with more than MOST_TEXT_BYTES one byte more is read, so that whoever reads it sees that it has too many.
   * Throws `usage/no-such-path` for a path that does not exist, `document/unreadable` for what cannot be read.
   */
  read(): Promise<readonly SourceText[]>;
}
