import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { formatInstant } from '../../../core/documents/values.ts';
import { counted } from '../../../core/layout/flow.ts';
import { printable } from '../../../core/layout/width.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import type { Instant } from '../../../core/model/words.ts';
import type { Exported } from '../../../core/plan/exported.ts';
import { wholeSecond } from '../../../core/policy/deadline.ts';
import { exportFlow } from '../../../flows/reporting/export.ts';
import { shownStore } from '../../configuration/database.ts';
import { writeFileWhole } from '../output/file.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';
import { VERSION } from '../version.ts';

interface Options {
  readonly account?: string;
  readonly out?: string;
}

/** `padlock export`: what is in force, as documents; the plan of them changes nothing. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Writes what is in force as YAML documents: policies, exemptions, reports. The plan of what was written changes nothing.')
    .option('--account <name>', 'this account alone')
    .option('--out <folder>', 'one file a document in this folder, which is empty or not there yet')
    .addHelpText('after', examples('padlock export', 'padlock export --account northwind', 'padlock export --output json'))
    .action(async (options: Options) => {
      if (options.out !== undefined) refuseUsed(options.out);
      const session = open(options);
      const world = await session.composition.world('read');
      try {
        const { account } = options;
        const exported = await exportFlow(world, { channel: 'file', ...(account !== undefined && { account }) });
        const head = header(exported, shownStore(session.composition.configuration().store), wholeSecond(world.clock.now()));
        if (options.out !== undefined) {
          const { random } = session.composition;
          for (const file of exported.files) {
            await writeFileWhole(join(options.out, file.path), [`${head.join('\n')}\n`, file.text], random);
          }
        }
        await finish(session, {
          kind: 'ExportResult',
          exitCode: EXIT.ok,
          *text() {
            if (options.out !== undefined) yield `${counted(exported.files.length, 'document', 'documents')} written to ${options.out}`;
            else yield* lines(exported, head);
          },
          json: () => ({
            out: options.out ?? null,
            documents: exported.files.map((file) => ({ ...file })),
            elsewhere: exported.elsewhere.map((other) => ({ ...other })),
          }),
        });
      } finally {
        await world.store.close();
      }
    });
}

/** A file that was there before would be planned together with what is exported. */
function refuseUsed(folder: string): void {
  if (!existsSync(folder)) return;
  try {
    if (readdirSync(folder).length === 0) return;
  } catch {
    // No folder at all: said below.
  }
  throw new PadlockError('usage/invalid', `${folder} is not an empty folder; nothing was written`, {
    fix: 'name a folder that is empty or not there yet',
  });
}

function* lines({ files }: Exported, head: readonly string[]): Generator<string> {
  yield* head;
  for (const file of files) yield* ['---', `# ${file.path}`, ...file.text.trimEnd().split('\n')];
}

/** When and from where, and what is in force and not here. */
function header({ elsewhere }: Exported, store: string, now: Instant): string[] {
  return [
    `# Exported by padlock ${VERSION} on ${formatInstant(now)} from ${printable(store)}: what is in force.`,
    ...elsewhere.map(({ kind, name, channel }) => `# Not here: ${kind} ${printable(name)}, which is declared by ${channel}.`),
  ];
}
