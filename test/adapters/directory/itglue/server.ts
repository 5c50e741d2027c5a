import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A resource as IT Glue's API has it. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

type ListName = 'users' | 'organizations';

/** One request of a list: which page, and how many requests there were for it before. */
export interface Asked {
  readonly type: ListName;
  readonly page: number;
  readonly before: number;
}

/** What goes wrong with one request: another answer, no answer, half an answer, or the right document changed. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array }
  | 'hang up'
  | 'silence'
  | 'half'
  | ((document: Document) => unknown);

/** A page of a list as it is sent. */
export interface Document {
  readonly data: readonly Resource[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly links: Readonly<Record<string, unknown>>;
}

/** What the API is and does; lists and faults may be changed while it runs. */
export interface ItGlue {
  readonly key: string;
  users: readonly Resource[];
  organizations: readonly Resource[];
  /** What `page[size]` is cut down to. */
  largestPage: number;
  /** Undefined: the request is answered as the contract says. Is asked before each answer. */
  fault: (asked: Asked) => Fault | undefined;
  /** Every request that came, as `METHOD PATH`. */
  readonly requests: string[];
  readonly origin: string;
  close(): Promise<void>;
}

/** The key that the tests plant: it must be found nowhere. */
export const PLANTED_KEY = 'ITG.0123456789abcdef0123456789abcdef.Planted-Key_That-Nobody-May-See';

const JSON_API = { 'content-type': 'application/vnd.api+json; charset=utf-8' };

const PARAMETERS = ['page[size]', 'page[number]', 'sort'];

/**
 * IT Glue's API over HTTP on this machine, as its developer documentation publishes it: `x-api-key` (a wrong one is 403), JSON:API,
 * pages of 50 unless `page[size]` asks for up to 1 000, `meta` and `links` with every list. Ends with the test, or by `close`.
 */
export async function startItGlue(world: Partial<Pick<ItGlue, 'users' | 'organizations' | 'largestPage' | 'fault'>> = {}): Promise<ItGlue> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => perform(response, replyTo(request, api, counts)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: ItGlue = {
    key: PLANTED_KEY,
    users: [],
    organizations: [],
    largestPage: 1000,
    fault: () => undefined,
    ...world,
    requests: [],
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return api;
}

/** The same, ended with the test that asks for it. */
export async function itGlueFor(world: Parameters<typeof startItGlue>[0] = {}): Promise<ItGlue> {
  const api = await startItGlue(world);
  onTestFinished(() => api.close());
  return api;
}

/** What a request is answered with, before anything is sent. */
function replyTo(request: IncomingMessage, api: ItGlue, counts: Map<string, number>): Exclude<Fault, (document: Document) => unknown> {
  api.requests.push(`${request.method} ${request.url}`);
  const url = new URL(request.url ?? '/', api.origin);
  const type = url.pathname.slice(1);
  if (request.headers['x-api-key'] !== api.key) return refusal(403, 'Forbidden');
  if (request.method !== 'GET' || (type !== 'users' && type !== 'organizations')) return refusal(404, 'Not found');
  const size = Number(url.searchParams.get('page[size]') ?? 50);
  const page = Number(url.searchParams.get('page[number]') ?? 1);
  const isKnown = [...url.searchParams.keys()].every((name) => PARAMETERS.includes(name));
  if (!isKnown || !(size >= 1 && size <= 1000) || page < 1) return refusal(400, 'Bad request');
  const before = counts.get(`${type} ${page}`) ?? 0;
  counts.set(`${type} ${page}`, before + 1);
  const fault = api.fault({ type, page, before });
  if (typeof fault !== 'function' && fault !== undefined && fault !== 'half') return fault;
  const document = documentOf(api, type, Math.min(size, api.largestPage), page, url);
  const { body } = json(200, typeof fault === 'function' ? fault(document) : document);
  return fault === 'half' ? { status: 0, body } : { status: 200, headers: JSON_API, body };
}

function perform(response: ServerResponse, reply: ReturnType<typeof replyTo>): void {
  if (reply === 'silence') return;
  if (typeof reply === 'string') response.socket?.destroy();
  else if (reply.status === 0) sendHalf(response, String(reply.body));
  else response.writeHead(reply.status, reply.headers).end(reply.body);
}

function sendHalf(response: ServerResponse, text: string): void {
  response.writeHead(200, { ...JSON_API, 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

function documentOf(api: ItGlue, type: ListName, size: number, page: number, url: URL): Document {
  const all = url.searchParams.get('sort') === 'id' ? [...api[type]].sort((a, b) => Number(a.id) - Number(b.id)) : api[type];
  const pages = Math.ceil(all.length / size);
  const link = (number: number) => {
    const to = new URL(url);
    to.searchParams.set('page[number]', String(number));
    return to.href;
  };
  const prev = page > 1 ? page - 1 : null;
  const next = page < pages ? page + 1 : null;
  return {
    data: all.slice((page - 1) * size, page * size),
    meta: { 'current-page': page, 'next-page': next, 'prev-page': prev, 'total-pages': pages, 'total-count': all.length, filters: {} },
    links: { self: link(page), first: link(1), prev: prev && link(prev), next: next && link(next), last: link(pages) },
  };
}

function json(status: number, document: unknown) {
  return { status, headers: JSON_API, body: JSON.stringify(document) };
}

/** Errors as JSON:API has them. */
function refusal(status: number, title: string) {
  return json(status, { errors: [{ status: String(status), title }] });
}
