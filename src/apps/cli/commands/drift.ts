import type { Command } from 'commander';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import { driftJson, renderDriftText } from '../../../core/plan/renderers/drift.ts';
import { driftFlow } from '../../../flows/reporting/drift.ts';
import { readPaths } from '../output/documents.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

/** `padlock drift`: what was changed behind Padlock's back; exit 2 when anything was. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description(
      'Names what was changed in the store by hand, field by field, and documents that are gone or not in force. Reads alone; ends with 2 when there is drift.',
    )
    .argument('[paths...]', 'files or folders to compare with, - for standard input (default: those of the configuration)')
    .option('--store-only', 'compare the store with the documents that it recorded, and with no others')
    .addHelpText('after', examples('padlock drift policies/', 'padlock drift --store-only', 'padlock drift --output json'))
    .action(async (paths: readonly string[], options: { readonly storeOnly?: boolean }) => {
      if (options.storeOnly === true && paths.length > 0) {
        throw new PadlockError('usage/invalid', 'paths and --store-only at once', { fix: 'give either' });
      }
      const session = open(options);
      const documents = options.storeOnly === true ? null : (await readPaths(session, paths)).documents;
      const world = await session.composition.world('read');
      try {
        const drift = await driftFlow(world, { documents, channel: 'file' });
        const { width, style } = session.terminal;
        await finish(session, {
          kind: 'DriftResult',
          exitCode: drift.findings.length > 0 ? EXIT.changes : EXIT.ok,
          text: () => renderDriftText(drift, { width, style }),
          json: () => driftJson(drift),
        });
      } finally {
        await world.store.close();
      }
    });
}
