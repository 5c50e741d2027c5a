/**
 * Threat: whoever may propose a document makes the reader crash, hang, run out of memory, reach a prototype or steer a terminal; or
 * gets a document accepted that says something else to another reader.
 */
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../src/core/documents/read.ts';
import { MOST_TEXT_BYTES } from '../../src/core/ports/source.ts';
import { brief, faultsOf, HEAD } from '../core/documents/reading.ts';
import { diceOf } from '../fuzz/dice.ts';
import { readAndCheck } from '../fuzz/invariants.ts';
import { mutate, seeds } from '../fuzz/mutate.ts';

const KIB_256 = 256 * 1024;
const SPEC = `${HEAD}spec:\n  account: northwind\n  requireMfa: true\n`;

describe('each thing that is refused, at its place', () => {
  test.each([
    ['256 KiB and more', `${SPEC}  # ${'x'.repeat(KIB_256)}\n`, '1:1 document/too-large'],
    ['20 000 values and more', `${HEAD}spec: [${'1,'.repeat(20_001)}]\n`, '1:1 document/too-large'],
    ['20 000 escapes and more', `${HEAD}spec: "${'\\q'.repeat(20_001)}"\n`, '1:1 document/too-large'],
    ['nesting', `${HEAD}spec: ${'['.repeat(5000)}`, '4:134 document/too-deep'],
    [
      'a bomb of aliases',
      `${HEAD}spec:\n  a: &a [x,x,x,x,x,x,x,x,x]\n  b: &b [*a,*a,*a,*a]\n  c: [*b,*b,*b,*b]\n`,
      '7:10 document/alias *b',
    ],
    ['an alias into itself', `${HEAD}spec: &a {account: *a, requireMfa: true}\n`, '4:20 document/alias *a'],
    ['duplicate keys', `${SPEC}  requireMfa: false\n`, '7:3 document/duplicate-key requireMfa'],
    ['duplicate keys, one of them quoted', `${SPEC}  "requireMfa": false\n`, '7:3 document/duplicate-key "requireMfa"'],
    ['unknown tags', `${SPEC}  mode: !!js/function Enforce\n`, '7:9 document/tag !!js/function'],
    ['unknown fields', `${SPEC}  requireMFA: false\n`, '7:3 document/unknown-field requireMFA'],
    ['__proto__', `${SPEC}  __proto__: {requireMfa: false}\n`, '7:3 document/unknown-field __proto__'],
    ['constructor', `${SPEC}  constructor: {prototype: {}}\n`, '7:3 document/unknown-field constructor'],
    ['NUL', `${SPEC}  # \0\n`, '7:5 document/encoding'],
    ['half a surrogate pair', `${SPEC}  # \ud800\n`, '7:5 document/encoding'],
    ['an escape for one', `${HEAD}spec: {account: "\\ud800", requireMfa: true}\n`, '4:17 document/encoding "\\ud800"'],
    ['merge keys', `${SPEC}  <<: {mode: ReportOnly}\n`, '7:3 document/merge-key <<'],
    ['UTF-16', new Uint8Array(Buffer.from(`\ufeff${SPEC}`, 'utf16le')), '1:1 document/encoding'],
  ])('%s', (_, text, fault) => {
    readAndCheck(text);
    expect(faultsOf(text)).toContain(fault);
    expect(readDocuments([{ file: 'a.yaml', text }]).documents).toEqual([]);
  });

  test.each([
    ['a byte order mark', `\ufeff${SPEC}`],
    ['CRLF', SPEC.replaceAll('\n', '\r\n')],
  ])('%s is no harm', (_, text) => {
    expect(readAndCheck(text).documents).toHaveLength(1);
  });

  test('a text of more than 16 MiB, before it is decoded', () => {
    expect(faultsOf(new Uint8Array(MOST_TEXT_BYTES + 1))).toEqual(['1:1 document/too-large']);
  });

  test('more than 10 000 documents in a text, though most of them are empty', () => {
    const { faults } = readDocuments([{ file: 'a.yaml', text: '---\n'.repeat(20_000) }]);
    expect(faults.map(brief)).toEqual(['10001:1 document/too-large']);
  });

  test('the prototype of everything stays as it was', () => {
    readAndCheck(`${SPEC}  __proto__: {polluted: 1}\n  labels: {constructor: {prototype: {polluted: 1}}}\n`);
    expect('polluted' in {}).toBe(false);
  });
});

/** What once cost the square of its size, kept as large as a document may be. Each would take minutes if it did again. */
describe('work grows with the size alone', () => {
  test.each([
    ['unknown fields', SPEC + Array.from({ length: 9900 }, (_, i) => `  k${i}: 1\n`).join(''), 9900],
    ['open quotes', '- "\n'.repeat(19_000), 1],
    ['open quotes in a mapping', "a: 'x\n".repeat(9000), 1],
    ['values that are not allowed', `${SPEC}  roles: [${'Lit,'.repeat(19_000)}]\n`, 19_001],
    ['lists where text belongs', `${SPEC}  roles: [${'[],'.repeat(15_000)}]\n`, 15_001],
  ])('%s', (_, text, faults) => {
    expect(readAndCheck(text).faults.length).toBeGreaterThanOrEqual(faults);
  });

  test('10 000 policies for one scope name a few of each other', async () => {
    const { conflictsAmong } = await import('../../src/core/policy/conflicts.ts');
    const texts = Array.from({ length: 3000 }, (_, i) => ({ file: `${i}.yaml`, text: SPEC.replace('name: northwind', `name: n-${i}`) }));
    const conflicts = conflictsAmong(readDocuments(texts).documents);
    expect(conflicts).toHaveLength(3000);
    expect(conflicts[0]?.message).toMatch(/ and 2994 more$/);
    expect(Math.max(...conflicts.map(({ message }) => message.length))).toBeLessThan(300);
  });
});

/** Units that nest, break, repeat or cost, filled up to a size. */
const UNITS = [
  '- [',
  '{a: ',
  '? ',
  '- ',
  'a: ',
  '"',
  '&a ',
  '*a ',
  '!t ',
  '%A\n',
  '#\n',
  '\t',
  '\r',
  '[]\n',
  '- a\n',
  ': ',
  '---\n',
  '\\',
  '\0',
  '🙂',
];
const ENCODINGS = ['utf8', 'utf16le', 'latin1'] as const;

test('10 000 hostile documents: no crash, no hang, each refused or accepted with a reason and a place', () => {
  const dice = diceOf(14);
  const first = seeds();
  const outcomes = { accepted: 0, refused: 0, skipped: 0, empty: 0 };
  for (let i = 0; i < 10_000; i++) {
    const filled = dice.pick(['', HEAD, SPEC]) + dice.pick(UNITS).repeat(1 + dice.roll(dice.pick([10, 100, 1000])));
    const text = dice.roll(3) === 0 ? filled : mutate(dice.pick(first), first, dice);
    const { faults, documents, skipped } = readAndCheck(dice.roll(10) === 0 ? Buffer.from(text, dice.pick(ENCODINGS)) : text);
    const outcome = faults.length > 0 ? 'refused' : documents.length > 0 ? 'accepted' : skipped.length > 0 ? 'skipped' : 'empty';
    outcomes[outcome] += 1;
  }
  expect(outcomes.accepted).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(5000);
}, 600_000);
