import { InvalidArgumentError } from 'commander';
import { isDuration, isInstant, parseDuration, parseInstant } from '../../../core/documents/values.ts';
import type { Instant } from '../../../core/model/words.ts';

/** `--names 20` or `--names all`. */
export function namesOption(text: string): number | 'all' {
  if (text === 'all') return text;
  return countOption(text);
}

/** A whole number that is not negative. */
export function countOption(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('it is a whole number.');
}

/** An instant as documents write it, or how long ago: `2026-11-01`, `7d`. Gives the instant, given what now is. */
export function sinceOption(text: string): (now: Instant) => Instant {
  if (isInstant(text)) return () => parseInstant(text, 'start');
  if (isDuration(text)) return (now) => now - parseDuration(text);
  throw new InvalidArgumentError('write a date, an instant, or how long ago: 2026-11-01, 7d.');
}

/** Why, in the words that a document may have. */
export function reasonOption(text: string): string {
  if (/^\P{Cc}{1,500}$/u.test(text)) return text;
  throw new InvalidArgumentError('write 1 to 500 characters on one line.');
}

/** A digest, whole: the first digits of one can be met on purpose. */
export function digestOption(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('it is the whole digest, 64 of 0-9 and a-f.');
}

/** Several values of one option, in their order. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Examples for the end of a command's help. Each line is a command that a test runs. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
