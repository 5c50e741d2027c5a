import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counted, flow, table } from '../../../src/core/layout/flow.ts';
import { printable, widthOf } from '../../../src/core/layout/width.ts';

const measure = { width: 20, indent: 2, hang: 4 };

describe('flow', () => {
  test.each([
    ['what fits is one line', ['12 people', '9 not'], ['  12 people · 9 not']],
    ['parts stay whole', ['12 people', '9 not enrolled'], ['  12 people ·', '    9 not enrolled']],
    ['a part too long breaks between its words', ['9 of 12 members are not'], ['  9 of 12 members', '    are not']],
    ['a word too long breaks anywhere', ['a'.repeat(40)], [`  ${'a'.repeat(18)}`, `    ${'a'.repeat(16)}`, `    ${'a'.repeat(6)}`]],
    ['blanks within a part stay', ['a   b', 'c'], ['  a   b · c']],
    ['nothing gives nothing', [], []],
  ])('%s', (_, parts, lines) => {
    expect(flow(parts, ' · ', measure)).toEqual(lines);
  });

  test('no line is wider than the width, none ends in a blank, and no word is lost', () => {
    const word = fc.string({ minLength: 1, maxLength: 90 }).map((text) => printable(text).replaceAll(' ', '_'));
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.integer({ min: 40, max: 100 }),
        (parts, width) => {
          const lines = flow(
            parts.map((words) => words.join(' ')),
            ', ',
            { width, indent: 4, hang: 6 },
          );
          for (const line of lines) {
            expect(widthOf(line)).toBeLessThanOrEqual(width);
            expect(line).toBe(line.trimEnd());
          }
          const bare = (text: string) => text.replaceAll(/[ ,]/g, '');
          expect(bare(lines.join(''))).toBe(bare(parts.flat().join('')));
        },
      ),
    );
  });
});

describe('table', () => {
  const columns = [
    { heading: 'scope', side: 'start' },
    { heading: 'people', side: 'end' },
  ] as const;

  test.each([
    ['two blanks apart', 14, ['scope   people', 'bakery      12', 'clinic       9']],
    ['one where two do not fit', 13, ['scope  people', 'bakery     12', 'clinic      9']],
    ['not at all where one does not', 12, null],
  ])('columns stand %s', (_, width, lines) => {
    expect(
      table(
        columns,
        [
          ['bakery', '12'],
          ['clinic', '9'],
        ],
        width,
      ),
    ).toEqual(lines);
  });
});

test('a count agrees with its word', () => {
  expect([0, 1, 2].map((n) => counted(n, 'person', 'people'))).toEqual(['0 people', '1 person', '2 people']);
});
