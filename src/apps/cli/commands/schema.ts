import { Argument, type Command } from 'commander';
import { EXIT } from '../../../core/model/errors.ts';
import type { JsonObject } from '../../../core/model/words.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

/** `padlock schema`: what editors read. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Prints the JSON Schema of the documents, or of padlock.yaml, for editors and other tools.')
    .addArgument(new Argument('[of]', 'what to describe').choices(['documents', 'configuration']).default('documents'))
    .addHelpText('after', examples('padlock schema', 'padlock schema configuration'))
    .action(async (of: string, options: object) => {
      const session = open(options);
      const schema = (await load(of)) as JsonObject;
      await finish(session, {
        kind: 'SchemaResult',
        exitCode: EXIT.ok,
        text: () => JSON.stringify(schema, null, 2).split('\n'),
        json: () => ({ schema }),
      });
    });
}

async function load(of: string): Promise<object> {
  if (of === 'configuration') return (await import('../../configuration/schema.ts')).publishedConfigurationSchema();
  return (await import('../../../core/documents/json-schema.ts')).publishedSchema();
}
