/**
 * Threat: whoever has a password opens the second factor by a code of another length. otpauth took many a code of one digit
 * for right, as it told where it was found by a number below zero (GHSA-rmmc-8cqj-hfp3); others pad, cut off or take a list of codes.
 */
import { TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { readField } from '../../src/core/authentication/field.ts';
import { checkTotp } from '../../src/core/authentication/kinds/totp/check.ts';

const SECRET = Buffer.from('12345678901234567890');
const NOW = Date.UTC(2026, 10, 25, 8);
const RIGHT = new TOTP({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }).generate({ timestamp: NOW });

/** What becomes of anything that is sent for a code. */
function outcome(sent: unknown): string {
  const field = readField(sent);
  return field.kind === 'code' ? checkTotp(SECRET, field.code, NOW, null).outcome : field.kind;
}

test('the right code is right', () => {
  expect(outcome(RIGHT)).toBe('accepted');
});

describe.each(Array.from({ length: 11 }, (_, length) => length).filter((length) => length !== 6))('%i digits', (length) => {
  test('are never a code, whatever they are', () => {
    const digits = [...'0123456789'].map((digit) => digit.repeat(length));
    const parts = [
      RIGHT.slice(0, length),
      RIGHT.slice(-length || RIGHT.length),
      RIGHT.repeat(2).slice(0, length),
      RIGHT.padStart(length, '0'),
      RIGHT.padEnd(length, '0'),
    ];
    for (const text of [...digits, ...parts.filter((part) => part.length === length)]) {
      expect(outcome(text)).toBe('other');
      // Nor where it is checked, had it got past the field.
      expect(checkTotp(SECRET, text, NOW, null)).toEqual({ outcome: 'wrong' });
    }
  });
});

test.each([
  [[RIGHT]],
  [[RIGHT, '000000']],
  [{ code: RIGHT }],
  [Number(RIGHT)],
  [`${RIGHT}\0`],
  [`${RIGHT},000000`],
  [true],
  [null],
  [{ length: 6 }],
])('%j is no code', (sent) => {
  expect(outcome(sent)).toBe('other');
});

test('digits of other scripts are none', () => {
  for (const zero of [0x660, 0x966, 0xff10, 0x1d7ce]) {
    expect(outcome([...RIGHT].map((digit) => String.fromCodePoint(zero + Number(digit))).join(''))).toBe('other');
  }
});

test('of all codes of six digits, three are right at a time', () => {
  const right = [];
  for (let i = 0; i < 20_000; i++) {
    const code = String(i).padStart(6, '0');
    if (checkTotp(SECRET, code, NOW, null).outcome === 'accepted') right.push(code);
  }
  const window = [-30, 0, 30].map((s) => new TOTP({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }).generate({ timestamp: NOW + s * 1000 }));
  expect(right).toEqual(window.filter((code) => Number(code) < 20_000).sort());
});
