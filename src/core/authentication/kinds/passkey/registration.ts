import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Expected, PasskeyFault } from './ceremony.ts';
import { base64Url, faultOf, isFramed, userHandle } from './ceremony.ts';
import { isBase64Url, type Passkey, transportsIn } from './credential.ts';

/** Milliseconds that somebody has for it: time to fetch a key from another room. */
export const PASSKEY_TIMEOUT = 5 * 60 * 1000;

/** COSE numbers of EdDSA, ES256 and RS256: what every supported version of Node verifies. */
const ALGORITHMS = [-8, -7, -257];

/** Bytes of a credential's id at most (WebAuthn level 3, 7.1). */
const MOST_ID_BYTES = 1023;

/** What a passkey is made from. */
export interface RegistrationRequest {
  readonly rpId: string;
  /** Who asks, as the browser shows it. */
  readonly rpName: string;
  readonly user: { readonly id: number; readonly address: string; readonly name: string };
  readonly challenge: Uint8Array;
  /** Those that the person has: none is made again on the same authenticator. */
  readonly existing: readonly Pick<Passkey, 'id' | 'transports'>[];
}

/** Options for `navigator.credentials.create`. */
export async function registrationOptions(request: RegistrationRequest): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  return generateRegistrationOptions({
    rpID: request.rpId,
    rpName: request.rpName,
    userID: userHandle(request.user.id),
    userName: request.user.address,
    userDisplayName: request.user.name,
    challenge: new Uint8Array(request.challenge),
    timeout: PASSKEY_TIMEOUT,
    attestationType: 'none',
    excludeCredentials: request.existing.map(({ id, transports }) => ({ id, transports: [...transports] })),
    // Preferred, not required: a security key without room of its own still is a second factor.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** What became of an answer. */
export type Registration =
  | { readonly outcome: 'accepted'; readonly passkey: Passkey }
  | { readonly outcome: 'wrong'; readonly why: PasskeyFault };

/** Judges what a browser answers to those options, whatever it is. */
export async function verifyRegistration(answer: unknown, expected: Expected): Promise<Registration> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    if (isFramed(answer)) return wrong('origin');
    const response = answer as RegistrationResponseJSON;
    if (await isAttested(response)) return wrong('attestation');
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: base64Url(expected.challenge),
      expectedOrigin: expected.origin,
      expectedRPID: expected.rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified) return wrong('signature');
    const { id, publicKey, counter } = registrationInfo.credential;
    if (id !== response.id || !isBase64Url(id) || Buffer.from(id, 'base64url').length > MOST_ID_BYTES) return wrong('unreadable');
    const passkey: Passkey = {
      id,
      publicKey: base64Url(publicKey),
      counter,
      transports: transportsIn(response.response.transports),
      verified: registrationInfo.userVerified,
      backedUp: registrationInfo.credentialBackedUp,
    };
    return { outcome: 'accepted', passkey };
  } catch (error) {
    return wrong(faultOf(error));
  }
}

/**
 * Whether an answer comes with an attestation, though none was asked for. It is not looked at: verifying certificates may
 * fetch lists of revoked ones from addresses that whoever answers has written into them. A key's signature over itself
 * (`packed` without certificates) is what browsers leave in.
 */
async function isAttested(answer: RegistrationResponseJSON): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(new Uint8Array(Buffer.from(answer.response.attestationObject, 'base64url')));
  const format = attestation.get('fmt');
  return format !== 'none' && (format !== 'packed' || attestation.get('attStmt').get('x5c') !== undefined);
}

function wrong(why: PasskeyFault): Registration {
  return { outcome: 'wrong', why };
}
