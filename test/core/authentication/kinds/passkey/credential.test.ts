import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Passkey, readPasskey, sealablePasskey } from '../../../../../src/core/authentication/kinds/passkey/credential.ts';

const passkeys: fc.Arbitrary<Passkey> = fc.record({
  id: fc.stringMatching(/^[\w-]{1,40}$/),
  publicKey: fc.stringMatching(/^[\w-]{1,120}$/),
  counter: fc.nat({ max: 0xffffffff }),
  transports: fc.subarray(['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal'] as const),
  verified: fc.boolean(),
  backedUp: fc.boolean(),
});
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const GOOD = { id: 'AQID', publicKey: 'BAUG', counter: 3, transports: ['usb'], verified: true, backedUp: false };

test('a passkey is what its bytes say', () => {
  fc.assert(
    fc.property(passkeys, (passkey) => {
      expect(readPasskey(sealablePasskey(passkey))).toEqual(passkey);
    }),
  );
});

describe('bytes that hold none', () => {
  test.each<[string, Uint8Array]>([
    ['none at all', new Uint8Array()],
    ['32 random ones', Buffer.from('d5c1a6f2037be94480aa6f1e5bd9c3772f0e8d6c4b2a19087f6e5d4c3b2a1908', 'hex')],
    ['null', bytesOf(null)],
    ['a list', bytesOf([])],
    ['no id', bytesOf({ ...GOOD, id: undefined })],
    ['an empty id', bytesOf({ ...GOOD, id: '' })],
    ['an id of another alphabet', bytesOf({ ...GOOD, id: 'AQ+/' })],
    ['no key', bytesOf({ ...GOOD, publicKey: null })],
    ['a negative counter', bytesOf({ ...GOOD, counter: -1 })],
    ['half a use', bytesOf({ ...GOOD, counter: 0.5 })],
    ['a counter in words', bytesOf({ ...GOOD, counter: '3' })],
    ['verified by a word', bytesOf({ ...GOOD, verified: 'true' })],
    ['nothing of a backup', bytesOf({ ...GOOD, backedUp: undefined })],
    ['a passkey cut off', sealablePasskey(GOOD as unknown as Passkey).slice(0, -1)],
  ])('%s', (_, bytes) => {
    expect(readPasskey(bytes)).toBeNull();
  });

  test('whatever they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          expect(readPasskey(bytes)).toBeNull();
        },
      ),
    );
  });
});

test('more than is known of it is left out', () => {
  expect(readPasskey(bytesOf({ ...GOOD, admin: true, transports: ['usb', 'mind'] }))).toEqual(GOOD);
});
