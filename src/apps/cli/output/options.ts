import { InvalidArgumentError } from 'commander';

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

/** Several values of one option, in their order. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Examples for the end of a command's help. Each line is a command that a test runs. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
