import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, PadlockError } from '../../core/model/errors.ts';
import { compose, screenVariables } from '../compose.ts';
import { asFailure, renderFailure } from './output/failure.ts';
import { failureText, type ResultKind } from './output/result.ts';
import { type Format, type Session, sessionOf } from './output/session.ts';
import { terminalOf } from './output/terminal.ts';
import { writeLines, writeText } from './output/write.ts';
import { VERSION } from './version.ts';

/** A command: its words for `--help`, and the file that is loaded when it is called. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly kind: ResultKind;
  /** What `--output` takes besides text and json. */
  readonly formats?: readonly Format[];
  readonly load: () => Promise<{ define(command: Command, session: (options: object) => Session): void }>;
}

/** Every command, in the order of a day's work. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'validate',
    summary: 'check documents: every fault of every file at once',
    kind: 'ValidateResult',
    formats: ['sarif', 'junit'],
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'plan',
    summary: 'say whom a change will hit, and write nothing',
    kind: 'PlanResult',
    formats: ['markdown', 'html'],
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'apply',
    summary: 'put documents in force, guards first',
    kind: 'ApplyResult',
    formats: ['markdown'],
    load: () => import('./commands/apply.ts'),
  },
  {
    name: 'drift',
    summary: 'name what was changed in the store by hand',
    kind: 'DriftResult',
    load: () => import('./commands/drift.ts'),
  },
  {
    name: 'status',
    summary: 'the padlock list: who is protected, who is not',
    kind: 'StatusResult',
    load: () => import('./commands/status.ts'),
  },
  { name: 'explain', summary: 'what holds for one person, and why', kind: 'ExplainResult', load: () => import('./commands/explain.ts') },
  { name: 'reset', summary: "remove a person's factors, exactly once", kind: 'ResetResult', load: () => import('./commands/reset.ts') },
  { name: 'report', summary: 'write the compliance report', kind: 'ReportResult', load: () => import('./commands/report.ts') },
  { name: 'export', summary: 'write what is in force, as documents', kind: 'ExportResult', load: () => import('./commands/export.ts') },
  {
    name: 'directory',
    summary: 'import or export the people of an account',
    kind: 'DirectoryResult',
    load: () => import('./commands/directory.ts'),
  },
  {
    name: 'audit',
    summary: 'list, verify or export the audit log',
    kind: 'AuditResult',
    load: () => import('./commands/audit.ts'),
  },
  {
    name: 'doctor',
    summary: 'check what operating depends on, and how to mend it',
    kind: 'DoctorResult',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'serve',
    summary: 'run the portal where people sign in',
    kind: 'ServeResult',
    load: () => import('./commands/serve.ts'),
  },
  { name: 'keys', summary: 'list or rotate the keys that seal secrets', kind: 'KeysResult', load: () => import('./commands/keys.ts') },
  {
    name: 'store',
    summary: 'back up the database, or copy it to PostgreSQL',
    kind: 'StoreResult',
    load: () => import('./commands/store.ts'),
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of documents or configuration',
    kind: 'SchemaResult',
    load: () => import('./commands/schema.ts'),
  },
  {
    name: 'demo',
    summary: 'make a fictitious world of any size, and show it',
    kind: 'DemoResult',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands in a shell',
    kind: 'CompletionResult',
    load: () => import('./commands/completion.ts'),
  },
];

interface Globals {
  readonly config?: string;
  readonly output: Format;
  readonly color?: boolean;
  readonly verbose?: boolean;
}

/**
 * Runs the command line (without `node` and the program's name) and gives the exit code. Whatever happens, with
 * `--output json` exactly one JSON document goes to standard output, and everything else to standard error.
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let session: Session | undefined;
  const entry = COMMANDS.find(
    (c) => argv.includes(c.name) && argv.find((word) => COMMANDS.some((other) => other.name === word)) === c.name,
  );
  try {
    const program = root();
    for (const { name, summary, formats, load } of COMMANDS) {
      const command = withGlobals(program.command(name).summary(summary).description(summary), formats ?? []);
      if (name !== entry?.name) continue;
      (await load()).define(command, (options) => {
        const { config, output, color } = options as Globals;
        session = sessionOf(
          compose(config, notice),
          output,
          color,
          (words) => main([...words, ...again(options as Globals)]),
          wholeProgram,
        );
        return session;
      });
    }
    await program.parseAsync(argv, { from: 'user' });
    return session?.exitCode ?? 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // The help that was printed says it: nothing was called.
    if (error instanceof CommanderError && error.code === 'commander.help' && !wantsJson(argv)) return EXIT.usage;
    return fail(asUsage(error), argv, entry, session);
  }
}

/** The program with every command in it, to be looked at: none of its actions can run. */
async function wholeProgram(): Promise<Command> {
  const program = root();
  for (const { name, summary, formats, load } of COMMANDS) {
    const command = withGlobals(program.command(name).summary(summary).description(summary), formats ?? []);
    (await load()).define(command, () => {
      throw new RangeError('a program that is looked at is never run');
    });
  }
  return program;
}

/** What readers of a store must know of it, on standard error. */
function notice(text: string): Promise<void> {
  return writeLines(process.stderr, [`warning  ${text}`]);
}

/** The global options of one command, for another that it runs. */
function again({ config, color, verbose }: Globals): string[] {
  return [
    ...(config === undefined ? [] : ['--config', config]),
    ...(color === undefined ? [] : [color ? '--color' : '--no-color']),
    ...(verbose === true ? ['--verbose'] : []),
  ];
}

function root(): Command {
  return common(
    new Command('padlock')
      .description('MFA policy as code: requirements in version-controlled YAML, planned, guarded, applied, proven.')
      .version(VERSION, '-V, --version', 'print the version')
      .helpCommand('help [command]', 'print the help of a command')
      .addHelpText(
        'after',
        '\nExamples:\n  $ padlock validate policies/\n  $ padlock plan policies/\n\nEvery command has its own: padlock plan --help',
      ),
  );
}

/** The options that every command has; they stand behind its name. */
function withGlobals(command: Command, formats: readonly Format[]): Command {
  return common(command)
    .option('--config <file>', 'configuration (default: padlock.yaml, if there is one)')
    .addOption(new Option('-o, --output <format>', 'format of the result').choices(['text', 'json', ...formats]).default('text'))
    .option('--color', 'paint even where no terminal is')
    .option('--no-color', 'do not paint')
    .addOption(new Option('--verbose', 'show the stack of an unexpected error'));
}

/** Errors are thrown, and told in one place; an option belongs to the command behind which it stands. */
function common(command: Command): Command {
  return command
    .enablePositionalOptions()
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .showHelpAfterError(false);
}

/** commander's complaint as one of ours: the same words, the exit code 64, and where the help is. */
function asUsage(error: unknown): PadlockError {
  if (!(error instanceof CommanderError)) return asFailure(error);
  if (error.code === 'commander.help') {
    return new PadlockError('usage/invalid', 'no command was named', { fix: 'padlock --help lists the commands' });
  }
  const message = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
  return new PadlockError('usage/invalid', message, { fix: 'padlock --help lists the commands, padlock COMMAND --help its options' });
}

/** Whether a command line that nobody could read asks for JSON. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, i) => /^(--output=|-o=?)json$/.test(word) || (/^(-o|--output)$/.test(word) && argv[i + 1] === 'json'));
}

async function fail(
  error: PadlockError,
  argv: readonly string[],
  entry: Entry | undefined,
  session: Session | undefined,
): Promise<ExitCode> {
  const json = session === undefined ? wantsJson(argv) : session.format === 'json';
  if (json) await writeText(process.stdout, [failureText(entry?.kind ?? 'UsageResult', error)]);
  const screen = terminalOf(process.stderr, screenVariables(), argv.includes('--no-color') ? false : undefined);
  const documents = session?.documents;
  const verbose = argv.includes('--verbose');
  await writeLines(process.stderr, renderFailure(error, { ...screen, verbose, ...(documents !== undefined && { documents }) }));
  return error.exitCode;
}
