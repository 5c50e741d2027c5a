import type { Argument, Command, Option } from 'commander';

/** What may follow: one of some words, a path, or a text that nobody can know. */
export type Expected = { readonly words: readonly string[] } | 'path' | 'text';

/** An option as it is written, `--output` and `-o`; `value` null where it takes none. */
export interface CompletedOption {
  readonly flags: readonly string[];
  readonly value: Expected | null;
  readonly description: string;
}

/** One command as completion sees it. `path` is how it is called: empty for the program itself, `directory import`. */
export interface CompletedCommand {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly CompletedOption[];
  readonly operands: readonly Expected[];
}

/** Names of values that are paths; every other value is a text or has its choices. */
const PATHS = ['file', 'files', 'folder', 'paths'];

/** Every command of a program that was put together whole, the program itself first, with what it takes. */
export function completedCommands(program: Command, path = ''): CompletedCommand[] {
  const below = program.commands;
  const own: CompletedCommand = {
    path,
    commands: below.map((command) => ({ name: command.name(), summary: command.summary() || command.description() })),
    options: [...program.options.map(completedOption), { flags: ['-h', '--help'], value: null, description: 'print the help' }],
    operands: program.registeredArguments.map(expectedOperand),
  };
  return [own, ...below.flatMap((command) => completedCommands(command, path === '' ? command.name() : `${path} ${command.name()}`))];
}

function completedOption(option: Option): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const placeholder = /[<[]([^>\].]+)/.exec(option.flags)?.[1];
  return { flags, value: placeholder === undefined ? null : expected(option.argChoices, placeholder), description: option.description };
}

function expectedOperand(argument: Argument): Expected {
  return expected(argument.argChoices, argument.name());
}

function expected(choices: readonly string[] | undefined, placeholder: string): Expected {
  if (choices !== undefined) return { words: choices };
  return PATHS.includes(placeholder) ? 'path' : 'text';
}
