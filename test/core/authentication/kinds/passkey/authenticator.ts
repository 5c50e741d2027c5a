import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What an authenticator does wrong on purpose, or otherwise than is usual. */
export interface Manner {
  readonly challenge?: Uint8Array;
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  /** User present, user verified, may be backed up, is. */
  readonly flags?: { readonly up?: boolean; readonly uv?: boolean; readonly be?: boolean; readonly bs?: boolean };
  readonly counter?: number;
  readonly userHandle?: string | null;
  readonly transports?: unknown;
  /** The attestation's format and statement. */
  readonly attestation?: readonly [format: string, statement: Map<string, unknown>];
  /** Another who signs. */
  readonly signer?: KeyObject;
}

/** What a page gives an authenticator. */
export interface Page {
  readonly challenge: Uint8Array;
  readonly origin: string;
  readonly rpId: string;
}

const AT = 0x40;

/** A passkey in software, ES256: it answers as a browser's `PublicKeyCredential.toJSON()` does. */
export class Authenticator {
  readonly id: Buffer;
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  counter = 0;

  constructor(idBytes = 16) {
    this.id = randomBytes(idBytes);
  }

  get key(): KeyObject {
    return this.#keys.privateKey;
  }

  /** What `navigator.credentials.create` answers. */
  create(page: Page, manner: Manner = {}) {
    const attested = Buffer.concat([Buffer.alloc(16), uint(this.id.length, 2), this.id, this.#coseKey()]);
    const authData = Buffer.concat([this.#authData(page, manner, AT), attested]);
    const [format, statement] = manner.attestation ?? ['none', new Map()];
    const attestationObject = cbor(
      new Map<string, unknown>([
        ['fmt', format],
        ['attStmt', statement],
        ['authData', authData],
      ]),
    );
    return this.#answer({
      clientDataJSON: clientData('webauthn.create', page, manner),
      attestationObject: attestationObject.toString('base64url'),
      transports: manner.transports ?? ['internal', 'hybrid'],
    });
  }

  /** What `navigator.credentials.get` answers; counts one use. */
  get(page: Page, userHandle: string | null, manner: Manner = {}) {
    this.counter += 1;
    const authenticatorData = this.#authData(page, { counter: this.counter, ...manner }, 0);
    const clientDataJSON = clientData('webauthn.get', page, manner);
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.#answer({
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, manner.signer ?? this.key).toString('base64url'),
      userHandle: userHandle === null ? null : Buffer.from(userHandle).toString('base64url'),
    });
  }

  #answer<T>(response: T) {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {}, authenticatorAttachment: 'platform' };
  }

  #authData(page: Page, { rpId, flags, counter }: Manner, more: number): Buffer {
    const { up = true, uv = true, be = true, bs = true } = flags ?? {};
    const bits = (up ? 0x01 : 0) | (uv ? 0x04 : 0) | (be ? 0x08 : 0) | (bs ? 0x10 : 0) | more;
    return Buffer.concat([sha256(Buffer.from(rpId ?? page.rpId)), Buffer.from([bits]), uint(counter ?? 0, 4)]);
  }

  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
  }
}

function clientData(type: string, page: Page, manner: Manner): string {
  const { crossOrigin = false, topOrigin } = manner;
  const challenge = Buffer.from(manner.challenge ?? page.challenge).toString('base64url');
  const data = { type: manner.type ?? type, challenge, origin: manner.origin ?? page.origin, crossOrigin, topOrigin };
  return Buffer.from(JSON.stringify(data)).toString('base64url');
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function uint(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}

/** As much of CBOR (RFC 8949) as WebAuthn takes: whole numbers, texts, bytes, lists and maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
  throw new TypeError(`no CBOR for ${typeof value}`);
}

function head(type: number, value: number): Buffer {
  const first = type << 5;
  if (value < 24) return Buffer.from([first | value]);
  if (value < 256) return Buffer.from([first | 24, value]);
  return Buffer.from([first | 25, value >> 8, value & 255]);
}
