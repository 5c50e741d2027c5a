import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { counted } from '../../../core/layout/flow.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import type { CopyStep } from '../../../core/ports/store-copier.ts';
import { backupFlow } from '../../../flows/operating/backup.ts';
import { type Copied, copyFlow } from '../../../flows/operating/copy.ts';
import { placeWhole } from '../output/file.ts';
import { examples } from '../output/options.ts';
import { progressOn } from '../output/progress.ts';
import { finish, type Session } from '../output/session.ts';
import { subcommandsOf } from '../output/subcommands.ts';
import { fitted } from '../output/terminal.ts';

/** `padlock store backup` and `padlock store copy`. */
export function define(command: Command, open: (options: object) => Session): void {
  command.description('The database: back it up, or move to another.');
  const subcommand = subcommandsOf(command);
  subcommand('backup')
    .description('Copies the store while others read and write it, and verifies the copy before it takes its name.')
    .argument('<file>', 'where to; it must not exist')
    .addHelpText('after', examples('padlock store backup padlock-backup.db'))
    .action((file: string, options: object) => backup(open(options), file));
  subcommand('copy')
    .description('Copies the store from its file to an empty PostgreSQL database, verified row for row. Interrupted, it carries on.')
    .requiredOption('--to <url>', 'postgres://USER@HOST/DATABASE; password and certificates as docs/configuration.md has them')
    .addHelpText('after', examples('padlock store copy --to postgres://padlock@db.northwind.example/padlock'))
    .action((options: { readonly to: string }) => copy(open(options), options.to));
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

async function copy(session: Session, to: string): Promise<void> {
  const { composition } = session;
  const { source, copier } = await composition.copy(to);
  const shown = tableProgress(session);
  try {
    const copied = await copyFlow(source, copier, shown.step);
    shown.end();
    await finish(session, {
      kind: 'StoreResult',
      exitCode: EXIT.ok,
      text: () => fitted(copyLines(copied, copier.place), session.terminal),
      json: () => {
        const { tables, heads, entries, resumed, movedOn } = copied;
        return {
          to: copier.place,
          tables: tables.map(({ name, rows }) => ({ name, rows })),
          heads: heads.map(({ account, seq, hash }) => ({ account, seq, hash })),
          entries,
          resumed,
          movedOn,
        };
      },
    });
  } finally {
    shown.end();
    await source.store.close();
  }
}

/** A line of progress a table. */
function tableProgress({ stderr, composition }: Session): { step(step: CopyStep): void; end(): void } {
  let label = '';
  let line = progressOn(stderr, label, () => composition.clock.now());
  return {
    step: ({ doing, table, done, total }) => {
      if (label !== `${doing} ${table}`) {
        line.end();
        label = `${doing} ${table}`;
        line = progressOn(stderr, label, () => composition.clock.now());
      }
      line.step(done, total);
    },
    end: () => line.end(),
  };
}

function copyLines({ tables, heads, entries, resumed, movedOn }: Copied, place: string): readonly string[] {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const each = tables.filter((table) => table.rows > 0).map((table) => `${table.name} ${table.rows}`);
  return [
    `copied and verified: ${place}   ${counted(rows, 'row', 'rows')} in ${counted(tables.length, 'table', 'tables')}, the same byte for byte`,
    ...(resumed === 0 ? [] : [`carried on: ${counted(resumed, 'row was', 'rows were')} there from before`]),
    ...(each.length === 0 ? [] : [`  ${each.join(' · ')}`]),
    ...heads.map(({ account, seq, hash }) => `  audit log of ${account}: entry ${seq}, ${hash}`),
    ...(entries === 0 ? [] : [`  ${counted(entries, 'audit entry', 'audit entries')} verified in the copy`]),
    ...(movedOn
      ? [
          'warning: the store was written to meanwhile, and the copy does not have it: stop what writes, and copy again into an empty database',
        ]
      : [
          'next: set store in padlock.yaml to what --to was, keep keys and heads as they are, and put the old file away: docs/postgresql.md',
        ]),
  ];
}
