import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guarded, unguarded } from '../../../src/core/model/spreadsheet.ts';

describe('what a spreadsheet would take for a formula gets an apostrophe before it', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['＠a', "'＠a"],
    ["'=1", "''=1"],
    [' =1', " '=1"],
    ['"=1"', `"'=1"`],
    ['\t=1', "'\t'=1"],
    ['\tx', "'\tx"],
    [';=1+1', ";'=1+1"],
    ['a; =1', "a; '=1"],
    ['a;"=1"', `a;"'=1"`],
    ["a;'=1", "a;''=1"],
    ['a\n-1;+2|@x', "a\n'-1;'+2|'@x"],
    ['a;;\t=1', "a;;\t'=1"],
  ])('%j → %j', (text, cell) => {
    expect(guarded(text)).toBe(cell);
    expect(unguarded(cell)).toBe(text);
  });

  test.each(['', 'ada', 'a=1', '1-1', ' ada ', "it's", "a;'b", 'Lovelace, -Ada', 'a; b=1', "a;' =1", 'Sven-Åke', '山田'])(
    '%j stays as it is',
    (text) => {
      expect(guarded(text)).toBe(text);
      expect(unguarded(text)).toBe(text);
    },
  );
});

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('=', '+', '-', '@', '＝', ';', '|', ',', '"', "'", '\t', '\r', '\n', ' ', 'a', '\u00a0'), { maxLength: 12 })
    .map((parts) => parts.join('')),
);

test('whatever the text: it comes back, and however the cell is cut up, no part of it is a formula', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const cell = guarded(text);
      expect(unguarded(cell)).toBe(text);
      expect(cell).not.toMatch(/^[\t\r\n]/);
      for (const part of cell.split(/[;|\t\r\n]/)) expect(part.replace(/^[\s"]*/, '')).not.toMatch(/^[=+\-@＝＋－＠]/);
    }),
    { numRuns: 5000 },
  );
});

test('time grows with the text alone', () => {
  for (const sign of [';', '\t', "'", '"', '=']) {
    const text = sign.repeat(1_000_000);
    expect(unguarded(guarded(text)) === text).toBe(true);
  }
});
