import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../../../core/model/errors.ts';
import { examples } from '../output/options.ts';
import { serveUntilStopped, tellWhere } from '../output/serving.ts';
import type { Session } from '../output/session.ts';

interface Options {
  readonly port?: number;
  readonly check?: boolean;
}

/** `padlock serve`: the portal where people sign in. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description(
      'Serves the portal where people sign in, sends mails and tidies up, until SIGTERM. Logs to standard error. See `portal` in padlock.yaml.',
    )
    .option('--port <number>', 'another port than the configured one; 0: any that is free', portOption)
    .option('--check', 'start, say whether people could sign in, and end')
    .addHelpText('after', examples('padlock serve --port 0 --check'))
    .action(async (options: Options) => {
      const session = open(options);
      const { port, check } = options;
      const portal = await session.composition.portal({ port, alone: check === true });
      if (check !== true) return serveUntilStopped(session, portal);
      try {
        const missing = await portal.ready();
        await tellWhere(session, portal, missing === null ? EXIT.ok : EXIT.error, missing);
      } finally {
        await portal.stop();
      }
    });
}

function portOption(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('write a port, 0 to 65535.');
}
