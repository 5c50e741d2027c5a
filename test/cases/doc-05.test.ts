// DOC-05: nothing was read, and that counted as valid. Elsewhere a validator in CI read a pipe in the place of its folder:
// 0 errors, exit 0, merged. Here standard input is read where `-` is given alone, and no document at all is incomplete.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'padlock.mjs');
const VALID = `apiVersion: padlock.dev/v1alpha1
kind: MfaPolicy
metadata:
  name: northwind
spec:
  account: northwind
  requireMfa: true
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-doc-05-'));
  for (const name of ['empty', 'readme', 'one']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'readme', 'README.md'), VALID);
  writeFileSync(join(folder, 'one', 'account.yaml'), VALID);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['an empty folder', ['validate', 'empty'], 'garbage: [', 6, '0 documents in empty'],
  ['a folder with a README alone', ['validate', 'readme'], '', 6, '0 documents in readme'],
  ['a path that does not exist', ['validate', 'nope/'], '', 64, 'nope'],
  ['an empty pipe, asked for', ['validate', '-'], '', 6, '0 documents in -'],
  ['a plan of nothing', ['plan', 'empty'], '', 6, 'nothing was planned or changed'],
  ['an apply of nothing', ['apply', 'empty'], '', 6, 'nothing was planned or changed'],
] as const)('%s: never "valid"', (_, argv, input, status, words) => {
  const run = spawnSync(process.execPath, [BIN, ...argv], { cwd: folder, encoding: 'utf8', input });
  expect({ status: run.status, stdout: run.stdout }).toEqual({ status, stdout: '' });
  expect(run.stderr).toContain(words);
});

it.each([
  ['a folder is read whatever the pipe holds', ['validate', 'one'], 'garbage: ['],
  ['a pipe is read where it is asked for', ['validate', '-'], VALID],
] as const)('%s', (_, argv, input) => {
  const run = spawnSync(process.execPath, [BIN, ...argv], { cwd: folder, encoding: 'utf8', input });
  expect(run).toMatchObject({ status: 0, stdout: '1 document valid\n', stderr: '' });
});
