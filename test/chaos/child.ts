/**
 * The program that is killed: Padlock's own command line, with points to be killed at and a clock that stands. Bundled, since it
 * starts thousands of times. Its one argument is an order as JSON; `serve` runs the orders that a parent sends, and is not killed.
 */

import crypto from 'node:crypto';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { main } from '../../src/apps/cli/main.ts';
import { hookInto } from './hooks.ts';
import type { Order } from './order.ts';
import { Points } from './points.ts';

/** Where a store of the demo's configuration is, from the folder that the command runs in. */
const STORE = join('.padlock', 'padlock.db');

const { randomBytes } = crypto;

/** Puts the clock and the randomness of an order in the place of the machine's. */
function setWorld({ now, random }: Order): void {
  Date.now = () => now;
  crypto.randomBytes = (random === undefined ? randomBytes : (length: number) => Buffer.alloc(length, random)) as typeof randomBytes;
  syncBuiltinESMExports();
}

async function runOnce(order: Order): Promise<void> {
  const { record } = order;
  const points = new Points(order.kill, record === undefined ? undefined : (commits) => keepStore(record, commits));
  setWorld(order);
  const write = writeFileSync;
  if (order.kill !== undefined || record !== undefined) hookInto(points, order.autocommit === true);
  process.exitCode = await main(order.argv);
  if (record !== undefined) write(join(record, 'points.json'), JSON.stringify(points.recorded));
}

/** The store as it stands after a commit: whoever opens the copy reads the log with it. */
function keepStore(folder: string, commits: number): void {
  for (const suffix of ['', '-wal']) {
    if (existsSync(STORE + suffix)) copyFileSync(STORE + suffix, join(folder, `${commits}.db${suffix}`));
  }
}

/** Runs orders one after another, each in its folder; gives the exit code and what went to standard output. */
function serve(): void {
  let said = '';
  process.stdout.write = ((chunk: string, ...rest: unknown[]) => {
    said += chunk;
    (rest.at(-1) as (() => void) | undefined)?.();
    return true;
  }) as typeof process.stdout.write;
  // What it says to people is said in the document too.
  process.stderr.write = ((_: string, ...rest: unknown[]) => {
    (rest.at(-1) as (() => void) | undefined)?.();
    return true;
  }) as typeof process.stderr.write;
  process.on('message', (message) => {
    const { order, folder } = message as { order: Order; folder: string };
    process.chdir(folder);
    setWorld(order);
    said = '';
    void main(order.argv).then((code) => process.send?.({ code, said }));
  });
}

const [argument = ''] = process.argv.slice(2);
if (argument === 'serve') serve();
else await runOnce(JSON.parse(argument) as Order);
