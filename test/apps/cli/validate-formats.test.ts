import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'padlock.mjs');
const POLICY = 'apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: a}\nspec: {account: a, requireMfa: true}\n';
const FOREIGN = 'apiVersion: v1\nkind: Secret\n';
let folder: string;

function validate(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'validate', ...words], { cwd: folder, encoding: 'utf8', input: '' });
  return { status, stdout, stderr };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-formats-'));
  for (const name of ['good', 'bad', 'empty', 'loop', 'foreign', 'good/.git']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'good', 'a.yaml'), `${POLICY}---\n${FOREIGN}`);
  writeFileSync(join(folder, 'good', '.git', 'b.yaml'), 'not: [read');
  symlinkSync('..', join(folder, 'good', 'up'));
  writeFileSync(join(folder, 'bad', 'a.yaml'), POLICY.replace('true', 'yes'));
  writeFileSync(join(folder, 'foreign', 'a.yaml'), FOREIGN);
  symlinkSync('loop', join(folder, 'loop', 'loop'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is given, the exit code, and the code that is told of it. */
const OUTCOMES = [
  ['right', ['good/a.yaml'], 0, undefined],
  ['wrong', ['bad'], 1, 'document/yaml-1.1-boolean'],
  ['nothing', ['empty'], 6, 'document/none'],
  ['of other groups alone', ['foreign'], 6, 'document/none'],
  ['an empty pipe', ['-'], 6, 'document/none'],
  ['a link into itself', ['loop'], 6, 'document/unreadable'],
  ['no such path', ['nope'], 64, 'usage/no-such-path'],
  ['no such configuration', ['--config', 'nope.yaml'], 64, 'config/unreadable'],
] as const;

describe('the format goes to standard output in every outcome, and changes no exit code', () => {
  test.each(OUTCOMES)('sarif: %s', (_, words, status, code) => {
    const run = validate(...words, '--output', 'sarif');
    expect(run.status).toBe(status);
    const { runs } = JSON.parse(run.stdout);
    expect(runs[0].invocations[0].exitCode).toBe(status);
    expect(runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(code === undefined ? [] : [code]);
    if (code !== undefined) expect(run.stderr).toContain(code);
  });

  test.each(OUTCOMES)('junit: %s', (_, words, status, code) => {
    const run = validate(...words, '--output', 'junit');
    expect(run.status).toBe(status);
    expect(run.stdout).toMatch(/^<\?xml [\s\S]*<\/testsuites>\n$/);
    if (code === undefined) expect(run.stdout).toContain('name="MfaPolicy a"');
    else expect(run.stdout).toContain(`type="${code}"`);
  });

  test.each(OUTCOMES)('text: %s', (_, words, status) => {
    const run = validate(...words);
    expect(run.status).toBe(status);
    expect(run.stdout === '').toBe(status !== 0);
  });
});

test('documents of other groups are counted and listed', () => {
  expect(validate('good/a.yaml').stdout).toBe('1 document valid · 1 document of other groups skipped\n  good/a.yaml:6  v1 Secret\n');
});

test('other commands know neither format', () => {
  const run = spawnSync(process.execPath, [BIN, 'status', '--output', 'sarif'], { cwd: folder, encoding: 'utf8' });
  expect(run).toMatchObject({ status: 64, stdout: '' });
});
