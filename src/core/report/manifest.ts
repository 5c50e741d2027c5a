import { API_VERSION } from '../documents/group.ts';
import { formatInstant, isInstant } from '../documents/values.ts';
import { canonical } from '../model/canonical.ts';
import type { Instant, JsonObject } from '../model/words.ts';
import type { SignatureCheck, Signer } from '../ports/signer.ts';

/** What tells a manifest from any other file, and what its name ends with. */
const KIND = 'ReportSignature';
export const MANIFEST_SUFFIX = '.sig.json';

/** A file as it was written: its name without a folder, and what its bytes are. */
export interface SignedFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/**
 * The manifest that stands beside the files of one report: what they are, and a signature (Ed25519) over the canonical JSON of
 * everything else in it. Files that were changed, exchanged between runs or left out do not agree with it.
 */
export function manifestText(files: readonly SignedFile[], generatedAt: Instant, version: string, signer: Signer): string {
  const { id, spki } = signer.key();
  const body: JsonObject = {
    apiVersion: API_VERSION,
    kind: KIND,
    generatedAt: formatInstant(generatedAt),
    padlock: version,
    files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    key: { algorithm: 'Ed25519', id, publicKey: spki },
  };
  return written(body, signer.sign(canonical(body)));
}

/** A manifest that was read, and what its signature says. */
export interface CheckedManifest {
  readonly generatedAt: Instant;
  readonly keyId: string;
  readonly files: readonly SignedFile[];
}

/** Why a manifest proves nothing, in words. */
export interface Disproof {
  readonly wrong: string;
}

/**
 * Whether a manifest is signed by a known key. The key that it carries is compared with the known one of that id, and is never
 * trusted for itself: anybody can sign with a key of their own.
 */
export function checkManifest(text: string, check: SignatureCheck): CheckedManifest | Disproof {
  const manifest = parse(text);
  if (manifest === null) return { wrong: 'it is not a manifest of signatures, or it was damaged' };
  const { signature, key, body } = manifest;
  const known = check.known();
  const trusted = known.find((one) => one.id === key.id);
  if (trusted === undefined) {
    return { wrong: `it is signed with the key ${key.id}, which is not known (known: ${known.map((one) => one.id).join(', ') || 'none'})` };
  }
  if (trusted.spki !== key.publicKey) return { wrong: `the key in it is not the one that is known by the id ${key.id}` };
  if (!check.holds(canonical(body), signature, trusted))
    return { wrong: 'its signature does not hold: it was changed after it was signed' };
  return { generatedAt: manifest.generatedAt, keyId: key.id, files: manifest.files };
}

/** What is wrong with a file beside what the manifest says of it; null: nothing. `found` null: there is no such file. */
export function disprove(manifest: CheckedManifest, name: string, found: Omit<SignedFile, 'name'> | null): string | null {
  const signed = manifest.files.find((file) => file.name === name);
  if (signed === undefined) return 'the manifest does not name it';
  if (found === null) return 'it is missing, and the manifest names it';
  if (found.sha256 === signed.sha256 && found.bytes === signed.bytes) return null;
  const sizes = found.bytes === signed.bytes ? '' : ` (${found.bytes} bytes, of ${signed.bytes})`;
  return `it was changed after it was signed${sizes}`;
}

/** `padlock-2026-11-25T080000Z.html` → `padlock-2026-11-25T080000Z.sig.json`. */
export function manifestNameOf(name: string): string {
  return name.endsWith(MANIFEST_SUFFIX) ? name : `${name.replace(/\.[^.]*$/, '')}${MANIFEST_SUFFIX}`;
}

function written(body: JsonObject, signature: string): string {
  return `${JSON.stringify({ ...body, signature }, null, 2)}\n`;
}

/** An Ed25519 signature in base64: 64 bytes, the last digits without stray bits. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]{85}[AQgw]==$/.test(text);
}

interface Manifest {
  readonly generatedAt: Instant;
  readonly files: readonly SignedFile[];
  readonly key: { readonly id: string; readonly publicKey: string };
  readonly signature: string;
  readonly body: JsonObject;
}

function parse(text: string): Manifest | null {
  try {
    const { signature, ...body } = JSON.parse(text) as Record<string, unknown>;
    const { kind, generatedAt, files, key } = body as Record<string, unknown> & { key?: Record<string, unknown> };
    if (kind !== KIND || typeof signature !== 'string' || typeof generatedAt !== 'string' || !isInstant(generatedAt)) return null;
    if (typeof key?.['id'] !== 'string' || typeof key['publicKey'] !== 'string' || !Array.isArray(files)) return null;
    // As it was written, to the byte: no second spelling of the same is taken.
    if (!files.every(isFile) || text !== written(body as JsonObject, signature) || !isBase64(signature)) return null;
    return {
      generatedAt: Date.parse(generatedAt),
      files,
      key: { id: key['id'], publicKey: key['publicKey'] },
      signature,
      body: body as JsonObject,
    };
  } catch {
    return null;
  }
}

function isFile(value: unknown): value is SignedFile {
  if (typeof value !== 'object' || value === null) return false;
  const { name, bytes, sha256 } = value as Record<string, unknown>;
  // A name is one of the folder: it never leads out of it.
  return typeof name === 'string' && /^[^/\\]+$/.test(name) && Number.isSafeInteger(bytes) && typeof sha256 === 'string';
}
