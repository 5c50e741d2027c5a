import { type Command, InvalidArgumentError, Option } from 'commander';
import { CONDITIONS, type Condition } from '../../../core/report/protection.ts';
import { REPORT_FORMATS } from '../../../flows/reporting/report.ts';
import { collect, examples } from '../output/options.ts';
import type { Session } from '../output/session.ts';
import { subcommandsOf } from '../output/subcommands.ts';
import { showKey } from './report/key.ts';
import { verifyFiles } from './report/verify.ts';
import { type WriteOptions, writeReport } from './report/write.ts';

const CONDITION_NAMES = Object.keys(CONDITIONS) as readonly Condition[];

/** `padlock report`, `padlock report verify` and `padlock report key`. */
export function define(command: Command, open: (options: object) => Session): void {
  const sub = subcommandsOf(command);
  command
    .description(
      'Writes who is protected and who is not, as CSV, JSON and one HTML page, compared with the run before, and signed. Reads the store alone.',
    )
    .option('--account <name>', 'this account alone')
    .addOption(
      new Option('--format <format>', `what to write; may be given again (default: ${REPORT_FORMATS.join(', ')})`)
        .choices(REPORT_FORMATS)
        .argParser(several(REPORT_FORMATS)),
    )
    .option('--out <folder>', 'where to (default: the reports folder of the configuration)')
    .option('--previous <file>', 'the report as JSON to compare with (default: the newest in that folder)')
    .addOption(
      new Option('--fail-on <condition>', 'end with 3 when it is met; may be given again (below)')
        .choices(CONDITION_NAMES)
        .argParser(several(CONDITION_NAMES)),
    )
    .option('--unsigned', 'write no signature, and say so in the report')
    .addHelpText('after', conditions())
    .addHelpText(
      'after',
      examples('padlock report', 'padlock report --format csv --output json', 'padlock report --fail-on overdue,unknown'),
    )
    .action((options: WriteOptions) => writeReport(open(options), options));
  sub('verify')
    .description('Proves that files of a report are as they were signed: exit 0; else says what is wrong, and ends with 1.')
    .argument('<files...>', 'files of reports, or manifests (.sig.json), which stand for all the files that they name')
    .option(
      '--key <file>',
      'a public key to trust, as padlock report key prints it; may be given again (default: the configured one)',
      collect,
    )
    .addHelpText('after', examples('padlock report verify .padlock/reports/padlock-2026-11-25T080000Z.html'))
    .action((files: readonly string[], options: { key?: readonly string[] }) => verifyFiles(open(options), files, options.key ?? []));
  sub('key')
    .description('Prints the public key by which an auditor verifies reports (PEM).')
    .option('--create', 'make the configured key first, where there is none')
    .addHelpText('after', examples('padlock report key'))
    .action((options: { create?: boolean }) => showKey(open(options), options.create === true));
}

/** Words of a closed list, separated by commas or given one by one. */
function several<T extends string>(known: readonly T[]) {
  return (value: string, before: readonly T[] | undefined): readonly T[] => {
    const words = value.split(',');
    const unknown = words.filter((word) => !(known as readonly string[]).includes(word));
    if (unknown.length > 0) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
    return [...(before ?? []), ...(words as T[])];
  };
}

function conditions(): string {
  const width = Math.max(...CONDITION_NAMES.map((name) => name.length)) + 2;
  return `\nConditions of --fail-on:\n${CONDITION_NAMES.map((name) => `  ${name.padEnd(width)}${CONDITIONS[name]}`).join('\n')}`;
}
