import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileWitness } from '../../../src/adapters/witness/file.ts';
import { RANDOM, temporaryFolder } from '../store/opened.ts';

const head = (seq: number, account = 'northwind') => ({ account, seq, hash: `${seq}`.padStart(64, 'a') });
const reset = (requestId: string, executedAt = 2) => ({ account: 'northwind', requestId, userId: 7, requestedAt: 1, executedAt });
const DAY = 86_400_000;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'outside', 'heads.jsonl');
});
afterEach(() => folder.remove());

describe('a witness in a file', () => {
  test('knows nothing before it was told anything, and is not made by reading', async () => {
    expect(await fileWitness(path, RANDOM).read()).toEqual({ heads: [], resets: [], unreadable: 0 });
    expect(existsSync(join(folder.path, 'outside'))).toBe(false);
  });

  test('is for its owner alone, and remembers the newest head of each account and each reset once', async () => {
    const witness = fileWitness(path, RANDOM);
    await witness.append({ heads: [head(2), head(1, 'contoso')], resets: [reset('r-1')] });
    await witness.append({ heads: [head(5)], resets: [{ ...reset('r-1'), requestedAt: 9, executedAt: 10 }, reset('r-2')] });
    // Another process commits earlier and tells later.
    await witness.append({ heads: [head(4)], resets: [] });
    expect(await fileWitness(path, RANDOM).read()).toEqual({
      heads: [head(1, 'contoso'), head(5)],
      resets: [reset('r-1'), reset('r-2')],
      unreadable: 0,
    });
    expect([statSync(path).mode & 0o777, statSync(join(folder.path, 'outside')).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  test('nothing to tell writes nothing', async () => {
    await fileWitness(path, RANDOM).append({ heads: [], resets: [] });
    expect(existsSync(path)).toBe(false);
  });

  test('an acknowledged head takes the place of a newer one, and newer ones follow it', async () => {
    const witness = fileWitness(path, RANDOM);
    await witness.append({ heads: [head(9)], resets: [reset('r-1')] });
    await witness.append({ heads: [], resets: [], acknowledged: [head(4)] });
    expect(await witness.read()).toMatchObject({ heads: [head(4)], resets: [reset('r-1')] });
    await witness.append({ heads: [head(5)], resets: [] });
    expect((await witness.read()).heads).toEqual([head(5)]);
  });

  test.each(['{"head":{"account":"north', '', '\u0000\u0000\u0000'])(
    'a line cut short by a crash (%j) hides none that follows',
    async (torn) => {
      const witness = fileWitness(path, RANDOM);
      await witness.append({ heads: [head(1)], resets: [] });
      appendFileSync(path, torn);
      expect((await witness.read()).heads).toEqual([head(1)]);
      await witness.append({ heads: [head(2)], resets: [reset('r-1')] });
      expect(await witness.read()).toMatchObject({ heads: [head(2)], resets: [reset('r-1')], unreadable: torn === '' ? 0 : 1 });
    },
  );

  test.each(['null', '7', '{}', '[]', '{"head":{"account":"a","seq":"1","hash":"x"}}', '{"reset":{"account":"a","requestId":"r"}}'])(
    'a line that is none of ours is counted, and believed in nothing: %s',
    async (line) => {
      mkdirSync(join(folder.path, 'outside'));
      writeFileSync(path, `${line}\n`);
      expect(await fileWitness(path, RANDOM).read()).toEqual({ heads: [], resets: [], unreadable: 1 });
    },
  );

  test('that cannot be written refuses beforehand, that cannot be read is no empty one', async () => {
    mkdirSync(path, { recursive: true });
    await expect(fileWitness(path, RANDOM).ready()).rejects.toMatchObject({
      code: 'witness/unwritable',
      message: expect.stringContaining('nothing was changed'),
    });
    await expect(fileWitness(path, RANDOM).read()).rejects.toMatchObject({ code: 'witness/unreadable', exitCode: 6 });
    writeFileSync(join(folder.path, 'file'), '');
    await expect(fileWitness(join(folder.path, 'file', 'heads.jsonl'), RANDOM).ready()).rejects.toMatchObject({
      code: 'witness/unwritable',
    });
  });
});

test('asking whether it can be written makes no file: one that is missing is not taken for an empty one', async () => {
  await fileWitness(path, RANDOM).ready();
  expect(existsSync(path)).toBe(false);
});

describe('a file that has become large', () => {
  test('is written anew with what it still says, and stays for its owner alone', async () => {
    const witness = fileWitness(path, RANDOM, 4096);
    for (let seq = 1; seq <= 200; seq++) await witness.append({ heads: [head(seq)], resets: seq === 50 ? [reset('r-1')] : [] });
    expect(statSync(path).size).toBeLessThan(4096 + 200);
    expect(await witness.read()).toEqual({ heads: [head(200)], resets: [reset('r-1')], unreadable: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder.path, 'outside'))).toEqual(['heads.jsonl']);
  });

  test('keeps an acknowledged head below older ones, and forgets resets that lie more than 400 days back', async () => {
    const witness = fileWitness(path, RANDOM, 1);
    await witness.append({ heads: [head(90)], resets: [reset('old', 1), reset('newer', 500 * DAY)] });
    await witness.append({ heads: [], resets: [], acknowledged: [head(4)] });
    for (let seq = 5; seq <= 20; seq++) await witness.append({ heads: [head(seq)], resets: [] });
    const { heads, resets } = await witness.read();
    expect([heads, resets.map((r) => r.requestId)]).toEqual([[head(20)], ['newer']]);
  });

  test('is not written anew as long as its lines say something', async () => {
    const witness = fileWitness(path, RANDOM, 1);
    for (let i = 0; i < 40; i++) await witness.append({ heads: [head(1, `account-${i}`)], resets: [] });
    const { ino } = statSync(path);
    await witness.append({ heads: [head(2, 'account-1')], resets: [] });
    expect(statSync(path).ino).toBe(ino);
  });
});

test('a lock that a killed process left is passed over, and gone once it is old', async () => {
  const witness = fileWitness(path, RANDOM, 1);
  await witness.append({ heads: [head(1)], resets: [] });
  writeFileSync(`${path}.lock`, '');
  for (let seq = 2; seq <= 10; seq++) await witness.append({ heads: [head(seq)], resets: [] });
  expect(readFileSync(path, 'utf8').split('\n').length).toBeGreaterThan(9);
  utimesSync(`${path}.lock`, 1, 1);
  await witness.append({ heads: [head(11)], resets: [] });
  await witness.append({ heads: [head(12)], resets: [] });
  expect(readdirSync(join(folder.path, 'outside'))).toEqual(['heads.jsonl']);
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(4);
  expect((await witness.read()).heads).toEqual([head(12)]);
});

test('several processes tell at once while the file is written anew: nothing is lost', async () => {
  const module = pathToFileURL(join(import.meta.dirname, '../../../src/adapters/witness/file.ts')).href;
  const text = (account: string) => `import { randomBytes } from 'node:crypto';
    import { fileWitness } from ${JSON.stringify(module)};
    const witness = fileWitness(${JSON.stringify(path)}, { bytes: (n) => randomBytes(n) }, 2048);
    for (let seq = 1; seq <= 100; seq++) await witness.append({
      heads: [{ account: '${account}', seq, hash: '${'a'.repeat(64)}' }],
      resets: seq % 10 === 0 ? [{ account: '${account}', requestId: 'r-' + seq, userId: 1, requestedAt: 1, executedAt: 2 }] : [],
    });`;
  const run = (account: string) =>
    new Promise<number | null>((resolve) => {
      spawn(process.execPath, ['--input-type=module', '-e', text(account)], { stdio: 'inherit' }).on('close', resolve);
    });
  const accounts = ['a', 'b', 'c', 'd'];
  expect(await Promise.all(accounts.map(run))).toEqual([0, 0, 0, 0]);
  const { heads, resets, unreadable } = await fileWitness(path, RANDOM).read();
  expect(heads.map((h) => [h.account, h.seq])).toEqual(accounts.map((account) => [account, 100]));
  expect(resets.length).toBe(40);
  expect(unreadable).toBe(0);
  expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
});
