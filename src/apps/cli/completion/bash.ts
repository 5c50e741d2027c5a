import type { CompletedCommand, Expected } from './tree.ts';

/** The script that completes the program in bash 3.2 and newer: `source <(padlock completion bash)`. Lines without line feeds. */
export function* bashCompletion(commands: readonly CompletedCommand[]): Generator<string> {
  const called = commands.filter((c) => c.path !== '').map((c) => `'${c.path.includes(' ') ? '' : ' '}${c.path}'`);
  yield `# padlock completion for bash; use it with: source <(padlock completion bash)
_padlock_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_padlock_paths() {
  local IFS=$'\\n'
  type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur"))
}
_padlock() {
  COMPREPLY=()
  local cur="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" at='' word i
  # bash sets the = of --output=json apart.
  if [ "$cur" = '=' ]; then cur=''; elif [ "$previous" = '=' ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$at $word" in
      ${called.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at:$previous" in`;
  for (const { path, options } of commands) {
    for (const { flags, value } of options) {
      if (value !== null) yield `    ${flags.map((flag) => `'${path}:${flag}'`).join('|')}) ${complete(value)}; return ;;`;
    }
  }
  yield `  esac
  case "$at:$cur" in`;
  for (const { path, options } of commands) {
    yield `    '${path}:-'*) _padlock_words '${options.flatMap((option) => option.flags).join(' ')}'; return ;;`;
  }
  yield `  esac
  case "$at" in`;
  for (const { path, commands: below, operands } of commands) {
    const [operand = 'text'] = operands;
    yield `    '${path}') ${below.length > 0 ? complete({ words: below.map((c) => c.name) }) : complete(operand)} ;;`;
  }
  yield `  esac
}
complete -F _padlock padlock`;
}

function complete(expected: Expected): string {
  if (expected === 'path') return '_padlock_paths';
  return expected === 'text' ? ':' : `_padlock_words '${expected.words.join(' ')}'`;
}
