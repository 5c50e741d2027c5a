import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, rowsIn, runIn } from '../apps/cli/program.ts';

let folder: string;

const padlock = (...argv: readonly string[]) => runIn(folder, argv);

const rows = () => rowsIn(folder);

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
