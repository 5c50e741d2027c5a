import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { portalApp } from '../../../src/apps/portal/app.ts';
import type { KeptReports } from '../../../src/flows/administering/archive.ts';
import { Portal } from '../../flows/sign-in/portal.ts';

/** The portal of Northwind IT at an address of its own on this machine, over a clock to turn. */
export interface Served {
  readonly portal: Portal;
  readonly origin: string;
  /** Every page and act, as patterns. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** What nobody expected. */
  readonly faults: unknown[];
  close(): Promise<void>;
}

/** Serves the portal on a free port. `reports`: where the reports of earlier runs lie. */
export async function serveNorthwind(reports?: KeptReports): Promise<Served> {
  const portal = await Portal.open();
  const faults: unknown[] = [];
  let answer: (request: Request, bindings: object) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const server = serve({ fetch: (request, bindings) => answer(request, bindings), port: 0, hostname: '127.0.0.1' });
  await new Promise<void>((resolve) => server.on('listening', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  portal.site = { origin, rpId: 'localhost' };
  const app = portalApp({
    signIn: portal.world,
    worldOf: (userId) => portal.northwind.world(undefined, { channel: 'portal', subject: String(userId) }),
    passwords: { has: (password) => password === 'password1' },
    ...(reports !== undefined && { reports }),
    addressOf: (_, socket) => socket ?? '',
    onFault: (error) => faults.push(error),
  });
  answer = app.fetch;
  const close = async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
    await portal.close();
  };
  const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }));
  return { portal, origin, routes, faults, close };
}
