import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentOf } from '../adapters/store/opened.ts';
import { Client } from '../apps/portal/client.ts';
import { type Served, serveNorthwind } from '../apps/portal/served.ts';
import { examplePolicies } from '../flows/northwind.ts';
import { PASSWORD } from '../flows/sign-in/portal.ts';

// better-auth GHSA-xg6x-h9c9-2m83, GitLab 222527: a session was taken for granted before the second factor, and another door bypassed what one
// enforced. Every route is tried with every cookie; an act comes from a page of ours; a page that is looked at changes nothing.

const ADA = 'ada@northwind.example';

let served: Served;
beforeEach(async () => {
  served = await serveNorthwind();
});
afterEach(async () => {
  expect(served.faults).toEqual([]);
  await served.close();
});

/** Ada, enrolled: a token at the challenge, and one of a session. */
async function tokens(): Promise<{ readonly pending: string; readonly session: string }> {
  const { token: session } = await served.portal.enrolled(ADA);
  const entered = await served.portal.password(ADA);
  if (entered.outcome !== 'in') throw new Error(entered.outcome);
  return { pending: entered.token, session };
}

beforeEach(() => served.portal.northwind.apply(examplePolicies()));

/** Every page and act of the portal, by the routes themselves: a new one is in the matrix at once. */
const paths = () =>
  served.routes.map(({ method, path }) => ({
    method,
    path: path
      .replace(':account', 'northwind')
      .replace('/:myglue', '/bakery')
      .replace(/:[a-z]+/g, '1'),
  }));

describe('the gate', () => {
  test('with a half-done sign-in no page of a session answers, and none of them advances it', async () => {
    const { pending } = await tokens();
    const before = contentOf(served.portal.northwind.opened.raw);
    for (const { method, path } of paths()) {
      if (!/^\/(settings|prove|admin)/.test(path)) continue;
      const client = new Client(served.origin, pending);
      await client.get('/code');
      const { status, location } = method === 'GET' ? await client.get(path) : await client.post(path);
      expect({ path, status, location }).toEqual({ path, status: 303, location: '/code' });
    }
    expect(contentOf(served.portal.northwind.opened.raw)).toBe(before);
  });

  test('without a cookie no page of a session or a half-done sign-in answers', async () => {
    for (const { method, path } of paths()) {
      if (!/^\/(settings|prove|admin|code|token|stuck|postpone)/.test(path)) continue;
      const client = new Client(served.origin);
      await client.get('/sign-in/northwind');
      const { status, location } = method === 'GET' ? await client.get(path) : await client.post(path);
      expect({ path, status, location }).toEqual({ path, status: 303, location: '/' });
    }
  });

  test('looking at any page changes no row, whoever looks, but when a session was used last', async () => {
    const { pending, session } = await tokens();
    const content = () => contentOf(served.portal.northwind.opened.raw).replaceAll(/"seen_at":\d+/g, '');
    const before = content();
    for (const token of [undefined, pending, session]) {
      for (const { method, path } of paths()) {
        if (method !== 'GET') continue;
        for (const as of ['GET', 'HEAD']) {
          const { status } = await new Client(served.origin, token).get(path, { method: as });
          expect({ path, as, ok: status < 500 }).toEqual({ path, as, ok: true });
        }
      }
    }
    expect(content()).toBe(before);
  });

  test.each([
    ['from another site', { origin: 'https://evil.example' }],
    ['from a page of another port', { origin: 'http://localhost:1' }],
    ['from no origin', { origin: 'null' }],
    ['as the browser says, cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['as the browser says, same-site', { 'sec-fetch-site': 'same-site' }],
  ])('an act %s is refused', async (_, headers) => {
    const client = new Client(served.origin);
    await client.get('/sign-in/northwind');
    const before = contentOf(served.portal.northwind.opened.raw);
    const { status } = await client.post('/sign-in/northwind', { address: ADA, password: PASSWORD }, headers);
    expect(status).toBe(403);
    expect(contentOf(served.portal.northwind.opened.raw)).toBe(before);
  });

  test('an act without the form of the page, with that of another visitor, or without a cookie, is refused', async () => {
    const [client, other] = [new Client(served.origin), new Client(served.origin)];
    await client.get('/sign-in/northwind');
    await other.get('/sign-in/northwind');
    for (const form of ['', 'x', other.form]) expect((await client.post('/sign-in/northwind', { form })).status).toBe(403);
    const { form } = client;
    expect((await new Client(served.origin).post('/sign-in/northwind', { form })).status).toBe(403);
  });

  test('a body that is too large, or of another type, is refused', async () => {
    const client = new Client(served.origin);
    await client.get('/sign-in/northwind');
    expect((await client.post('/sign-in/northwind', { address: 'a'.repeat(70_000) })).status).toBe(400);
    expect((await client.post('/sign-in/northwind', {}, { 'content-type': 'text/plain' })).status).toBe(400);
  });
});

describe('every answer', () => {
  test('carries the policy of content, and is kept by no cache unless it never changes', async () => {
    const client = new Client(served.origin);
    for (const path of ['/', '/sign-in/northwind', '/nope', '/favicon.ico', '/invitation/x']) {
      const { headers } = await client.get(path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; script-src 'self'/);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe(path === '/favicon.ico' ? 'public, max-age=31536000, immutable' : 'no-store');
    }
  });

  test('gives a cookie that only this host gets, over a secure connection, and no script reads', async () => {
    const { headers } = await new Client(served.origin).get('/sign-in/northwind');
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-padlock=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)]);
  });

  test('of a wrong password is the same whoever is meant', async () => {
    await served.portal.enrolled(ADA);
    const said = async (address: string) => {
      const client = new Client(served.origin);
      await client.get('/sign-in/northwind');
      const { status, text } = await client.post('/sign-in/northwind', { address, password: 'nonsense' });
      return [status, text.replaceAll(address, 'ADDRESS').replaceAll(client.form, 'FORM')];
    };
    expect(await said('nobody@northwind.example')).toEqual(await said(ADA));
  });
});

test('words in an address that are no words of ours say nothing, and lead nowhere', async () => {
  const { session } = await tokens();
  for (const word of ['__proto__', 'constructor', 'toString', '<b>']) {
    const { status, text } = await new Client(served.origin).get(`/sign-in/northwind?ended=${encodeURIComponent(word)}`);
    expect([word, status, /native code|<b>|object Object/.test(text)]).toEqual([word, 200, false]);
    const client = new Client(served.origin, session);
    expect([word, (await client.get(`/settings?after=${encodeURIComponent(word)}`)).status]).toEqual([word, 200]);
  }
});

test('a door that there is not gives no challenge, and leaves none', async () => {
  const client = new Client(served.origin);
  await client.get('/sign-in/northwind');
  expect((await client.post('/passkey/no-such-door/options')).status).toBe(404);
  expect(served.portal.northwind.opened.raw.prepare('select count(*) from challenges').pluck().get()).toBe(0);
});

test('pages are small, and none asks another host for anything', async () => {
  const { session, pending } = await tokens();
  for (const [token, paths] of [
    [undefined, ['/', '/sign-in/northwind', '/help/northwind', '/nope']],
    [pending, ['/code']],
    [session, ['/settings', '/set-up', '/prove']],
  ] as const) {
    for (const path of paths) {
      const { text } = await new Client(served.origin, token).get(path);
      expect(Buffer.byteLength(text)).toBeLessThan(60_000);
      expect(text).not.toMatch(/(src|href|action)="(https?:)?\/\//);
      expect(text).not.toMatch(/ (style|on[a-z]+)=/);
    }
  }
});
