import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { PostgresServer } from '../../../src/adapters/store/postgresql/server.ts';
import { randomOf } from '../../../src/apps/cli/demo/random.ts';
import { verifyChain } from '../../../src/core/audit/verify.ts';
import { openAt } from '../../adapters/store/opened.ts';
import { RawPostgres } from '../../servers/raw-postgres.ts';
import { statementName } from '../statement-name.ts';
import { type Patient, seedPatients } from './world.ts';

/** What a process is told: whom to reset, and where to be killed. */
export interface ResetOrder {
  readonly server: PostgresServer;
  readonly heads: string;
  readonly now: number;
  readonly user: string;
  readonly requestId: string;
  /** At which of its statements, from 0; `after` null: before it goes out, else so many milliseconds after. */
  readonly kill?: { readonly place: number; readonly after: number | null };
}

/** So many kills over so many resets, drawn from a seed. */
export interface ResetCampaign {
  readonly kills: number;
  readonly resets: number;
  readonly seed: number;
  readonly workers: number;
  readonly onKill?: (killed: number) => void;
}

/** What a campaign came to. */
export interface ResetOutcome {
  readonly kills: number;
  /** Kills that came too late: the process had ended. */
  readonly late: number;
  /** By the name of the statement. */
  readonly byStatement: ReadonlyMap<string, { readonly before: number; readonly after: number }>;
  /** Kills after which the reset stood, and after which it did not. */
  readonly stood: number;
  readonly gone: number;
  readonly faults: readonly string[];
}

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Longest that a statement is let run before the process goes, in milliseconds: most take a tenth of that. */
const RUNS = 3;

/**
 * Resets people one after another, each by processes that are killed at statements of their own, and then by one that is not. After each
 * kill the reset is whole or not begun; at the end each was done once, and the audit chain holds.
 */
export async function killResets(server: PostgresServer, options: ResetCampaign): Promise<ResetOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-resets-'));
  const raw = new RawPostgres(server.host, server.database);
  // Beside the packages, which it finds from there.
  const program = join(ROOT, 'node_modules', `.resetter-${process.pid}.mjs`);
  try {
    await bundle(program);
    const heads = join(folder, 'heads.jsonl');
    const patients = await seedPatients(server, raw, heads, options.resets + 1);
    let day = 0;
    // A clock never goes back, whichever worker is further.
    const order = (index: number) => {
      day = Math.max(day, Math.floor(index / A_DAY));
      return { server, heads, now: BEGIN + day * (DAY + 1000), ...orderOf(patients, index) };
    };
    const recorded = await run(program, order(0));
    const names = recorded.statements.map(statementName);
    const commits = names.flatMap((name, place) => (name === 'commit' ? [place] : []));
    const counts = new Map(names.map((name) => [name, { before: 0, after: 0 }]));
    const seen = { kills: 0, late: 0, stood: 0, gone: 0 };
    const faults: string[] = [];
    const each = Math.ceil(options.kills / options.resets);
    let next = 1;
    const work = async () => {
      while (next <= options.resets) {
        const index = next++;
        const random = randomOf(options.seed, index);
        for (let hit = 0, tries = 0; hit < each && tries < 5 * each; tries++) {
          // A quarter at commits: they decide, and are few.
          const places = random() < 0.25 ? commits : names.map((_, place) => place);
          const place = places[Math.floor(random() * places.length)] ?? 0;
          const after = random() < 0.5 ? null : random() * RUNS;
          const { killed } = await run(program, { ...order(index), kill: { place, after } });
          const verdict = stateOf(raw, patients[index] as Patient, order(index).requestId);
          if (verdict.fault !== null) faults.push(`reset ${index}, killed at ${names[place]} (${place}): ${verdict.fault}`);
          if (!killed) {
            seen.late += 1;
            continue;
          }
          seen.kills += 1;
          hit += 1;
          seen[verdict.done ? 'stood' : 'gone'] += 1;
          const count = counts.get(names[place] ?? '');
          if (count !== undefined) count[after === null ? 'before' : 'after'] += 1;
          options.onKill?.(seen.kills);
        }
        const { outcome } = await run(program, order(index));
        const verdict = stateOf(raw, patients[index] as Patient, order(index).requestId);
        if (outcome !== 'Executed' || !verdict.done) faults.push(`reset ${index} is lost: ${outcome}, ${verdict.fault ?? 'not done'}`);
      }
    };
    await Promise.all(Array.from({ length: options.workers }, work));
    faults.push(...(await wholeFaults(server, raw, options.resets + 1)));
    return { ...seen, byStatement: counts, faults };
  } finally {
    raw.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(program, { force: true });
  }
}

const DAY = 86_400_000;
const BEGIN = Date.UTC(2026, 10, 25, 8);

/** Resets of a day: fewer than the guard on resets lets through, also where workers are a day apart. */
const A_DAY = 8;

function orderOf(patients: readonly Patient[], index: number) {
  const user = patients[index]?.address;
  if (user === undefined) throw new RangeError(`there are ${patients.length} people to reset`);
  return { user, requestId: `R-${index}` };
}

/** Whether a reset is whole: every trace of it, or none. */
function stateOf(raw: RawPostgres, patient: Patient, requestId: string): { readonly done: boolean; readonly fault: string | null } {
  const row = raw
    .prepare(`select (select count(*) from resets where request_id = ? and outcome = 'Executed') as executed,
      (select count(*) from factors where user_id = u.id) as factors, u.epoch, u.kinds,
      (select count(*) from audit where act = 'reset.executed' and body like ?) as audited from users as u where u.id = ?`)
    .get(requestId, `%"target":"${requestId}"%`, patient.id) as Record<'executed' | 'factors' | 'epoch' | 'kinds' | 'audited', number>;
  const done = { executed: 1, factors: 0, epoch: patient.epoch + 1, kinds: 0, audited: 1 };
  const none = { executed: 0, factors: patient.factors, epoch: patient.epoch, kinds: patient.kinds, audited: 0 };
  const same = (other: typeof done) => JSON.stringify({ ...other, ...row }) === JSON.stringify(other);
  if (same(done)) return { done: true, fault: null };
  return { done: false, fault: same(none) ? null : `half-done: ${JSON.stringify(row)}, was ${JSON.stringify(none)}` };
}

async function wholeFaults(server: PostgresServer, raw: RawPostgres, resets: number): Promise<string[]> {
  const faults: string[] = [];
  const executed = raw.prepare("select count(*) from resets where outcome = 'Executed'").pluck().get();
  if (executed !== resets) faults.push(`${String(executed)} of ${resets} resets are executed`);
  const twice = raw
    .prepare("select count(*) - count(distinct body::jsonb ->> 'target') from audit where act = 'reset.executed'")
    .pluck()
    .get();
  if (twice !== 0) faults.push(`${String(twice)} resets are audited twice`);
  const store = await openAt({ server }, { access: 'read' });
  const { broken } = await store.read((reader) => verifyChain('northwind', reader.auditEntries('northwind'), null));
  await store.close();
  if (broken !== null) faults.push(`the audit chain is broken: ${JSON.stringify(broken)}`);
  return faults;
}

interface Run {
  readonly killed: boolean;
  readonly outcome: string | undefined;
  readonly statements: readonly string[];
}

function run(program: string, order: ResetOrder): Promise<Run> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const killed = signal === 'SIGKILL';
      if (!killed && code !== 0) return reject(new Error(`the process ended with ${code}`));
      const { outcome, statements } = said === '' ? {} : JSON.parse(said);
      resolve({ killed, outcome, statements: statements ?? [] });
    });
  });
}

/** One file, since it starts thousands of times; packages stay outside. */
async function bundle(outfile: string): Promise<void> {
  const entryPoints = [join(import.meta.dirname, 'resetter.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' });
}
