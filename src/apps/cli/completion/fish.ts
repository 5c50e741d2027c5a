import type { CompletedCommand, CompletedOption, Expected } from './tree.ts';

/** The script that completes the program in fish, each word with what it means. Lines without line feeds. */
export function* fishCompletion(commands: readonly CompletedCommand[]): Generator<string> {
  const called = commands.filter((c) => c.path !== '').map((c) => `'${c.path.includes(' ') ? '' : ' '}${c.path}'`);
  yield `# padlock completion for fish; use it with: padlock completion fish | source
function __padlock_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case ${called.join(' ')}
                set at (string trim -- "$at $word")
        end
    end
    test "$at" = "$argv[1]"
end
complete -c padlock -f`;
  for (const { path, commands: below, options, operands } of commands) {
    const here = `complete -c padlock -n ${quoted(`__padlock_at ${quoted(path)}`)}`;
    for (const { name, summary } of below) yield `${here} -a ${name} -d ${quoted(summary)}`;
    const [operand = 'text'] = operands;
    if (below.length === 0 && operand !== 'text') yield here + values(operand);
    for (const option of options) {
      yield `${here}${flags(option)}${option.value === null ? '' : `${option.value === 'path' ? ' -r' : ' -x'}${values(option.value)}`} -d ${quoted(option.description)}`;
    }
  }
}

function flags({ flags: all }: CompletedOption): string {
  return all.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('');
}

function values(expected: Expected): string {
  if (expected === 'path') return ' -F';
  return expected === 'text' ? '' : ` -a ${quoted(expected.words.join(' '))}`;
}

/** In single quotes fish reads a backslash before a quote or another backslash alone. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
