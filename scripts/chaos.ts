/**
 * Kills Padlock with SIGKILL at every statement of every act that writes, and at random: `npm run chaos -- --kills 10000 --seed 7`.
 * After each kill the store is what it was before a commit or after it, and the act run again completes, once. Ends with 1 where
 * that is not so. `--only INDEX` repeats one case. `--store postgresql` kills resets on a PostgreSQL server of its own instead, so many of
 * them as `--resets` says: `npm run chaos -- --store postgresql --kills 10000 --resets 1000 --seed 7`.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { leastKills, type Result, runCampaign } from '../test/chaos/campaign.ts';
import { killResets } from '../test/chaos/postgresql/campaign.ts';
import { renderResets } from '../test/chaos/postgresql/table.ts';
import { missedPoints, renderFault, renderOutcome } from '../test/chaos/table.ts';
import { makeCluster } from '../test/servers/postgresql.ts';
import { onSocket } from '../test/servers/postgresql-database.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '7' },
    workers: { type: 'string', default: '2' },
    only: { type: 'string' },
    store: { type: 'string', default: 'sqlite' },
    resets: { type: 'string', default: '1000' },
  },
});
const [kills, seed, workers] = [values.kills, values.seed, values.workers].map(Number) as [number, number, number];

if (values.store === 'postgresql') await onPostgres();
else await onSqlite();

/** Kills resets on a server that syncs, and prints how many kills came at which statement. */
async function onPostgres(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-chaos-'));
  chmodSync(folder, 0o755);
  const cluster = makeCluster(join(folder, 'server'), ['fsync = on']);
  const started = performance.now();
  try {
    const onKill = (killed: number) => {
      if (killed % 500 === 0) process.stderr.write(`${killed} of ${kills} kills\n`);
    };
    const outcome = await killResets(onSocket(cluster.socket, 'postgres'), { kills, resets: Number(values.resets), seed, workers, onKill });
    console.log(renderResets(outcome, Number(values.resets), seed).join('\n'));
    console.log(`${Math.round((performance.now() - started) / 1000)} s on ${workers} workers`);
    if (outcome.faults.length > 0) process.exitCode = 1;
  } finally {
    cluster.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills every act on SQLite. */
async function onSqlite(): Promise<void> {
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
}
