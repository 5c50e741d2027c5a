import { type Command, Option } from 'commander';
import { renderImportJson, renderImportText } from '../../../core/directory/render.ts';
import { counted } from '../../../core/layout/flow.ts';
import { addressKey } from '../../../core/model/address.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import type { Verdict } from '../../../core/model/verdict.ts';
import { carriedJson, renderCarriedText } from '../../../core/plan/renderers/carried.ts';
import { overrideFor } from '../../../core/plan/renderers/overrides.ts';
import { declaredOverrides } from '../../../core/policy/policy-set.ts';
import { refuseUnknownAccount } from '../../../flows/known.ts';
import { eraseFlow } from '../../../flows/operating/erase.ts';
import { importFlow, planImportFlow } from '../../../flows/reconcile/import.ts';
import { accountOf } from '../../configuration/configuration.ts';
import { readPaths } from '../output/documents.ts';
import { carriedExit } from '../output/exit.ts';
import { writeFileWhole } from '../output/file.ts';
import { collect, examples, namesOption, reasonOption } from '../output/options.ts';
import { progressOn } from '../output/progress.ts';
import { finish, type Session } from '../output/session.ts';
import { subcommandsOf } from '../output/subcommands.ts';

interface ImportOptions {
  readonly account: string;
  readonly from?: 'itglue';
  readonly organizations?: string;
  readonly dryRun?: boolean;
  readonly newAccount?: boolean;
  readonly adopt: readonly string[];
  readonly override?: string;
  readonly printOverrides?: boolean;
  readonly names: number | 'all';
}

interface ExportOptions {
  readonly account: string;
  readonly format: 'csv' | 'json';
  readonly origin?: string;
  readonly out: string;
}

interface EraseOptions {
  readonly account: string;
  readonly reason: string;
}

/** `padlock directory import`, `export` and `erase`. */
export function define(command: Command, open: (options: object) => Session): void {
  const subcommand = subcommandsOf(command);
  command.description("Imports an account's people and organizations from files or IT Glue, as a plan with its guard, or exports them.");
  subcommand('import')
    .description(
      "Imports people (CSV, the JSON of IT Glue's users, or IT Glue itself) and organizations. What is not said there stays as it is.",
    )
    .argument('[files...]', 'one CSV of people, or JSON files')
    .requiredOption('--account <name>', 'the account')
    .addOption(new Option('--from <source>', 'read them from an API instead of files, as padlock.yaml says').choices(['itglue']))
    .option('--organizations <file>', 'a CSV of organizations and their MyGlue accounts')
    .option('--dry-run', 'say what would be done, and write nothing')
    .option('--new-account', 'begin an account that neither the store nor padlock.yaml names yet')
    .option('--adopt <address>', 'take over the local person with this address; may be given again', collect, [])
    .option('--override <file>', 'a GuardOverride document that lifts a refusal')
    .option('--print-overrides', 'print the GuardOverride documents that would lift the refusals')
    .option('--names <count>', 'how many people to name, or all', namesOption, 10)
    .addHelpText(
      'after',
      examples(
        'padlock directory import people.csv --account northwind --dry-run',
        'padlock directory import people.csv --account northwind',
        'padlock directory import --account northwind --from itglue --dry-run',
      ),
    )
    .action((files: readonly string[], options: ImportOptions) => importPeople(open(options), files, options));
  subcommand('export')
    .description('Writes the people of an account as the CSV or JSON that import reads: importing it changes nothing.')
    .requiredOption('--account <name>', 'the account')
    .addOption(new Option('--format <format>', 'csv, or the JSON that IT Glue has').choices(['csv', 'json']).default('csv'))
    .option('--origin <name>', 'whose people, where they come from several directories')
    .requiredOption('--out <file>', 'where to')
    .addHelpText('after', examples('padlock directory export --account northwind --out people.csv'))
    .action((options: ExportOptions) => exportPeople(open(options), options));
  subcommand('erase')
    .description('Erases somebody whose memberships have all ended: names, addresses, ids, secrets. The audit log tells of it, by number.')
    .argument('<user>', 'an address, or an id as the directory has it')
    .requiredOption('--account <name>', 'the account')
    .requiredOption('--reason <text>', 'why, for the audit log; without the name', reasonOption)
    .addHelpText('after', examples("padlock directory erase otto@northwind.example --account northwind --reason 'request of 12 May'"))
    .action((user: string, options: EraseOptions) => erasePerson(open(options), user, options));
}

async function erasePerson(session: Session, user: string, options: EraseOptions): Promise<void> {
  const world = await session.composition.world('write');
  try {
    const { userId, places, scrubbed } = await eraseFlow(world, { ...options, user });
    await finish(session, {
      kind: 'DirectoryResult',
      exitCode: scrubbed ? EXIT.ok : EXIT.error,
      *text() {
        yield `erased: user ${userId}; words in ${counted(places, 'place', 'places')} of the audit log, whose chain still verifies`;
        if (!scrubbed) yield 'another process still reads the log of the store: what was erased leaves it when that ends';
        yield 'not erased: reports and exports written before, backups, and the history of the documents';
      },
      json: () => ({ userId, places, scrubbed }),
    });
  } finally {
    await world.store.close();
  }
}

async function importPeople(session: Session, files: readonly string[], options: ImportOptions): Promise<void> {
  const { composition } = session;
  const read = await readDirectory(session, files, options);
  const overrides = options.override === undefined ? [] : declaredOverrides((await readPaths(session, [options.override])).documents);
  const { accounts } = composition.configuration();
  const { enforcer } = accountOf(composition.configuration(), options.account);
  const known = { declared: [...accounts.keys()], newAccount: options.newAccount === true };
  const world = await composition.world(options.dryRun === true ? 'read' : 'create');
  try {
    const flow = options.dryRun === true ? planImportFlow : importFlow;
    const { plan, held, written, carried } = await flow(world, {
      read,
      enforcer,
      adopt: new Set(options.adopt.map(addressKey)),
      overrides,
      ...known,
    });
    await finish(session, {
      kind: 'DirectoryResult',
      exitCode: held ? EXIT.refused : carriedExit(carried),
      *text() {
        yield* renderImportText(plan, options.names === 'all' ? Number.MAX_SAFE_INTEGER : options.names)
          .trimEnd()
          .split('\n');
        yield held ? 'nothing imported' : options.dryRun === true ? 'dry run: nothing written' : written ? 'imported' : 'nothing to import';
        yield* renderCarriedText(carried, session.terminal);
        if (options.printOverrides === true) yield* refusalOverrides(plan.verdicts, composition.clock.now());
      },
      json: () => ({ written, held, import: renderImportJson(plan), carried: carriedJson(carried) }),
    });
  } finally {
    await world.store.close();
  }
}

/** Everybody that the files or the API tell of; what of the two is meant is never guessed. */
async function readDirectory(session: Session, files: readonly string[], { account, from, organizations }: ImportOptions) {
  const { composition } = session;
  if (from === undefined) {
    if (files.length > 0) return (await composition.directory(account, files, organizations)).read();
    throw new PadlockError('usage/invalid', 'nothing says where the people are', {
      fix: 'name one CSV of people, or JSON files; or --from itglue',
    });
  }
  if (files.length > 0 || organizations !== undefined) {
    throw new PadlockError('usage/invalid', `people and organizations come from files or from ${from}, not from both`, {
      fix: 'import them one after the other',
    });
  }
  const progress = progressOn(session.stderr, 'reading pages of IT Glue', () => composition.clock.now());
  try {
    const source = await composition.itGlue(account, {
      progress: (done, total) => progress.step(done, total),
      waiting: (milliseconds, status) => {
        progress.end();
        // On a pipe nobody waits for it: the outcome alone is told.
        if (session.stderr.isTTY)
          session.stderr.write(`IT Glue ${answered(status)}; trying again in ${Math.ceil(milliseconds / 1000)} s\n`);
      },
    });
    return await source.read();
  } finally {
    progress.end();
  }
}

function answered(status: number | null): string {
  if (status === null) return 'does not answer';
  return status === 429 ? 'asks to wait (429)' : `answers ${status}`;
}

function* refusalOverrides(verdicts: readonly Verdict[], now: number): Generator<string> {
  for (const verdict of verdicts) if (verdict.outcome === 'refused') yield* ['---', ...overrideFor(verdict, now).trimEnd().split('\n')];
}

async function exportPeople(session: Session, options: ExportOptions): Promise<void> {
  const { composition } = session;
  const { account, format, out } = options;
  const world = await composition.world('read');
  try {
    const { origin, bytes } = await world.store.read(async (reader) => {
      refuseUnknownAccount((await reader.applied()).accounts, account);
      const from = chooseOrigin(await reader.origins(account), options);
      const chunks = await composition.exportDirectory(format, reader.directoryRows(account, from), account, from);
      return { origin: from, bytes: await writeFileWhole(out, chunks, composition.random) };
    });
    await finish(session, {
      kind: 'DirectoryResult',
      exitCode: EXIT.ok,
      *text() {
        yield `people of ${account} from ${origin} written: ${out}`;
      },
      json: () => ({ file: out, account, origin, bytes }),
    });
  } finally {
    await world.store.close();
  }
}

/** An export is of one origin: the only one there is, or the one that is named. */
function chooseOrigin(known: readonly string[], { account, origin }: ExportOptions): string {
  const [only] = known;
  if (only === undefined)
    throw new PadlockError('usage/invalid', `the store knows nobody of ${account}`, {
      fix: 'import its directory first, or correct the name',
    });
  if (origin === undefined && known.length === 1) return only;
  if (origin !== undefined && known.includes(origin)) return origin;
  throw new PadlockError('usage/invalid', `people of ${account} come from ${known.join(', ')}`, { fix: 'name one with --origin' });
}
