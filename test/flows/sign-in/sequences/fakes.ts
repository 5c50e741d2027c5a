/** Codes and passkeys that cost nothing: what is tested is when they are asked for, not how they are computed. */

/** The code of a secret at a time: the secret's first byte, and the step. */
export function fakeCode({ secret, epoch }: { readonly secret: Uint8Array; readonly epoch: number }): string {
  return String((secret[0] ?? 0) % 90).padStart(2, '0') + String(Math.floor(epoch / 30) % 10_000).padStart(4, '0');
}

/** What a browser answers, as far as it is looked at. */
export interface FakeAnswer {
  readonly id: string;
  readonly challenge: string;
  readonly counter: number;
  readonly verified: boolean;
  readonly response: { readonly userHandle: string };
}

interface Expected {
  readonly challenge: Uint8Array;
}

const base64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

export async function verifyRegistration(answer: FakeAnswer, expected: Expected) {
  if (answer.challenge !== base64Url(expected.challenge)) return { outcome: 'wrong', why: 'challenge' };
  const { id, counter, verified } = answer;
  return { outcome: 'accepted', passkey: { id, publicKey: 'key', counter, transports: [], verified, backedUp: false } };
}

export async function verifyAuthentication(answer: FakeAnswer, expected: Expected & { readonly passkey: { readonly id: string } }) {
  if (answer.challenge !== base64Url(expected.challenge) || answer.id !== expected.passkey.id)
    return { outcome: 'wrong', why: 'challenge' };
  return { outcome: 'accepted', counter: answer.counter, verified: answer.verified };
}

export async function options({ challenge }: { readonly challenge: Uint8Array }) {
  return { challenge: base64Url(challenge) };
}
