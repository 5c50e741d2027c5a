import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatInstant } from '../../../core/documents/values.ts';
import { EXIT } from '../../../core/model/errors.ts';
import { summaryJson } from '../../../core/report/json.ts';
import { renderReportText } from '../../../core/report/text.ts';
import { REPORT_FORMATS, type ReportFormat, reportFlow } from '../../../flows/reporting/report.ts';
import { writeFileWhole } from '../output/file.ts';
import { collect, examples } from '../output/options.ts';
import { progressOn } from '../output/progress.ts';
import { finish, type Session } from '../output/session.ts';

interface Options {
  readonly account?: string;
  readonly format?: readonly ReportFormat[];
  readonly out?: string;
}

/** `padlock report`: reads the store, writes files. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Writes who is protected and who is not, with every membership by name, as CSV and JSON. Reads the store alone.')
    .option('--account <name>', 'this account alone')
    .addOption(
      new Option('--format <format>', 'what to write; may be given again (default: csv and json)')
        .choices(REPORT_FORMATS)
        .argParser(formats),
    )
    .option('--out <folder>', 'where to (default: the reports folder of the configuration)')
    .addHelpText('after', examples('padlock report', 'padlock report --format csv --output json'))
    .action(async (options: Options) => {
      const session = open(options);
      const { composition } = session;
      const folder = options.out ?? composition.configuration().reports;
      const world = await composition.world('read');
      try {
        const stem = `padlock-${formatInstant(composition.clock.now()).replace(/[:]/g, '').replace(/\.\d+/, '')}`;
        const files: string[] = [];
        const head = await reportFlow(world, {
          formats: options.format ?? REPORT_FORMATS,
          ...(options.account !== undefined && { account: options.account }),
          deliver: async (format, chunks) => {
            const file = join(folder, `${stem}.${format}`);
            await writeFileWhole(file, watched(session, `writing ${format}`, chunks));
            files.push(file);
          },
        });
        const { width, style } = session.terminal;
        await finish(session, {
          kind: 'ReportResult',
          exitCode: EXIT.ok,
          *text() {
            yield* renderReportText(head, { width, style });
            for (const file of files) yield `written: ${file}`;
          },
          json: () => ({ files, ...summaryJson(head.summary) }),
        });
      } finally {
        await world.store.close();
      }
    });
}

function formats(value: string, before: readonly string[] | undefined): readonly string[] {
  if (!(REPORT_FORMATS as readonly string[]).includes(value)) {
    throw new InvalidArgumentError(`Allowed choices are ${REPORT_FORMATS.join(', ')}.`);
  }
  return collect(value, before);
}

/** The chunks as they are, telling a terminal how much has gone. */
async function* watched(session: Session, label: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const progress = progressOn(session.stderr, label, () => session.composition.clock.now());
  let written = 0;
  try {
    for await (const chunk of chunks) {
      written += chunk.length;
      progress.step(written);
      yield chunk;
    }
  } finally {
    progress.end();
  }
}
