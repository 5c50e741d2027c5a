import type { Command } from 'commander';

/**
 * For a command with subcommands: gives what each is made by. A subcommand has the options that every command has, and what
 * stands before it holds for it too: nothing that somebody wrote is passed over.
 */
export function subcommandsOf(command: Command): (name: string) => Command {
  const globals = command.options;
  command.hook('preSubcommand', (_, sub) => {
    for (const name of globals.map((option) => option.attributeName())) {
      if (command.getOptionValueSource(name) === 'cli') sub.setOptionValueWithSource(name, command.getOptionValue(name), 'cli');
    }
  });
  return (name) => {
    const sub = command.command(name);
    for (const option of globals) sub.addOption(option);
    return sub.copyInheritedSettings(command);
  };
}
