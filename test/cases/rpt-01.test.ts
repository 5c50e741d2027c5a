// RPT-01: only people with A. Elsewhere the first page of the directory was taken for all of it, and the figure was wrong for
// months. Here each report states how many people the store holds and how many were considered; a short read is exit 6, and no file.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqlite } from '../../src/adapters/store/sqlite/open.ts';
import { writeReport } from '../../src/apps/cli/commands/report/write.ts';
import { sessionOf } from '../../src/apps/cli/output/session.ts';
import { compose } from '../../src/apps/compose.ts';
import type { MembershipFilter } from '../../src/core/ports/store.ts';
import type { OperatedWorld } from '../../src/flows/world.ts';
import { KEYRING, RANDOM } from '../adapters/store/opened.ts';
import { ANY_KIND, changesOf, created, factorOf, T0, termsOf } from '../contract/store-world.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PEOPLE = 2501;
const NOT_ENROLLED = 1200;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-rpt-01-'));
  path = join(folder, '.padlock', 'padlock.db');
  mkdirSync(join(folder, '.padlock'));
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  await makeStore();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** 2 501 people of one account, the 1 200 who are not enrolled spread over all of their names. */
async function makeStore(): Promise<void> {
  const ids = Array.from({ length: PEOPLE }, (_, i) => String(i));
  const nameOf = (id: string) => `${String.fromCharCode(97 + (Number(id) % 26))}-person-${id}`;
  const people = ids.map((id) => created(id, { address: `${nameOf(id)}@northwind.example`, name: nameOf(id) }, ['northwind', 'Editor']));
  const store = await openSqlite({ path, access: 'write', keyring: () => KEYRING, random: RANDOM });
  await store.write(T0, async (transaction) => {
    const titles = new Map([['northwind', 'Northwind IT']]);
    await transaction.importDirectory(
      changesOf({ newAccount: true, newScopes: ['northwind'], created: people }),
      { name: 'portal', enrollment: 'store' },
      titles,
    );
    await transaction.putTerms([{ scope: 'northwind', terms: termsOf('northwind'), version: null }]);
    await transaction.addObligations([{ scope: 'northwind', demand: ANY_KIND, since: T0 }]);
    const enrolled = ids.filter((_, i) => Math.floor(((i + 1) * NOT_ENROLLED) / PEOPLE) === Math.floor((i * NOT_ENROLLED) / PEOPLE));
    const found = await transaction.findUsers(enrolled.map((called) => ({ account: 'northwind', called })));
    await transaction.enroll(found.map(({ id }) => factorOf(id, 'totp', T0)));
  });
  await store.close();
}

function padlock(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), ...argv], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const files = () => readdirSync(join(folder, 'reports')).sort();

it('everybody is considered: 1 200 rows are not enrolled, and the cover says 2 501', () => {
  expect(padlock('report', '--unsigned', '--out', 'reports')).toMatchObject({ status: 0, stderr: '' });
  const [csv = '', html = ''] = files();
  const rows: Record<string, string>[] = parse(readFileSync(join(folder, 'reports', csv)), { bom: true, columns: true });
  expect(rows.filter((row) => row['class'] === 'missing')).toHaveLength(NOT_ENROLLED);
  expect(rows).toHaveLength(PEOPLE);
  const page = readFileSync(join(folder, 'reports', html), 'utf8');
  expect(page).toContain('<strong>2\u202F501</strong> in the store<br><strong>2\u202F501</strong> considered: they agree');
  expect(page.match(/<bdi class="muted small">[a-z]-person-\d+@/g)).toHaveLength(NOT_ENROLLED);
  expect(new Set([...page.matchAll(/>([a-z])-person-\d+@/g)].map((match) => match[1])).size).toBe(26);
});

it('a database whose disk fails: exit 6, and no file is left under any name', () => {
  mkdirSync(join(folder, 'reports'));
  damage('person-1600@');
  const { status, stdout } = padlock('report', '--unsigned', '--out', 'reports', '--output', 'json');
  expect({ status, result: JSON.parse(stdout) }).toMatchObject({ status: 6, result: { ok: false, error: { code: 'store/corrupt' } } });
  expect(files()).toEqual([]);
});

it('a connection that breaks after 1 000 rows: exit 6, though other files were whole already, and none is left', async () => {
  const composition = compose(join(folder, 'padlock.yaml'), async () => undefined);
  for (const list of [1, 2]) {
    const world = async () => breaking(await composition.world('read'), list);
    const session = sessionOf(
      { ...composition, world },
      'json',
      false,
      async () => 0,
      async () => new Command(),
    );
    const writing = writeReport(session, { unsigned: true, out: join(folder, 'reports') });
    await expect(writing).rejects.toMatchObject({ code: 'store/unavailable', exitCode: 6 });
    expect(files()).toEqual([]);
  }
});

/** The world, whose so-many-th list of memberships breaks off after 1 000 rows as SQLite does. */
function breaking(world: OperatedWorld, list: number): OperatedWorld {
  let lists = 0;
  const survey: OperatedWorld['store']['survey'] = (work) =>
    world.store.survey((reader) => {
      async function* memberships(now: number, filter: MembershipFilter) {
        lists += 1;
        let rows = 0;
        for await (const row of reader.memberships(now, filter)) {
          if (lists === list && rows === 1000) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR');
          rows += 1;
          yield row;
        }
      }
      return work({ ...reader, memberships });
    });
  return { ...world, store: { ...world.store, survey } };
}

/** Takes the page away on which somebody stands, in the table of people alone: what a failing disk does. */
function damage(name: string): void {
  const database = new Database(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const size = database.pragma('page_size', { simple: true }) as number;
  database.close();
  const bytes = readFileSync(path);
  const pages = Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  // Leaves of tables begin with 13; those of an index, where the address stands too, with 10.
  const found = pages.findIndex((page) => page[0] === 13 && page.includes(name));
  expect(found).toBeGreaterThan(0);
  bytes.fill(0xff, found * size, (found + 1) * size);
  writeFileSync(path, bytes);
}
