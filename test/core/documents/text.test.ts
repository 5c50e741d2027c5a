import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, faultAt, isFit, kindOf, positionAt, shown, type Text } from '../../../src/core/documents/text.ts';
import { brief } from './reading.ts';

function text(from: string | Uint8Array): Text {
  const decoded = decode({ file: 'a.yaml', text: from });
  if ('code' in decoded) throw new Error(brief(decoded));
  return decoded;
}

function refusal(from: string | Uint8Array): string {
  const decoded = decode({ file: 'a.yaml', text: from });
  return 'code' in decoded ? `${brief(decoded)}: ${decoded.message}` : 'none';
}

const bytes = (value: string) => new TextEncoder().encode(value);

describe('decoding', () => {
  test('bytes are UTF-8, with or without a byte order mark', () => {
    expect(text(bytes('ä: 1')).text).toBe('ä: 1');
    expect(text(bytes('\ufeffä: 1')).text).toBe('ä: 1');
    expect(text('\ufeffä: 1').text).toBe('ä: 1');
  });

  test('what is not UTF-8 is refused where it begins', () => {
    expect(refusal(Uint8Array.of(...bytes('a: 1\nb: ä'), 0xe4, 0x20))).toBe('2:5 document/encoding: this is not UTF-8');
    expect(refusal(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toBe('1:1 document/encoding: this is not UTF-8');
    expect(refusal(Uint8Array.of(...bytes('\ufeffab'), 0xc3))).toBe('1:3 document/encoding: this is not UTF-8');
    expect(refusal(Uint8Array.of(0x61, 0xef, 0xbf, 0x20))).toBe('1:2 document/encoding: this is not UTF-8');
    expect(refusal(Uint8Array.of(0xed, 0xa0, 0x80))).toBe('1:1 document/encoding: this is not UTF-8');
  });

  test('a replacement character that is really written is fine', () => {
    expect(refusal(bytes('a: \ufffd'))).toBe('none');
    expect(refusal(Uint8Array.of(...bytes('a: \ufffd'), 0xff))).toBe('1:5 document/encoding: this is not UTF-8');
  });

  test.each([
    ['a: \0', '1:4 document/encoding: the character U+0000 cannot stand in a document'],
    ['a\nb\u001b[31m', '2:2 document/encoding: the character U+001B cannot stand in a document'],
    ['\u009b', '1:1 document/encoding: the character U+009B cannot stand in a document'],
    ['x\ud800y', '1:2 document/encoding: the character U+D800 cannot stand in a document'],
    ['\ufffe', '1:1 document/encoding: the character U+FFFE cannot stand in a document'],
  ])('%j: %s', (from, fault) => {
    expect(refusal(from)).toBe(fault);
  });

  test('tabs, line ends, emoji and every printable character are fine', () => {
    expect(refusal('a\tb\r\n\u0085😀ה中')).toBe('none');
    expect(isFit('two\nlines')).toBe(true);
    expect(isFit('\u0007')).toBe(false);
  });
});

describe('positions', () => {
  test.each([
    ['ab\ncd', 0, 1, 1],
    ['ab\ncd', 2, 1, 3],
    ['ab\ncd', 3, 2, 1],
    ['ab\ncd', 99, 2, 3],
    ['ab\r\ncd', 4, 2, 1],
    ['😀x', 2, 1, 3],
    ['\n\n', 2, 3, 1],
    ['', 0, 1, 1],
  ])('%j at %d is %d:%d', (from, offset, line, column) => {
    expect(positionAt(text(from), offset)).toEqual({ line, column });
  });

  test('agree with counting line by line', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '😀')), fc.nat({ max: 60 }), (parts, at) => {
        const from = parts.join('');
        const before = from.slice(0, at).split('\n');
        expect(positionAt(text(from), at)).toEqual({ line: before.length, column: (before.at(-1) ?? '').length + 1 });
      }),
    );
  });
});

describe('what is shown', () => {
  test('a fault quotes the text up to the end of its line, at most 80 characters', () => {
    const from = text(`a: "one\n  two"\nb: ${'x'.repeat(200)}`);
    expect(faultAt(from, { start: 3, end: 14 }, 'document/syntax', 'm').text).toBe('"one');
    expect(faultAt(from, { start: 18, end: 218 }, 'document/syntax', 'm').text).toHaveLength(80);
    expect(faultAt(from, { start: 3, end: 3 }, 'document/syntax', 'm')).toEqual({
      code: 'document/syntax',
      message: 'm',
      file: 'a.yaml',
      line: 1,
      column: 4,
    });
  });

  test('nothing that is shown can steer a terminal or turn the reading direction', () => {
    expect(shown('\u009b31m \u202e')).toBe('"\\u{9b}31m \\u{202e}"');
    expect(faultAt(text('a: \u202eb'), { start: 3, end: 5 }, 'document/syntax', 'm').text).toBe('\\u{202e}b');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (value) => !/\p{C}/u.test(shown(value))));
  });

  test('neither can messages and fixes, and they stay short', () => {
    const fault = faultAt(text('a'), { start: 0, end: 1 }, 'document/syntax', '\u202e', 'x'.repeat(1000));
    expect([fault.message, fault.fix?.length]).toEqual(['\\u{202e}', 400]);
  });

  test('long values are shortened', () => {
    expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(55)}…"`);
    expect(shown([1])).toBe('a list');
  });

  test.each([
    [null, 'empty'],
    [[], 'a list'],
    [{}, 'a mapping'],
    [1, 'a number'],
    [false, 'a boolean'],
    ['', 'text'],
  ])('%j is %s', (value, words) => {
    expect(kindOf(value)).toBe(words);
  });
});
