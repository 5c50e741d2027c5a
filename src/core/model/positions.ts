/** A place in a text, both counted from 1; columns count UTF-16 units, as editors and SARIF do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a document stands, and where each of its fields does. */
export interface DocumentSource {
  /** The path as the user named it, `-` for standard input. */
  readonly file: string;
  /** Where the document begins. */
  readonly line: number;
  /** By JSON pointer (`/spec/gracePeriod`): where the value stands. */
  readonly at: Readonly<Record<string, Position>>;
}

/** The position of the field at `pointer`, or of its nearest ancestor that has one. */
export function positionOf(source: DocumentSource, pointer: string): Position {
  for (let path = pointer; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const found = source.at[path];
    if (found !== undefined) return found;
  }
  return { line: source.line, column: 1 };
}

/** `policies/account.yaml:12`, as terminals and editors make it a link. */
export function placeOf(source: DocumentSource, pointer: string): string {
  return `${source.file}:${positionOf(source, pointer).line}`;
}
