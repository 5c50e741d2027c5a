import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import { PadlockError } from '../../core/model/errors.ts';
import { type Listen, listenText } from '../configuration/listen.ts';

/** What answers, with where a request came in. */
export type Answers = (request: Request, bindings: object) => Response | Promise<Response>;

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Something that listens. */
export interface Listening {
  readonly at: Listen;
  /** Takes no new connection, lets requests finish, and cuts what is not over after so many milliseconds. */
  stop(patience: number): Promise<void>;
}

/** How long a client may take: for the headers, for a whole request, between requests. Who sends a byte now and then holds nothing up. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 2_000 } as const;
const SIZES = { maxHeaderSize: 16 * 1024 } as const;

/** How many requests one connection may make, and how many connections there may be. */
const MOST_REQUESTS = 1000;
const MOST_CONNECTIONS = 5000;

/** What is no request to us at all, by its address, gets no page; and nothing that a browser could make of it. */
const BARE = { 'Content-Security-Policy': "default-src 'none'", 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const;

/** Listens, over TLS where there is a certificate. `portal/not-listening`: it cannot. */
export async function listen(at: Listen, answers: Answers, certificate?: Certificate): Promise<Listening> {
  const answer = getRequestListener(answers, {
    overrideGlobalObjects: false,
    errorHandler: (error) => new Response(null, { status: error instanceof RequestError ? 400 : 500, headers: BARE }),
  });
  const server = serverOf(at, (request, response) => void answer(request, response), certificate);
  server.maxRequestsPerSocket = MOST_REQUESTS;
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(notListening(at, cause)));
    server.listen(at.port, at.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { at: { host: at.host, port }, stop: (patience) => stop(server, patience) };
}

function serverOf(at: Listen, answer: RequestListener, certificate: Certificate | undefined): Server {
  if (certificate === undefined) return createServer({ ...LIMITS, ...SIZES }, answer);
  try {
    const { certificate: cert, key } = certificate;
    return createSecureServer({ ...LIMITS, ...SIZES, handshakeTimeout: LIMITS.headersTimeout, cert, key, minVersion: 'TLSv1.2' }, answer);
  } catch (cause) {
    throw notListening(at, cause, 'its certificate and key cannot be used', 'set portal.tls to a certificate and its own key, PEM');
  }
}

async function stop(server: Server, patience: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is kept for another request is idle only when its last one is over.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

function notListening(at: Listen, cause: unknown, why?: string, fix?: string): PadlockError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unexpected';
  return new PadlockError('portal/not-listening', `the portal cannot listen on ${listenText(at)}: ${why ?? code}`, {
    fix: fix ?? 'set portal.listen to an address of this machine and a free port, or end what listens there',
    cause,
  });
}
