import { counted, flow, NARROWEST } from '../layout/flow.ts';
import type { Style } from '../layout/style.ts';
import { padEnd, printable } from '../layout/width.ts';
import type { Json, JsonObject } from '../model/words.ts';
import type { Check } from './check.ts';

/** How many lines of details are shown; programs get all of them. */
const SHOWN = 10;
const INDENT = 4;

/**
 * Checks as people read them: a mark, what was looked at and what was found; beneath, whom or what it is about, and how to mend it.
 * Lines without line feeds, at most `width` columns wide (at least 40).
 */
export function* renderChecks(checks: readonly Check[], options: { readonly width: number; readonly style: Style }): Generator<string> {
  const width = Math.max(options.width, NARROWEST);
  const { style } = options;
  const marks = { ok: style.green('✓'), warning: style.yellow('!'), fault: style.red('✗') } as const;
  const room = Math.max(0, ...checks.map((check) => check.name.length)) + 2;
  for (const { name, outcome, message, details, fix } of checks) {
    // The mark is painted, and takes one column however it is painted.
    const lines = flow([printable(message)], ' ', { width: width - room - 2, indent: 0, hang: 0 });
    yield* lines.map((line, i) => (i === 0 ? `${marks[outcome]} ${padEnd(name, room)}${line}` : `${' '.repeat(room + 2)}${line}`));
    const measure = { width, indent: INDENT, hang: INDENT + 2 };
    for (const detail of details.slice(0, SHOWN)) yield* flow([printable(detail)], ' ', measure);
    if (details.length > SHOWN) yield `${' '.repeat(INDENT)}… and ${details.length - SHOWN} more (--output json)`;
    if (fix !== null) yield* flow([printable(`→ ${fix}`)], ' ', measure);
  }
  const faults = checks.filter((check) => check.outcome === 'fault').length;
  const warnings = checks.filter((check) => check.outcome === 'warning').length;
  yield [
    counted(checks.length, 'check', 'checks'),
    faults === 0 ? 'no fault' : counted(faults, 'fault', 'faults'),
    ...(warnings === 0 ? [] : [counted(warnings, 'warning', 'warnings')]),
  ].join(' · ');
}

/** Checks for programs, with every detail. */
export function checksJson(checks: readonly Check[]): JsonObject {
  return { checks: checks.map(({ name, outcome, message, details, fix }): Json => ({ name, outcome, message, details, fix })) };
}
