/** A key that signatures are made with; its public half and its id may be shown to anyone. */
export interface PublicKey {
  /** The beginning of the fingerprint of the key, in hexadecimal. */
  readonly id: string;
  /** Ed25519 (RFC 8032) as SubjectPublicKeyInfo (RFC 8410), base64. */
  readonly spki: string;
}

/** Signs what is handed out, so that whoever holds the public key can tell that nothing was changed since. */
export interface Signer {
  /** The key that signs. `keys/missing`, `keys/invalid` where there is none to read: nothing is signed by another way. */
  key(): PublicKey;
  /** The signature of a text, base64. */
  sign(text: string): string;
}

/** The key that signs, for those who keep it. */
export interface SigningKey extends Pick<Signer, 'key'> {
  /** Where it is kept, for people. */
  readonly place: string;
  /** Who may read it, as permission bits; null when there is none. */
  mode(): number | null;
}

/** Tells whether signatures hold. */
export interface SignatureCheck {
  /** The keys that are trusted. */
  known(): readonly PublicKey[];
  /** Whether the signature (base64) was made over this text with this key. False for whatever is no signature at all. */
  holds(text: string, signature: string, key: PublicKey): boolean;
}
