import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoreOptions } from '../../../../src/adapters/store/options.ts';
import type { PostgresServer } from '../../../../src/adapters/store/postgresql/server.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import { ACCOUNT, ACTOR, DAY, importWorld, T0 } from '../../../contract/store-world.ts';
import { type CuttingProxy, cuttingProxy } from '../../../servers/cutting-proxy.ts';
import { type Cluster, makeCluster } from '../../../servers/postgresql.ts';
import { administer, onSocket } from '../../../servers/postgresql-database.ts';
import { openAt } from '../opened.ts';

/**
 * What goes wrong between Padlock and its server: each has its message, and what was written stays whole. The server is one of its own,
 * which is stopped, killed and set up anew; it syncs, as a real one does.
 */
let folder: string;
let cluster: Cluster;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-faults-'));
  chmodSync(folder, 0o755);
  cluster = makeCluster(join(folder, 'server'), ['fsync = on']);
});
afterAll(() => {
  cluster.remove();
  rmSync(folder, { recursive: true, force: true });
});

let server: PostgresServer;
let proxy: CuttingProxy | undefined;
const opened: Store[] = [];
beforeEach(async () => {
  const name = `faults_${++count}`;
  await administer(cluster.socket, `create database ${name}`);
  server = onSocket(cluster.socket, name);
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await proxy?.close();
  proxy = undefined;
});

async function open(options: Partial<StoreOptions> = {}, at: PostgresServer = server): Promise<Store> {
  const store = await openAt({ server: at }, options);
  opened.push(store);
  return store;
}

/** By a way that can be cut. */
async function throughProxy(options: Partial<StoreOptions> = {}): Promise<Store> {
  proxy = await cuttingProxy(cluster.socket);
  return open(options, { ...server, host: '127.0.0.1', port: proxy.port });
}

const record = (act: string, at: number) => ({ account: ACCOUNT, at, actor: ACTOR, act, target: ACCOUNT, detail: null });
const write = (store: Store, act = 'policy.update') => store.write(T0 + DAY, (transaction) => transaction.audit([record(act, T0 + DAY)]));
const heads = async (store: Store) => (await store.read((reader) => reader.auditHeads()))[0]?.seq;
const settled = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

const unavailable = (message: RegExp, fix = /./) => ({
  code: 'store/unavailable',
  exitCode: 6,
  message: expect.stringMatching(message),
  fix: expect.stringMatching(fix),
});

describe('a server that goes', () => {
  test.each(['fast', 'immediate'] as const)(
    'stopped (%s) and started: every act fails closed meanwhile, and nothing is lost',
    async (how) => {
      const store = await open();
      await importWorld(store);
      await write(store);
      cluster.stop(how);
      try {
        for (const act of [() => heads(store), () => write(store), () => heads(store)]) {
          await expect(act()).rejects.toMatchObject(
            unavailable(/^PostgreSQL at .*(cannot be reached|broke off) \(.+\); nothing was written$/, /again/),
          );
        }
        await expect(open({ access: 'read' })).rejects.toMatchObject(unavailable(/cannot be reached .*nothing was read or written$/));
      } finally {
        cluster.start();
      }
      expect(await settled(() => heads(store))).toBe(2);
      await write(store);
      expect(await heads(store)).toBe(3);
    },
  );

  test('away while a command begins, and back within a second: it waits, and goes on', async () => {
    cluster.stop();
    const opening = open();
    await new Promise((resolve) => setTimeout(resolve, 200));
    cluster.start();
    await importWorld(await opening);
  });

  test('while it is away it is looked for ever more rarely, and whoever comes in between is told at once', async () => {
    const store = await open();
    await importWorld(store);
    cluster.stop();
    try {
      const asked = await Promise.allSettled(Array.from({ length: 500 }, () => heads(store)));
      expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
    } finally {
      cluster.start();
    }
    expect(await settled(() => heads(store))).toBe(1);
  });

  test('killed in the middle of a transaction: nothing of it stands', async () => {
    const store = await open();
    await importWorld(store);
    const act = store.write(T0 + DAY, async (transaction) => {
      await transaction.audit([record('policy.create', T0 + DAY)]);
      cluster.stop('immediate');
      cluster.start();
      await transaction.audit([record('policy.update', T0 + DAY)]);
    });
    await expect(act).rejects.toMatchObject(unavailable(/nothing was written$/));
    expect(await settled(() => heads(store))).toBe(1);
  });
});

describe('a connection that is cut', () => {
  test.each(['insert into audit', 'pg_advisory_xact_lock', 'from "clock"', 'begin isolation'])(
    'at %s, before the server gets it: nothing is written, and the next goes through',
    async (text) => {
      const store = await throughProxy();
      await importWorld(store);
      proxy?.cutAt(text, 'before');
      await expect(write(store)).rejects.toMatchObject(unavailable(/nothing was written$/));
      await settled(() => write(store));
      expect(await heads(store)).toBe(2);
    },
  );

  test('at the commit, after the server got it: whether it was written is not known, and said so; it was, once', async () => {
    const store = await throughProxy();
    await importWorld(store);
    proxy?.cutAt('commit\0', 'after');
    await expect(write(store)).rejects.toMatchObject(
      unavailable(/lost at the last moment; whether it was written is not known$/, /not done twice/),
    );
    expect(await settled(() => heads(store))).toBe(2);
  });

  test('at the commit, before the server got it: the same words, and it was not', async () => {
    const store = await throughProxy();
    await importWorld(store);
    proxy?.cutAt('commit\0', 'before');
    await expect(write(store)).rejects.toMatchObject(unavailable(/whether it was written is not known$/));
    expect(await settled(() => heads(store))).toBe(1);
  });

  test('by its administrator, while it waits for nothing: the process goes on, and so does the store', async () => {
    const store = await open();
    await importWorld(store);
    await administer(cluster.socket, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${server.database}'`);
    expect(await settled(() => heads(store))).toBe(1);
  });
});

describe('a way in that is shut', () => {
  test('a wrong password: told without it', async () => {
    await administer(cluster.socket, `create role guarded login password 'right horse'`);
    const hba = join(cluster.data, 'pg_hba.conf');
    const before = readFileSync(hba, 'utf8');
    writeFileSync(hba, `local all guarded scram-sha-256\n${before}`);
    await administer(cluster.socket, 'select pg_reload_conf()');
    try {
      const wrong = { ...server, user: 'guarded', password: () => 'wrong horse' };
      await expect(open({}, wrong)).rejects.toMatchObject(
        unavailable(/lets nobody in with this user and password \(28P01\)/, /password file/),
      );
      const error: unknown = await open({}, wrong).catch((reason: unknown) => reason);
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('horse');
      const none = { ...server, user: 'guarded', password: undefined };
      await expect(open({}, none)).rejects.toMatchObject({ code: 'store/unavailable' });
    } finally {
      writeFileSync(hba, before);
      await administer(cluster.socket, 'select pg_reload_conf()');
    }
  });

  test('no such database', async () => {
    await expect(open({}, { ...server, database: 'nowhere' })).rejects.toMatchObject({
      code: 'store/missing',
      fix: expect.stringContaining('createdb'),
    });
  });

  test('a user who may not make tables', async () => {
    await administer(cluster.socket, `create role visitor login`);
    await expect(open({}, { ...server, user: 'visitor' })).rejects.toMatchObject(
      unavailable(/does not allow its user to do this \(42501\)/),
    );
  });

  test('a server that only reads: reading goes on, writing is refused', async () => {
    await importWorld(await open());
    await administer(cluster.socket, `alter database ${server.database} set default_transaction_read_only = on`);
    const store = await open({ access: 'read' });
    expect(await heads(store)).toBe(1);
    await expect(open()).rejects.toMatchObject(unavailable(/only reads/, /primary/));
  });

  test('no connection left', async () => {
    await administer(cluster.socket, `alter database ${server.database} connection limit 0`);
    await administer(cluster.socket, `create role ordinary login`);
    await expect(open({}, { ...server, user: 'ordinary' })).rejects.toMatchObject(unavailable(/no connection left \(53300\)/));
  });
});

describe('who waits too long', () => {
  test('a second writer, for the first: told that nothing is wrong', async () => {
    const [first, second] = [await open(), await open({ patience: 200 })];
    await importWorld(first);
    await first.write(T0 + DAY, async (transaction) => {
      await transaction.audit([record('policy.create', T0 + DAY)]);
      await expect(write(second)).rejects.toMatchObject(unavailable(/another process writes to the store, and has not finished \(55P03\)/));
      // Reading never waits.
      expect(await heads(second)).toBe(1);
    });
    await write(second);
    expect(await heads(first)).toBe(3);
  });

  test('a statement, by the limit of the configuration', async () => {
    await importWorld(await open());
    const store = await open({}, { ...server, statementTimeout: 1 });
    const busy = store.write(T0 + DAY, async (transaction) => {
      for (let i = 0; i < 200; i++) await transaction.stateCounts(T0);
    });
    await expect(busy).rejects.toMatchObject(unavailable(/longer than it may \(57014\)/, /statementTimeout/));
  });
});

describe('schemas', () => {
  test('of nothing, to read: store/missing, and nothing is made', async () => {
    await expect(open({ access: 'read' })).rejects.toMatchObject({ code: 'store/missing' });
    await expect(open({ access: 'read' })).rejects.toMatchObject({ code: 'store/missing' });
  });

  test('of a newer program: refused, and it stays as it is', async () => {
    await open();
    await administer(cluster.socket, 'update schema_version set version = 99', server.database);
    for (const access of ['read', 'write'] as const) await expect(open({ access })).rejects.toMatchObject({ code: 'store/newer-schema' });
  });

  test('by many who come at once while it is new: one makes it, all go on', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
    await importWorld(stores[0] as Store);
    for (const store of stores) expect(await heads(store)).toBe(1);
  });

  test('a clock that stands behind what the store has seen writes nothing', async () => {
    const store = await open();
    await importWorld(store);
    await write(store);
    const early = store.write(T0 - DAY, (transaction) => transaction.audit([record('policy.update', T0)]));
    await expect(early).rejects.toMatchObject({ code: 'store/clock-behind' });
    expect(await heads(store)).toBe(2);
  });
});
