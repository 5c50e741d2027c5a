import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECOVERY_ALPHABET, RECOVERY_LENGTH, readField } from '../../../src/core/authentication/field.ts';

describe('six digits are a code', () => {
  test.each([
    '123456',
    ' 123456',
    '123456\n',
    '123 456',
    '123-456',
    '12-34-56',
    '\t1 2 3 4 5 6\r\n',
    '123\u00a0456',
    '123\u2009456',
    '123\u2013456',
    '123\u2011456',
    '\ufeff123456',
  ])('%j', (text) => {
    expect(readField(text)).toEqual({ kind: 'code', code: '123456' });
  });

  test('with its leading zeros', () => {
    expect(readField('000 007')).toEqual({ kind: 'code', code: '000007' });
  });
});

describe('sixteen letters of the alphabet are a recovery code', () => {
  test.each(['abcd-efgh-jkmn-pqrs', 'ABCD-EFGH-JKMN-PQRS', 'abcdefghjkmnpqrs', ' abcd efgh\tjkmn pqrs\n', 'aBcD\u2013eFgH-jKmN-pQrS'])(
    '%j',
    (text) => {
      expect(readField(text)).toEqual({ kind: 'recovery', code: 'abcdefghjkmnpqrs' });
    },
  );

  test('though they are all figures', () => {
    expect(readField('0123-4567-8901-2345')).toEqual({ kind: 'recovery', code: '0123456789012345' });
  });

  test('and no letter of it has a double', () => {
    expect(RECOVERY_ALPHABET).toHaveLength(32);
    expect(new Set(RECOVERY_ALPHABET).size).toBe(32);
    expect(RECOVERY_ALPHABET).toMatch(/^[0-9a-z]+$/);
    for (const alike of ['0o', '1il', 'uv']) expect([...alike].filter((letter) => RECOVERY_ALPHABET.includes(letter))).toHaveLength(1);
  });
});

describe('all else is neither, and nothing throws', () => {
  test.each([
    ['five digits', '12345'],
    ['seven digits', '1234567'],
    ['digits of another script', '\u0661\u0662\u0663\u0664\u0665\u0666'],
    ['full-width digits', '\uff11\uff12\uff13\uff14\uff15\uff16'],
    ['mathematical digits', '\u{1d7ce}\u{1d7cf}\u{1d7d0}\u{1d7d1}\u{1d7d2}\u{1d7d3}'],
    ['superscripts', '¹²³⁴⁵⁶'],
    ['a sign', '+123456'],
    ['a decimal', '12345.6'],
    ['an exponent', '1e5000'],
    ['hexadecimal', '0x1234'],
    ['NUL at the end', '123456\0'],
    ['NUL within', '123\u0000456'],
    ['a turned direction', '\u202e123456'],
    ['an escape sequence', '\u001b[2J123456'],
    ['two codes', '123456\n654321'],
    ['fifteen letters', 'abcd-efgh-jkmn-pqr'],
    ['seventeen letters', 'abcd-efgh-jkmn-pqrst'],
    ['letters that are left out', 'abcd-efgh-ijkl-mnop'],
    ['a Kelvin sign for a k', 'abcd-efgh-j\u212amn-pqrs'],
    ['a Cyrillic a', '\u0430bcd-efgh-jkmn-pqrs'],
    ['half a surrogate pair', '12345\ud800'],
    ['a text of 10 kB', '1'.repeat(10_000)],
    ['a code in 10 kB of blanks', `${' '.repeat(5000)}123456${' '.repeat(5000)}`],
    ['a number', 123456],
    ['a list', ['123456']],
    ['a list of two', ['123456', '123456']],
    ['an object', { toString: () => '123456' }],
    ['null', null],
    ['nothing', undefined],
    ['true', true],
    ['bytes', Buffer.from('123456')],
    ['a text object', new String('123456')],
  ])('%s', (_, raw) => {
    expect(readField(raw)).toEqual({ kind: 'other' });
  });

  test('whatever is sent', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (raw) => {
        expect(['code', 'recovery', 'other']).toContain(readField(raw).kind);
      }),
    );
  });

  test('in no time, however long it is', () => {
    const hostile = ['- '.repeat(5_000_000), `${'-'.repeat(5_000_000)}x`, '1'.repeat(10_000_000)];
    const start = process.cpuUsage().user;
    for (const text of hostile) readField(text);
    expect((process.cpuUsage().user - start) / 1000).toBeLessThan(50);
  });
});

test('blanks, hyphens and letter case change nothing, wherever they stand', () => {
  const letter = fc.constantFrom(...RECOVERY_ALPHABET).chain((l) => fc.constantFrom(l, l.toUpperCase()));
  const digit = fc.constantFrom(...'0123456789');
  const between = fc.array(fc.constantFrom(' ', '-', '\t', '\u00a0', '\u2013'), { maxLength: 3 }).map((list) => list.join(''));
  const typed = (unit: fc.Arbitrary<string>, length: number) =>
    fc.array(fc.tuple(between, unit), { minLength: length, maxLength: length }).map((list) => ({
      text: list.map(([gap, one]) => gap + one).join(''),
      bare: list.map(([, one]) => one.toLowerCase()).join(''),
    }));
  fc.assert(
    fc.property(typed(digit, 6), ({ text, bare }) => {
      expect(readField(text)).toEqual({ kind: 'code', code: bare });
    }),
  );
  fc.assert(
    fc.property(typed(letter, RECOVERY_LENGTH), ({ text, bare }) => {
      expect(readField(text)).toEqual({ kind: 'recovery', code: bare });
    }),
  );
});
