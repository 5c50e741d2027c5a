import { Hono } from 'hono';
import type { CommonPasswords } from '../../core/ports/passwords.ts';
import type { SignInWorld } from '../../flows/sign-in/world.ts';
import type { World } from '../../flows/world.ts';
import { Doors } from './doors.ts';
import { faultPage, notFound } from './faults.ts';
import { hardened } from './hardened.ts';
import { challengeRoutes } from './pages/challenge.ts';
import { linkRoutes } from './pages/links.ts';
import { setUpRoutes } from './pages/set-up.ts';
import { settingsRoutes } from './pages/settings.ts';
import { signInRoutes } from './pages/sign-in.ts';
import { staticRoutes } from './static.ts';

/** What the portal is made of. */
export interface PortalOptions {
  readonly signIn: SignInWorld;
  /** The world as one of its users acts in it: by the store's id. */
  readonly worldOf: (userId: number) => World;
  readonly passwords: CommonPasswords;
  /** The network address that a request came from, by the trusted proxies. */
  readonly addressOf: (request: Request, socket: string | undefined) => string;
  /** Told of every request that is over: the route's pattern, never its path, as paths hold tokens. */
  readonly onRequest?: (told: RequestTold) => void;
  /** Told of whatever nobody expected; the page says only that something failed, and under which id. */
  readonly onFault: (error: unknown, id: string) => void;
}

/** One request that is over. */
export interface RequestTold {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** The portal: every page behind one gate. `app.fetch` answers a request, whatever serves it. */
export function portalApp(options: PortalOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(hardened(options));
  staticRoutes(app);
  const doors = new Doors(app, options);
  for (const add of [signInRoutes, challengeRoutes, setUpRoutes, settingsRoutes, linkRoutes]) add(doors, options);
  app.notFound(notFound);
  app.onError(faultPage(options));
  return app;
}

/** What requests carry besides themselves. */
export interface Env {
  readonly Bindings: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
}
