import { Hono } from 'hono';
import { Doors } from './doors.ts';
import { faultPage, notFound } from './faults.ts';
import { hardened } from './hardened.ts';
import type { Env, PortalOptions } from './options.ts';
import { adminRoutes } from './pages/admin/routes.ts';
import { challengeRoutes } from './pages/challenge.ts';
import { linkRoutes } from './pages/links.ts';
import { setUpRoutes } from './pages/set-up.ts';
import { settingsRoutes } from './pages/settings.ts';
import { signInRoutes } from './pages/sign-in.ts';
import { staticRoutes } from './static.ts';

/** The portal: every page behind one gate. `app.fetch` answers a request, whatever serves it. */
export function portalApp(options: PortalOptions): Hono<Env> {
  const app = new Hono<Env>();
  app.use(hardened(options));
  staticRoutes(app);
  const doors = new Doors(app, options);
  for (const add of [signInRoutes, challengeRoutes, setUpRoutes, settingsRoutes, linkRoutes, adminRoutes]) add(doors, options);
  app.notFound(notFound);
  app.onError(faultPage(options));
  return app;
}
