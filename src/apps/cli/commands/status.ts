import type { Command } from 'commander';
import { EXIT } from '../../../core/model/errors.ts';
import { renderStatusText, statusJson } from '../../../core/report/padlock-list.ts';
import { statusFlow } from '../../../flows/reporting/status.ts';
import { examples, namesOption } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

interface Options {
  readonly account?: string;
  readonly names: number | 'all';
}

/** `padlock status`: the padlock list. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('The padlock list: figures by scope, and by name whose padlock is open or unknown. Reads alone.')
    .option('--account <name>', 'this account alone')
    .option('--names <count>', 'how many people to name for each scope, or all', namesOption, 5)
    .addHelpText('after', examples('padlock status', 'padlock status --account northwind --names all', 'padlock status --output json'))
    .action(async (options: Options) => {
      const session = open(options);
      const world = await session.composition.world('read');
      try {
        const names = options.names === 'all' ? null : options.names;
        const list = await statusFlow(world, { names, ...(options.account !== undefined && { account: options.account }) });
        const { width, style } = session.terminal;
        await finish(session, {
          kind: 'StatusResult',
          exitCode: EXIT.ok,
          text: () => renderStatusText(list, { width, style }),
          json: () => statusJson(list),
        });
      } finally {
        await world.store.close();
      }
    });
}
