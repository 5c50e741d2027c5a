import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECOVERY_ALPHABET, readField } from '../../../src/core/authentication/field.ts';
import {
  drawRecoveryCodes,
  hashRecoveryCode,
  matchesRecoveryCode,
  RECOVERY_BYTES,
} from '../../../src/core/authentication/recovery-codes.ts';

const drawn = fc.uint8Array({ minLength: RECOVERY_BYTES, maxLength: RECOVERY_BYTES });
const SALT = Uint8Array.from({ length: 16 }, (_, i) => i);

describe('codes are drawn', () => {
  test('ten of 80 bits each, in groups of four', () => {
    expect(RECOVERY_BYTES).toBe(100);
    fc.assert(
      fc.property(drawn, (bytes) => {
        const codes = drawRecoveryCodes(bytes);
        expect(codes).toHaveLength(10);
        for (const code of codes) expect(code).toMatch(new RegExp(`^[${RECOVERY_ALPHABET}]{4}(-[${RECOVERY_ALPHABET}]{4}){3}$`));
      }),
    );
  });

  test('by every bit of the bytes: they can be told from the codes', () => {
    fc.assert(
      fc.property(drawn, (bytes) => {
        const bits = [...drawRecoveryCodes(bytes).join('').replaceAll('-', '')].map((letter) =>
          RECOVERY_ALPHABET.indexOf(letter).toString(2).padStart(5, '0'),
        );
        const read = bits
          .join('')
          .match(/.{8}/g)
          ?.map((byte) => Number.parseInt(byte, 2));
        expect(read).toEqual([...bytes]);
      }),
    );
  });

  test.each([0, 99, 101])('never from %i bytes', (length) => {
    expect(() => drawRecoveryCodes(new Uint8Array(length))).toThrow('100 random bytes');
  });

  test('and are read from the field as what they are, never as six digits', () => {
    fc.assert(
      fc.property(drawn, (bytes) => {
        for (const code of drawRecoveryCodes(bytes)) {
          expect(readField(code)).toEqual({ kind: 'recovery', code: code.replaceAll('-', '') });
          expect(readField(code.slice(0, 9)).kind).toBe('other');
        }
      }),
    );
  });
});

describe('a hash', () => {
  test('is salt$sha256, as anybody can recompute it', () => {
    const digest = createHash('sha256').update('000102030405060708090a0b0c0d0e0f$abcdefghjkmnpqrs').digest('hex');
    expect(hashRecoveryCode('abcd-efgh-jkmn-pqrs', SALT)).toBe(`000102030405060708090a0b0c0d0e0f$${digest}`);
  });

  test('matches its code, as shown and as read, and no other', () => {
    fc.assert(
      fc.property(drawn, fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes, salt) => {
        const codes = [...new Set(drawRecoveryCodes(bytes))];
        const [first = ''] = codes;
        const hash = hashRecoveryCode(first, salt);
        expect(codes.filter((code) => matchesRecoveryCode(hash, code))).toEqual([first]);
        expect(matchesRecoveryCode(hash, first.replaceAll('-', ''))).toBe(true);
      }),
    );
  });

  test('says nothing of equal codes of two people', () => {
    expect(hashRecoveryCode('abcd-efgh-jkmn-pqrs', SALT)).not.toBe(hashRecoveryCode('abcd-efgh-jkmn-pqrs', SALT.toReversed()));
  });

  test.each(['', '$', 'abc', `zz$${'0'.repeat(64)}`, `00$${'0'.repeat(63)}`, `00$${'0'.repeat(65)}`, `00$${'G'.repeat(64)}`])(
    'that is none matches nothing: %j',
    (hash) => {
      expect(matchesRecoveryCode(hash, 'abcdefghjkmnpqrs')).toBe(false);
      expect(matchesRecoveryCode(hash, '')).toBe(false);
    },
  );
});
