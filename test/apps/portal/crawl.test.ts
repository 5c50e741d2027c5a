import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bearerHash } from '../../../src/core/authentication/bearer.ts';
import { contentOf } from '../../adapters/store/opened.ts';
import { CARLA, DANA, Office, southwind, TARA, XAVER } from '../../flows/administering/office.ts';
import { Client } from './client.ts';
import { type Served, serveNorthwind } from './served.ts';

/** Who gets what, route by route: every route that there is, for everybody who may come. Kept as a table in a golden file. */

const VISITORS = ['nobody', 'half-way', 'Editor', 'Manager', 'Administrator', 'of another account'] as const;
type Who = (typeof VISITORS)[number];

let served: Served;
let office: Office;
const ids = new Map<Who, number>();
let noah = 0;
beforeAll(async () => {
  served = await serveNorthwind();
  office = await Office.open(served.portal);
  const { portal } = served;
  for (const [who, address] of [
    ['half-way', CARLA],
    ['Editor', TARA],
    ['Manager', CARLA],
    ['Administrator', DANA],
  ] as const) {
    if (who !== 'half-way') await office.signIn(address);
    ids.set(who, await portal.idOf(address));
  }
  noah = await portal.idOf('noah@bakery.example');
  southwind(portal);
  portal.northwind.opened.raw.exec(
    `insert into identities (account_id, channel, subject, user_id) values (90, 'portal', '${XAVER}', ${XAVER})`,
  );
  ids.set('of another account', XAVER);
}, 60_000);
afterAll(async () => {
  expect(served.faults).toEqual([]);
  await served.close();
});

/** Somebody with a cookie of their own, so that what one request ends is not missing for the next. */
async function comes(who: Who): Promise<Client> {
  if (who === 'nobody') {
    const client = new Client(served.origin);
    await client.get('/');
    return client;
  }
  const { portal } = served;
  const raw = portal.northwind.opened.raw;
  const token = randomBytes(32).toString('base64url');
  const row = { hash: bearerHash(token), id: ids.get(who) ?? 0, now: portal.northwind.now };
  const scope = '(select scope_id from memberships where user_id = @id and ended_at is null order by scope_id limit 1)';
  const epoch = '(select epoch from users where id = @id)';
  const version = '(select version from passwords where user_id = @id)';
  if (who === 'half-way')
    raw.prepare(`insert into attempts values (@hash, @id, ${scope}, 'password', 'none', 0, ${epoch}, ${version}, @now)`).run(row);
  else raw.prepare(`insert into sessions values (@hash, @id, ${scope}, 'totp', ${epoch}, @now, @now, @now, '')`).run(row);
  return new Client(served.origin, token);
}

const filled = (path: string) =>
  path
    .replace('/admin/users/:id', `/admin/users/${noah}`)
    .replace(':account', 'northwind')
    .replace(':myglue', 'bakery')
    .replace(/:[a-z]+/g, '999999');

/** A status, and where it sends: without what differs from run to run. */
const told = ({ status, location }: { status: number; location: string | null }) =>
  location === null ? String(status) : `${status} ${location.replace(String(noah), 'ID')}`;

test('who gets what', { timeout: 180_000 }, async () => {
  const lines: string[] = [];
  for (const { method, path } of served.routes) {
    const cells: string[] = [];
    for (const who of VISITORS) {
      const client = await comes(who);
      if (method === 'POST') await client.get(who === 'half-way' ? '/code' : '/settings');
      if (method === 'POST' && who === 'nobody') await client.get('/sign-in/northwind');
      const answer = method === 'GET' ? await client.get(filled(path)) : await client.post(filled(path));
      cells.push(told(answer));
    }
    lines.push(`| ${method} ${path.replaceAll(/[0-9a-f]{16}/g, 'HASH')} | ${cells.join(' | ')} |`);
  }
  const head = [`| route | ${VISITORS.join(' | ')} |`, `|${' --- |'.repeat(VISITORS.length + 1)}`];
  await expect(`${[...head, ...lines.sort()].join('\n')}\n`).toMatchFileSnapshot('../../golden/portal-routes.md');
});

test('no act is taken without the token of its form, whoever sends it', { timeout: 180_000 }, async () => {
  for (const { method, path } of served.routes) {
    if (method !== 'POST') continue;
    for (const who of VISITORS) {
      const client = await comes(who);
      const before = contentOf(served.portal.northwind.opened.raw);
      for (const form of ['x', '0'.repeat(64)])
        expect([path, who, (await client.post(filled(path), { form })).status]).toEqual([path, who, 403]);
      expect([path, who, contentOf(served.portal.northwind.opened.raw) === before]).toEqual([path, who, true]);
    }
  }
});
