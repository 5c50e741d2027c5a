import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf } from '../../../contract/store-world.ts';
import type { Northwind } from '../../../flows/northwind.ts';
import { newDatabase } from '../../../servers/postgresql-database.ts';
import { openAt } from '../opened.ts';
import { copying, everything, lookInto } from './copying.ts';
import { fullWorld } from './full-world.ts';

/** Rows a batch: small, so that there are many places between two of them. */
const ROWS = 40;
/** Processes that are killed, at least. */
const KILLS = 20;

let northwind: Northwind;
let whole: ReturnType<typeof everything>;
const statements: string[] = [];
beforeAll(async () => {
  northwind = await fullWorld();
  whole = everything(northwind.opened.raw);
  const { server, drop } = await newDatabase();
  await copying({ path: northwind.opened.path, server, rows: ROWS, onStatement: (text) => void statements.push(text) });
  await drop();
}, 120_000);
afterAll(() => northwind.close());

test('killed at any statement and called again: whole, and nobody opens it before', async () => {
  const step = Math.max(1, Math.floor(statements.length / KILLS));
  const points = statements.map((_, index) => index + 1).filter((n) => n % step === 0);
  // The moments that matter most: around the beginning, and around the end.
  const ends = [1, 2, 3, statements.indexOf('commit') + 1, statements.length - 1, statements.length];
  const resumed: number[] = [];
  for (const kill of [...new Set([...ends, ...points])]) {
    const { server, drop } = await newDatabase();
    const where = { path: northwind.opened.path, server, rows: ROWS };
    const child = spawnSync(process.execPath, [join(import.meta.dirname, 'child.ts'), JSON.stringify({ ...where, kill })], {
      encoding: 'utf8',
    });
    expect(child.signal, `at ${kill}: ${child.stderr}`).toBe('SIGKILL');
    const made = lookInto(server, (raw) => raw.tables()).length > 0;
    for (const access of made ? (['read', 'write'] as const) : (['read'] as const)) {
      expect(await codeOf(openAt({ server }, { access })), `at ${kill}: ${statements[kill - 1]}`).toBe(
        made ? 'store/half-copied' : 'store/missing',
      );
    }
    const copied = await copying(where);
    resumed.push(copied.resumed);
    expect(lookInto(server, everything), `at ${kill}`).toEqual(whole);
    await (await openAt({ server })).close();
    await drop();
  }
  expect(resumed.length).toBeGreaterThan(20);
  // It carried on, and did not begin anew.
  expect(new Set(resumed).size).toBeGreaterThan(10);
  expect(statements.length).toBeGreaterThan(150);
}, 300_000);
