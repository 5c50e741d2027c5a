import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { decode } from '../../../src/core/documents/text.ts';
import { namesOf, step, toTree } from '../../../src/core/documents/tree.ts';
import { brief, policyFaults } from './reading.ts';

function tree(from: string) {
  const text = decode({ file: 'a.yaml', text: from });
  if ('code' in text) throw new Error(brief(text));
  return toTree(text, parseDocument(from, { uniqueKeys: false, schema: 'core' }).contents);
}

const faults = (from: string) => tree(from).faults.map(brief);

describe('plain data', () => {
  test('values, and where each of them and its key stands', () => {
    const { value, places } = tree('a: [x, {b/c: 1}]\n');
    expect(value).toStrictEqual({ a: ['x', { 'b/c': 1 }] });
    expect(Object.fromEntries([...places].map(([pointer, { start, key }]) => [pointer, [start, key?.start]]))).toEqual({
      '': [0, undefined],
      '/a': [3, 0],
      '/a/0': [4, undefined],
      '/a/1': [7, undefined],
      '/a/1/b~1c': [13, 8],
    });
  });

  test('a field without a value is null, and stands after its colon', () => {
    const { value, places } = tree('a:\nb: 1\n');
    expect(value).toEqual({ a: null, b: 1 });
    expect(places.get('/a')?.start).toBe(2);
  });

  test('pointers name what they step through', () => {
    expect(namesOf(`${step('a/b')}${step('~')}${step(3)}`)).toEqual(['a/b', '~', '3']);
  });

  test('keys that are numbers in YAML are the text that was written', () => {
    expect(tree('{0x10: a, true: b}').value).toEqual({ '0x10': 'a', true: 'b' });
  });
});

describe('keys', () => {
  test.each([
    ['a: 1\nb: 2\na: 3\n', ['3:1 document/duplicate-key a']],
    ['{a: 1, "a": 2, a: 3}', ['1:8 document/duplicate-key "a"', '1:16 document/duplicate-key a']],
    ['{1: a, "1": b}', ['1:8 document/duplicate-key "1"']],
    ['? [a]\n: 1\n', ['1:3 document/wrong-type [a]']],
    ['? {a: 1}\n: 1\n', ['1:3 document/wrong-type {a: 1}']],
    [': 1\n', ['1:1 document/unknown-field']],
    ['&k a: 1\n*k : 2\n', ['2:1 document/alias *k']],
    ['"\\0": 1\n', ['1:1 document/encoding "\\0"']],
  ])('%j', (from, expected) => {
    expect(faults(from)).toEqual(expected);
  });

  test('the first of two equal keys keeps its value', () => {
    expect(tree('{a: 1, a: 2}').value).toEqual({ a: 1 });
  });

  test.each(['__proto__', 'constructor', 'prototype'])('%s is refused, and changes no object', (key) => {
    const { value, faults: found } = tree(`{${key}: {polluted: true}, a: 1}`);
    expect(found.map(brief)).toEqual([`1:2 document/unknown-field ${key}`]);
    expect(value).toStrictEqual({ a: 1 });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('merge keys', () => {
  test('are refused at their own place, wherever they stand', () => {
    expect(faults('a: &b {c: 1}\nd:\n  <<: *b\n  e: {<<: [*b, *b]}\n')).toEqual(['3:3 document/merge-key <<', '4:7 document/merge-key <<']);
  });

  test('a quoted one is a field like any other', () => {
    expect(tree('"<<": 1').value).toEqual({ '<<': 1 });
  });

  test('an anchor inside one is known further down', () => {
    expect(faults('<<: &b {c: 1}\nd: *b\n')).toEqual(['1:1 document/merge-key <<']);
  });
});

describe('aliases', () => {
  test('stand for the value of the last anchor before them', () => {
    expect(tree('[&a 1, *a, &a 2, *a]').value).toEqual([1, 1, 2, 2]);
    expect(tree('[&x 1, &y [*x], &x 2, *y]').value).toEqual([1, [1], 2, [1]]);
  });

  test('to nothing, to something further down, and into themselves are refused', () => {
    expect(faults('[*a, &a 1]')).toEqual(['1:2 document/alias *a']);
    expect(faults('&a [*a]')).toEqual(['1:5 document/alias *a']);
    expect(faults('&a {b: {c: *a}}')).toEqual(['1:12 document/alias *a']);
    expect(tree('&a [*a]').faults[0]?.message).toBe('the alias "a" stands inside its own anchor');
    expect(faults('[&a 1, &a [*a]]')).toEqual(['1:12 document/alias *a']);
  });

  test('may bring in 100 values and not one more', () => {
    const list = (times: number) => `[&a 1${', *a'.repeat(times)}]`;
    expect(faults(list(100))).toEqual([]);
    expect(faults(list(101))).toHaveLength(1);
    expect(faults('[&a [1, 2, 3, 4, 5, 6, 7, 8, 9], *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]')).toEqual([]);
    expect(faults('[&a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]')).toHaveLength(1);
  });

  test('of aliases count what they bring in altogether', () => {
    const doubling = Array.from(
      { length: 40 },
      (_, level) => `a${level}: &a${level} [${level === 0 ? '1' : `*a${level - 1}, *a${level - 1}`}]`,
    );
    expect(faults(doubling.join('\n')).every((fault) => fault.includes('document/alias'))).toBe(true);
    expect(faults(doubling.join('\n')).length).toBeGreaterThan(30);
  });

  test('a refused one is not told twice', () => {
    expect(policyFaults('gracePeriod: *x')).toEqual(['7:16 document/alias *x']);
  });
});

test('text that escapes made unfit is refused once, at its place', () => {
  expect(policyFaults('gracePeriod: "\\e[31m"', 'mode: "\\ud800"')).toEqual([
    '7:16 document/encoding "\\e[31m"',
    '8:9 document/encoding "\\ud800"',
  ]);
});
