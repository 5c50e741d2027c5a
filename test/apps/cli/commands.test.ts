import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/apps/cli/main.ts';
import { readDocuments } from '../../../src/core/documents/read.ts';
import { ROOT, rowsIn, runIn } from './program.ts';

let folder: string;

/** Runs the real program in the folder. */
const padlock = (...argv: readonly string[]) => runIn(folder, argv);

/** The same with `--output json`: the one document, which must be all of standard output. */
function json(...argv: readonly string[]) {
  const { status, stdout, stderr } = padlock(...argv, '--output', 'json');
  const document = JSON.parse(stdout) as { kind: string; ok: boolean; exitCode: number; error?: { code: string } };
  expect(document.exitCode).toBe(status);
  return { ...document, stderr };
}

const rows = () => rowsIn(folder);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-cli-'));
  cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
  cpSync(join(ROOT, 'padlock.yaml'), join(folder, 'padlock.yaml'));
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'people.csv'), 'id,email,role\n900001,new@northwind.example,Editor\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tour', () => {
  test('before there is a store, reading is incomplete, and says what to do', () => {
    expect(padlock('status')).toMatchObject({ status: 6, stdout: '', stderr: expect.stringContaining('directory import') });
    expect(existsSync(join(folder, '.padlock'))).toBe(false);
  });

  test('runs the main job to its end on 62 people in 4 scopes', () => {
    const { status, stdout, stderr } = padlock('demo', '--tour');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('62 people in 4 scopes');
    expect(stdout).toContain('applied 6 changes · 1 reset');
    expect(stdout).toContain('What to try next');
  });

  test('again: no changes, no row written', () => {
    const before = rows();
    const { status, stdout } = padlock('demo', '--tour');
    expect(status).toBe(0);
    expect(stdout).toContain('no changes');
    expect(stdout).toContain('no row written');
    expect(rows()).toBe(before);
  });

  test('DEC-11: plan, status, explain and report change no row', () => {
    const before = rows();
    for (const words of [['plan', 'policies'], ['status'], ['explain', 'ilse@northwind.example'], ['report']])
      expect(padlock(...words).status).toBe(0);
    expect(rows()).toBe(before);
  });

  test('the report: every membership once, CSV and JSON alike, one page, and a manifest', () => {
    const { files } = json('report', '--out', 'reports') as unknown as { files: string[] };
    const csv = parse(readFileSync(join(folder, files[0] ?? '')), { bom: true, columns: true });
    const document = JSON.parse(readFileSync(join(folder, files[1] ?? ''), 'utf8')) as { total: { members: number }; people: unknown[] };
    expect([csv.length, document.people.length, document.total.members]).toEqual([62, 62, 62]);
    expect(files.map((file) => file.replace(/^.*Z\./, ''))).toEqual(['csv', 'json', 'html', 'sig.json']);
    expect(readdirSync(join(folder, 'reports')).filter((file) => file.includes('part'))).toEqual([]);
  });
});

describe('exit codes, and one JSON document in every outcome', () => {
  test.each([
    [0, ['validate', 'policies']],
    [0, ['plan', 'policies', '--detailed-exitcode']],
    [0, ['apply', 'policies']],
    [0, ['status']],
    [0, ['explain', 'ilse@northwind.example']],
    [0, ['schema', 'configuration']],
    [0, ['directory', 'import', 'people.csv', '--account', 'northwind', '--dry-run']],
    [1, ['explain', 'nobody@northwind.example']],
    [1, ['reset', 'admin.dana@northwind.example', '--account', 'northwind', '--reason', 'mine']],
    [6, ['validate', 'empty']],
    [6, ['plan', 'empty']],
    [64, ['validate', 'nope']],
    [64, ['plan', '--frobnicate']],
    [64, ['directory', 'import', '--account', 'northwind']],
    [64, ['directory', 'import', '--account', 'northwind', '--from', 'itglue']],
    [64, ['directory', 'import', '--account', 'northwind', '--from', 'okta']],
    [64, ['directory', 'import', 'people.csv', '--account', 'northwind', '--from', 'itglue']],
    [64, ['directory', 'import', '--organizations', 'people.csv', '--account', 'northwind', '--from', 'itglue']],
    [64, ['reset', 'someone']],
    [64, ['apply', '--plan', '/dev/null']],
    [64, ['status', '--config', 'nope.yaml']],
  ] as const)('%i: padlock %j', (status, words) => {
    const document = json(...words);
    expect(document.exitCode, document.stderr).toBe(status);
    expect(document.ok).toBe(status === 0);
    if (status !== 0) expect(document.error?.code).toMatch(/^[a-z]+\/[a-z-]+$/);
    expect(document.stderr).not.toMatch(/\n\s+at /);
  });

  test('1: a typo, with its place and what to write', () => {
    writeFileSync(join(folder, 'typo.yaml'), readFileSync(join(folder, 'policies/myglue/clinic.yaml'), 'utf8').replace('14d', '14 days'));
    const { status, stdout, stderr } = padlock('validate', 'typo.yaml');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'typo.yaml:11:16  error  document/invalid-duration  "14 days" is not a duration; write 14d\n1 error in 1 document\n',
    );
  });

  test('4 and 2: a guard refuses before changes are told; a saved plan is applied, stale or unreadable', () => {
    const file = join(folder, 'policies/myglue/clinic.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('requireMfa: true', 'requireMfa: false'));
    expect(padlock('plan', '--detailed-exitcode').status).toBe(4);
    expect(padlock('apply').status).toBe(4);
    writeFileSync(file, text.replace('14d', '10d'));
    expect(padlock('plan', '--detailed-exitcode', '--out', 'p.plan').status).toBe(2);
    expect(padlock('plan', '--out', 'empty')).toMatchObject({ status: 1, stdout: '' });
    writeFileSync(join(folder, 'cut.plan'), readFileSync(join(folder, 'p.plan')).subarray(0, 100));
    expect(json('apply', '--plan', 'cut.plan').error?.code).toBe('plan/unreadable');
    expect(padlock('apply', '--plan', 'p.plan')).toMatchObject({ status: 0, stdout: expect.stringContaining('applied 1 change') });
    expect(json('apply', '--plan', 'p.plan')).toMatchObject({ exitCode: 5, error: { code: 'plan/stale' } });
  });

  test('a reset that was not done says why, with a code and what to do', () => {
    const asked = (user: string) => ['reset', user, '--account', 'northwind', '--reason', 'lost phone'] as const;
    for (const [user, code, fix] of [
      ['admin.dana@northwind.example', 'rights/denied', 'let somebody with the right do it'],
      ['nobody@northwind.example', 'store/unknown-user', 'give the address or the id'],
    ] as const) {
      expect(json(...asked(user))).toMatchObject({ ok: false, exitCode: 1, error: { code, fix: expect.stringContaining(fix) } });
      expect(padlock(...asked(user)).stdout).toMatch(new RegExp(`\n  ${code}  ${fix}`));
    }
    // One that waits has done what it can, as in an apply.
    expect(json(...asked('amir@clinic.example'))).toMatchObject({ ok: true, exitCode: 0, outcome: 'AwaitingApproval' });
  });

  test('a saved plan with an override slipped into it is not the plan that was reviewed', () => {
    const file = join(folder, 'policies/myglue/clinic.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('requireMfa: true', 'requireMfa: false'));
    const { stdout } = padlock('plan', '--out', 'p.plan', '--print-overrides');
    const digest = /^saved in p\.plan: padlock apply --plan p\.plan --digest ([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? '';
    const [, ...overrides] = stdout.split('\n---\n');
    expect(overrides).toHaveLength(1);
    expect(readDocuments(overrides.map((yaml) => ({ file: 'o.yaml', text: yaml }))).faults).toEqual([]);
    expect(json('plan', '--print-overrides')).toMatchObject({
      plan: { digest },
      overrides: [expect.stringContaining('kind: GuardOverride')],
    });
    const saved = JSON.parse(readFileSync(join(folder, 'p.plan'), 'utf8')) as { digest: string; texts: { file: string; text: string }[] };
    saved.texts.push({ file: 'o.yaml', text: overrides[0] ?? '' });
    writeFileSync(join(folder, 'p.plan'), JSON.stringify(saved));
    const before = rows();
    expect(json('apply', '--plan', 'p.plan')).toMatchObject({ exitCode: 5, error: { code: 'plan/stale' } });
    // With its own digest too: only the reviewer's own word says which plan it is.
    writeFileSync(join(folder, 'o.yaml'), overrides[0] ?? '');
    const other = json('plan', 'policies', 'o.yaml') as unknown as { plan: { digest: string } };
    writeFileSync(join(folder, 'p.plan'), JSON.stringify({ ...saved, digest: other.plan.digest }));
    expect(json('apply', '--plan', 'p.plan', '--digest', digest)).toMatchObject({ exitCode: 5, error: { code: 'plan/stale' } });
    expect(json('apply', '--plan', 'p.plan', '--digest', digest.slice(0, 12)).exitCode).toBe(64);
    expect(rows()).toBe(before);
    writeFileSync(file, text);
  });

  test('export, then import: nothing to import', () => {
    expect(padlock('directory', 'export', '--account', 'northwind', '--out', 'out.csv').status).toBe(0);
    const before = rows();
    expect(padlock('directory', 'import', 'out.csv', '--account', 'northwind')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('nothing to import'),
    });
    expect(rows()).toBe(before);
  });

  test('no stack without --verbose, and no colour on a pipe', () => {
    const { stdout, stderr } = padlock('status', '--account', 'nobody');
    expect(stdout + stderr).not.toContain('\u001b[');
    expect(padlock('explain', 'nobody', '--verbose').stderr).toMatch(/\n\s+at /);
  });
});

/** Commands that are several. */
const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  audit: ['list', 'verify', 'export', 'acknowledge'],
  directory: ['export', 'import', 'erase'],
  keys: ['list', 'rotate'],
  store: ['backup', 'copy'],
  report: ['', 'verify', 'key'],
};

/** Lines of `$ padlock …` in a help text. */
const examplesOf = (help: string) => [...help.matchAll(/^ {2}\$ padlock (.+)$/gm)].map((match) => match[1] ?? '');

describe('--help', () => {
  test.each(COMMANDS.map((c) => c.name))('of %s has examples that run', (name) => {
    const subcommands = SUBCOMMANDS[name]?.map((sub) => (sub === '' ? [name] : [name, sub])) ?? [[name]];
    for (const words of subcommands) {
      const { status, stdout } = padlock(...words, '--help');
      expect(status).toBe(0);
      const examples = examplesOf(stdout);
      expect(examples.length, words.join(' ')).toBeGreaterThan(0);
      // What needs a server runs beside one: directory-itglue.test.ts, store-copy.test.ts.
      for (const example of examples.filter((line) => !/--from itglue|--to postgres/.test(line))) {
        const argv = [...example.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
        const run = padlock(...argv);
        expect([0, 1, 3, 4].includes(run.status ?? -1), `${example}\n${run.stderr}`).toBe(true);
      }
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    }
  });

  test('names every command', () => {
    const { stdout, status } = padlock('--help');
    expect(status).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
});
