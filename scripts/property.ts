/**
 * Judges as many memberships as asked for, in SQL and in TypeScript: `npm run property -- --cases 10000000 --seed 1 --workers 2`.
 * The property test runs again and again, each time with the next seed, some at once. Ends with 1 at the first that fails, and
 * says how to see it again.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const PROPERTY = 'test/adapters/store/requirement-property.test.ts';
/** Memberships of one run: enough for every share that the test asserts, few enough that a failure is seen again soon. */
const CASES_OF_RUN = 500_000;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '20261125' },
    workers: { type: 'string', default: '2' },
  },
});
const [wanted, firstSeed, workers] = [values.cases, values.seed, values.workers].map(Number) as [number, number, number];

/** Runs the property once. Gives how many memberships it judged; undefined: it failed. */
async function run(seed: number, cases: number, results: string): Promise<number | undefined> {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, TEST_CASES: String(cases), TEST_SEED: String(seed), TEST_RESULTS: results };
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'padlock', '--testTimeout', '0', PROPERTY], { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status === 0) return judgedIn(results);
  process.stdout.write(`${output}\nfailed; again: TEST_SEED=${seed} TEST_CASES=${cases} npx vitest run ${PROPERTY}\n`);
  return undefined;
}

/** What the test has left beside its result. */
function judgedIn(results: string): number {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as {
    testResults: { assertionResults: { meta: { cases?: number } }[] }[];
  };
  const judged = testResults.flatMap((file) => file.assertionResults).reduce((sum, { meta }) => sum + (meta.cases ?? 0), 0);
  if (judged === 0) throw new RangeError(`${PROPERTY} did not say how many memberships it judged`);
  return judged;
}

const folder = mkdtempSync(join(tmpdir(), 'padlock-property-'));
const started = performance.now();
let judged = 0;
let runs = 0;
let failed = false;

async function work(worker: number): Promise<void> {
  while (judged < wanted && !failed) {
    const seed = firstSeed + runs++;
    const found = await run(seed, Math.min(CASES_OF_RUN, wanted), join(folder, `${worker}.json`));
    failed ||= found === undefined;
    judged += found ?? 0;
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stdout.write(`seed ${seed}: ${found ?? 'failed'} · ${judged} of ${wanted} judged · ${seconds} s\n`);
  }
}

try {
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
else process.stdout.write(`${judged} memberships judged alike in SQL and in TypeScript, seeds ${firstSeed} to ${firstSeed + runs - 1}\n`);
