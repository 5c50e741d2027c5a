/** Where the reports of earlier runs lie. Reading changes nothing. */
export interface ReportArchive {
  /** Names of the files that may be reports as JSON, in the order of their names. A folder that is not there yet holds none. */
  names(): Promise<readonly string[]>;
  /** One file line by line, without the line feeds. Throws `report/unreadable` for one that cannot be read. */
  lines(name: string): AsyncIterable<string>;
  /** The text of a manifest; null for none that can be read, an empty one for what is too long to be one. */
  manifest(name: string): Promise<string | null>;
  /** What the bytes of a file are; null for one that cannot be read. */
  digest(name: string): Promise<{ readonly bytes: number; readonly sha256: string } | null>;
  /** A whole file with what its bytes are; null for one that cannot be read, or has more bytes than `most`. */
  whole(name: string, most: number): Promise<{ readonly bytes: number; readonly sha256: string; readonly content: Uint8Array } | null>;
}
