import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breachedPasswords } from '../../../src/adapters/passwords/breached.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'padlock-breached-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();

/** A file as it is given out, of some passwords; each was seen so often. */
function fileOf(passwords: readonly string[], { end = '\r\n', last = '' } = {}): string {
  const lines = passwords.map((password, i) => `${sha1(password)}:${(i * 7919) % 3 === 0 ? 1 : i * 7919 + 1}`);
  return written(lines.sort().join(end) + last);
}

function written(text: string): string {
  const path = join(folder, `${sha1(text)}.txt`);
  writeFileSync(path, text);
  return path;
}

describe.each([
  ['CRLF', { end: '\r\n', last: '' }],
  ['LF', { end: '\n', last: '\n' }],
  ['LF, without one at the end', { end: '\n', last: '' }],
])('lines that end in %s', (_, form) => {
  test.each([1, 2, 85, 90, 180, 5000])('of %i passwords each is found, and no other', (count) => {
    const passwords = Array.from({ length: count }, (_unused, i) => `password ${i}`);
    const breached = breachedPasswords(fileOf(passwords, form));
    expect(passwords.filter((password) => !breached.has(password))).toEqual([]);
    expect(passwords.filter((password) => breached.has(`${password}!`))).toEqual([]);
  });
});

test('in small letters as well', () => {
  const text = ['a', 'b', 'c']
    .map((p) => `${sha1(p).toLowerCase()}:3`)
    .sort()
    .join('\n');
  expect(['a', 'b', 'c', 'd'].map(breachedPasswords(written(text)).has)).toEqual([true, true, true, false]);
});

test('a password is looked up in the form that is hashed', () => {
  expect(breachedPasswords(fileOf(['Zo\u00eb'])).has('Zoe\u0308')).toBe(true);
});

test('whatever the passwords', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 400 }), fc.string(), (passwords, other) => {
      const breached = breachedPasswords(fileOf(passwords));
      expect(passwords.every((password) => breached.has(password))).toBe(true);
      expect(breached.has(other)).toBe(passwords.includes(other.normalize('NFC')));
    }),
    { numRuns: 30 },
  );
});

test('a file that was replaced is read anew', () => {
  const path = fileOf(['one', 'two']);
  const breached = breachedPasswords(path);
  expect([breached.has('one'), breached.has('three')]).toEqual([true, false]);
  writeFileSync(path, `${sha1('three')}:1\n`);
  expect([breached.has('one'), breached.has('three')]).toEqual([false, true]);
});

describe('what is no such file is an error, and never "not breached"', () => {
  const hashes = Array.from({ length: 2000 }, (_, i) => sha1(String(i)));
  test.each([
    ['nothing', '', 'it is empty'],
    ['another text', 'a list of passwords\nby name\n', 'no HASH:COUNT'],
    ['hashes of another sort', `${'0'.repeat(32)}:1\n${'1'.repeat(32)}:1\n`, 'no HASH:COUNT'],
    ['a few ordered by how often', `${hashes.slice(0, 10).join(':3\n')}:3\n`, 'not ordered by hash'],
    ['many ordered by how often', `${hashes.join(':3\n')}:3\n`, 'not ordered by hash'],
    ['zeros', '\0'.repeat(100_000), 'too long'],
    ['a short line without an end', 'AAAA', 'no HASH:COUNT'],
    ['one long line', 'A'.repeat(100_000), 'too long'],
  ])('%s', (_, text, why) => {
    const breached = breachedPasswords(written(text));
    expect(() => breached.has('password')).toThrow(expect.objectContaining({ code: 'sign-in/breached-unreadable' }));
    expect(() => breached.has('password')).toThrow(new RegExp(why));
  });

  test('none at all, or a folder', () => {
    for (const path of [join(folder, 'missing.txt'), folder]) {
      expect(() => breachedPasswords(path).has('password')).toThrow(expect.objectContaining({ code: 'sign-in/breached-unreadable' }));
    }
  });
});
