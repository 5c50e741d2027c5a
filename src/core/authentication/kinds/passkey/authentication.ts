import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Expected, PasskeyFault } from './ceremony.ts';
import { base64Url, claimOf, faultOf, isFramed } from './ceremony.ts';
import type { Passkey } from './credential.ts';
import { PASSKEY_TIMEOUT } from './registration.ts';

/** What a passkey is asked for with. */
export interface AuthenticationRequest {
  readonly rpId: string;
  readonly challenge: Uint8Array;
  /** Those that will do; none: whichever the person picks, before anybody knows who they are. */
  readonly allowed: readonly Pick<Passkey, 'id' | 'transports'>[];
}

/** Options for `navigator.credentials.get`. */
export async function authenticationOptions(request: AuthenticationRequest): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  return generateAuthenticationOptions({
    rpID: request.rpId,
    challenge: new Uint8Array(request.challenge),
    timeout: PASSKEY_TIMEOUT,
    // A passkey alone is two factors only where it asks for a PIN, a finger or a face.
    userVerification: request.allowed.length === 0 ? 'required' : 'preferred',
    ...(request.allowed.length > 0 && {
      allowCredentials: request.allowed.map(({ id, transports }) => ({ id, transports: [...transports] })),
    }),
  });
}

/** What became of an answer. */
export type Authentication =
  /** Right. The counter is to be kept; `verified`: it asked for a PIN, a finger or a face this time. */
  | { readonly outcome: 'accepted'; readonly counter: number; readonly verified: boolean }
  | { readonly outcome: 'wrong'; readonly why: PasskeyFault };

/**
 * Judges what a browser answers to those options, whatever it is, by one passkey of one person. A counter that does not rise is
 * refused, unless the authenticator does not count at all.
 */
export async function verifyAuthentication(
  answer: unknown,
  { userId, passkey, ...expected }: Expected & { readonly userId: number; readonly passkey: Passkey },
): Promise<Authentication> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const claim = claimOf(answer);
    if (claim === null) return wrong('unreadable');
    if (claim.id !== passkey.id || (claim.userId !== null && claim.userId !== userId)) return wrong('another');
    if (isFramed(answer)) return wrong('origin');
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as AuthenticationResponseJSON,
      expectedChallenge: base64Url(expected.challenge),
      expectedOrigin: expected.origin,
      expectedRPID: expected.rpId,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        // Judged below, once the signature is known to hold: anybody can claim a counter.
        counter: 0,
      },
      requireUserVerification: false,
    });
    if (!verified) return wrong('signature');
    const { newCounter, userVerified } = authenticationInfo;
    if (newCounter <= passkey.counter && (newCounter > 0 || passkey.counter > 0)) return wrong('counter');
    return { outcome: 'accepted', counter: newCounter, verified: userVerified };
  } catch (error) {
    return wrong(faultOf(error));
  }
}

function wrong(why: PasskeyFault): Authentication {
  return { outcome: 'wrong', why };
}
