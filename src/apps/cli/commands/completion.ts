import { Argument, type Command } from 'commander';
import { EXIT } from '../../../core/model/errors.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completedCommands } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `padlock completion`: the script that completes commands, options and their values, made from the commands themselves. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description(
      'Prints the script that lets a shell complete commands, options, their values and files. Its first lines say how to use it.',
    )
    .addArgument(new Argument('<shell>', 'whose script').choices(Object.keys(SHELLS)))
    .addHelpText('after', examples('padlock completion bash', 'padlock completion zsh', 'padlock completion fish'))
    .action(async (shell: keyof typeof SHELLS, options: object) => {
      const session = open(options);
      const script = [...SHELLS[shell](completedCommands(await session.program()))];
      await finish(session, {
        kind: 'CompletionResult',
        exitCode: EXIT.ok,
        text: () => script,
        json: () => ({ shell, script: `${script.join('\n')}\n` }),
      });
    });
}
