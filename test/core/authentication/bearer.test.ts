import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEARER_BYTES, bearerHash, bearerOf } from '../../../src/core/authentication/bearer.ts';

test('256 bits, in letters that cookies and links carry as they are', () => {
  expect(BEARER_BYTES * 8).toBe(256);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: BEARER_BYTES, maxLength: BEARER_BYTES }), (bytes) => {
      const token = bearerOf(bytes);
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(new Uint8Array(Buffer.from(token, 'base64url'))).toEqual(bytes);
    }),
  );
});

test('the store knows the SHA-256 of the text alone', () => {
  expect(bearerHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  const token = bearerOf(new Uint8Array(BEARER_BYTES));
  expect(bearerHash(bearerHash(token))).not.toBe(bearerHash(token));
});
