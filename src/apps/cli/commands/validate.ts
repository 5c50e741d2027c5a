import type { Command } from 'commander';
import { counted } from '../../../core/layout/flow.ts';
import { EXIT } from '../../../core/model/errors.ts';
import { readPaths } from '../output/documents.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

/** `padlock validate`: reads documents and nothing else; needs no store. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Checks documents: every fault of every file at once, each with file:line:column and what to write instead.')
    .argument('[paths...]', 'files or folders, - for standard input (default: those of the configuration)')
    .addHelpText('after', examples('padlock validate policies/', 'padlock validate policies/account.yaml --output json'))
    .action(async (paths: readonly string[], options: object) => {
      const session = open(options);
      const { documents, skipped } = await readPaths(session, paths);
      await finish(session, {
        kind: 'ValidateResult',
        exitCode: EXIT.ok,
        *text() {
          const others = skipped.length === 0 ? '' : ` · ${counted(skipped.length, 'document', 'documents')} of other groups skipped`;
          yield `${counted(documents.length, 'document', 'documents')} valid${others}`;
        },
        json: () => ({
          documents: documents.map((d) => ({ kind: d.kind, name: d.metadata.name, file: d.source.file, line: d.source.line })),
          skipped: skipped.map((s) => ({ ...s })),
        }),
      });
    });
}
