import type { CompletedCommand, Expected } from './tree.ts';

/** The script that completes the program in zsh, each word with what it means. Lines without line feeds. */
export function* zshCompletion(commands: readonly CompletedCommand[]): Generator<string> {
  const called = commands.filter((c) => c.path !== '').map((c) => `'${c.path.includes(' ') ? '' : ' '}${c.path}'`);
  yield `#compdef padlock
# padlock completion for zsh; use it with: source <(padlock completion zsh)
_padlock() {
  local cur="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" at='' word i
  local -a said
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$at $word" in
      (${called.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  if [[ "$cur" = --*=* ]]; then previous="\${cur%%=*}"; compset -P '*='; fi
  case "$at:$previous" in`;
  for (const { path, options } of commands) {
    for (const { flags, value } of options) {
      if (value !== null) yield `    (${flags.map((flag) => `'${path}:${flag}'`).join('|')}) ${complete(value)}; return ;;`;
    }
  }
  yield `  esac
  case "$at:$cur" in`;
  for (const { path, options } of commands) {
    const said = options.flatMap(({ flags, description }) => flags.map((flag) => quoted(flag, description)));
    yield `    ('${path}:-'*) said=(${said.join(' ')}); _describe -o option said; return ;;`;
  }
  yield `  esac
  case "$at" in`;
  for (const { path, commands: below, operands } of commands) {
    const [operand = 'text'] = operands;
    const said = below.map(({ name, summary }) => quoted(name, summary));
    yield `    ('${path}') ${below.length > 0 ? `said=(${said.join(' ')}); _describe command said` : complete(operand)} ;;`;
  }
  yield `  esac
}
(( $+functions[compdef] )) && compdef _padlock padlock`;
}

function complete(expected: Expected): string {
  if (expected === 'path') return '_files';
  return expected === 'text' ? ':' : `compadd -- ${expected.words.join(' ')}`;
}

function quoted(word: string, meaning: string): string {
  return `'${word}:${meaning.replaceAll("'", "'\\''")}'`;
}
