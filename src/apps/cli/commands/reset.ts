import { type Command, InvalidArgumentError } from 'commander';
import { REQUEST_ID_PATTERN } from '../../../core/documents/schema.ts';
import { ERROR_CODES, EXIT, PadlockError } from '../../../core/model/errors.ts';
import { redoFlow } from '../../../flows/operating/redo.ts';
import { resetFlow } from '../../../flows/reconcile/reset.ts';
import { examples, reasonOption } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

interface Options {
  readonly account: string;
  readonly reason?: string;
  readonly requestId?: string;
  readonly redo?: string;
}

/** `padlock reset`: one request by hand. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description(
      "Removes a person's factors and ends their sessions, exactly once for each request id. They enroll again at the next sign-in.",
    )
    .argument('[user]', 'an address, or an id as the directory has it')
    .requiredOption('--account <name>', 'the account')
    .option('--reason <text>', 'why, for the audit log; with --redo, what was said the first time', reasonOption)
    .option('--request-id <id>', 'the key of the request: the same id again does nothing more (default: a new one)', requestIdOption)
    .option('--redo <id>', 'do a reset again that was executed before the store was restored from a backup', requestIdOption)
    .addHelpText('after', examples("padlock reset cleo@northwind.example --account northwind --reason 'lost phone' --request-id T-1042"))
    .action(async (user: string | undefined, options: Options) => {
      checkUsage(user, options);
      const session = open(options);
      const { composition } = session;
      const world = await composition.world('write');
      try {
        const { account, redo, reason = '' } = options;
        const requestId = options.requestId ?? `cli-${Buffer.from(composition.random.bytes(8)).toString('hex')}`;
        const { trouble, ...change } =
          redo === undefined
            ? await resetFlow(world, { requestId, account, user: user ?? '', reason })
            : await redoFlow(world, { requestId: redo, account, ...(options.reason !== undefined && { reason }) });
        await finish(session, {
          kind: 'ResetResult',
          // A request that waits for approval has done what it can, as in an apply.
          exitCode: trouble === null ? EXIT.ok : ERROR_CODES[trouble.code],
          *text() {
            yield `reset ${change.requestId}   ${change.outcome}${change.settled ? ' before, nothing more happened' : ''}   ${change.reason}`;
            if (trouble !== null)
              yield `  ${trouble.code}  ${trouble.message === change.reason ? '' : `${trouble.message}; `}${trouble.fix}`;
          },
          json: () => ({ ...change, ...(trouble !== null && { error: { ...trouble, faults: [], data: null } }) }),
        });
      } finally {
        await world.store.close();
      }
    });
}

/** A new request names a person and says why; one that is done again names itself, and may say again why. */
function checkUsage(user: string | undefined, { redo, reason, requestId }: Options): void {
  const wrong = (message: string) => {
    throw new PadlockError('usage/invalid', message, { fix: 'padlock reset --help shows both ways' });
  };
  if (redo !== undefined) {
    if (user !== undefined || requestId !== undefined) wrong('--redo takes no user and no other request id');
  } else if (user === undefined) wrong("missing required argument 'user'");
  else if (reason === undefined) wrong("required option '--reason <text>' not specified");
}

function requestIdOption(text: string): string {
  if (new RegExp(REQUEST_ID_PATTERN).test(text)) return text;
  throw new InvalidArgumentError('write letters, digits, dots, hyphens and underscores, at most 63.');
}
