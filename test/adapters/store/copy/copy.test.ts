import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../../src/adapters/store/migrate.ts';
import { openSqlite } from '../../../../src/adapters/store/sqlite/open.ts';
import type { Northwind } from '../../../flows/northwind.ts';
import { newDatabase } from '../../../servers/postgresql-database.ts';
import { KEYRING, openAt, RANDOM, tablesOf } from '../opened.ts';
import { copying, everything, lookInto } from './copying.ts';
import { fullWorld } from './full-world.ts';

let northwind: Northwind;
let target: Awaited<ReturnType<typeof newDatabase>>;
beforeEach(async () => {
  [northwind, target] = [await fullWorld(), await newDatabase()];
});
afterEach(async () => {
  await northwind.close();
  await target.drop();
});

const where = (more: { readonly rows?: number; readonly onStatement?: (text: string) => void } = {}) => ({
  path: northwind.opened.path,
  server: target.server,
  ...more,
});

/** Stops a copy before a statement, as a server that goes away does. */
const stopAt = (pattern: RegExp, times = 1) => {
  let left = times;
  return (text: string) => {
    if (pattern.test(text) && --left === 0) throw new Error('stopped');
  };
};

/** The names of the tables that the store's types declare. */
const declared = () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../src/adapters/store/tables.ts'), 'utf8');
  return [...text.matchAll(/^ {2}(\w+): \{/gm)].map((match) => match[1] ?? '').sort();
};

test('every row of every table arrives, in one snapshot while others write, and ids go on behind the highest ever given', async () => {
  const { raw } = northwind.opened;
  const before = everything(raw);
  expect(Object.keys(before).filter((name) => name !== 'schema_version')).toEqual(declared());
  let wrote = 0;
  const copied = await copying(where({ rows: 10 }), ({ doing }) => {
    if (doing === 'copying' && wrote < 30)
      raw.exec(`insert into failures values ('later ${wrote++}', 1, 1, 1); update users set epoch = epoch + 1`);
  });
  expect(wrote).toBe(30);
  expect(copied).toMatchObject({ movedOn: true, resumed: 0, heads: [{ account: 'northwind' }] });
  expect(copied.tables.map(({ name }) => name).sort()).toEqual(declared());
  expect(copied.tables.find(({ name }) => name === 'sessions')).toEqual({ name: 'sessions', rows: 40 });
  const arrived = lookInto(target.server, everything);
  expect(arrived).toEqual(before);
  const highest = raw.prepare("select seq from sqlite_sequence where name = 'notices'").pluck().get() as number;
  expect(highest).toBe(80);
  expect(lookInto(target.server, (pg) => pg.prepare("select nextval(pg_get_serial_sequence('notices', 'id'))").pluck().get())).toBe(81);
});

test('nobody wrote meanwhile: the source has not moved on, and not a byte of it was written', async () => {
  const before = everything(northwind.opened.raw);
  // One connection is enough, and what an extension brought along is in nobody's way.
  lookInto(target.server, (pg) => pg.exec('create extension pg_buffercache'));
  expect(await copying({ ...where(), server: { ...target.server, connections: 1 } })).toMatchObject({ movedOn: false });
  expect(everything(northwind.opened.raw)).toEqual(before);
});

test('the server ends the connection in the middle: told, and the next call carries on', async () => {
  const end = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
  let inserts = 0;
  const onStatement = (text: string) => {
    if (text.startsWith('insert into "users"') && ++inserts === 3) lookInto(target.server, (pg) => pg.exec(end));
  };
  await expect(copying(where({ rows: 20, onStatement }))).rejects.toMatchObject({
    code: 'store/unavailable',
    message: expect.stringContaining('what was copied so far stays, and the same command carries on'),
  });
  const { resumed } = await copying(where());
  expect(resumed).toBeGreaterThanOrEqual(40);
  expect(lookInto(target.server, everything)).toEqual(everything(northwind.opened.raw));
});

describe('a target that is not empty is refused, and stays as it is', () => {
  test.each([
    ['a table of somebody else', 'create table notes (words text)', 'a table public.notes'],
    ['one in a schema of its own', 'create schema more; create table more.notes (words text)', 'a table more.notes'],
    ['a view', 'create view notes as select 1 as one', 'a table public.notes'],
  ])('%s', async (_, statement, named) => {
    lookInto(target.server, (pg) => pg.exec(statement));
    const before = lookInto(target.server, (pg) => pg.tables());
    await expect(copying(where())).rejects.toMatchObject({ code: 'store/not-empty', message: expect.stringContaining(named) });
    expect(lookInto(target.server, (pg) => pg.tables())).toEqual(before);
  });

  test('a store; the copy made before', async () => {
    await copying(where());
    const before = lookInto(target.server, (pg) => pg.content());
    await expect(copying(where())).rejects.toMatchObject({
      code: 'store/not-empty',
      exitCode: 1,
      fix: expect.stringContaining('if this is the copy made before'),
    });
    expect(lookInto(target.server, (pg) => pg.content())).toBe(before);
  });
});

describe('the source was changed before a copy was carried on', () => {
  const interrupted = () => expect(copying(where({ rows: 20, onStatement: stopAt(/^insert into "users"/, 2) }))).rejects.toThrow('stopped');
  const refused = (message: string) =>
    expect(copying(where({ rows: 20 }))).rejects.toMatchObject({
      code: 'store/half-copied',
      exitCode: 6,
      message: expect.stringMatching(message),
      fix: expect.stringContaining('make the database anew'),
    });

  test('its audit log went on', async () => {
    await interrupted();
    const head = northwind.opened.raw.prepare('select max(seq) from audit').pluck().get() as number;
    await northwind.apply({});
    const text =
      'apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata: {name: more}\nspec: {account: northwind, myGlueAccount: garage, requireMfa: true, gracePeriod: 90d}\n';
    await northwind.apply({ 'policies/more.yaml': text });
    const now = northwind.opened.raw.prepare('select max(seq) from audit').pluck().get() as number;
    expect(now).toBeGreaterThan(head);
    await refused(`northwind was at entry ${head}, and is at ${now}`);
  });

  test.each([
    ['a row that was copied changed', "update users set name = 'Somebody Else' where id = 3", 'what was copied of users \\(20 rows\\)'],
    ['a row that was copied is gone', 'delete from scopes where id = 4', 'what was copied of scopes \\(4 rows\\)'],
  ])('%s', async (_, statement, message) => {
    await interrupted();
    northwind.opened.raw.pragma('foreign_keys = OFF');
    northwind.opened.raw.exec(statement);
    await refused(message);
  });

  test('what was not copied yet changed: it is the newer state that arrives, whole', async () => {
    await interrupted();
    northwind.opened.raw.exec("update sessions set seen_at = seen_at + 1; update users set name = 'New' where id = 50");
    expect(await copying(where())).toMatchObject({ resumed: expect.any(Number) });
    expect(lookInto(target.server, everything)).toEqual(everything(northwind.opened.raw));
  });

  test('its schema, by another padlock', async () => {
    await interrupted();
    lookInto(target.server, (pg) =>
      pg.exec(`update store_copy set detail = replace(detail, '"schema":${SCHEMA_VERSION}', '"schema":5') where step = ''`),
    );
    await refused(`the store had schema 5, and has ${SCHEMA_VERSION}`);
  });

  test('another store altogether', async () => {
    await interrupted();
    northwind.opened.raw.exec("update accounts set slug = 'southwind'");
    await refused('northwind was at entry \\d+, and is at 0, southwind was at entry 0, and is at \\d+');
  });
});

describe('what arrived and is not what was copied is found, and nobody opens it', () => {
  test.each([
    [
      'one bit of a sealed factor',
      'update factors set sealed = set_byte(sealed, 9, get_byte(sealed, 9) # 1) where id = 7',
      'the rows of factors',
    ],
    ['a row that went missing', "delete from sessions where hash like '%9'", /sessions has \d+ rows, and 40 were copied/],
    ['a row too many', "insert into failures values ('x', 1, 1, 1)", 'failures has 41 rows, and 40 were copied'],
    ['a word of the audit log', "update audit_words set value = 'x' where seq = 1", 'the rows of audit_words'],
  ])('%s', async (_, statement, message) => {
    await expect(copying(where({ onStatement: stopAt(/^analyze/) }))).rejects.toThrow('stopped');
    lookInto(target.server, (pg) => pg.exec(statement));
    await expect(copying(where())).rejects.toMatchObject({ code: 'store/copy-differs', message: expect.stringMatching(message) });
    await expect(openAt({ server: target.server })).rejects.toMatchObject({
      code: 'store/half-copied',
      message: expect.stringMatching(/it holds a part of a store \(northwind at entry \d+\), \d+ rows so far/),
    });
    await expect(openAt({ server: target.server }, { access: 'read' })).rejects.toMatchObject({ code: 'store/half-copied' });
  });
});

describe('a source that cannot be copied', () => {
  test('is not there; is of an older schema, and how it is upgraded', async () => {
    await expect(copying({ ...where(), path: `${northwind.opened.path}.gone` })).rejects.toMatchObject({ code: 'store/missing' });
    northwind.opened.raw.exec('update schema_version set version = 5');
    await expect(copying(where())).rejects.toMatchObject({
      code: 'store/older-schema',
      fix: expect.stringContaining('it upgrades the store'),
    });
    expect(lookInto(target.server, (pg) => pg.tables())).toEqual([]);
  });

  test('holds a table or a column that no migration makes', async () => {
    northwind.opened.raw.exec('alter table users add column note text');
    await expect(copying(where())).rejects.toMatchObject({ code: 'store/corrupt', message: expect.stringContaining('users.note text') });
    expect(lookInto(target.server, (pg) => pg.tables())).toEqual([]);
  });

  test.each([
    ['a number that none can hold', 'update users set epoch = 9007199254740993 where id = 5', 'users.epoch of the row with id 5'],
    ['a text where a number belongs', "update users set epoch = 'x' where id = 5", 'users.epoch of the row with id 5'],
    ['a text with a zero byte', "update users set name = 'a' || char(0) where id = 5", 'users.name of the row with id 5'],
  ])('holds %s: told by its key, and its value is not shown', async (_, statement, message) => {
    northwind.opened.raw.exec(statement);
    await expect(copying(where())).rejects.toMatchObject({ code: 'store/corrupt', message: expect.stringContaining(message) });
  });

  test('refers to what is not there', async () => {
    northwind.opened.raw.pragma('foreign_keys = OFF');
    northwind.opened.raw.exec('update factors set user_id = 99999 where id = 1');
    await expect(copying(where())).rejects.toMatchObject({ code: 'store/corrupt', message: expect.stringContaining('factors') });
  });
});

test('two at once: one ends well, the other says that there is another', async () => {
  const both = await Promise.allSettled([copying(where({ rows: 5 })), copying(where({ rows: 5 }))]);
  const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  expect(refused).toEqual(['store/conflict']);
  expect(lookInto(target.server, everything)).toEqual(everything(northwind.opened.raw));
});

test('a store that holds nobody yet', async () => {
  const path = `${northwind.opened.path}.new`;
  await (await openSqlite({ path, access: 'write', keyring: () => KEYRING, random: RANDOM })).close();
  expect(await copying({ path, server: target.server })).toMatchObject({ heads: [], movedOn: false });
  const empty = new Database(path, { readonly: true });
  expect(lookInto(target.server, everything)).toEqual(everything(empty));
  expect(tablesOf(empty).length).toBe(declared().length + 1);
  empty.close();
});
