import type { Command } from 'commander';
import { type Check, fault, fine } from '../../../core/doctor/check.ts';
import { checksJson, renderChecks } from '../../../core/doctor/render.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import { doctorFlow } from '../../../flows/operating/doctor.ts';
import { examples } from '../output/options.ts';
import { finish, type Session } from '../output/session.ts';

/** `padlock doctor`: what operating depends on, one line each, and how to mend what is wrong. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description(
      'Checks configuration, store, clock, files, rights, audit log, keys and factors, and says how to mend each fault. Writes nothing.',
    )
    .option('--all', 'open every factor, however many there are')
    .addHelpText('after', examples('padlock doctor', 'padlock doctor --all --output json'))
    .action(async (options: { readonly all?: boolean }) => {
      const session = open(options);
      const checks = await diagnose(session, options.all === true);
      await finish(session, {
        kind: 'DoctorResult',
        exitCode: checks.some((check) => check.outcome === 'fault') ? EXIT.error : EXIT.ok,
        text: () => renderChecks(checks, session.terminal),
        json: () => checksJson(checks),
      });
    });
}

/** As far as it goes: without a configuration there is no store to look at, without a store nothing in it. */
async function diagnose({ composition }: Session, every: boolean): Promise<Check[]> {
  try {
    composition.configuration();
  } catch (error) {
    return [faultOf('config', error)];
  }
  const config = fine('config', 'holds');
  try {
    const world = await composition.world('inspect');
    try {
      return [config, ...(await doctorFlow(world, { every }))];
    } finally {
      await world.store.close();
    }
  } catch (error) {
    return [config, faultOf('store', error)];
  }
}

function faultOf(name: string, error: unknown): Check {
  if (!(error instanceof PadlockError)) throw error;
  const places = error.faults.map(({ file, line, column, message, fix }) => {
    return `${file}${line === 0 ? '' : `:${line}:${column}`}  ${message}${fix === undefined ? '' : `; ${fix}`}`;
  });
  return fault(name, error.message, error.fix ?? 'run it again with --verbose', places);
}
