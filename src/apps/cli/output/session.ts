import type { Command } from 'commander';
import type { ExitCode } from '../../../core/model/errors.ts';
import type { JsonObject } from '../../../core/model/words.ts';
import { type Composition, screenVariables } from '../../compose.ts';
import { type ResultKind, resultText } from './result.ts';
import { type Terminal, terminalOf } from './terminal.ts';
import { writeLines, writeText } from './write.ts';

/** How results are written: every command knows `text` and `json`, some know more. */
export type Format = 'text' | 'json' | 'markdown' | 'html' | 'sarif' | 'junit';

/** One run of one command: what it is made of, where it writes, and with which code it ends. */
export interface Session {
  readonly composition: Composition;
  readonly format: Format;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** What standard output can show. */
  readonly terminal: Terminal;
  /** Documents read so far, for the last line of a failure. */
  documents: number | undefined;
  /** Runs another command line in this process, and gives its exit code. */
  readonly run: (argv: readonly string[]) => Promise<ExitCode>;
  /** Every command with its options, to be looked at. */
  readonly program: () => Promise<Command>;
  /** Set by `finish`. */
  exitCode: ExitCode;
}

/** A session over the process's streams. `color`: as `--color` and `--no-color` say. */
export function sessionOf(
  composition: Composition,
  format: Format,
  color: boolean | undefined,
  run: Session['run'],
  program: Session['program'],
): Session {
  const terminal = terminalOf(process.stdout, screenVariables(), color);
  return { composition, format, stdout: process.stdout, stderr: process.stderr, terminal, run, program, documents: undefined, exitCode: 0 };
}

/** A command's result for both kinds of readers; only what is asked for is made. */
export interface Result {
  readonly kind: ResultKind;
  readonly exitCode: ExitCode;
  readonly text: () => Iterable<string>;
  readonly json: () => JsonObject;
  /** The further formats of the command, as lines. */
  readonly others?: Readonly<Partial<Record<Exclude<Format, 'text' | 'json'>, () => Iterable<string>>>>;
}

/** Writes a result to standard output, as lines or as the one JSON document, and sets the exit code. */
export async function finish(session: Session, result: Result): Promise<void> {
  session.exitCode = result.exitCode;
  const { format } = session;
  if (format === 'json') await writeText(session.stdout, [resultText(result.kind, result.exitCode, result.json())]);
  else await writeLines(session.stdout, (format === 'text' ? result.text : (result.others?.[format] ?? result.text))());
}
