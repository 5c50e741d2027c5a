import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { PublicKey, SignatureCheck, Signer } from '../../../src/core/ports/signer.ts';

/** A key of its own, as an adapter gives it: real signatures. */
export function keyOf(id: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key: PublicKey = { id, spki: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
  const signer: Signer = { key: () => key, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64') };
  const check: SignatureCheck = {
    known: () => [key],
    holds: (text, signature) => verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64')),
  };
  return { signer, check, key };
}
