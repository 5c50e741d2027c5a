import { API_VERSION } from '../../../core/documents/group.ts';
import { EXIT, type ExitCode, type PadlockError, sortFaults } from '../../../core/model/errors.ts';
import type { Json, JsonObject } from '../../../core/model/words.ts';

/** What a result is of: one kind a command. */
export type ResultKind = `${Capitalize<string>}Result`;

/**
 * The one JSON document that a command writes to standard output with `--output json`, whatever the outcome, ended by a line
 * feed: `{ apiVersion, kind, ok, exitCode, …body }`. `ok`: nothing failed, was refused, or is not compliant; that there are
 * changes is no failure.
 */
export function resultText(kind: ResultKind, exitCode: ExitCode, body: JsonObject): string {
  const ok = exitCode === EXIT.ok || exitCode === EXIT.changes;
  return `${JSON.stringify({ apiVersion: API_VERSION, kind, ok, exitCode, ...body }, null, 2)}\n`;
}

/** The same for a command that failed: `{ apiVersion, kind, ok: false, exitCode, error: { code, message, fix, faults, data }, …body }`. */
export function failureText(kind: ResultKind, error: PadlockError, body: JsonObject = {}): string {
  const faults = sortFaults(error.faults).map(
    ({ code, message, file, line, column, text, fix }): Json => ({
      code,
      message,
      file,
      line,
      column,
      text: text ?? null,
      fix: fix ?? null,
    }),
  );
  const { code, message, data } = error;
  return resultText(kind, error.exitCode, { error: { code, message, fix: error.fix ?? null, faults, data }, ...body });
}
