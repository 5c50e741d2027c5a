import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginning } from '../../../src/core/model/beginning.ts';

test('a short text is itself, a long one is cut, and a pair is never cut in half', () => {
  expect(beginning('Ada', 3)).toBe('Ada');
  expect(beginning('Adam', 3)).toBe('Ada');
  expect(beginning('ab🙂c', 3)).toBe('ab');
  expect(beginning('ab🙂c', 4)).toBe('ab🙂');
  expect(beginning('', 0)).toBe('');
});

test('of a text that is well formed the beginning is, and lacks at most one unit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, units) => {
      const cut = beginning(text, units);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, units) - 1);
    }),
  );
});
