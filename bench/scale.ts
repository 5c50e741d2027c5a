import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, makeCluster } from '../test/servers/postgresql.ts';
import { benchApply, benchPlan } from './scale/changes.ts';
import { benchMissing, benchResets } from './scale/people.ts';
import { type EngineName, openPlace, type Place } from './scale/place.ts';
import { benchReport } from './scale/report.ts';
import { type Size, seed } from './scale/seed.ts';
import { figure, printHead, printNote } from './scale/table.ts';

const ENGINES: readonly EngineName[] = ['sqlite', 'postgresql'];

/**
 * What a store of many people costs, beside plain SQL on the same rows in the same run. `BENCH_USERS` (1 000 000), `BENCH_SCOPES`
 * (1000,10000), `BENCH_MISSING` (0.1,30: of a hundred not enrolled), `BENCH_ENGINES` (sqlite,postgresql), `BENCH_SETTINGS` (none: of
 * the server, such as `jit = off`).
 */
export async function benchScale(bundle: string, rounds: number): Promise<void> {
  const [users = 0] = numbers('BENCH_USERS', '1000000');
  const sizes = numbers('BENCH_SCOPES', '1000,10000').flatMap((scopes) =>
    numbers('BENCH_MISSING', '0.1,30').map((missing): Size => ({ users, scopes, missing })),
  );
  const engines = list('BENCH_ENGINES', ENGINES.join()).map((name) => {
    const engine = ENGINES.find((known) => known === name);
    if (engine === undefined) throw new RangeError(`there is no engine ${name}; there are ${ENGINES.join(', ')}`);
    return engine;
  });
  const settings = list('BENCH_SETTINGS', '').filter((setting) => setting !== '');
  const root = mkdtempSync(join(tmpdir(), 'padlock-bench-scale-'));
  // The server runs as somebody else, where this runs as root.
  chmodSync(root, 0o755);
  let cluster: Cluster | undefined;
  const remove = () => {
    cluster?.remove();
    rmSync(root, { recursive: true, force: true });
  };
  const broken = () => process.exit(130);
  // Also where whoever reads what is printed has gone.
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, broken);
  try {
    // Synced as a real one is; nothing else writes while the bench looks whether anything was written.
    if (engines.includes('postgresql')) cluster = makeCluster(join(root, 'server'), ['fsync = on', 'autovacuum = off', ...settings]);
    for (const engine of engines) for (const size of sizes) await benchSize(bundle, engine, size, root, cluster?.socket ?? '', rounds);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, broken);
    process.off('exit', remove);
    remove();
  }
}

async function benchSize(bundle: string, engine: EngineName, size: Size, root: string, socket: string, rounds: number): Promise<void> {
  const places: Place[] = [];
  const seeded = async (name: string, users: number) => {
    const place = await openPlace(engine, join(root, `${engine}-${name}`), socket);
    places.push(place);
    await seed(place, { ...size, users });
    return place;
  };
  try {
    const began = performance.now();
    const place = await seeded('whole', size.users);
    const took = performance.now() - began;
    const tenth = await seeded('tenth', Math.ceil(size.users / 10));
    const what = `${size.users} users, ${size.scopes} policies, ${size.missing} % not enrolled`;
    printHead(`${engine}, ${what}  (seed ${figure(took / 1000, 's')})`);
    await each('plan', () => benchPlan(place, tenth, size, rounds));
    await each('who is missing', () => benchMissing(place, rounds));
    await each('report', () => benchReport(bundle, place, tenth, rounds));
    await each('apply', () => benchApply(place, size, rounds));
    await each('reset', () => benchResets(place));
  } finally {
    for (const place of places) await place.close();
  }
}

/** What fails (a statement that takes longer than the server allows, say) is told, and the rest goes on. */
async function each(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    printNote(`${name} FAILED: ${cause instanceof Error ? cause.message : String(cause)}`);
    process.exitCode = 1;
  }
}

function list(variable: string, otherwise: string): string[] {
  return (process.env[variable] ?? otherwise).split(',').map((word) => word.trim());
}

function numbers(variable: string, otherwise: string): number[] {
  return list(variable, otherwise).map((word) => {
    const number = Number(word);
    if (!(number > 0)) throw new RangeError(`${variable}: ${word} is no number over 0`);
    return number;
  });
}
