import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Env, PortalOptions } from './options.ts';

/** Nothing but what stands here: own style, own script, own pictures, forms to ourselves, framed by nobody. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Not no-referrer: browsers would then send forms from no origin at all, and no page of ours could be told from another's.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), geolocation=()',
};

/**
 * A page that was made elsewhere, a kept report: an origin of its own, no script, no form, nothing fetched; its own style alone. A browser opens
 * none that is sandboxed and asks for an opener policy too (HTML, 7.4.2.1).
 */
const SANDBOXED: Readonly<Record<string, string>> = {
  ...HEADERS,
  'Content-Security-Policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'unsafe-none',
  'Referrer-Policy': 'no-referrer',
};

/** Headers of every answer; what is not static is kept by no cache. Tells of the request when it is over. */
export function hardened({ signIn, onRequest }: PortalOptions): MiddlewareHandler<Env> {
  const isSecure = signIn.site.origin.startsWith('https:');
  return async (c, next) => {
    const began = signIn.clock.now();
    await next();
    for (const [name, value] of Object.entries(c.get('sandboxed') === true ? SANDBOXED : HEADERS)) c.res.headers.set(name, value);
    if (isSecure) c.res.headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
    const milliseconds = Math.max(0, signIn.clock.now() - began);
    const told = { method: c.req.method, route: routePath(c, -1), status: c.res.status, milliseconds };
    onRequest?.(told);
  };
}
