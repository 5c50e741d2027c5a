import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const BIN = join(ROOT, 'bin', 'padlock.mjs');
let folder: string;

function padlock(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-words-'));
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  expect(padlock('demo').status).toBe(0);
  expect(padlock('apply').status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('one JSON document and nothing else, where an outcome is a refusal', () => {
  test('plan and apply with a change that a guard holds: 4', () => {
    const file = join(folder, 'on.yaml');
    writeFileSync(file, readFileSync(join(folder, 'policies/myglue/bakery.yaml'), 'utf8').replace('requireMfa: false', 'requireMfa: true'));
    for (const [command, kind] of [
      ['plan', 'PlanResult'],
      ['apply', 'ApplyResult'],
    ] as const) {
      const { status, stdout, stderr } = padlock(command, 'on.yaml', '-o', 'json');
      expect({ status, stderr }).toEqual({ status: 4, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ kind, ok: false, exitCode: 4 });
    }
  });

  test('an import that would remove nearly everybody: 4, and nothing is imported', () => {
    writeFileSync(join(folder, 'few.csv'), 'id,email,role,origin\n100001,admin.dana@northwind.example,Administrator,demo\n');
    const run = padlock('directory', 'import', 'few.csv', '--account', 'northwind', '--output', 'json');
    expect(run.status).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'DirectoryResult', ok: false, held: true, written: false });
  });

  test.each([
    ['no such command', ['frobnicate'], 'UsageResult', 64, 'usage/invalid'],
    ['an argument too many', ['status', 'extra'], 'StatusResult', 64, 'usage/invalid'],
    ['an unknown account', ['status', '--account', 'nope'], 'StatusResult', 1, 'policy/unknown-account'],
    ['a report on an unknown account', ['report', '--account', 'nope'], 'ReportResult', 1, 'policy/unknown-account'],
    [
      'an export of an unknown account',
      ['directory', 'export', '--account', 'nope', '--out', 'x.csv'],
      'DirectoryResult',
      1,
      'policy/unknown-account',
    ],
    ['an import of no file', ['directory', 'import', 'nope.csv', '--account', 'northwind'], 'DirectoryResult', 6, 'directory/unreadable'],
    ['an import into a typo', ['directory', 'import', 'few.csv', '--account', 'nortwind'], 'DirectoryResult', 1, 'policy/unknown-account'],
    ['a reset in an unknown account', ['reset', 'x', '--account', 'nope', '--reason', 'r'], 'ResetResult', 1, 'policy/unknown-account'],
    ['a report where no folder can be', ['report', '--out', '/dev/null'], 'ReportResult', 1, 'report/not-written'],
  ])('%s', (_, argv, kind, exitCode, code) => {
    const { status, stdout, stderr } = padlock(...argv, '--output=json');
    expect(JSON.parse(stdout)).toMatchObject({ kind, ok: false, exitCode, error: { code } });
    expect(status).toBe(exitCode);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('a reset by hand', () => {
  const reset = (...more: string[]) => padlock('reset', 'felix@northwind.example', '--account', 'northwind', ...more);

  test.each([
    ['an id that no document could have', ['--reason', 'r', '--request-id', 'a b']],
    ['an id of several lines', ['--reason', 'r', '--request-id', 'T-1\nT-2']],
    ['an empty reason', ['--reason', '']],
    ['a reason with control characters', ['--reason', 'lost\u001b[2Jphone']],
  ])('%s: 64, and nothing happens', (_, more) => {
    expect(reset(...more)).toMatchObject({ status: 64, stdout: '' });
  });

  test('again by the same id: 0 both times, and the second did nothing', () => {
    expect(reset('--reason', 'lost phone', '--request-id', 'T-1')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Executed'),
    });
    expect(reset('--reason', 'lost phone', '--request-id', 'T-1').stdout).toContain('nothing more happened');
  });
});

describe('what stands between directory and its subcommand holds for that', () => {
  const words = ['export', '--account', 'northwind', '--out', 'out.csv'];

  test('the configuration', () => {
    expect(padlock('directory', '--config', 'nope.yaml', ...words)).toMatchObject({ status: 64, stdout: '' });
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
  });

  test('the format', () => {
    expect(JSON.parse(padlock('directory', '--output', 'json', ...words).stdout)).toMatchObject({ kind: 'DirectoryResult', ok: true });
  });

  test('what is said behind it goes before', () => {
    expect(padlock('directory', '--output', 'json', ...words, '--output', 'text').stdout).toContain('written: out.csv');
  });
});

describe('nothing that can be called', () => {
  test.each([[[]], [['directory']], [['audit']], [['keys']], [['store']]])('padlock %j: its help, and 64', (argv) => {
    const { status, stdout, stderr } = padlock(...argv);
    expect(status).toBe(64);
    expect(stdout + stderr).toContain(`Usage: ${['padlock', ...argv].join(' ')}`);
    expect(stdout + stderr).not.toMatch(/usage\/invalid|outputHelp/);
    const json = JSON.parse(padlock(...argv, '--output=json').stdout);
    expect(json).toMatchObject({ ok: false, exitCode: 64, error: { code: 'usage/invalid' } });
  });

  test('a typo is answered on one line', () => {
    expect(padlock('vaildate')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("unknown command 'vaildate' (Did you mean validate?)"),
    });
  });
});

test.each(['--help', 'plan --help', '--version'])('%s to a reader who has gone ends quietly', (words) => {
  const script = `"${process.execPath}" "${BIN}" ${words} | true`;
  for (let i = 0; i < 3; i++) expect(spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' }).stderr).toBe('');
});

test.each(['status', 'schema', 'plan', 'explain ilse@northwind.example'])('%s | head -1 ends quietly', (words) => {
  const script = `set -o pipefail; "${process.execPath}" "${BIN}" ${words} | head -1`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n')).toHaveLength(2);
});

test('NO_COLOR and a pipe: no escape sequence; --color: there is', () => {
  expect(padlock('plan').stdout).not.toContain('\u001b');
  expect(padlock('plan', 'policies', '--color').stdout + padlock('status', '--color').stdout).toContain('\u001b');
});
