import { type Command, InvalidArgumentError } from 'commander';
import { REQUEST_ID_PATTERN } from '../../../core/documents/schema.ts';
import { EXIT, type ExitCode } from '../../../core/model/errors.ts';
import type { ResetChange } from '../../../core/plan/plan.ts';
import { resetFlow } from '../../../flows/reconcile/reset.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

interface Options {
  readonly account: string;
  readonly reason: string;
  readonly requestId?: string;
}

/** `padlock reset`: one request by hand. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description(
      "Removes a person's factors and ends their sessions, exactly once for each request id. They enroll again at the next sign-in.",
    )
    .argument('<user>', 'an address, or an id as the directory has it')
    .requiredOption('--account <name>', 'the account')
    .requiredOption('--reason <text>', 'why, for the audit log', reasonOption)
    .option('--request-id <id>', 'the key of the request: the same id again does nothing more (default: a new one)', requestIdOption)
    .addHelpText('after', examples("padlock reset cleo@northwind.example --account northwind --reason 'lost phone' --request-id T-1042"))
    .action(async (user: string, options: Options) => {
      const session = open(options);
      const { composition } = session;
      const world = await composition.world('write');
      try {
        const requestId = options.requestId ?? `cli-${Buffer.from(composition.random.bytes(8)).toString('hex')}`;
        const change = await resetFlow(world, { requestId, account: options.account, user, reason: options.reason });
        await finish(session, {
          kind: 'ResetResult',
          exitCode: resetExit(change),
          *text() {
            yield `reset ${change.requestId}   ${change.outcome}${change.settled ? ' before, nothing more happened' : ''}   ${change.reason}`;
          },
          json: () => ({ ...change }),
        });
      } finally {
        await world.store.close();
      }
    });
}

/** The same words that a document may have. */
function reasonOption(text: string): string {
  if (/^\P{Cc}{1,500}$/u.test(text)) return text;
  throw new InvalidArgumentError('write 1 to 500 characters on one line.');
}

function requestIdOption(text: string): string {
  if (new RegExp(REQUEST_ID_PATTERN).test(text)) return text;
  throw new InvalidArgumentError('write letters, digits, dots, hyphens and underscores, at most 63.');
}

/** Held by the guard: 4. Anything else that did not reset: 1. A request that was executed before is done. */
function resetExit({ outcome }: ResetChange): ExitCode {
  if (outcome === 'Held') return EXIT.refused;
  return outcome === 'Executed' ? EXIT.ok : EXIT.error;
}
