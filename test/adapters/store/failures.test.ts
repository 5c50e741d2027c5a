import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyStore } from '../../../src/adapters/store/sqlite/backup.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite/open.ts';
import { importWorld, T0 } from '../../contract/store-world.ts';
import { KEYRING, RANDOM, temporaryFolder } from './opened.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder.path, 'padlock.db');
  const store = await openFor('write');
  await importWorld(store);
  await store.close();
});
afterEach(() => folder.remove());

const openFor = (access: 'read' | 'write') => openSqlite({ path, access, keyring: () => KEYRING, random: RANDOM, patience: 50 });

/** Overwrites the page where a table begins; the rest of the file stays as it is. */
function damage(table: string): void {
  const database = new Database(path);
  const page = Number(database.prepare('select rootpage from sqlite_schema where name = ?').pluck().get(table));
  const size = Number(database.pragma('page_size', { simple: true }));
  database.close();
  writeFileSync(path, readFileSync(path).fill(0xff, (page - 1) * size, page * size));
}

const corrupt = {
  code: 'store/corrupt',
  exitCode: 6,
  message: expect.stringMatching(/^the store is damaged, or no padlock store \(SQLITE_(CORRUPT|NOTADB)/),
  fix: expect.stringContaining('restore a backup'),
};

describe('a damaged store is told as one, never as a full disk', () => {
  test.each(['read', 'write'] as const)('found while it is used, opened to %s', async (access) => {
    damage('users');
    const store = await openFor(access);
    await expect(store.read((reader) => reader.person(undefined, 'ann@northwind.example'))).rejects.toMatchObject(corrupt);
    if (access === 'write') {
      await expect(store.write(T0, (t) => t.findUsers([{ account: 'northwind', called: '1' }]))).rejects.toMatchObject(corrupt);
    }
    await store.close();
  });

  test.each(['read', 'write'] as const)('found while it is opened, to %s', async (access) => {
    damage('schema_version');
    await expect(openFor(access)).rejects.toMatchObject(corrupt);
  });

  test('found while it is copied: no backup is left', () => {
    damage('users');
    expect(() => copyStore(path, `${path}.copy`)).toThrow(
      expect.objectContaining({ ...corrupt, message: expect.stringContaining('no backup was made') }),
    );
    expect(existsSync(`${path}.copy`)).toBe(false);
  });
});

const busy = {
  code: 'store/unavailable',
  exitCode: 6,
  message: expect.stringMatching(/^another process writes to the store, and has not finished \(SQLITE_BUSY\)/),
  fix: expect.stringContaining('nothing is wrong with the store'),
};

describe('a store that another process holds is told as one, never as no store', () => {
  let holder: Database.Database;
  const hold = (...statements: readonly string[]) => {
    holder = new Database(path);
    for (const statement of statements) holder.exec(statement);
  };
  afterEach(() => holder.close());

  test('while it is opened to write', async () => {
    hold('begin immediate');
    await expect(openFor('write')).rejects.toMatchObject(busy);
  });

  test('while it is written to; reading goes on', async () => {
    const store = await openFor('write');
    hold('begin immediate');
    await expect(store.write(T0, async () => undefined)).rejects.toMatchObject(busy);
    expect((await store.read((reader) => reader.applied())).accounts).toHaveLength(1);
    await store.close();
  });

  test('for itself alone, while it is opened to read, or copied', async () => {
    hold('pragma locking_mode = exclusive', 'begin immediate; commit');
    await expect(openFor('read')).rejects.toMatchObject(busy);
    expect(() => copyStore(path, `${path}.copy`, 50)).toThrow(expect.objectContaining(busy));
    expect(existsSync(`${path}.copy`)).toBe(false);
  });
});
