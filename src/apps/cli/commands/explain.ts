import type { Command } from 'commander';
import { EXIT } from '../../../core/model/errors.ts';
import { explainJson, renderExplain } from '../../../core/report/explain.ts';
import { explainFlow } from '../../../flows/reporting/explain.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

/** `padlock explain`: one person, scope by scope. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('What holds for one person in each scope: which document and line, which rule, until when, what to do.')
    .argument('<user>', 'an address, or an id as the directory has it')
    .option('--account <name>', 'the account, where people of several are called so')
    .addHelpText('after', examples('padlock explain ada@northwind.example', 'padlock explain ada@northwind.example --output json'))
    .action(async (user: string, options: { readonly account?: string }) => {
      const session = open(options);
      const world = await session.composition.world('read');
      try {
        const explained = await explainFlow(world, { user, ...(options.account !== undefined && { account: options.account }) });
        const { width, style } = session.terminal;
        await finish(session, {
          kind: 'ExplainResult',
          exitCode: EXIT.ok,
          text: () => renderExplain(explained, { width, style }),
          json: () => explainJson(explained),
        });
      } finally {
        await world.store.close();
      }
    });
}
