import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { Env } from './options.ts';
import { PASSKEY_SCRIPT } from './passkey-script.ts';
import { PORTAL_STYLE } from './style.ts';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M10 14v-4a6 6 0 0 1 12 0v4" fill="none" stroke="#2f4fb5" stroke-width="3"/><rect x="6" y="14" width="20" height="14" rx="3" fill="#2f4fb5"/><circle cx="16" cy="21" r="2.4" fill="#fff"/></svg>`;

const addressed = (name: string, text: string) => `/static/${createHash('sha256').update(text).digest('hex').slice(0, 16)}/${name}`;

/** Where what pages need lies: the address changes with the content, so that it may be kept for ever. */
export const STATIC = {
  style: addressed('portal.css', PORTAL_STYLE),
  script: addressed('passkey.js', PASSKEY_SCRIPT),
  icon: addressed('icon.svg', ICON),
  webauthn: '/static/passkeys-14.js',
} as const;

const FOR_EVER = 'public, max-age=31536000, immutable';

/** Adds the style, the icon and the one script, of which the browser's part is the library's own file. */
export function staticRoutes(app: Hono<Env>): void {
  const kept = (type: string) => ({ 'Content-Type': type, 'Cache-Control': FOR_EVER });
  app.get(STATIC.style, (c) => c.body(PORTAL_STYLE, 200, kept('text/css; charset=utf-8')));
  app.get(STATIC.script, (c) => c.body(PASSKEY_SCRIPT, 200, kept('text/javascript; charset=utf-8')));
  app.get(STATIC.icon, (c) => c.body(ICON, 200, kept('image/svg+xml')));
  app.get('/favicon.ico', (c) => c.body(ICON, 200, kept('image/svg+xml')));
  let library: string | undefined;
  app.get(STATIC.webauthn, (c) => {
    library ??= readFileSync(
      fileURLToPath(new URL('../dist/bundle/index.umd.min.js', import.meta.resolve('@simplewebauthn/browser'))),
      'utf8',
    );
    return c.body(library, 200, kept('text/javascript; charset=utf-8'));
  });
}
