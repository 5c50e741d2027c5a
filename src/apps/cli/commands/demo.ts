import type { Command } from 'commander';
import { counted } from '../../../core/layout/flow.ts';
import { EXIT, PadlockError } from '../../../core/model/errors.ts';
import { shownStore } from '../../configuration/database.ts';
import { tryPortal } from '../demo/portal.ts';
import { seed } from '../demo/seed.ts';
import { generateWorld } from '../demo/world.ts';
import { countOption, examples } from '../output/options.ts';
import { progressOn } from '../output/progress.ts';
import { finish, type Session } from '../output/session.ts';
import { writeLines } from '../output/write.ts';

interface Options {
  readonly users: number;
  readonly seed: number;
  readonly tour?: boolean;
  readonly portal?: boolean;
  readonly port?: number;
}

/** When the people of the world joined. Fixed, so that the same world comes out whenever it is made. */
const JOINED = Date.UTC(2026, 9, 1);

/** What the tour runs, one after the other. */
const TOUR = [['validate', 'policies/'], ['plan', 'policies/'], ['apply', 'policies/'], ['status'], ['report']] as const;

const NEXT = [
  'What to try next:',
  '  npm start                            again: no changes, no row written',
  '  npx padlock explain ilse@northwind.example',
  '  edit policies/myglue/bakery.yaml     requireMfa: true, then',
  '  npx padlock plan policies/           whom it would hit, and which guard holds it',
  '  npm run portal                       sign in as somebody who has to set up a second factor',
  '  npx padlock demo --users 100000      the same world, larger (after rm -r .padlock)',
];

/** `padlock demo`: a fictitious world in the configured store. */
export function define(command: Command, open: (options: object) => Session): void {
  command
    .description('Makes the fictitious MSP Northwind IT, with as many people as you like, in the configured store.')
    .option('--users <count>', 'how many people', countOption, 62)
    .option('--seed <number>', 'another world of the same size', countOption, 1)
    .option('--portal', 'then apply the policies, and serve the portal with two people invited to it, until SIGTERM')
    .option('--port <number>', 'the port of the portal', countOption)
    .option('--tour', 'then run the main job on it: validate, plan, apply, status, report')
    .addHelpText('after', examples('padlock demo', 'padlock demo --users 500 --seed 7'))
    .action(async (options: Options) => {
      const session = open(options);
      if ((options.tour === true || options.portal === true) && session.format === 'json') {
        throw new PadlockError('usage/invalid', 'a tour and a portal are for people', {
          fix: 'run the commands one by one with --output json',
        });
      }
      await makeWorld(session, options);
      if (options.tour === true) await tour(session);
      if (options.portal === true) await tryPortal(session, generateWorld({ ...options, now: JOINED }), options.port);
    });
}

async function makeWorld(session: Session, options: Options): Promise<void> {
  const { composition } = session;
  const path = shownStore(composition.configuration().store);
  const world = await composition.world('create', { now: () => JOINED });
  const progress = progressOn(session.stderr, 'enrolling', () => composition.clock.now());
  const demo = generateWorld({ users: options.users, seed: options.seed, now: JOINED });
  try {
    const onProgress = (done: number) => progress.step(done);
    const held = await seed(world, { demo, random: composition.random, now: JOINED, onProgress });
    progress.end();
    await finish(session, {
      kind: 'DemoResult',
      exitCode: EXIT.ok,
      *text() {
        const size = `${counted(options.users, 'person', 'people')} in ${counted(demo.scopes.length, 'scope', 'scopes')}`;
        yield held === 0
          ? `Northwind IT: ${size} made in ${path}`
          : `Northwind IT: ${path} holds ${counted(held, 'membership', 'memberships')} of it already, left as they are`;
      },
      json: () => ({ store: path, people: options.users, scopes: demo.scopes.length, written: held === 0 }),
    });
  } finally {
    progress.end();
    await world.store.close();
  }
}

/** Runs the main job as anybody would type it. Stops at the first command that does not end well. */
async function tour(session: Session): Promise<void> {
  for (const words of TOUR) {
    await writeLines(session.stdout, ['', session.terminal.style.bold(`$ padlock ${words.join(' ')}`)]);
    session.exitCode = await session.run(words);
    if (session.exitCode !== EXIT.ok) return;
  }
  await writeLines(session.stdout, ['', ...NEXT]);
}
