import { isBase64Url } from './credential.ts';

/** What an answer must have been made for. */
export interface Expected {
  /** The bytes that the options carried. Each is used up by its first answer, right or wrong. */
  readonly challenge: Uint8Array;
  /** Scheme, host and port of the page: `https://mfa.northwind.example`. */
  readonly origin: string;
  /** The domain that passkeys are made for: the host, or a parent of it. */
  readonly rpId: string;
}

/** Why an answer is not taken. */
export type PasskeyFault =
  /** It is no answer at all, or not to this question. */
  | 'unreadable'
  /** It answers another challenge: an old page, or one that was recorded. */
  | 'challenge'
  /** It was made on a page of another address, or within a page of somebody else. */
  | 'origin'
  /** It was made for another domain. */
  | 'site'
  /** Nobody touched the authenticator. */
  | 'absent'
  /** Another passkey or person than the one that was asked. */
  | 'another'
  /** It counts fewer uses than it did before: there may be a copy of it. */
  | 'counter'
  /** The signature is not the key's. */
  | 'signature'
  /** It came with certificates, which were not asked for. */
  | 'attestation';

/** How the library says a refusal. Its texts are tried by tests, one by one. */
const FAULTS: readonly (readonly [RegExp, PasskeyFault])[] = [
  [/^Unexpected \w+ response challenge "/, 'challenge'],
  [/^Unexpected \w+ response origin "|^[^"]* top origin/, 'origin'],
  [/^Unexpected RP ID hash/, 'site'],
  [/^User (not present|presence)/, 'absent'],
];

/** What the library's refusal means. Its own words hold challenges and addresses, and are for nobody. */
export function faultOf(error: unknown): PasskeyFault {
  const text = error instanceof Error ? error.message : '';
  return FAULTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'unreadable';
}

/** The challenge as answers repeat it. */
export function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** The handle by which an authenticator knows a person: their number in the store, which says nothing to others. */
export function userHandle(userId: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(String(userId)));
}

/** Which passkey, and perhaps whose, an answer says that it is. Nothing of it is proven. */
export interface Claim {
  readonly id: string;
  /** Null where the authenticator does not say. */
  readonly userId: number | null;
}

/** What an answer to a request claims, by which the passkey is looked up that it is then verified with; null when it is no answer. */
export function claimOf(answer: unknown): Claim | null {
  const { id, response } = asObject(answer);
  if (!isBase64Url(id)) return null;
  const { userHandle: handle } = asObject(response);
  if (handle === undefined || handle === null || handle === '') return { id, userId: null };
  const text = typeof handle === 'string' ? Buffer.from(handle, 'base64url').toString() : '';
  return /^[1-9][0-9]{0,14}$/.test(text) ? { id, userId: Number(text) } : null;
}

/** Whether an answer was made within a page of somebody else, which none of ours ever is. */
export function isFramed(answer: unknown): boolean {
  const { clientDataJSON } = asObject(asObject(answer)['response']);
  if (typeof clientDataJSON !== 'string') return false;
  const { crossOrigin } = asObject(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()));
  return crossOrigin === true;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
