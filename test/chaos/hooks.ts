import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import Database from 'better-sqlite3';
import type { Points } from './points.ts';
import { statementName } from './statement-name.ts';

type Call = (...given: unknown[]) => unknown;

/**
 * Makes every statement of the database and every step of writing a file a point, from outside: the program does not know.
 * `autocommit` takes the transactions away. Statements are those of better-sqlite3 as the driver calls it; files those that are written, never those that are read.
 */
export function hookInto(points: Points, autocommit: boolean): void {
  hookStatements(points, autocommit);
  hookFiles(points);
  syncBuiltinESMExports();
}

function hookStatements(points: Points, autocommit: boolean): void {
  const prototype = Database.prototype as unknown as Record<string, Call>;
  replace(prototype, 'prepare', (prepare) => (sql) => {
    const statement = prepare(autocommit && /^(begin|commit)/.test(String(sql)) ? 'select 1' : sql) as Record<string, Call>;
    for (const way of ['run', 'all', 'get', 'iterate']) {
      const call = statement[way]?.bind(statement);
      if (call !== undefined) statement[way] = (...given) => points.around(statementName(String(sql)), () => call(...given));
    }
    return statement;
  });
  replace(
    prototype,
    'pragma',
    (pragma) =>
      (...given) =>
        points.around(statementName(`pragma ${given[0]}`), () => pragma(...given)),
  );
  replace(prototype, 'close', (close) => () => points.around('close', () => close()));
}

function hookFiles(points: Points): void {
  const { openSync, writeSync } = fs;
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
  const sync = fs as unknown as Record<string, Call>;
  for (const name of ['mkdirSync', 'renameSync', 'linkSync', 'unlinkSync', 'rmSync', 'fsyncSync']) {
    replace(
      sync,
      name,
      (call) =>
        (...given) =>
          points.around(`file ${name.replace(/^f?(.*)Sync$/, '$1')}`, () => call(...given)),
    );
  }
  replace(sync, 'openSync', (open) => (...given) => {
    return given[1] === undefined || given[1] === 'r' ? open(...given) : points.around('file open', () => open(...given));
  });
  replace(sync, 'writeSync', (write) => (file, bytes) => {
    return points.around(
      'file write',
      () => write(file, bytes),
      () => writeSync(file as number, half(Buffer.from(bytes as string))),
    );
  });
  // One call opens, writes and closes: between its halves the file is there, and is not whole.
  replace(sync, 'writeFileSync', (write) => (path, text, options) => {
    const torn = () => writeSync(openSync(String(path), 'w'), half(Buffer.from(String(text))));
    return points.around('file write', () => write(path, text, options), torn);
  });
  const later = promises as unknown as Record<string, Call>;
  for (const name of ['rename', 'link', 'unlink', 'rm', 'mkdir']) {
    replace(
      later,
      name,
      (call) =>
        (...given) =>
          points.around(`file ${name}`, () => call(...given)),
    );
  }
  replace(later, 'open', (open) => async (...given) => {
    const handle = (await points.around('file open', () => open(...given))) as Record<string, Call>;
    replace(handle, 'write', (write) => (chunk) => {
      const torn = () => writeSync(handle['fd'] as unknown as number, half(Buffer.from(String(chunk))));
      return points.around('file write', () => write(chunk), torn);
    });
    for (const name of ['sync', 'close']) replace(handle, name, (call) => () => points.around(`file ${name}`, () => call()));
    return handle;
  });
}

/** Puts another function in the place of a method; it is given the one that was there, which still finds its `this`. */
function replace(owner: Record<string, Call>, name: string, by: (before: Call) => Call): void {
  const before = owner[name];
  if (before === undefined) throw new RangeError(`nothing is called ${name}`);
  owner[name] = function (this: unknown, ...given) {
    return by((...passed) => before.apply(this, passed))(...given);
  };
}
