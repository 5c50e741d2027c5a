// What starts fast loads little: `--version` nothing, `validate` neither the store nor anything of a cluster or of Pulumi.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Tells every module that is loaded, by require, import or as an addon, when the process ends. */
const TELL = `
import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
const loaded = new Set();
registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
process.on('exit', () => {
  const { sharedObjects } = process.report.getReport();
  writeSync(2, [...loaded, ...sharedObjects.filter((file) => file.endsWith('.node'))].join('\\n'));
});`;

function loadedBy(...argv: readonly string[]): string[] {
  const hook = `data:text/javascript,${encodeURIComponent(TELL)}`;
  const run = spawnSync(process.execPath, ['--import', hook, join(ROOT, 'bin', 'padlock.mjs'), ...argv], { cwd: ROOT, encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  return run.stderr.split('\n').filter((line) => line !== '');
}

const packagesOf = (loaded: readonly string[]) =>
  [...new Set(loaded.map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]).filter((name) => name !== undefined))].sort();

test('--version loads the program that starts, and nothing else', () => {
  const loaded = loadedBy('--version').filter((url) => url.startsWith('file:'));
  expect(loaded.map((url) => url.slice(url.lastIndexOf('/') + 1))).toEqual(['padlock.mjs']);
});

test('validate loads the parser and the command line: no store, no client-node, no Pulumi', () => {
  const loaded = loadedBy('validate', 'policies');
  expect(packagesOf(loaded)).toEqual(['commander', 'yaml']);
  expect(loaded.filter((url) => /\/src\/(?:flows|adapters\/(?!sources\/))|\.node$/.test(url))).toEqual([]);
});

test('what loads the store is seen: status does', () => {
  const hooked = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(TELL)}`,
      '--eval',
      "import('better-sqlite3').then((m) => new m.default(':memory:'))",
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  expect(packagesOf(hooked.stderr.split('\n'))).toContain('better-sqlite3');
  expect(hooked.stderr).toMatch(/\.node$/m);
});
