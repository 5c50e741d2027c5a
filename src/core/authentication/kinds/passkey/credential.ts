/** How an authenticator may be reached, as WebAuthn names it; a browser asks for the right one by it. */
const TRANSPORTS = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal'] as const;
type Transport = (typeof TRANSPORTS)[number];

/** One passkey, as it is kept: sealed, as the secret of a factor. */
export interface Passkey {
  /** The credential's id, base64url. */
  readonly id: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often it was used, as it counts; 0 for those that do not count. */
  readonly counter: number;
  readonly transports: readonly Transport[];
  /** It asked for a PIN, a finger or a face when it was made: more than somebody's presence. */
  readonly verified: boolean;
  /** It is kept in more than one place, in an account of its maker for example. */
  readonly backedUp: boolean;
}

/** A passkey as bytes that can be sealed. */
export function sealablePasskey({ id, publicKey, counter, transports, verified, backedUp }: Passkey): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ id, publicKey, counter, transports, verified, backedUp }));
}

/** The passkey that bytes hold; null where they hold none: such a factor counts as enrolled, and nobody signs in by it. */
export function readPasskey(bytes: Uint8Array): Passkey | null {
  try {
    const { id, publicKey, counter, transports, verified, backedUp } = JSON.parse(new TextDecoder().decode(bytes)) as Record<
      string,
      unknown
    >;
    if (!isBase64Url(id) || !isBase64Url(publicKey) || typeof counter !== 'number' || !Number.isSafeInteger(counter) || counter < 0)
      return null;
    if (typeof verified !== 'boolean' || typeof backedUp !== 'boolean') return null;
    return { id, publicKey, counter, transports: transportsIn(transports), verified, backedUp };
  } catch {
    return null;
  }
}

/** The ways to reach an authenticator among what was said of it. */
export function transportsIn(said: unknown): Transport[] {
  return Array.isArray(said) ? TRANSPORTS.filter((transport) => said.includes(transport)) : [];
}

/** Bytes in base64url, at least one. */
export function isBase64Url(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+$/.test(value);
}
