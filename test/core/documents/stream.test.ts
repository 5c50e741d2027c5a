import { describe, expect, test } from 'vitest';
import { compose } from '../../../src/core/documents/stream.ts';
import { decode } from '../../../src/core/documents/text.ts';
import { brief, faultsOf, HEAD } from './reading.ts';

function composed(from: string) {
  const text = decode({ file: 'a.yaml', text: from });
  if ('code' in text) throw new Error(brief(text));
  const stretches = [...compose(text)];
  return {
    composed: stretches.flatMap((stretch) => stretch.composed),
    faults: stretches.flatMap(({ refused, faults }) => (refused === undefined ? faults : [refused, ...faults])),
  };
}

/** Faults of the bounds, and how many documents were composed all the same. */
function bounded(from: string): [string[], number] {
  const { composed: documents, faults } = composed(from);
  return [faults.map(brief), documents.length];
}

describe('bounds, checked before a document is composed', () => {
  const KIB_256 = 256 * 1024;
  const ofBytes = (size: number, fill = 'x') => `a: ${fill.repeat((size - 3) / new TextEncoder().encode(fill).length)}`;

  test('256 KiB are read, one byte more is not', () => {
    expect(bounded(ofBytes(KIB_256))).toEqual([[], 1]);
    expect(bounded(ofBytes(KIB_256 + 1))).toEqual([['1:1 document/too-large'], 0]);
  });

  test('bytes count, not characters', () => {
    expect(bounded(ofBytes(KIB_256 + 1, 'ää').slice(0, 131_074))[0]).toEqual([]);
    expect(bounded(ofBytes(KIB_256 + 3, 'ä'))[0]).toEqual(['1:1 document/too-large']);
  });

  test('20 000 values are read, one more is not', () => {
    const list = (values: number) => `- 1\n`.repeat(values - 1);
    expect(bounded(list(20_000))).toEqual([[], 1]);
    expect(bounded(list(20_001))[0]).toEqual(['1:1 document/too-large']);
  });

  test('64 levels are read, one more is not, told where it begins', () => {
    const nested = (levels: number) => `${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}`;
    expect(bounded(nested(64))).toEqual([[], 1]);
    expect(bounded(nested(65))[0]).toEqual(['1:65 document/too-deep']);
    expect(bounded(`${'- '.repeat(65)}1`)[0]).toEqual(['1:129 document/too-deep']);
  });

  test('depth counts the keys of mappings too', () => {
    expect(bounded(`? ${'['.repeat(70)}${']'.repeat(70)}\n: 1\n`)[0]).toHaveLength(1);
  });

  test('the documents after one that is too large are read, at their own places', () => {
    const text = `${HEAD}spec: ${'x'.repeat(KIB_256)}\n---\n${HEAD}spec: {account: a, requireMfa: true, x: 1}\n...\n---\n- 1\n`;
    expect(faultsOf(text)).toEqual(['1:1 document/too-large', '9:38 document/unknown-field x', '12:1 document/not-a-mapping - 1']);
  });

  test.each([
    '[',
    '{',
    '- ',
    '? ',
    'a: ',
    '[a, ',
    '{a: ',
    '"',
    "'",
    '[]',
    '{}\n',
    '"\n',
    '&a ',
    '!a ',
    '- \n',
    '#\n',
    '%A\n',
    ': ',
    '\n#a\n ',
  ])('a document full of %j ends', (unit) => {
    const { composed: documents, faults } = composed(unit.repeat(KIB_256 / unit.length));
    expect(documents.length + faults.length).toBeGreaterThan(0);
  });
});

describe('documents of one text', () => {
  test.each([
    ['a: 1\n---\nb: 2\n', 2],
    ['---\na: 1\n---\nb: 2\n...\n---\nc: 3\n', 3],
    ['%YAML 1.2\n# why\n\n---\na: 1\n', 1],
    ['a: 1\n...\n%YAML 1.2\n---\nb: 2\n', 2],
    ['a: 1\r\n---\r\nb: 2\r\n', 2],
    ['a: |\n  ---\n  x\nb: x---\nc: "\u2028--- "\n', 1],
    ['--- a\n--- b\n', 2],
  ])('%j are %d', (from, count) => {
    const { composed: documents } = composed(from);
    expect(documents.flatMap(({ faults }) => faults)).toEqual([]);
    expect(documents.filter(({ document }) => document.contents !== null && document.toJS() !== null)).toHaveLength(count);
  });

  test('a document after more directives than are read is refused, not lost', () => {
    expect(faultsOf(`${'%YAML 1.2\n'.repeat(200)}---\n${HEAD}spec: {account: a, requireMfa: true}\n`)).not.toEqual([]);
  });

  test('directives without a document are a fault', () => {
    expect(composed('%YAML 1.2\n').composed.flatMap(({ faults }) => faults.map(brief))).toEqual(['2:1 document/syntax']);
  });
});

describe('YAML 1.2', () => {
  test('another version is refused, and not read by its own rules', () => {
    expect(faultsOf(`%YAML 1.1\n---\n${HEAD}spec: {account: a, requireMfa: yes}\n`)).toEqual([
      '1:1 document/syntax %YAML 1.1',
      '6:32 document/yaml-1.1-boolean yes',
    ]);
    expect(faultsOf(`%YAML 1.2\n---\n${HEAD}spec: {account: a, requireMfa: true}\n`)).toEqual([]);
  });

  test('True and TRUE are booleans, 0x10 is a number, timestamps are text', () => {
    const contents = composed('[True, TRUE, 0x10, 2026-12-01, yes, 12:30, 1_000, ~]').composed[0]?.document.toJS() as unknown;
    expect(contents).toEqual([true, true, 16, '2026-12-01', 'yes', '12:30', '1_000', null]);
  });
});

describe('syntax faults', () => {
  test.each([
    ['a: 1\n b: 2\n', '1:4 document/syntax 1', 'a field stands where a value belongs'],
    ['a: [1, 2\nb: 3\n', '2:1 document/syntax b', 'the indentation fits nothing around it'],
    ['{\n\t"a": 1\n}\n', 'none', ''],
    ['a:\n\tb: 1\n', '2:1 document/syntax', 'a tab cannot indent'],
    ['a: "x\nb: 1\n', '1:4 document/syntax "x', 'this quote is never closed'],
    ["a: 1\nb: 'x\n", "2:4 document/syntax 'x", 'this quote is never closed'],
    ['a: 1\nfoo\nb: 2\n', '2:1 document/syntax foo', 'this line is neither a field nor a part of the value above'],
    ['a: @x\n', '1:4 document/syntax @', 'not YAML: plain value cannot start with reserved character @'],
    ['a: !secret x\n', '1:4 document/tag !secret', 'tags are not read here'],
    ['a: !!binary aGk=\n', '1:4 document/tag !!binary', 'tags are not read here'],
    ['a: &x &y 1\n', '1:7 document/syntax &y', 'two anchors at one value'],
  ])('%j: %s', (from, fault, message) => {
    const [first] = composed(from).composed.flatMap(({ faults }) => faults);
    expect([first === undefined ? 'none' : brief(first), first?.message ?? '']).toEqual([fault, message]);
  });

  test('one slip is one fault a line, and slips in several documents are all told', () => {
    const { composed: documents } = composed('a: [\n---\nb: "\n---\nc: 1\n---\n\td: 1\n');
    expect(documents.map(({ faults }) => faults.map(({ line }) => line))).toEqual([[2], [3], [], [7]]);
  });
});
