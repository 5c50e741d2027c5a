import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { either, nearest, nearestFirst } from '../../../src/core/documents/nearest.ts';
import { ROLES } from '../../../src/core/model/words.ts';

describe('nearest', () => {
  test.each([
    ['Editr', 'Editor'],
    ['editor', 'Editor'],
    ['READONLY', 'ReadOnly'],
    ['Read-Only', 'ReadOnly'],
    ['Cretaor', 'Creator'],
    ['Ltie', 'Lite'],
  ])('%s means %s', (word, meant) => {
    expect(nearest(word, ROLES)).toBe(meant);
  });

  test.each(['', 'Owner', 'x', 'Superintendent'])('%j means none', (word) => {
    expect(nearest(word, ROLES)).toBeUndefined();
  });

  test('of equals the first', () => {
    expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
  });

  test('two neighbours that changed places are one edit, not two', () => {
    expect(nearest('abdc', ['abxy', 'abcd'])).toBe('abcd');
    expect(nearest('ba', ['ab'])).toBeUndefined();
  });

  test('one edit of a word of three letters or more finds it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,20}$/), fc.nat(), fc.constantFrom('q', ''), (word, place, instead) => {
        const at = place % word.length;
        expect(nearest(word.slice(0, at) + instead + word.slice(at + 1), [word])).toBe(word);
      }),
    );
  });
});

describe('the words of a fix', () => {
  test('the nearest stands first, the others keep their order', () => {
    expect(nearestFirst('lite', ['Editor', 'Creator', 'Lite'])).toEqual(['Lite', 'Editor', 'Creator']);
    expect(nearestFirst('?', ['b', 'a'])).toEqual(['b', 'a']);
  });

  test.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a or b'],
    [['a', 'b', 'c'], 'a, b or c'],
  ])('%j is %j', (words, text) => {
    expect(either(words)).toBe(text);
  });
});
