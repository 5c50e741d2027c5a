import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../../src/adapters/store/migrate.ts';
import { copyStore } from '../../../src/adapters/store/sqlite/backup.ts';
import { sqliteDialect } from '../../../src/adapters/store/sqlite/driver.ts';
import { SQLITE } from '../../../src/adapters/store/sqlite/engine.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite/open.ts';
import { ACCOUNT, codeOf, idOf, importWorld, T0, termsOf } from '../../contract/store-world.ts';
import { contentOf, KEYRING, RANDOM, temporaryFolder } from './opened.ts';

const OPEN = new URL('../../../src/adapters/store/sqlite/open.ts', import.meta.url).href;

describe('opening a store', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'data', 'padlock.db');
  });
  afterEach(() => folder.remove());

  const openFor = (access: 'read' | 'write', keyring = () => KEYRING) => openSqlite({ path, access, keyring, random: RANDOM });

  /** Makes the file by other means. */
  const made = (work: (database: Database.Database) => void) => {
    mkdirSync(join(folder.path, 'data'), { recursive: true });
    const database = new Database(path);
    work(database);
    database.close();
  };

  test('to read one that is not there: store/missing, and no file is made', async () => {
    expect(await codeOf(openFor('read'))).toBe('store/missing');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each(['read', 'write'] as const)('a file that is no database, to %s: store/corrupt, and it stays as it is', async (access) => {
    mkdirSync(join(folder.path, 'data'));
    writeFileSync(path, 'these are the accounts of the bakery, and no database at all\n'.repeat(100));
    const before = readFileSync(path, 'utf8');
    expect(await codeOf(openFor(access))).toBe('store/corrupt');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('in a folder that cannot be made: store/unavailable', async () => {
    writeFileSync(join(folder.path, 'data'), 'a file where the folder should be');
    expect(await codeOf(openFor('write'))).toBe('store/unavailable');
  });

  test.each(['read', 'write'] as const)('of a newer program, to %s: store/newer-schema, and it stays as it is', async (access) => {
    made((database) => database.exec('create table schema_version (version integer not null); insert into schema_version values (99)'));
    expect(await codeOf(openFor(access))).toBe('store/newer-schema');
    made((database) => expect(contentOf(database)).toBe('schema_version [{"version":99}]'));
  });

  test('an empty file, to read: store/older-schema, and not a byte is written; to write: it becomes a store', async () => {
    mkdirSync(join(folder.path, 'data'));
    writeFileSync(path, '');
    expect(await codeOf(openFor('read'))).toBe('store/older-schema');
    expect(readFileSync(path)).toHaveLength(0);
    const store = await openFor('write');
    await importWorld(store);
    expect(await idOf(store, '1')).toBe(1);
    await store.close();
  });

  /** Makes the store that the first so many migrations left. */
  const ofSchema = async (version: number) => {
    mkdirSync(join(folder.path, 'data'), { recursive: true });
    const database = new Database(path);
    const db = new Kysely<unknown>({ dialect: sqliteDialect(database, () => {}) });
    for (const migration of MIGRATIONS.slice(0, version)) await migration.up(db, SQLITE);
    database.exec(`create table schema_version (version integer not null); insert into schema_version values (${version})`);
    await db.destroy();
  };

  test.each([1, 2, 3, 4])(
    'of schema %i, with people: to read: store/older-schema; to write: upgraded, and everybody is still there',
    async (version) => {
      await ofSchema(version);
      made((database) =>
        database.exec(`insert into accounts (slug, title, enforcer) values ('${ACCOUNT}', 'Northwind IT', 'portal');
        insert into scopes (account_id, key, title) values (1, '${ACCOUNT}', 'Northwind IT');
        insert into users (account_id, external_id, origin, address, address_key, enabled, service, local_password, sso, kinds)
          values (1, '7', 'file', 'Ada@northwind.example', 'ada@northwind.example', 1, 0, 1, 0, 1);
        insert into memberships (scope_id, user_id, role, joined_at, active, kinds) values (1, 1, 2, ${T0}, 1, 1);
        insert into sign_in_state (user_id, password_failures, code_failures, locked_at) values (1, 3, 2, ${T0})`),
      );
      expect(await codeOf(openFor('read'))).toBe('store/older-schema');
      await (await openFor('write')).close();
      const store = await openFor('read');
      const rows = await store.read(async (reader) => Array.fromAsync(reader.memberships(T0, {})));
      expect(rows).toMatchObject([{ externalId: '7', role: 'Editor', reenabled: null }]);
      expect(await store.read((reader) => reader.signInState(1))).toMatchObject({
        codeFailures: 2,
        lockedAt: T0,
        passwordHash: null,
        passwordVersion: 0,
      });
      await store.close();
    },
  );

  test('to read: it is read, nothing can be written, and every error leaves it as it was', async () => {
    const writing = await openFor('write');
    await importWorld(writing);
    await writing.close();
    const before = readFileSync(path);
    const store = await openFor('read');
    expect((await store.read((reader) => reader.applied())).accounts).toHaveLength(1);
    const terms = [{ scope: ACCOUNT, terms: termsOf(ACCOUNT), version: null }];
    await expect(store.write(T0, (transaction) => transaction.putTerms(terms))).rejects.toThrow(/SQLITE_READONLY/);
    await store.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test.each([
    ['its pages', 100],
    ['the page of its schema version', 4096],
  ])('damaged in %s, to read: store/corrupt, never taken for an older one', async (_, from) => {
    const writing = await openFor('write');
    await importWorld(writing);
    await writing.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, from));
    expect(await codeOf(openFor('read'))).toBe('store/corrupt');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('never asks for a key that nothing needs', async () => {
    const store = await openFor('write', () => {
      throw new RangeError('asked for a key');
    });
    await importWorld(store);
    await store.read((reader) => reader.applied());
    await store.close();
  });

  test('is for its owner alone where the folder is made, with a write-ahead log that is taken back into the file at the end', async () => {
    const store = await openFor('write');
    expect(existsSync(`${path}-wal`)).toBe(true);
    await store.close();
    expect(readdirSync(join(folder.path, 'data'))).toEqual(['padlock.db']);
    expect(statSync(join(folder.path, 'data')).mode & 0o777).toBe(0o700);
    made((database) => expect(database.pragma('journal_mode', { simple: true })).toBe('wal'));
  });

  test('is for its owner alone in a folder that others may read, whatever the umask; so are its log and its copies', async () => {
    mkdirSync(join(folder.path, 'data'), { mode: 0o755 });
    const umask = process.umask(0);
    try {
      const store = await openFor('write');
      await importWorld(store);
      copyStore(path, `${path}.copy`);
      const modes = readdirSync(join(folder.path, 'data')).map((file) => [file, statSync(join(folder.path, 'data', file)).mode & 0o777]);
      expect(Object.fromEntries(modes)).toEqual({
        'padlock.db': 0o600,
        'padlock.db-wal': 0o600,
        'padlock.db-shm': 0o600,
        'padlock.db.copy': 0o600,
      });
      await store.close();
    } finally {
      process.umask(umask);
    }
  });

  /** Runs a module text in a process of its own; gives how it ended and what it said. */
  function run(
    text: string,
    onLine: (line: string, child: ChildProcess) => void = () => {},
  ): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data;
      onLine(String(data), child);
    });
    child.stderr.on('data', (data: Buffer) => {
      said += data;
    });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
  }

  const OPENING = () => `import { randomBytes } from 'node:crypto';
    import { openSqlite } from ${JSON.stringify(OPEN)};
    const random = { bytes: (n) => randomBytes(n) };
    const store = await openSqlite({ path: ${JSON.stringify(path)}, access: 'write', random, keyring: () => { throw new Error('no key'); } });`;

  test('by several processes at once, while it is new: all succeed', async () => {
    const text = `${OPENING()} await store.read((reader) => reader.applied()); await store.close();`;
    const ends = await Promise.all([1, 2, 3, 4].map(() => run(text)));
    expect(ends).toEqual(ends.map(() => ({ code: 0, said: '' })));
    made((database) => expect(database.prepare('select version from schema_version').all()).toEqual([{ version: MIGRATIONS.length }]));
  });

  test('a second writer waits for the first, and then sees what it wrote', async () => {
    const own = await openFor('write');
    await importWorld(own);
    const [opened, waiting] = [Promise.withResolvers<ChildProcess>(), Promise.withResolvers<void>()];
    // The second says that it has opened, waits to be let go on, and says when it asks for its turn.
    const text = `${OPENING().replace('random, keyring', 'random, onStatement: (s) => asked && s.startsWith("begin") && console.log("asks"), keyring').replace('const store', 'let asked = false; const store')}
      console.log('opened');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      asked = true;
      await store.write(${T0}, async (t) => {
        const seen = (await t.applied()).obligations.length;
        await t.addObligations([{ scope: '${ACCOUNT}', demand: 2 + seen, since: ${T0} }]);
      });
      await store.close();
      process.exit(0);`;
    const second = run(text, (line, child) => (line.includes('opened') ? opened.resolve(child) : waiting.resolve()));
    const child = await opened.promise;
    await own.write(T0, async (transaction) => {
      await transaction.addObligations([{ scope: ACCOUNT, demand: 1, since: T0 }]);
      child.stdin?.write('go on\n');
      await waiting.promise;
      // Time for a writer that does not wait to go wrong; one that does loses nothing by it.
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await second).toEqual({ code: 0, said: 'opened\nasks\n' });
    expect((await own.read((reader) => reader.applied())).obligations.map((o) => o.demand)).toEqual([1, 3]);
    await own.close();
  });
});
