/**
 * How a text is painted, given by whoever knows the terminal: each function wraps a text in the codes of its style.
 * Renderers measure before they paint, so that codes never count as width.
 */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  /** Whether pictures such as a padlock may be shown beside the words that say the same. */
  readonly glyphs: boolean;
}

const asItIs = (text: string) => text;

/** No style at all: for pipes, files and tests. */
export const plainStyle: Style = { bold: asItIs, dim: asItIs, red: asItIs, green: asItIs, yellow: asItIs, glyphs: false };
