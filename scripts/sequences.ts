/**
 * Plays as many generated sequences of sign-ins as asked for: `npm run sequences -- --count 1000000 --seed 1 --workers 2`. The test of
 * sequences runs again and again, each time from the next seeds, some at once. Ends with 1 at the first that fails, and says how to see it again.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const SEQUENCES = 'test/security/01-sequences.test.ts';
const OF_RUN = 50_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '20261125' },
    workers: { type: 'string', default: '2' },
  },
});
const [wanted, firstSeed, workers] = [values.count, values.seed, values.workers].map(Number) as [number, number, number];
if (![wanted, firstSeed, workers].every(Number.isInteger)) throw new RangeError('--count, --seed and --workers are whole numbers');

let [begun, played, failed] = [0, 0, false];
const started = performance.now();

/** Plays some from a seed on. Gives whether all of them held. */
function run(seed: number, count: number): Promise<boolean> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, SEQUENCES: String(count), SEQUENCES_SEED: String(seed) };
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'padlock', SEQUENCES], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) =>
    child.on('close', (status) => {
      if (status !== 0)
        process.stdout.write(`${output}\nfailed; again: SEQUENCES=${count} SEQUENCES_SEED=${seed} npx vitest run ${SEQUENCES}\n`);
      resolve(status === 0);
    }),
  );
}

async function work(): Promise<void> {
  while (begun < wanted && !failed) {
    const [seed, count] = [firstSeed + begun, Math.min(OF_RUN, wanted - begun)];
    begun += count;
    if (!(await run(seed, count))) failed = true;
    else played += count;
    process.stdout.write(`${played} of ${wanted} played · ${Math.round((performance.now() - started) / 1000)} s\n`);
  }
}

await Promise.all(Array.from({ length: workers }, work));
if (failed) process.exitCode = 1;
else process.stdout.write(`${played} sequences came to what the rules say, seeds ${firstSeed} to ${firstSeed + wanted - 1}\n`);
