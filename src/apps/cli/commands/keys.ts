import type { Command } from 'commander';
import { counted } from '../../../core/layout/flow.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import type { JsonObject } from '../../../core/model/words.ts';
import { finishKeys, listKeys, replaceLostKeys, rotateKeys } from '../../../flows/operating/keys.ts';
import type { OperatedWorld } from '../../../flows/world.ts';
import { examples } from '../output/options.ts';
import { progressOn } from '../output/progress.ts';
import { finish, type Session } from '../output/session.ts';
import { subcommandsOf } from '../output/subcommands.ts';
import { fitted } from '../output/terminal.ts';

interface Told {
  readonly lines: readonly string[];
  readonly json: JsonObject;
}

/** `padlock keys list` and `padlock keys rotate`. Only ids are ever shown. */
export function define(command: Command, open: (options: object) => Session): void {
  command.description('The keys that seal secrets in the store. They are in a file of their own, and only their ids are shown.');
  const subcommand = subcommandsOf(command);
  subcommand('list')
    .description('The keys by id, and how many factors each seals.')
    .addHelpText('after', examples('padlock keys list'))
    .action((options: object) => told(open(options), 'read', list));
  subcommand('rotate')
    .description('Makes a new key and wraps every factor with it, while others work. Interrupted, it carries on when called again.')
    .option('--finish', 'remove old keys that seal nothing any more; backups made before need them')
    .option('--lost', 'make a new key file where the old one is lost for good')
    .addHelpText('after', examples('padlock keys rotate', 'padlock keys rotate --finish'))
    .action((options: { readonly finish?: boolean; readonly lost?: boolean }) => {
      if (options.finish === true && options.lost === true) {
        throw new PadlockError('usage/invalid', '--finish and --lost at once', { fix: 'give one' });
      }
      const session = open(options);
      if (options.lost === true) return told(session, 'write', lost);
      return told(session, 'write', options.finish === true ? finishing : (world) => rotate(world, session));
    });
}

async function told(session: Session, access: 'read' | 'write', work: (world: OperatedWorld) => Promise<Told>): Promise<void> {
  const world = await session.composition.world(access);
  try {
    const { lines, json } = await work(world);
    await finish(session, { kind: 'KeysResult', exitCode: EXIT.ok, text: () => fitted(lines, session.terminal), json: () => json });
  } finally {
    await world.store.close();
  }
}

async function list(world: OperatedWorld): Promise<Told> {
  const { held, factors } = await listKeys(world);
  const rows = [...factors].map(([id, sealed]) => ({ id, sealed, active: id === held.active, held: held.ids.includes(id) }));
  return {
    lines: rows.map(({ id, sealed, active, held: here }) => {
      const note = active ? '   seals what is new' : here ? '' : '   is not in the key file';
      return `${id}   ${counted(sealed, 'factor', 'factors')}${note}`;
    }),
    json: { keys: rows },
  };
}

async function rotate(world: OperatedWorld, session: Session): Promise<Told> {
  const progress = progressOn(session.stderr, 'wrapping factors', () => session.composition.clock.now());
  try {
    const { active, made, rewrapped, unreadable } = await rotateKeys(world, (done) => progress.step(done));
    progress.end();
    return {
      lines: [
        `${made ? `${active} was made, and seals from now on` : `carried on: ${active} seals`}   ${counted(rewrapped, 'factor', 'factors')} wrapped with it`,
        ...(unreadable === 0 ? [] : [`${counted(unreadable, 'factor', 'factors')} left that cannot be opened: padlock doctor names them`]),
        'old keys are kept: backups made before need them. padlock keys rotate --finish removes those that seal nothing here',
      ],
      json: { active, made, rewrapped, unreadable },
    };
  } finally {
    progress.end();
  }
}

async function finishing(world: OperatedWorld): Promise<Told> {
  const removed = await finishKeys(world);
  return { lines: [removed.length === 0 ? 'no key to remove' : `removed: ${removed.join(', ')}`], json: { removed } };
}

async function lost(world: OperatedWorld): Promise<Told> {
  const active = await replaceLostKeys(world);
  return {
    lines: [
      `${active} was made, and seals from now on`,
      'what the lost key sealed stays unreadable, and counts as enrolled: padlock doctor names it',
    ],
    json: { active, made: true },
  };
}
