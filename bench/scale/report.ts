import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import { memberships } from '../../src/adapters/store/reading/lists.ts';
import { summarizeStore } from '../../src/flows/reporting/status.ts';
import { program } from '../../test/servers/postgresql.ts';
import { NOW, type Place } from './place.ts';
import { beside, figure, printAlone, printNote, printRatio, taken } from './table.ts';

/** What a report may hold in memory at most, by engine, in mebibytes. */
const MOST = { sqlite: 128, postgresql: 96 } as const;
/** Bytes that the plain copy gathers before it writes. */
const CHUNK = 65_536;

/** Read by Node before the program: leaves behind the most memory that the process itself ever had, not what it came from. */
const watching = (file: string) => `import { readFileSync, writeFileSync } from 'node:fs';
process.on('exit', () => {
  let peak = process.resourceUsage().maxRSS;
  try { peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? peak); } catch {}
  writeFileSync(${JSON.stringify(file)}, String(peak));
});`;

/** `padlock report` of everybody to CSV, beside a plain copy of the same SELECT; and its memory beside that at a tenth of the people. */
export async function benchReport(bundle: string, place: Place, tenth: Place, rounds: number): Promise<void> {
  const select = await selectOf(place);
  const file = join(place.folder, 'plain.csv');
  const peak = { ours: Number.POSITIVE_INFINITY, peer: Number.POSITIVE_INFINITY };
  const report = async (of: Place, side: 'ours' | 'peer') => {
    const made = reported(bundle, of);
    peak[side] = Math.min(peak[side], made.peak);
    return made.took;
  };
  const copy = place.engine === 'sqlite' ? () => copied(place, select, file) : () => copiedByPsql(place, select, file);
  const runs = Math.min(rounds, 3);
  // The goal of the time is PostgreSQL's: there is a program that does nothing else.
  const goal = place.engine === 'sqlite' ? null : 1.35;
  const took = await beside(
    runs,
    () => report(place, 'ours'),
    () => taken(copy),
  );
  printRatio('report of everybody to CSV', took, goal);
  printNote(
    place.engine === 'sqlite' ? 'peer: iterate over the same SELECT, written to a file' : 'peer: psql \\copy of the same SELECT to a file',
  );
  const { store } = place.world;
  const counts = await taken(() => store.read((reader) => summarizeStore(place.world, reader, NOW)));
  const rows = await taken(() =>
    store.read(async (reader) => {
      for await (const _ of reader.memberships(NOW, {}));
    }),
  );
  printNote(`of it the figures by scope ${figure(counts, 'ms')}, the rows without their text ${figure(rows, 'ms')}`);
  await report(tenth, 'peer');
  const met = printRatio('its peak memory, beside a tenth', peak, 1.2, 'MiB');
  if (!met && place.engine === 'sqlite') printNote('up to 64 MiB of it is the cache of pages, which a smaller store may not fill');
  printAlone('its peak memory', figure(peak.ours, 'MiB'), `≤ ${MOST[place.engine]}`, peak.ours <= MOST[place.engine]);
}

/** The statement that gives everybody, as the report runs it. */
async function selectOf({ db, words, logged }: Place): Promise<CompiledQuery> {
  logged.length = 0;
  for await (const _ of memberships(db, words, NOW, {})) break;
  const query = logged.at(-1);
  if (query === undefined || !query.sql.includes('memberships')) throw new Error('the statement of the report was not logged');
  return query;
}

function reported(bundle: string, { folder, called }: Place): { took: number; peak: number } {
  const [out, watch, peak] = [join(folder, 'reports'), join(folder, 'watch.mjs'), join(folder, 'peak')];
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  writeFileSync(watch, watching(peak));
  const accounts = '{northwind: {enforcer: portal}}';
  const actor = "{subject: bench, user: '1'}";
  writeFileSync(
    join(folder, 'padlock.yaml'),
    `store: '${called}'\nkeys: keys.json\nreports: reports\nactor: ${actor}\naccounts: ${accounts}\n`,
  );
  const began = performance.now();
  const words = ['--import', watch, bundle, 'report', '--format', 'csv', '--unsigned', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const took = performance.now() - began;
  if (status !== 0) throw new Error(`padlock report ended with ${String(status)}: ${stderr}`);
  return { took, peak: Number(readFileSync(peak, 'utf8')) / 1024 };
}

function copiedByPsql({ psql }: Place, { sql, parameters }: CompiledQuery, file: string): void {
  const literal = (value: unknown) => (typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`);
  const text = sql.replaceAll(/\$(\d+)/g, (_, place: string) => literal(parameters[Number(place) - 1])).replaceAll(/\s+/g, ' ');
  const { status, stderr } = spawnSync(program('psql'), [...psql, '--command', `\\copy (${text}) to '${file}' with csv`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`psql ended with ${String(status)}: ${stderr}`);
}

function copied({ folder }: Place, { sql, parameters }: CompiledQuery, file: string): void {
  const database = new Database(join(folder, 'padlock.db'), { readonly: true });
  const out = openSync(file, 'w');
  try {
    let text = '';
    for (const row of database.prepare(sql).raw().iterate(parameters) as IterableIterator<unknown[]>) {
      text += `${row.join(',')}\r\n`;
      if (text.length < CHUNK) continue;
      writeSync(out, text);
      text = '';
    }
    writeSync(out, text);
  } finally {
    closeSync(out);
    database.close();
  }
}
