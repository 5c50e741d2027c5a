import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROOT, runIn } from './program.ts';

let home: string;
let folder: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'padlock-lost-'));
  folder = join(home, 'template');
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  expect([padlock('demo').status, padlock('apply').status]).toEqual([0, 0]);
  expect(padlock('directory', 'export', '--account', 'northwind', '--out', 'people.csv').status).toBe(0);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));
beforeEach(() => {
  folder = join(home, 'work');
  cpSync(join(home, 'template'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const padlock = (...argv: readonly string[]) => runIn(folder, argv);
const path = () => join(folder, '.padlock', 'padlock.db');
const kept = () => readdirSync(join(folder, '.padlock')).sort();

const COMMANDS: readonly (readonly string[])[] = [
  ['apply', 'policies/'],
  ['demo'],
  ['directory', 'import', 'people.csv', '--account', 'northwind'],
  ['reset', 'carla@northwind.example', '--account', 'northwind', '--reason', 'x'],
  ['audit', 'acknowledge', '--reason', 'x'],
  ['audit', 'verify'],
  ['status'],
  ['keys', 'rotate'],
  ['store', 'backup', 'b.db'],
];
const named = (commands: typeof COMMANDS) => commands.map((argv) => [argv.join(' '), argv] as const);

describe('a store that the heads know, and whose file is gone', () => {
  test.each(named(COMMANDS))('%s: says so, and makes nothing', (_, argv) => {
    rmSync(path());
    const before = kept();
    const { status, stderr } = padlock(...argv);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/store\/lost .*northwind up to entry \d+.*\n.*restore a backup/),
    });
    expect(kept()).toEqual(before);
    expect(existsSync(join(folder, 'b.db'))).toBe(false);
  });

  test('doctor says how to go on, and never to import', () => {
    rmSync(path());
    const { status, stdout } = padlock('doctor');
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('restore a backup: "The store is lost, and a backup is restored" in docs/runbook.md');
    expect(stdout).not.toContain('import');
  });

  test('an empty file in its place is as good as none', () => {
    writeFileSync(path(), '');
    expect(padlock('apply', 'policies/')).toMatchObject({ status: 1, stderr: expect.stringContaining('store/lost') });
    expect(padlock('audit', 'acknowledge', '--reason', 'x')).toMatchObject({ status: 1, stderr: expect.stringContaining('store/lost') });
  });

  test('a store without an entry in its place is never acknowledged', () => {
    const heads = join(folder, '.padlock', 'heads.jsonl');
    rmSync(path());
    renameSync(heads, `${heads}.kept`);
    // Refused by its guard, and so a store in which nothing stands.
    writeFileSync(join(folder, 'nobody.csv'), 'id,my_glue_account,role,address,name,enabled,kind\n');
    padlock('directory', 'import', 'nobody.csv', '--account', 'northwind');
    expect(existsSync(path())).toBe(true);
    renameSync(`${heads}.kept`, heads);
    expect(padlock('audit', 'acknowledge', '--reason', 'x')).toMatchObject({ status: 1, stderr: expect.stringContaining('store/lost') });
    expect(padlock('apply', 'policies/')).toMatchObject({ status: 1, stderr: expect.stringContaining('store/restored') });
  });

  test('is begun anew on purpose once its heads are out of the way', () => {
    rmSync(path());
    renameSync(join(folder, '.padlock', 'heads.jsonl'), join(folder, 'heads-of-the-lost-store.jsonl'));
    expect(padlock('demo').status).toBe(0);
    expect(padlock('apply', 'policies/').status).toBe(0);
  });
});

describe('where there never was a store', () => {
  test.each(named(COMMANDS.filter(([name]) => name !== 'demo' && name !== 'directory')))(
    '%s: store/missing, and nothing is made',
    (_, argv) => {
      rmSync(join(folder, '.padlock'), { recursive: true });
      expect(padlock(...argv)).toMatchObject({ status: 6, stderr: expect.stringContaining('store/missing') });
      expect(existsSync(join(folder, '.padlock'))).toBe(false);
    },
  );
});
