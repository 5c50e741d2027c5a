import { describe, expect, test } from 'vitest';
import { type Keyring, open, type Sealed, seal } from '../../../src/adapters/store/envelope.ts';
import { codeOf } from '../../contract/store-world.ts';
import { KEYRING, RANDOM } from './opened.ts';

const SECRET = Buffer.from('JBSWY3DPEHPK3PXP');
const CONTEXT = 'padlock/factor/1/7/0/1793606400000/1';
const sealed = () => seal(SECRET, CONTEXT, KEYRING, RANDOM);
const code = (record: Sealed, context = CONTEXT, keyring = KEYRING) => codeOf(Promise.resolve().then(() => open(record, context, keyring)));

/** A keyring with another key under the same id. */
const OTHER: Keyring = { active: 'k1', keys: new Map([['k1', Buffer.alloc(32, 8)]]) };

describe('a sealed record', () => {
  test('opens where it was sealed, with the key that it names', () => {
    const record = sealed();
    expect(record.keyId).toBe('k1');
    expect(Buffer.from(open(record, CONTEXT, KEYRING))).toEqual(SECRET);
    const rotated: Keyring = { active: 'k2', keys: new Map([...KEYRING.keys, ['k2', Buffer.alloc(32, 9)]]) };
    expect(Buffer.from(open(record, CONTEXT, rotated))).toEqual(SECRET);
    expect(seal(SECRET, CONTEXT, rotated, RANDOM).keyId).toBe('k2');
    expect(Buffer.from(open(seal(Buffer.alloc(0), CONTEXT, KEYRING, RANDOM), CONTEXT, KEYRING))).toEqual(Buffer.alloc(0));
  });

  test('does not open with another key, nor in another place, nor without its key', async () => {
    expect(await code(sealed(), CONTEXT, OTHER)).toBe('keys/unreadable-record');
    expect(await code(sealed(), CONTEXT.replace('/7/', '/8/'))).toBe('keys/unreadable-record');
    expect(await code({ ...sealed(), keyId: 'k0' })).toBe('keys/missing');
    expect(await codeOf(Promise.resolve().then(() => seal(SECRET, CONTEXT, { ...KEYRING, active: 'k0' }, RANDOM)))).toBe('keys/missing');
  });

  test('does not open with any bit flipped, cut short at any length, or longer', async () => {
    const { keyId, blob } = sealed();
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await code({ keyId, blob: flipped }), `bit ${bit}`).toBe('keys/unreadable-record');
    }
    for (let length = 0; length < blob.length; length++)
      expect(await code({ keyId, blob: blob.subarray(0, length) })).toBe('keys/unreadable-record');
    expect(await code({ keyId, blob: Buffer.concat([blob, Buffer.alloc(1)]) })).toBe('keys/unreadable-record');
  });

  test('takes fresh randomness each time: two of one secret share no part', () => {
    const [one, two] = [Buffer.from(sealed().blob), Buffer.from(sealed().blob)];
    const parts = (blob: Buffer) =>
      [blob.subarray(0, 12), blob.subarray(12, 44), blob.subarray(60, 72), blob.subarray(72, 88)].map((part) => part.toString('hex'));
    expect(parts(one).filter((part, i) => part === parts(two)[i])).toEqual([]);
  });

  test('asks the randomness for its data key: the same randomness gives the same record', () => {
    const drawn: number[] = [];
    const counting = { bytes: (length: number) => Buffer.alloc(length, drawn.push(length)) };
    const first = seal(SECRET, CONTEXT, KEYRING, counting);
    const again = seal(SECRET, CONTEXT, KEYRING, { bytes: (length) => Buffer.alloc(length, 1) });
    expect(drawn).toEqual([32 + 2 * 12]);
    expect(Buffer.from(again.blob)).toEqual(Buffer.from(first.blob));
  });

  test('tells nothing of the secret in its error', async () => {
    const error = await Promise.resolve()
      .then(() => open(sealed(), CONTEXT, OTHER))
      .catch((caught: Error) => caught);
    expect(`${error}`).not.toContain(SECRET.toString());
  });
});
