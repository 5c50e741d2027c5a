/**
 * Kills Padlock with SIGKILL at every statement of every act that writes, and at random: `npm run chaos -- --kills 10000 --seed 7`.
 * After each kill the store is what it was before a commit or after it, and the act run again completes, once. Ends with 1 where
 * that is not so. `--only INDEX` repeats one case.
 */
import { parseArgs } from 'node:util';
import { leastKills, type Result, runCampaign } from '../test/chaos/campaign.ts';
import { missedPoints, renderFault, renderOutcome } from '../test/chaos/table.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '7' },
    workers: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const [kills, seed, workers] = [values.kills, values.seed, values.workers].map(Number) as [number, number, number];
let found = 0;
/** On a terminal one line that counts, on a pipe a line every thousand kills; what is wrong is told as soon as it is known. */
const onKill = (killed: number, result: Result) => {
  if (result.verdict.faults.length > 0) {
    found += 1;
    process.stderr.write(`${renderFault(result, seed).join('\n')}\n`);
  }
  const line = `${killed} of ${kills} kills, ${found} faults`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
  else if (killed % 1000 === 0) process.stderr.write(`${line}\n`);
};
const started = performance.now();
const outcome = await runCampaign({ kills, seed, workers, onKill, ...(values.only !== undefined && { only: Number(values.only) }) });
if (process.stderr.isTTY) process.stderr.write('\n');
const faulty = outcome.results.filter(({ verdict }) => verdict.faults.length > 0);
if (values.only === undefined) {
  console.log(renderOutcome(outcome, seed).join('\n'));
  console.log(`${Math.round((performance.now() - started) / 1000)} s on ${workers} workers`);
  const least = leastKills(outcome.recordings);
  if (kills < least) console.log(`--kills ${least} or more hit every point`);
} else {
  const [result] = outcome.results;
  const { one } = result ?? {};
  console.log(`case ${values.only}: ${one?.recording.act.name}, ${JSON.stringify(one?.point ?? { killAfter: one?.killAfter })}`);
  console.log(result?.verdict.killed ? 'killed' : 'not killed: it was done before');
}
const missed = values.only === undefined && kills >= leastKills(outcome.recordings) ? missedPoints(outcome) : [];
for (const point of missed) console.log(`never hit: ${point}`);
if (faulty.length > 0 || missed.length > 0) process.exitCode = 1;
