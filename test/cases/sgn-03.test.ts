// SGN-03: somebody without their phone types a recovery code where a code is asked for. Elsewhere the field took six digits
// alone, or took the hyphens for an error, and the person was locked out with a good code in hand. Here there is one field, and
// what is typed says itself which code it is.
import { describe, expect, it } from 'vitest';
import { readField } from '../../src/core/authentication/field.ts';
import { drawRecoveryCodes, hashRecoveryCode, matchesRecoveryCode, RECOVERY_BYTES } from '../../src/core/authentication/recovery-codes.ts';

const codes = drawRecoveryCodes(Uint8Array.from({ length: RECOVERY_BYTES }, (_, i) => (i * 151) % 256));
const hashes = codes.map((code, i) =>
  hashRecoveryCode(
    code,
    Uint8Array.from({ length: 16 }, () => i),
  ),
);

/** Whose turn it is: the places of the hashes that what was typed matches. */
function matched(typed: unknown): number[] | string {
  const field = readField(typed);
  if (field.kind !== 'recovery') return field.kind;
  return hashes.flatMap((hash, i) => (matchesRecoveryCode(hash, field.code) ? [i] : []));
}

describe.each([
  ['as it is shown', (code: string) => code],
  ['in capitals', (code: string) => code.toUpperCase()],
  ['without hyphens', (code: string) => code.replaceAll('-', '')],
  ['with blanks for hyphens', (code: string) => code.replaceAll('-', ' ')],
  ['with the dashes of a word processor', (code: string) => code.replaceAll('-', '\u2013')],
  ['with what was copied around it', (code: string) => `\n\t${code}  \r\n`],
])('%s', (_, typed) => {
  it('each of the ten is itself and no other', () => {
    expect(codes.map((code) => matched(typed(code)))).toEqual(codes.map((_code, i) => [i]));
  });
});

it('a code of the app is never taken for one, nor one for a code of the app', () => {
  expect(matched('123456')).toBe('code');
  expect(codes.map((code) => readField(code).kind)).toEqual(codes.map(() => 'recovery'));
});

it('a part of one, two of them, or one with a letter wrong opens nothing', () => {
  const [first = '', second = ''] = codes;
  expect(matched(first.slice(0, 14))).toBe('other');
  expect(matched(`${first}\n${second}`)).toBe('other');
  expect(matched([first])).toBe('other');
  expect(matched(`${first.slice(0, -1)}${first.endsWith('0') ? '1' : '0'}`)).toEqual([]);
});
