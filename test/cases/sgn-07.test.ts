import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentOf } from '../adapters/store/opened.ts';
import { Client } from '../apps/portal/client.ts';
import { type Served, serveNorthwind } from '../apps/portal/served.ts';

// SGN-07: between password and code the browser fetches an icon; a gate that takes any other path for "left the flow" drops the sign-in.

let served: Served;
beforeEach(async () => {
  served = await serveNorthwind();
});
afterEach(() => served.close());

test('SGN-07: requests besides the flow neither advance nor end a half-done sign-in', async () => {
  const { portal, origin } = served;
  const ada = 'ada@northwind.example';
  await portal.enrolled(ada);
  const entered = await portal.password(ada);
  if (entered.outcome !== 'in') throw new Error(entered.outcome);
  const before = contentOf(portal.northwind.opened.raw);
  const client = new Client(origin, entered.token);
  for (const path of [
    '/favicon.ico',
    '/apple-touch-icon.png',
    '/static/app.css',
    '/nope',
    '/api/status',
    '/healthz',
    '/settings',
    '/admin/users',
  ]) {
    const { status } = await client.get(path);
    expect({ path, ok: status < 500 }).toEqual({ path, ok: true });
  }
  expect(contentOf(portal.northwind.opened.raw)).toBe(before);
  await client.get('/code');
  const answered = await client.post('/code', { code: portal.codeOf(ada) });
  expect(answered).toMatchObject({ status: 303, location: '/settings?after=sign-in' });
});
