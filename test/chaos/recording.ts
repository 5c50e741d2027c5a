import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Act } from './acts.ts';
import type { Order, RecordedPoint } from './order.ts';
import type { Program, Server } from './program.ts';
import { sealedFaults } from './sealed.ts';
import { type State, stateOf, storeIn } from './state.ts';
import { begin, enroll, NOW } from './world.ts';

/** A run of an act that nobody killed: what every other is compared with. */
export interface Recording {
  readonly act: Act;
  readonly points: readonly RecordedPoint[];
  /** What the store holds before the first commit, and after each. */
  readonly states: readonly State[];
  /** What it holds at the end where nobody enrolled meanwhile, and where somebody did. */
  readonly end: string;
  readonly endEnrolled: string | undefined;
  readonly files: ReadonlyMap<string, string>;
  /** Everything that lies in the folder at the end. */
  readonly names: ReadonlySet<string>;
  /** What the command says of itself when it is run again, done already. */
  readonly again: string;
  readonly code: number;
  readonly milliseconds: number;
}

/** The command as a result that programs read, in a world that is the same each time. */
export function orderOf(act: Act): Order {
  return { now: NOW, argv: [...act.argv, '--output', 'json'], random: 9 };
}

/** Runs an act to its end, once in a process of its own that tells its points, and then again: that must change nothing. */
export async function record(act: Act, program: Program, server: Server, root: string): Promise<Recording> {
  const folder = join(root, 'recording');
  begin(root, act.base, folder);
  const kept = join(root, 'recorded', act.name.replace(/\W+/g, '-'));
  mkdirSync(kept, { recursive: true });
  const first = stateOf(storeIn(folder));
  const started = performance.now();
  const ended = await program.run({ ...orderOf(act), record: kept }, folder);
  const milliseconds = performance.now() - started;
  if (ended.code !== 0) throw new Error(`${act.name} ended with ${ended.code}: ${ended.stderr}`);
  const points = JSON.parse(readFileSync(join(kept, 'points.json'), 'utf8')) as RecordedPoint[];
  const states = [first];
  while (existsSync(join(kept, `${states.length}.db`))) states.push(stateOf(join(kept, `${states.length}.db`)));
  const end = stateOf(storeIn(folder)).content;
  const faults = [...states.flatMap((state) => state.faults), ...sealedFaults(folder)];
  if (faults.length > 0) throw new Error(`${act.name}, which nobody killed: ${faults.join('; ')}`);
  const files = new Map((act.files ?? []).map((file) => [file, readFileSync(join(folder, file), 'latin1')]));
  const names = new Set(readdirSync(folder, { recursive: true }) as string[]);
  const again = await server.run(orderOf(act), folder);
  if (act.more !== true && stateOf(storeIn(folder)).content !== end) throw new Error(`${act.name} again changes what it has done`);
  const endEnrolled = act.enrolls === undefined ? undefined : await withNewer(act.enrolls, folder);
  return { act, points, states, end, endEnrolled, files, names, again: again.said, code: again.code, milliseconds };
}

async function withNewer(address: string, folder: string): Promise<string> {
  await enroll(folder, address, NOW + 60_000);
  return stateOf(storeIn(folder)).content;
}
