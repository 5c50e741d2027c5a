import { counted } from '../../../core/layout/flow.ts';
import type { Style } from '../../../core/layout/style.ts';
import { printable } from '../../../core/layout/width.ts';
import { type Fault, PadlockError, sortFaults } from '../../../core/model/errors.ts';
import { fitted, type Terminal } from './terminal.ts';

/**
 * Whatever was thrown, as an error with a stable code. An unexpected one becomes `internal/unexpected`, which names its
 * class and code alone: its message may hold private detail, and is kept as the cause.
 */
export function asFailure(error: unknown): PadlockError {
  if (error instanceof PadlockError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const name = error instanceof Error ? error.name : typeof error;
  return new PadlockError('internal/unexpected', `something unexpected happened: ${name}${code}`, {
    fix: 'run it again with --verbose to see where, and report it',
    cause: error,
  });
}

/**
 * A failure as people read it, on standard error: every fault on a line of its own, which editors and `grep` understand, and
 * their number; without faults the code, what and why, and what to do next. `documents` is how many were read, where they
 * were. Lines are broken on a terminal alone. The stack, and that of each cause, comes with `verbose` alone.
 *
 *     policies/myglue/bakery.yaml:9:16  error  document/invalid-duration  "14 days" is not a duration; write 14d
 *     1 error in 8 documents
 */
export function* renderFailure(
  error: PadlockError,
  options: Terminal & { readonly verbose: boolean; readonly documents?: number },
): Generator<string> {
  const { style } = options;
  const read = options.documents === undefined ? '' : ` in ${counted(options.documents, 'document', 'documents')}`;
  if (error.faults.length > 0) {
    yield* fitted(
      sortFaults(error.faults).map((fault) => faultLine(fault, style)),
      options,
    );
    yield `${counted(error.faults.length, 'error', 'errors')}${read}`;
  } else {
    yield* fitted([`${style.red('error')}  ${error.code}  ${printable(error.message)}`], options);
    if (error.fix !== undefined) yield* fitted([`  ${printable(error.fix)}`], options);
  }
  if (options.verbose) yield* stacks(error, style);
}

function faultLine(fault: Fault, style: Style): string {
  const place = fault.line === 0 ? fault.file : `${fault.file}:${fault.line}:${fault.column}`;
  const fix = fault.fix === undefined ? '' : `; ${fault.fix}`;
  return `${style.bold(printable(place))}  ${style.red('error')}  ${style.dim(fault.code)}  ${printable(fault.message + fix)}`;
}

function* stacks(error: unknown, style: Style): Generator<string> {
  const seen = new Set<unknown>();
  for (let cause = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    seen.add(cause);
    yield* (cause.stack ?? cause.message).split('\n').map((line) => style.dim(printable(line)));
  }
}
