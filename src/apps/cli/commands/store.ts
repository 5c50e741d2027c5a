import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { counted } from '../../../core/layout/flow.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import { backupFlow } from '../../../flows/operating/backup.ts';
import { placeWhole } from '../output/file.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';
import { subcommandsOf } from '../output/subcommands.ts';
import { fitted } from '../output/terminal.ts';

/** `padlock store backup`. */
export function define(command: Command, open: (options: object) => Session): void {
  command.description('The database: back it up.');
  const subcommand = subcommandsOf(command);
  subcommand('backup')
    .description('Copies the store while others read and write it, and verifies the copy before it takes its name.')
    .argument('<file>', 'where to; it must not exist')
    .addHelpText('after', examples('padlock store backup padlock-backup.db'))
    .action((file: string, options: object) => backup(open(options), file));
}

async function backup(session: Session, file: string): Promise<void> {
  const { composition } = session;
  if (existsSync(file)) {
    throw new PadlockError('usage/invalid', `there is a file ${file}; no backup was made`, { fix: 'name one that does not exist' });
  }
  const entries = await placeWhole(file, composition.random, async (temporary) => {
    const { source, openCopy } = await composition.backup(temporary);
    return backupFlow(source, openCopy);
  });
  const { keys, heads } = composition.configuration();
  await finish(session, {
    kind: 'StoreResult',
    exitCode: EXIT.ok,
    text: () =>
      fitted(
        [
          `backup written and verified: ${file}   ${counted(entries, 'audit entry', 'audit entries')}`,
          `not in it: the keys (${keys}), without which no factor opens: keep a copy of them apart from it`,
          `not in it: the heads (${heads}), which tell a restored store from one that was cut short: never restore them with it`,
        ],
        session.terminal,
      ),
    json: () => ({ file, entries, notIncluded: { keys, heads } }),
  });
}
