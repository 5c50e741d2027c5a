import { copyFileSync, existsSync, linkSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeyFile, readKeyFile } from '../../../src/adapters/store/key-file.ts';
import { PadlockError } from '../../../src/core/model/errors.ts';
import { RANDOM, temporaryFolder } from './opened.ts';

describe('the key file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder.path, 'keys', 'keys.json');
  });
  afterEach(() => folder.remove());

  test('is made with one key of 32 random bytes, for its owner alone', () => {
    createKeyFile(path, RANDOM);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'keys')).mode & 0o777).toBe(0o700);
    const { active, keys } = readKeyFile(path);
    expect([...keys.keys()]).toEqual([active]);
    expect(keys.get(active)).toHaveLength(32);
    createKeyFile(join(folder.path, 'other.json'), RANDOM);
    expect(readKeyFile(join(folder.path, 'other.json')).keys.get(active)).not.toEqual(keys.get(active));
  });

  test('is never overwritten', () => {
    createKeyFile(path, RANDOM);
    const before = readFileSync(path, 'utf8');
    createKeyFile(path, RANDOM);
    expect(readFileSync(path, 'utf8')).toBe(before);
    writeFileSync(path, 'not a key file');
    createKeyFile(path, RANDOM);
    expect(readFileSync(path, 'utf8')).toBe('not a key file');
  });

  test('leaves nothing else beside it, and nothing that was left there before is written into', () => {
    const same = { bytes: (length: number) => Buffer.alloc(length, 1) };
    createKeyFile(path, same);
    expect(readdirSync(join(folder.path, 'keys'))).toEqual(['keys.json']);
    const [kept, left] = [readFileSync(path, 'utf8'), `${path}.0101010101010101.part`];
    // As after a kill between the two names of a file, and somebody who then put the key away.
    linkSync(path, left);
    renameSync(path, join(folder.path, 'kept.json'));
    createKeyFile(path, { bytes: (length) => Buffer.alloc(length, length === 8 ? 1 : 2) });
    expect(readFileSync(join(folder.path, 'kept.json'), 'utf8')).toBe(kept);
    expect(readdirSync(join(folder.path, 'keys'))).toEqual(['keys.json']);
  });

  test('made by another process at the same moment is the one that counts', () => {
    const other = join(folder.path, 'other.json');
    createKeyFile(other, RANDOM);
    const bytes = (length: number) => {
      copyFileSync(other, path);
      return RANDOM.bytes(length);
    };
    createKeyFile(path, { bytes });
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(other, 'utf8'));
  });

  test('that is missing is keys/missing, and is not made by reading', () => {
    expect(() => readKeyFile(path)).toThrow(expect.objectContaining({ code: 'keys/missing' }));
    expect(existsSync(path)).toBe(false);
  });

  const key = Buffer.alloc(32, 5).toString('base64');
  test.each([
    ['no JSON', `PLANTED ${key}`],
    ['an unfinished one', `{"active":"k1","keys":{"k1":"PLANTED${key}`],
    ['a list', '["PLANTED"]'],
    ['nothing', ''],
    ['null', 'null'],
    ['no keys', '{"active":"PLANTED"}'],
    ['an active key that is not there', `{"active":"PLANTED","keys":{"k1":"${key}"}}`],
    ['a key that is too short', '{"active":"k1","keys":{"k1":"UExBTlRFRA=="}}'],
    ['a key of another type', '{"active":"k1","keys":{"k1":12345}}'],
    ['a second key that is too long', `{"active":"k1","keys":{"k1":"${key}","PLANTED":"${key}${key}"}}`],
  ])('with %s is keys/invalid, and its content is quoted nowhere', (_, text) => {
    createKeyFile(path, RANDOM);
    writeFileSync(path, text);
    let error: unknown;
    try {
      readKeyFile(path);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PadlockError);
    const told = error as PadlockError;
    expect(told.code).toBe('keys/invalid');
    const words = [told.message, told.fix, String(told.cause), (told.cause as Error).stack].join('\n');
    for (const planted of ['PLANTED', key, 'UExBTlRFRA', '12345']) expect(words).not.toContain(planted);
  });
});
