import type { Command } from 'commander';
import type { Check } from '../../../core/documents/renderers/check.ts';
import { junit } from '../../../core/documents/renderers/junit.ts';
import { sarif } from '../../../core/documents/renderers/sarif.ts';
import { counted } from '../../../core/layout/flow.ts';
import { EXIT } from '../../../core/model/errors.ts';
import { type Found, findIn, pathsOf, refuseFound, textsOf } from '../output/documents.ts';
import { asFailure } from '../output/failure.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';
import { writeLines } from '../output/write.ts';
import { VERSION } from '../version.ts';

/** `padlock validate`: reads documents and nothing else; needs no store. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Checks documents: every fault of every file at once, each with file:line:column and what to write instead.')
    .argument('[paths...]', 'files or folders, - for standard input (default: those of the configuration)')
    .addHelpText('after', examples('padlock validate policies/', 'padlock validate policies/ --output sarif'))
    .action(async (paths: readonly string[], options: object) => {
      const session = open(options);
      let found: Found | undefined;
      try {
        const from = pathsOf(session, paths);
        found = await findIn(session, await textsOf(session, from));
        refuseFound(found, from);
      } catch (error) {
        await writeRefused(session, found, error);
        throw error;
      }
      const { documents, skipped } = found;
      const check = checkOf(found, EXIT.ok);
      await finish(session, {
        kind: 'ValidateResult',
        exitCode: EXIT.ok,
        *text() {
          const others = skipped.length === 0 ? '' : ` · ${counted(skipped.length, 'document', 'documents')} of other groups skipped`;
          yield `${counted(documents.length, 'document', 'documents')} valid${others}`;
          yield* skippedLines(skipped);
        },
        json: () => ({
          documents: documents.map((d) => ({ kind: d.kind, name: d.metadata.name, file: d.source.file, line: d.source.line })),
          skipped: skipped.map((s) => ({ ...s })),
        }),
        others: { sarif: () => [sarif(check)], junit: () => junit(check) },
      });
    });
}

/** Documents of other groups that are listed before the rest is counted. */
const MOST_LISTED = 10;

function* skippedLines(skipped: Found['skipped']): Generator<string> {
  for (const { file, line, apiVersion, kind } of skipped.slice(0, MOST_LISTED)) yield `  ${file}:${line}  ${apiVersion} ${kind}`.trimEnd();
  if (skipped.length > MOST_LISTED) yield `  and ${skipped.length - MOST_LISTED} more`;
}

/** What other programs read goes to standard output in every outcome. */
async function writeRefused(session: Session, found: Found | undefined, error: unknown): Promise<void> {
  const { code, message, fix, faults, exitCode } = asFailure(error);
  const check = { ...checkOf(found, exitCode), ...(faults.length === 0 && { failure: { code, message, fix } }) };
  if (session.format === 'sarif') await writeLines(session.stdout, [sarif(check)]);
  if (session.format === 'junit') await writeLines(session.stdout, junit(check));
}

function checkOf(found: Found | undefined, exitCode: number): Check {
  return { version: VERSION, exitCode, documents: found?.documents ?? [], skipped: found?.skipped ?? [], faults: found?.faults ?? [] };
}
