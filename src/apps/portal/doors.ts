import type { Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { BEARER_BYTES, bearerHash, bearerOf } from '../../core/authentication/bearer.ts';
import { type ScopeKey, scopeKey } from '../../core/model/scope.ts';
import { type Bearer, whoHolds } from '../../flows/sign-in/session.ts';
import { refusedPage } from './faults.ts';
import type { Env, PortalOptions } from './options.ts';

/** `__Host-`: this host alone, over a secure connection alone, for every path (RFC 6265bis, 4.1.3.2). */
const COOKIE = '__Host-padlock';

/** Largest body of a form, in bytes. */
const LARGEST_BODY = 64 * 1024;

/** Who may pass a door. There is no other way to add a page: each names one. */
export interface Passes {
  /** Anybody, signed in or not. */
  readonly anybody: Visit;
  /** Somebody half-way through a sign-in. */
  readonly attempt: Visit & { readonly bearer: Extract<Bearer, { is: 'attempt' }> };
  /** Somebody signed in. */
  readonly session: Visit & { readonly bearer: Extract<Bearer, { is: 'session' }> };
}

/** One request that was let in. */
export interface Visit {
  readonly c: Context<Env>;
  readonly bearer: Bearer;
  /** What the cookie holds: the bearer's token, or a visitor's that stands for nothing. */
  readonly token: string;
  /** What forms carry, so that nobody else's page can send them. */
  readonly form: string;
  /** The network address that failures are counted by. */
  readonly from: string;
  /** What the browser calls itself. */
  readonly device: string;
}

type Page<P extends keyof Passes> = (visit: Passes[P]) => Response | Promise<Response>;
type Act<P extends keyof Passes> = (visit: Passes[P], sent: Sent) => Response | Promise<Response>;

/** What was sent: fields of a form by name. Nothing of it is checked yet. */
export interface Sent {
  /** Empty where it was not sent. */
  field(name: string): string;
  /** What a field holds as JSON, as the passkey script fills it; undefined where it is none. */
  json(name: string): unknown;
}

/**
 * The one gate. Pages and acts are added through it, and each says who may pass; whoever may not is sent where they can go on, and
 * nothing of the page runs. Looking at a page changes nothing; an act is a POST from a page of ours.
 */
export class Doors {
  readonly #app: Hono<Env>;
  readonly #options: PortalOptions;

  constructor(app: Hono<Env>, options: PortalOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** A page to look at. */
  page<P extends keyof Passes>(path: string, who: P, page: Page<P>): void {
    this.#app.get(path, async (c) => {
      const visit = await this.#visit(c);
      return mayPass(visit, who) ? page(visit as unknown as Passes[P]) : elsewhere(visit);
    });
  }

  /** An act: a form that was sent, or the passkey script that asks for options. */
  act<P extends keyof Passes>(path: string, who: P, act: Act<P>): void {
    this.#app.post(path, async (c) => {
      const { origin } = this.#options.signIn.site;
      if (!isOurs(c, origin)) return refusedPage(c, 'another-site');
      const sent = await sentOf(c);
      if (sent === undefined) return refusedPage(c, 'unreadable');
      const visit = await this.#visit(c);
      if (visit.isNew || sent.form !== visit.form) return refusedPage(c, 'stale-form');
      return mayPass(visit, who) ? act(visit as unknown as Passes[P], sent) : elsewhere(visit);
    });
  }

  async #visit(c: Context<Env>): Promise<Visit & { readonly isNew: boolean }> {
    const given = getCookie(c, COOKIE);
    const token = given !== undefined && /^[\w-]{43}$/.test(given) ? given : undefined;
    const fresh = token ?? bearerOf(this.#options.signIn.random.bytes(BEARER_BYTES));
    const bearer: Bearer = token === undefined ? { is: 'nobody' } : await whoHolds(this.#options.signIn, token);
    if (token === undefined) keep(c, fresh);
    return {
      c,
      bearer,
      token: fresh,
      form: formOf(fresh),
      from: this.#options.addressOf(c.req.raw, c.env?.incoming?.socket?.remoteAddress),
      device: (c.req.header('user-agent') ?? '').slice(0, 300),
      isNew: token === undefined,
    };
  }
}

/** The scope that a path names: `/:account`, or `/:account/:myglue`. */
export function scopeIn({ c }: Visit): ScopeKey {
  const myGlueAccount = c.req.param('myglue');
  return scopeKey({ account: c.req.param('account') ?? '', ...(myGlueAccount !== undefined && { myGlueAccount }) });
}

/** Gives the browser another token. */
export function keep(c: Context<Env>, token: string): void {
  setCookie(c, COOKIE, token, { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' });
}

/** Takes the token away. */
export function forget(c: Context<Env>): void {
  setCookie(c, COOKIE, '', { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: 0 });
}

function formOf(token: string): string {
  return bearerHash(`form/${token}`);
}

function mayPass(visit: Visit, who: keyof Passes): boolean {
  return who === 'anybody' || visit.bearer.is === who;
}

/** Where somebody goes on who may not pass: the step of their sign-in, their settings, or the beginning. */
function elsewhere({ c, bearer }: Visit): Response {
  if (c.req.header('accept')?.includes('application/json') === true) return c.json({ outcome: 'over' }, 401);
  if (bearer.is === 'attempt') return c.redirect(`/${bearer.step.step === 'challenge' ? 'code' : bearer.step.step}`, 303);
  if (bearer.is === 'session') return c.redirect('/settings', 303);
  return c.redirect(bearer.is === 'ended' ? `/sign-in/${bearer.scope}?ended=${bearer.why}` : '/', 303);
}

/** A state change comes from a page of ours: the browser says so (Fetch Metadata, Origin). Who does not say is refused. */
function isOurs(c: Context<Env>, origin: string): boolean {
  const said = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  return said === origin || (said === undefined && site === 'same-origin');
}

async function sentOf(c: Context<Env>): Promise<(Sent & { readonly form: string }) | undefined> {
  const type = c.req.header('content-type') ?? '';
  const length = Number(c.req.header('content-length') ?? 0);
  if (!(length <= LARGEST_BODY)) return undefined;
  const body = await bodyOf(c.req.raw);
  if (body === undefined) return undefined;
  // The passkey script asks for options, and has nothing else to say.
  if (type.startsWith('application/json')) return { field: () => '', json: () => undefined, form: c.req.header('x-padlock-form') ?? '' };
  if (!type.startsWith('application/x-www-form-urlencoded')) return undefined;
  const fields = new URLSearchParams(body);
  const field = (name: string) => fields.get(name) ?? '';
  return { field, json: (name) => parsed(field(name)), form: field('form') };
}

/** A body's text; undefined: it is larger than any of ours, and was not read to its end, whatever length it said that it has. */
async function bodyOf({ body }: Request): Promise<string | undefined> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    size += next.value.length;
    if (size > LARGEST_BODY) {
      await reader?.cancel();
      return undefined;
    }
    chunks.push(next.value);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
