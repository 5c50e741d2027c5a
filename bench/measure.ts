import { spawnSync } from 'node:child_process';

/** A command to measure. */
export interface Contender {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

/** What a command took: the best of its runs, in milliseconds. */
export interface Measured {
  readonly name: string;
  readonly wall: number;
}

/** Runs the contenders in turn, so that whatever else the machine does hits them alike; gives the best run of each. */
export function sideBySide(contenders: readonly Contender[], rounds: number): Measured[] {
  const best = contenders.map(({ name }) => ({ name, wall: Number.POSITIVE_INFINITY }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const so = best[index];
      if (so !== undefined) so.wall = Math.min(so.wall, once(contender));
    }
  }
  return best;
}

function once({ name, argv: [command, ...words] }: Contender): number {
  const began = performance.now();
  const { status, error, stderr } = spawnSync(command, words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  const wall = performance.now() - began;
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}: ${error?.message ?? stderr}`);
  return wall;
}

/** Prints what was measured, each as a ratio to the first, beside the goal. */
export function print(title: string, goal: string, [peer, ...ours]: readonly Measured[]): void {
  console.log(`\n${title}  (goal ${goal})`);
  if (peer === undefined) return;
  console.log(`  ${peer.name.padEnd(44)}${peer.wall.toFixed(0).padStart(7)} ms`);
  for (const { name, wall } of ours) {
    console.log(`  ${name.padEnd(44)}${wall.toFixed(0).padStart(7)} ms   ${(wall / peer.wall).toFixed(2)} ×`);
  }
}
