/**
 * Threat: something that Padlock stands on fails, the disk, the folder's permissions, the key, the audit log, the clock, and it goes
 * on without: half a change stands, or one that nobody can prove. What cannot be done whole is not done, and says so plainly.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyFile, readKeyFile } from '../../src/adapters/store/key-file.ts';
import { openSqlite } from '../../src/adapters/store/sqlite/open.ts';
import { RANDOM } from '../adapters/store/opened.ts';
import { difference, stateOf, storeIn } from '../chaos/state.ts';
import { openWorkshop, type Workshop } from '../chaos/workshop.ts';
import { NOW } from '../chaos/world.ts';
import { ACTOR, codeOf, factorOf } from '../contract/store-world.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
}, 600_000);
afterAll(() => workshop.close());

/** Every command that writes, over a store with policies in force. */
const ACTS = [
  ['apply', ['apply', '../files/second/policies']],
  ['import', ['directory', 'import', '../files/changed.csv', '--account', 'northwind']],
  ['reset', ['reset', 'nils@northwind.example', '--account', 'northwind', '--reason', 'lost phone', '--request-id', 'NW-1']],
] as const;

/** Clock and randomness stand, so that the same command leaves the same rows. */
const WORLD = { now: NOW, random: 9 };

const content = (folder: string) => stateOf(storeIn(folder)).content;

interface Failure {
  readonly code: number | null;
  /** Of the error in the JSON document; none: it succeeded. */
  readonly error: string | undefined;
  readonly message: string;
  readonly fix: string;
  readonly stderr: string;
}

/** Runs a command as a shell would, in a process of its own. */
function inShell(folder: string, argv: readonly string[], shell: string, user: { uid?: number; gid?: number } = {}): Failure {
  const words = workshop.program.words({ ...WORLD, argv: [...argv, '--output', 'json'] });
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${shell} exec "$@"`, 'bash', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  const { error } = JSON.parse(stdout) as { error?: { code: string; message: string; fix: string } };
  return { code: status, error: error?.code, message: error?.message ?? '', fix: error?.fix ?? '', stderr };
}

/** It failed in words for people: what, that nothing was written, and what to do; without a stack or a statement. */
function expectPlain({ error, message, fix, stderr }: Failure, code: string): void {
  expect({ error, message }).toEqual({ error: code, message: expect.stringMatching(/nothing was (read or )?(written|changed)/) });
  expect(fix).not.toBe('');
  expect(stderr).not.toMatch(/\n\s+at |insert into|update /);
}

describe('the disk is full, at any point: nothing is written, or everything', () => {
  test.each(ACTS)('%s', { timeout: 600_000 }, async (_, argv) => {
    const done = workshop.folder('policies');
    expect(inShell(done, argv, '').error).toBeUndefined();
    const ends = new Set<string>();
    // A limit on the size of files (in blocks of 1 024 bytes) stops the index, then the log, then the file itself.
    for (const blocks of [0, 16, 33, 56, 88, 136, 264, 100_000]) {
      const folder = workshop.folder('policies');
      const before = content(folder);
      const failure = inShell(folder, argv, `ulimit -f ${blocks};`);
      if (failure.error === undefined) {
        expect(failure.code).toBe(0);
        const after = content(folder);
        expect(after === content(done) ? '' : difference(content(done), after)).toBe('');
      } else {
        expectPlain(failure, 'store/unavailable');
        expect(failure.code).toBe(6);
        expect(content(folder)).toBe(before);
      }
      ends.add(failure.error ?? 'done');
      // With room again, it is done.
      expect((await workshop.server.run({ ...WORLD, argv }, folder)).code).toBe(0);
      expect(content(folder)).toBe(content(done));
    }
    expect([...ends].sort()).toEqual(['done', 'store/unavailable']);
  });
});

describe('the folder of the store is read-only', () => {
  /** For root no permission holds: then the command runs as nobody, where nobody may read the program. */
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const program = ['-e', "require('better-sqlite3')"];
  const cannot = spawnSync(process.execPath, program, { cwd: join(import.meta.dirname, '..'), ...nobody }).status !== 0;

  test.skipIf(cannot).for(ACTS)('%s', { timeout: 600_000 }, ([, argv]) => {
    const folder = workshop.folder('policies');
    const before = content(folder);
    const inside = join(folder, '.padlock');
    const own = (path: string, mode: number) => {
      if (nobody.uid !== undefined) chownSync(path, nobody.uid, nobody.gid);
      chmodSync(path, mode);
    };
    const names = readdirSync(inside);
    chmodSync(workshop.root, 0o755);
    own(join(inside, 'padlock.db'), 0o600);
    own(inside, 0o500);
    try {
      const failure = inShell(folder, argv, '', nobody);
      expectPlain(failure, 'store/unavailable');
      expect(failure.code).toBe(6);
    } finally {
      chmodSync(inside, 0o700);
    }
    expect(content(folder)).toBe(before);
    expect(readdirSync(inside)).toEqual(names);
  });

  test.each(ACTS)('something else stands where the log belongs: %s', { timeout: 600_000 }, (_, argv) => {
    const folder = workshop.folder('policies');
    const before = content(folder);
    mkdirSync(`${storeIn(folder)}-wal`);
    const failure = inShell(folder, argv, '');
    expectPlain(failure, 'store/unavailable');
    expect(failure.code).toBe(6);
    rmSync(`${storeIn(folder)}-wal`, { recursive: true });
    expect(content(folder)).toBe(before);
  });
});

describe('the audit log refuses', () => {
  test.each(ACTS)('%s: not a row is written', { timeout: 600_000 }, async (_, argv) => {
    const folder = workshop.folder('policies');
    const raw = new Database(storeIn(folder));
    raw.exec("create trigger refuse before insert on audit begin select raise(abort, 'refused'); end");
    raw.close();
    const before = content(folder);
    const failure = inShell(folder, argv, '');
    expectPlain(failure, 'store/unavailable');
    expect(failure.code).toBe(6);
    expect(content(folder)).toBe(before);
  });
});

describe('the key is missing', () => {
  const failing = async (folder: string, keys: string) => {
    const store = await openSqlite({ path: storeIn(folder), access: 'write', random: RANDOM, keyring: () => readKeyFile(keys) });
    const entry = {
      account: 'northwind',
      at: NOW,
      actor: { ...ACTOR, account: 'northwind' },
      act: 'factor.enroll',
      target: '1',
      detail: null,
    };
    const enrolling = store.write(NOW, async (transaction) => {
      await transaction.audit([entry]);
      await transaction.enroll([factorOf(1, 'totp', NOW)]);
    });
    const code = await codeOf(enrolling);
    await store.close();
    return code;
  };

  test('nobody is enrolled, and no entry says so; with it they are', async () => {
    const folder = workshop.folder('policies');
    const before = content(folder);
    expect(await failing(folder, join(folder, 'nowhere.json'))).toBe('keys/missing');
    expect(content(folder)).toBe(before);
    createKeyFile(join(folder, 'new.json'), RANDOM);
    expect(await failing(folder, join(folder, 'new.json'))).toBe('no error');
    expect(content(folder)).not.toBe(before);
  });

  test('no new one is made for a store that has secrets already', { timeout: 600_000 }, () => {
    const folder = workshop.folder('policies');
    rmSync(join(folder, '.padlock', 'keys.json'));
    // These need no key; the store's secrets stay sealed by the one that is lost, and wait for it.
    for (const [, argv] of ACTS) expect(inShell(folder, argv, '').code).toBe(0);
    expect(readdirSync(join(folder, '.padlock')).filter((name) => name.includes('key'))).toEqual([]);
  });
});

describe('the clock stands behind what the store has seen', () => {
  const SEEN = NOW - 24 * 3_600_000;

  test.each(ACTS)('by more than a minute: no %s', { timeout: 600_000 }, async (_, argv) => {
    const folder = workshop.folder('policies');
    const before = content(folder);
    const command = [...argv, '--output', 'json'];
    for (const behind of [60_001, 3_600_000, 365 * 24 * 3_600_000]) {
      const { code, said } = await workshop.server.run({ now: SEEN - behind, argv: command }, folder);
      const { error } = JSON.parse(said) as { error: { code: string; message: string; fix: string } };
      expect({ exit: code, code: error.code }).toEqual({ exit: 1, code: 'store/clock-behind' });
      expect(error.message).toMatch(/behind/);
      expect(error.fix).not.toBe('');
      expect(content(folder)).toBe(before);
    }
    // A minute is a step of a time service; and reading never needs the clock.
    for (const words of [['status'], ['explain', 'nils@northwind.example']]) {
      expect((await workshop.server.run({ now: SEEN - 3_600_000, argv: words }, folder)).code).toBe(0);
    }
    expect((await workshop.server.run({ now: SEEN - 60_000, argv: command }, folder)).code).toBe(0);
    expect(content(folder)).not.toBe(before);
  });
});

test('what is made is for its owner alone, also after a failure', { timeout: 600_000 }, () => {
  const folder = workshop.folder('empty');
  const first = ['directory', 'import', '../files/people.csv', '--account', 'northwind'];
  expect(inShell(folder, first, 'umask 000; ulimit -f 16;').error).toBe('store/unavailable');
  expect(inShell(folder, first, 'umask 000;').code).toBe(0);
  const modes = ['.padlock', '.padlock/keys.json'].map((name) => statSync(join(folder, name)).mode & 0o777);
  expect(modes).toEqual([0o700, 0o600]);
});
