import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signingKey } from '../../../src/adapters/signing/ed25519.ts';
import { keyFile, readKeyFile } from '../../../src/adapters/store/key-file.ts';
import { openSqlite } from '../../../src/adapters/store/sqlite/open.ts';
import { fileWitness } from '../../../src/adapters/witness/file.ts';
import { auditVerifyFlow } from '../../../src/flows/operating/audit.ts';
import { finishKeys, listKeys, replaceLostKeys, rotateKeys } from '../../../src/flows/operating/keys.ts';
import { witnessedStore } from '../../../src/flows/operating/witnessed-store.ts';
import type { OperatedWorld } from '../../../src/flows/world.ts';
import { contentOf, RANDOM } from '../../adapters/store/opened.ts';
import { Northwind } from '../northwind.ts';
import { tellHeads } from '../operated.ts';

const quiet = () => undefined;
let folder: string;
let paths: { store: string; keys: string; heads: string };
let template: Northwind;
let world: OperatedWorld;
let raw: Database.Database;

/** A store whose keys are in a file, as the command line has it. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-keys-'));
  paths = { store: join(folder, 'padlock.db'), keys: join(folder, 'keys.json'), heads: join(folder, 'heads.jsonl') };
  template = await Northwind.open();
  template.opened.raw.prepare('vacuum into ?').run(paths.store);
  const k1 = Buffer.alloc(32, 7).toString('base64');
  writeFileSync(paths.keys, JSON.stringify({ active: 'k1', keys: { k1 } }), { mode: 0o600 });
  const store = await openSqlite({ path: paths.store, access: 'write', random: RANDOM, keyring: () => readKeyFile(paths.keys) });
  const witness = fileWitness(paths.heads, RANDOM);
  world = {
    ...template.world(),
    unwitnessed: store,
    store: witnessedStore(store, witness),
    witness,
    keys: keyFile(paths.keys, RANDOM),
    signing: signingKey(join(folder, 'signing.pem')),
    files: () => [],
  };
  raw = new Database(paths.store, { timeout: 10_000 });
  tellHeads(raw, paths.heads);
});
afterEach(async () => {
  raw.close();
  await world.store.close();
  await template.close();
  rmSync(folder, { recursive: true, force: true });
});

const factors = () => Number(raw.prepare('select count(*) from factors').pluck().get());
const under = (id: string) => Number(raw.prepare('select count(*) from factors where key_id = ?').pluck().get(id));
const opened = () => world.store.read((reader) => reader.checkFactors(1000, 10));

describe('rotating', () => {
  test('wraps every factor with a new key, leaves what is sealed as it is, and tells the audit log', async () => {
    const bodies = () => raw.prepare('select hex(substr(sealed, 61)) from factors order by id').pluck().all();
    const before = bodies();
    expect(await rotateKeys(world, quiet, 10)).toEqual({ active: 'k2', made: true, rewrapped: factors(), unreadable: 0 });
    expect([under('k1'), under('k2')]).toEqual([0, factors()]);
    expect(bodies()).toEqual(before);
    expect(await opened()).toMatchObject({ unreadable: 0, tried: factors() });
    const acts = raw.prepare("select act, count(*) as n from audit where act like 'keys.%' group by act order by act").all();
    expect(acts).toEqual([
      { act: 'keys.rewrap', n: Math.ceil(factors() / 10) },
      { act: 'keys.rotate', n: 1 },
    ]);
    expect((await auditVerifyFlow(world))[0]?.broken).toBeNull();
    expect((await listKeys(world)).factors).toEqual(
      new Map([
        ['k1', 0],
        ['k2', factors()],
      ]),
    );
  });

  test('keeps the old key until it is told to finish, and never one that still seals something', async () => {
    await rotateKeys(world, quiet);
    expect(await finishKeys(world)).toEqual(['k1']);
    expect(world.keys.read()).toEqual({ active: 'k2', ids: ['k2'] });
    expect(await opened()).toMatchObject({ unreadable: 0 });
    const before = contentOf(raw);
    expect(await finishKeys(world)).toEqual([]);
    expect(contentOf(raw)).toBe(before);
    raw.exec("update factors set sealed = x'00' where id = 1");
    await rotateKeys(world, quiet);
    expect(under('k2')).toBe(1);
    expect(await finishKeys(world)).toEqual([]);
    expect(world.keys.read().ids).toEqual(['k2', 'k3']);
  });

  test('leaves what does not open as it is, names it, and goes on with the rest', async () => {
    raw.exec('update factors set sealed = (select f.sealed from factors as f where f.id = 2) where id = 1');
    const row = () => JSON.stringify(raw.prepare('select * from factors where id = 1').get());
    const before = row();
    expect(await rotateKeys(world, quiet)).toMatchObject({ rewrapped: factors() - 1, unreadable: 1 });
    expect(row()).toBe(before);
    expect(await opened()).toMatchObject({ unreadable: 1, named: [{ why: 'not-opened', keyId: 'k1' }] });
  });

  test('an id of a key is never used twice, whether the file or a record has it', async () => {
    raw.exec("update factors set key_id = 'k9' where id = 1");
    expect(await rotateKeys(world, quiet)).toMatchObject({ active: 'k10' });
  });
});

const MODULE = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../../src', path)).href);

/** Rotates in a process of its own; with `killAfter`, it is killed when so many batches are written. */
function rotateElsewhere(killAfter?: number): Promise<NodeJS.Signals | null> {
  const text = `import { randomBytes } from 'node:crypto';
    import { openSqlite } from ${MODULE('adapters/store/sqlite/open.ts')};
    import { keyFile, readKeyFile } from ${MODULE('adapters/store/key-file.ts')};
    import { fileWitness } from ${MODULE('adapters/witness/file.ts')};
    import { witnessedStore } from ${MODULE('flows/operating/witnessed-store.ts')};
    import { rotateKeys } from ${MODULE('flows/operating/keys.ts')};
    const random = { bytes: (n) => randomBytes(n) };
    const { store: path, keys, heads } = ${JSON.stringify(paths)};
    const store = await openSqlite({ path, access: 'write', random, keyring: () => readKeyFile(keys) });
    const witness = fileWitness(heads, random);
    const world = { store: witnessedStore(store, witness), unwitnessed: store, witness, keys: keyFile(keys, random),
      clock: { now: () => ${template.now} }, rights: { policy: [] },
      actor: { channel: 'cli', subject: 'elsewhere' }, actorUser: 'admin.dana@northwind.example' };
    let batches = 0;
    await rotateKeys(world, () => { batches += 1; if (batches === ${killAfter ?? -1}) process.kill(process.pid, 'SIGKILL'); }, 5);
    await store.close();`;
  return new Promise((resolve) => {
    spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: 'inherit' }).on('close', (_, signal) => resolve(signal));
  });
}

describe('killed and called again', () => {
  test.each([1, 2, 3, 4])('after batch %i: carries on with the same key, and every factor opens', async (batches) => {
    // The first call of the progress comes before there is a new key: nothing was to be carried on.
    expect(await rotateElsewhere(batches)).toBe('SIGKILL');
    const ids = world.keys.read().ids;
    expect(await opened()).toMatchObject({ unreadable: 0 });
    const { active, made } = await rotateKeys(world, quiet);
    expect({ active, made }).toEqual({ active: 'k2', made: batches === 1 });
    expect(ids).toEqual(batches === 1 ? ['k1'] : ['k1', 'k2']);
    expect(under('k2')).toBe(factors());
    expect(await opened()).toMatchObject({ unreadable: 0 });
    expect((await auditVerifyFlow(world))[0]?.broken).toBeNull();
  });

  test('three processes at once, while a fourth enrolls: every factor opens, and none is lost', async () => {
    const before = factors();
    const id = Number(raw.prepare('select id from users order by id limit 1').pluck().get());
    const enroll = async () => {
      for (let i = 0; i < 10; i++) {
        const enrolledAt = template.now + i;
        await world.store.write(template.now, (t) =>
          t.enroll([{ userId: id, kind: 'totp', label: 'new', secret: RANDOM.bytes(20), enrolledAt }]),
        );
      }
    };
    const ends = await Promise.all([rotateElsewhere(), rotateElsewhere(), rotateElsewhere(), enroll()]);
    expect(ends.slice(0, 3)).toEqual([null, null, null]);
    expect(factors()).toBe(before + 10);
    expect(await opened()).toMatchObject({ unreadable: 0 });
    await rotateKeys(world, quiet);
    await finishKeys(world);
    expect(world.keys.read().ids).toHaveLength(1);
    expect(await opened()).toMatchObject({ unreadable: 0 });
    expect((await auditVerifyFlow(world))[0]?.broken).toBeNull();
  });
});

describe('a key that is lost for good', () => {
  test('is replaced under another id; what it sealed stays, unreadable and enrolled', async () => {
    rmSync(paths.keys);
    await expect(rotateKeys(world, quiet)).rejects.toMatchObject({ code: 'keys/missing' });
    expect(existsSync(paths.keys)).toBe(false);
    const rows = JSON.stringify(raw.prepare('select * from factors order by id').all());
    expect(await replaceLostKeys(world)).toBe('k2');
    expect(JSON.stringify(raw.prepare('select * from factors order by id').all())).toBe(rows);
    expect(await opened()).toMatchObject({ unreadable: factors(), tried: 0 });
  });

  test('never takes the place of a file that is there', async () => {
    const before = readFileSync(paths.keys, 'utf8');
    const content = contentOf(raw);
    await expect(replaceLostKeys(world)).rejects.toMatchObject({ code: 'keys/invalid' });
    expect([readFileSync(paths.keys, 'utf8'), contentOf(raw)]).toEqual([before, content]);
  });
});

describe('takes an Administrator of every account of the store', () => {
  const refused = async (user: string | undefined, work: (as: OperatedWorld) => Promise<unknown>) => {
    const before = [readFileSync(paths.keys, 'utf8'), contentOf(raw)];
    await expect(work({ ...world, ...template.world(user), store: world.store })).rejects.toMatchObject({ code: 'rights/denied' });
    expect([readFileSync(paths.keys, 'utf8'), contentOf(raw)]).toEqual(before);
  };
  const acts = [
    ['rotate', (as: OperatedWorld) => rotateKeys(as, quiet)],
    ['rotate --finish', finishKeys],
    ['rotate --lost', replaceLostKeys],
  ] as const;

  test.each(acts)('%s, by a Manager, an Editor, and nobody, is refused', async (_, work) => {
    for (const user of ['carla@northwind.example', 'elena@northwind.example', 'ghost@northwind.example']) await refused(user, work);
    await rotateKeys(world, quiet);
    for (const user of ['carla@northwind.example', 'ghost@northwind.example']) await refused(user, work);
  });

  test.each(acts)('%s, where another account of the store has them as nobody, is refused', async (_, work) => {
    raw.exec("insert into accounts (slug, title, enforcer) values ('southwind', 'Southwind', 'portal')");
    await refused(undefined, work);
    await refused('admin.dana@northwind.example', work);
  });

  test('not even what was interrupted is carried on', async () => {
    await rotateKeys(world, quiet);
    raw.exec("update factors set key_id = 'k1' where id = 1");
    await refused('carla@northwind.example', (as) => rotateKeys(as, quiet));
  });
});

test('a key file that cannot be replaced stays as it is, and nothing is audited', async () => {
  const before = readFileSync(paths.keys, 'utf8');
  const content = contentOf(raw);
  // A folder where the new file would be written first.
  const same = { bytes: (length: number) => Buffer.alloc(length, 7) };
  mkdirSync(`${paths.keys}.${'07'.repeat(8)}.part/full`, { recursive: true });
  world = { ...world, keys: keyFile(paths.keys, same) };
  await expect(rotateKeys(world, quiet)).rejects.toMatchObject({ code: expect.stringMatching(/^(keys\/unwritable|ERR_FS_EISDIR)$/) });
  expect([readFileSync(paths.keys, 'utf8'), contentOf(raw)]).toEqual([before, content]);
});
