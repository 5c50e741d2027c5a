import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { statSync } from 'node:fs';
import type { PublicKey, SignatureCheck, Signer, SigningKey } from '../../core/ports/signer.ts';
import { readPublicKey, readSigningKey } from './key-file.ts';

/** Hexadecimal digits of the fingerprint that name a key: enough that nobody makes another by trying. */
const ID_DIGITS = 32;

/** Signs with the key of a file, which is read when it is first needed. */
export function fileSigner(path: string): Signer {
  let key: KeyObject | undefined;
  const loaded = () => {
    key ??= readSigningKey(path);
    return key;
  };
  return {
    key: () => describe(createPublicKey(loaded())),
    sign: (text) => sign(null, Buffer.from(text), loaded()).toString('base64'),
  };
}

/** The key of a file, to be looked at. */
export function signingKey(path: string): SigningKey {
  const mode = () => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? null : found.mode & 0o777;
  };
  return { place: path, mode, key: fileSigner(path).key };
}

/** Trusts the keys of some files, public or private. */
export function fileCheck(paths: readonly string[]): SignatureCheck {
  return {
    known: () => paths.map((path) => describe(readPublicKey(path))),
    holds(text, signature, { spki }) {
      const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
      return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
    },
  };
}

function describe(key: KeyObject): PublicKey {
  const der = key.export({ format: 'der', type: 'spki' });
  return { id: createHash('sha256').update(der).digest('hex').slice(0, ID_DIGITS), spki: der.toString('base64') };
}
