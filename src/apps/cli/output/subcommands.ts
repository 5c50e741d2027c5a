import type { Command } from 'commander';

/**
 * Makes subcommands of a command, each with the options that every command has. What stands before the subcommand holds for it
 * too; nothing that somebody wrote is passed over. To be asked for before the command gets options of its own.
 */
export function subcommandsOf(command: Command): (words: string) => Command {
  const globals = [...command.options];
  command.hook('preSubcommand', (_, sub) => {
    for (const name of globals.map((option) => option.attributeName())) {
      if (command.getOptionValueSource(name) === 'cli') sub.setOptionValueWithSource(name, command.getOptionValue(name), 'cli');
    }
  });
  return (words) => {
    const sub = command.command(words);
    for (const option of globals) sub.addOption(option);
    return sub.copyInheritedSettings(command);
  };
}
