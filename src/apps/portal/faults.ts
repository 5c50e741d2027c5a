import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { html } from '../../core/layout/html/escape.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { Env, PortalOptions } from './options.ts';
import { show } from './page.ts';

/** Why an act was refused before anybody looked at it. */
const REFUSED = {
  'another-site': [403, 'This was sent from another site', 'Open the page here and send it again.'],
  'stale-form': [403, 'This page is out of date', 'Go back, load it again and send it again. Cookies must be allowed for this site.'],
  unreadable: [400, 'This cannot be read', 'Go back and try again.'],
} as const;

/** An act that nobody looked at. */
export function refusedPage(c: Context<Env>, why: keyof typeof REFUSED): Response | Promise<Response> {
  const [status, title, text] = REFUSED[why];
  if (c.req.header('accept')?.includes('application/json') === true) return c.json({ outcome: 'refused', why }, status);
  return message(c, status, title, text);
}

/** No such page. */
export const notFound: NotFoundHandler<Env> = (c) =>
  message(c, 404, 'There is no such page', 'Check the address, or go back to where you sign in.');

/** What nobody expected. A store that fails, a missing key, a clock that stands behind: nobody signs in, and nothing changes. */
export function faultPage({ onFault, signIn }: PortalOptions): ErrorHandler<Env> {
  return (error, c) => {
    const id = Buffer.from(signIn.random.bytes(4)).toString('hex');
    onFault(error, id);
    const [status, title, text] = saidOf(error);
    if (c.req.header('accept')?.includes('application/json') === true) return c.json({ outcome: 'failed', id }, status);
    return message(c, status, title, `${text} Tell your administrator the number ${id} if it goes on.`);
  };
}

function saidOf(error: unknown): readonly [ContentfulStatusCode, string, string] {
  const code = error instanceof PadlockError ? error.code : undefined;
  if (code === 'sign-in/busy') return [503, 'Too many people are signing in', 'Nothing was lost. Try again in a moment.'];
  if (code === 'store/conflict') return [409, 'This went on elsewhere', 'It was done in another window a moment ago. Load the page again.'];
  if (code?.startsWith('store/') === true || code?.startsWith('keys/') === true || code?.startsWith('witness/') === true)
    return [503, 'Nobody can sign in at the moment', 'Something that signing in depends on is not available. Nothing was changed.'];
  return [500, 'Something went wrong', 'Nothing was changed. Try again.'];
}

function message(c: Context<Env>, status: ContentfulStatusCode, title: string, text: string): Promise<Response> {
  return show(c, { title, content: html`<p>${text}</p>` }, status);
}
