import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileCheck, fileSigner } from '../../../src/adapters/signing/ed25519.ts';
import { createSigningKey } from '../../../src/adapters/signing/key-file.ts';
import { RANDOM, temporaryFolder } from '../store/opened.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'keys', 'signing.pem');
});
afterEach(() => folder.remove());

describe('the key of signatures', () => {
  test('is made for its owner alone, and never twice', () => {
    createSigningKey(path, RANDOM);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'keys')).mode & 0o777).toBe(0o700);
    const before = readFileSync(path, 'utf8');
    createSigningKey(path, RANDOM);
    expect(readFileSync(path, 'utf8')).toBe(before);
    const other = join(folder.path, 'other.pem');
    createSigningKey(other, RANDOM);
    expect(fileSigner(other).key().id).not.toBe(fileSigner(path).key().id);
  });

  test('is Ed25519 of the 32 bytes drawn: RFC 8032, test 1', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    createSigningKey(path, { bytes: (length) => seed.subarray(0, length) });
    const { spki } = fileSigner(path).key();
    const raw = Buffer.from(spki, 'base64').subarray(-32).toString('hex');
    expect(raw).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(Buffer.from(fileSigner(path).sign(''), 'base64').toString('hex')).toMatch(/^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974/);
  });

  test('one that another program made is taken too', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(join(folder.path, 'made.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect(fileSigner(join(folder.path, 'made.pem')).key().id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('without a key that can be read nothing is signed', () => {
  test('missing: keys/missing, and none is made', () => {
    expect(() => fileSigner(path).key()).toThrow(expect.objectContaining({ code: 'keys/missing' }));
    expect(() => fileSigner(path).sign('x')).toThrow(expect.objectContaining({ code: 'keys/missing' }));
    expect(() => fileCheck([path]).known()).toThrow(expect.objectContaining({ code: 'keys/missing' }));
    expect(existsSync(path)).toBe(false);
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  test.each([
    ['nothing', ''],
    ['no key', 'PLANTED'],
    ['a damaged one', '-----BEGIN PRIVATE KEY-----\nPLANTED\n-----END PRIVATE KEY-----\n'],
    ['a key of another kind', rsa.toString()],
  ])('%s: keys/invalid, and its content is quoted nowhere', (_, text) => {
    const file = join(folder.path, 'bad.pem');
    writeFileSync(file, text);
    for (const use of [() => fileSigner(file).key(), () => fileCheck([file]).known()]) {
      let error: unknown;
      try {
        use();
      } catch (caught) {
        error = caught;
      }
      const told = error as Error & { code: string; fix: string };
      expect(told.code).toBe('keys/invalid');
      const words = [told.message, told.fix, String(told.cause), told.stack].join('\n');
      for (const planted of ['PLANTED', rsa.toString().slice(40, 80)]) expect(words).not.toContain(planted);
    }
  });

  test('a public key signs nothing', () => {
    createSigningKey(path, RANDOM);
    const publicPath = join(folder.path, 'public.pem');
    writeFileSync(publicPath, createPublicKey(readFileSync(path)).export({ format: 'pem', type: 'spki' }));
    expect(() => fileSigner(publicPath).key()).toThrow(expect.objectContaining({ code: 'keys/invalid' }));
    expect(fileCheck([publicPath]).known()).toEqual([fileSigner(path).key()]);
  });
});

describe('a signature', () => {
  test('holds for its text and its key, and for nothing else', () => {
    createSigningKey(path, RANDOM);
    const other = join(folder.path, 'other.pem');
    createSigningKey(other, RANDOM);
    const check = fileCheck([path, other]);
    const signer = fileSigner(path);
    const signature = signer.sign('the text');
    expect(check.holds('the text', signature, signer.key())).toBe(true);
    expect(check.holds('the text.', signature, signer.key())).toBe(false);
    expect(check.holds('the text', signature, fileSigner(other).key())).toBe(false);
    for (const none of ['', 'AAAA', 'not base64 at all', signature.slice(4)])
      expect(check.holds('the text', none, signer.key())).toBe(false);
    expect(check.known().map(({ id }) => id)).toEqual([signer.key().id, fileSigner(other).key().id]);
  });
});
