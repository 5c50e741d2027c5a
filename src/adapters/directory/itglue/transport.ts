import type { ApiKey } from './api-key.ts';

/**
 * What one request came to. Nothing in it quotes what was sent or received:
 * - `document`: 200 with JSON, not looked into;
 * - `refused`: another status than 200;
 * - `silent`: no answer, or one cut short; `why` is a word of the network, `ECONNREFUSED`;
 * - `broken`: an answer that is no document of the API, or somebody who cannot prove to be it.
 */
export type Answer =
  | { readonly kind: 'document'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfter: string | null }
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'broken'; readonly why: string };

/** Asks for one path of the API, once. */
export type Transport = (path: string) => Promise<Answer>;

/** What bounds one request. */
export interface Bounds {
  /** Milliseconds until the whole answer is there. */
  readonly timeout: number;
  /** Bytes of an answer, unpacked. */
  readonly bytes: number;
}

/** A page of 1 000 organizations with their notes is a few megabytes; IT Glue's slowest pages take some ten seconds. */
export const BOUNDS: Bounds = { timeout: 60_000, bytes: 64 * 1024 * 1024 };

/**
 * Requests over HTTP by the built-in `fetch`, with the key as IT Glue wants it (`x-api-key`). Redirects are not followed: the key
 * would go along to wherever they lead. Never throws.
 */
export function httpTransport(origin: string, key: ApiKey, bounds: Bounds = BOUNDS): Transport {
  return async (path) => {
    const late = AbortSignal.timeout(bounds.timeout);
    try {
      const response = await fetch(`${origin}${path}`, {
        headers: { 'x-api-key': key.reveal(), accept: 'application/vnd.api+json' },
        redirect: 'manual',
        signal: late,
      });
      if (response.status === 200) return documentOf(await bodyOf(response, bounds.bytes));
      await response.body?.cancel();
      return { kind: 'refused', status: response.status, retryAfter: response.headers.get('retry-after') };
    } catch (error) {
      if (late.aborted) return { kind: 'silent', why: `no whole answer within ${bounds.timeout / 1000} s` };
      const why = wordOf(error);
      return UNTRUSTED.test(why) ? { kind: 'broken', why: `its certificate is not trusted (${why})` } : { kind: 'silent', why };
    }
  };
}

/** What Node calls a certificate that proves nothing: expired, of another name, or by nobody that this machine trusts. It will not pass. */
const UNTRUSTED = /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

/** The bytes of an answer; null when there are more than `most`: the rest is not taken in. */
async function bodyOf(response: Response, most: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function documentOf(bytes: Uint8Array | null): Answer {
  if (bytes === null) return { kind: 'broken', why: 'an answer is larger than a page can be' };
  try {
    return { kind: 'document', body: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    // What a parser says quotes what it read.
    return { kind: 'broken', why: 'an answer is not JSON, or was cut short' };
  }
}

/** The word of the network for what went wrong: `fetch failed` alone says nothing, and other texts may hold anything. */
function wordOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z0-9_]{3,60}$/.test(cause.code)) return cause.code;
  }
  return 'the connection failed';
}
