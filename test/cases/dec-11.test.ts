// DEC-11: a second door with its own reading of the rule. Elsewhere a list, merely by being read, would have granted deadlines.
// Here reading changes no row: every table is the same before and after each command that reads.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contentOf } from '../adapters/store/opened.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string;

function padlock(...argv: readonly string[]) {
  const env = { PATH: process.env['PATH'], TZ: 'UTC' };
  return spawnSync(process.execPath, [join(ROOT, 'bin', 'padlock.mjs'), ...argv], { cwd: folder, encoding: 'utf8', env });
}

function rows(): string {
  const database = new Database(join(folder, '.padlock', 'padlock.db'), { readonly: true });
  try {
    return contentOf(database);
  } finally {
    database.close();
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-dec-11-'));
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  expect(padlock('demo', '--tour').status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['status', '--names', 'all'],
  ['explain', 'ada@northwind.example'],
  ['plan', 'policies'],
  ['drift', 'policies'],
  ['export'],
  ['report', '--out', 'reports'],
  ['audit', 'list'],
  ['audit', 'verify'],
  ['doctor'],
  ['keys', 'list'],
  ['store', 'backup', 'copy.db'],
  ['directory', 'export', '--account', 'northwind', '--out', 'people.csv'],
])('%s', (...argv) => {
  const before = rows();
  const { status, stderr } = padlock(...argv);
  expect([0, 1, 2].includes(status ?? -1), stderr).toBe(true);
  expect(stderr).not.toContain('internal/unexpected');
  expect(rows()).toBe(before);
});
