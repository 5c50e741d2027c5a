import { styleText } from 'node:util';
import { folded } from '../../../core/layout/flow.ts';
import { plainStyle, type Style } from '../../../core/layout/style.ts';

/** How wide texts are on a pipe or in a file, where nobody says: the lines of a plan seldom need more. */
const PIPE_WIDTH = 120;
/** What a terminal is taken for that does not tell its width. */
const TERMINAL_WIDTH = 80;

/** A stream that people may look at, as Node's `process.stdout` and `process.stderr` are. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** How to lay out and paint what goes to one stream. */
export interface Terminal {
  readonly isTerminal: boolean;
  /** Columns. */
  readonly width: number;
  readonly style: Style;
}

/**
 * What a stream can show. Colour is on where `flag` (`--color`, `--no-color`) says so; without it on a terminal only, and not
 * with `NO_COLOR` set to anything (no-color.org) or `TERM=dumb`. `environment` holds those two variables.
 */
export function terminalOf(
  screen: Screen,
  environment: { readonly NO_COLOR?: string | undefined; readonly TERM?: string | undefined },
  flag: boolean | undefined,
): Terminal {
  const isTerminal = screen.isTTY === true;
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  const width = isTerminal ? (screen.columns ?? 0) || TERMINAL_WIDTH : PIPE_WIDTH;
  return { isTerminal, width, style: (flag ?? (isTerminal && !refused)) ? colourStyle : plainStyle };
}

/** Lines as a terminal shows them, broken between words; on a pipe they are whole, as other programs read them. */
export function* fitted(lines: Iterable<string>, { isTerminal, width }: Pick<Terminal, 'isTerminal' | 'width'>): Generator<string> {
  for (const line of lines) yield* isTerminal ? folded(line, width) : [line];
}

const painted = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text, { validateStream: false });

/** The style of a terminal that shows colour. Whether it does is decided above, so the stream is not asked again. */
const colourStyle: Style = {
  bold: painted('bold'),
  dim: painted('dim'),
  red: painted('red'),
  green: painted('green'),
  yellow: painted('yellow'),
  glyphs: true,
};
