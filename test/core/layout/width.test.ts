import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, headOf, padEnd, padStart, printable, widthOf } from '../../../src/core/layout/width.ts';

const texts = fc.string({ unit: 'binary', maxLength: 40 }).map(printable);

describe('printable', () => {
  test.each([
    ['escape sequences', '\u001b[2Jada', '\uFFFD[2Jada'],
    ['one-byte control sequences', '\u009b31m', '\uFFFD31m'],
    ['line ends', 'a\r\nb', 'a\uFFFD\uFFFDb'],
    ['line separators', 'a\u2028b', 'a\uFFFDb'],
    ['direction overrides', 'a\u202egnp.exe', 'a\uFFFDgnp.exe'],
    ['lone surrogates', 'a\ud800b', 'a\uFFFDb'],
    ['nothing else', 'Zoë Müller 山田 🔓', 'Zoë Müller 山田 🔓'],
  ])('takes away %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('leaves nothing that steers a terminal, and no half character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('widthOf', () => {
  test.each([
    ['', 0],
    ['bakery', 6],
    ['Zoë', 3],
    ['Zoe\u0308', 3],
    ['山田', 4],
    ['🔓', 2],
    ['ﾊﾟ', 2],
    ['✗ …', 3],
  ])('%j takes %d columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe('cut', () => {
  test.each([
    ['bakery', 6, 'end', 'bakery'],
    ['bakery', 5, 'end', 'bake…'],
    ['policies/bakery.yaml:5', 14, 'start', '…bakery.yaml:5'],
    ['山田太郎', 5, 'end', '山田…'],
    ['山田太郎', 5, 'start', '…太郎'],
  ] as const)('%j to %d at its %s', (text, width, side, expected) => {
    expect(cut(text, width, side)).toBe(expected);
  });

  test('never takes more than it may', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 30 }), fc.constantFrom('start' as const, 'end' as const), (text, width, side) => {
        expect(widthOf(cut(text, width, side))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

test('padding fills to the width, and never cuts', () => {
  expect(padEnd('山', 4)).toBe('山  ');
  expect(padStart('12', 4)).toBe('  12');
  expect(padEnd('bakery', 3)).toBe('bakery');
  expect(padStart('bakery', 3)).toBe('bakery');
});

test('a head is never empty, so that whoever takes heads comes to an end', () => {
  expect(headOf('山', 1)).toBe('山');
  expect(headOf('bakery', 3)).toBe('bak');
});
