import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LinkPurpose } from '../../src/core/model/sign-in.ts';
import { contentOf } from '../adapters/store/opened.ts';
import { Client } from '../apps/portal/client.ts';
import { type Served, serveNorthwind } from '../apps/portal/served.ts';
import { PASSWORD } from '../flows/sign-in/portal.ts';

// Mail scanners open links before people do (SGN-11): no GET or HEAD uses one up, its button does, once.

const ADA = 'ada@northwind.example';
const HOUR = 60 * 60 * 1000;

let served: Served;
beforeEach(async () => {
  served = await serveNorthwind();
});
afterEach(async () => {
  expect(served.faults).toEqual([]);
  await served.close();
});

const issue = (purpose: LinkPurpose) => served.portal.link(ADA, purpose);

const content = () => contentOf(served.portal.northwind.opened.raw);
const FIELDS = { password: PASSWORD, again: PASSWORD };

test.each(['invitation', 'password-reset', 'unlock'] as const)(
  '%s: opened by a scanner, however often, it still works; pressed twice, it says when it was used',
  async (purpose) => {
    const path = `/${purpose}/${await issue(purpose)}`;
    const before = content();
    const scanner = new Client(served.origin);
    for (const method of ['GET', 'GET', 'GET', 'HEAD']) expect((await scanner.get(path, { method })).status).toBe(200);
    expect(content()).toBe(before);
    const person = new Client(served.origin);
    await person.get(path);
    expect((await person.post(path, FIELDS)).status).toBeLessThan(400);
    const again = new Client(served.origin);
    const second = await again.get(path);
    expect(second.status).toBe(410);
    expect(second.text).toContain('It was used already, on <time datetime="2026-11-25T08:00:00.000Z">');
  },
);

test('a newer link takes the place of an older one, which says so; an old one says that it is too old; a made-up one nothing', async () => {
  const older = await issue('invitation');
  const newer = await issue('invitation');
  const said = async (path: string) => (await new Client(served.origin).get(path)).text;
  expect(await said(`/invitation/${older}`)).toContain('A newer mail with another link was sent to you');
  expect(await said(`/invitation/${newer}`)).toContain('Welcome');
  expect(await said(`/unlock/${newer}`)).toContain('Check that the whole address was copied');
  served.portal.later(7 * 24 * HOUR);
  expect(await said(`/invitation/${newer}`)).toContain('It is too old');
  expect(await said('/invitation/made-up')).toContain('Check that the whole address was copied');
});

test('a link that is pressed without its page, or with a password that is refused, is not used up', async () => {
  const path = `/password-reset/${await issue('password-reset')}`;
  const client = new Client(served.origin);
  expect((await client.post(path, FIELDS)).status).toBe(403);
  await client.get(path);
  for (const fields of [
    { password: 'short', again: 'short' },
    { password: 'password1', again: 'password1' },
    { password: PASSWORD, again: 'x' },
    { password: ADA, again: ADA },
  ]) {
    expect((await client.post(path, fields)).status).toBe(422);
  }
  expect((await client.post(path, FIELDS)).text).toContain('Your password is set');
});

test('a new password by mail signs nobody in, and the second factor is asked for as ever', async () => {
  const { token } = await served.portal.enrolled(ADA);
  const client = new Client(served.origin);
  const path = `/password-reset/${await issue('password-reset')}`;
  await client.get(path);
  await client.post(path, FIELDS);
  expect((await client.get('/settings')).location).toBe('/');
  expect((await new Client(served.origin, token).get('/settings')).location).toMatch(/ended=ended/);
  await client.get('/sign-in/northwind');
  expect((await client.post('/sign-in/northwind', { address: ADA, password: PASSWORD })).location).toBe('/code');
});

test('a link to set a password is closed by a password that was set another way', async () => {
  const invitation = `/invitation/${await issue('invitation')}`;
  const path = `/password-reset/${await issue('password-reset')}`;
  const client = new Client(served.origin);
  await client.get(path);
  expect((await client.post(path, FIELDS)).status).toBe(200);
  expect((await client.get(invitation)).status).toBe(410);
});

test('a link that was mailed to an address is closed when the person has another', async () => {
  const path = `/invitation/${await issue('invitation')}`;
  const { raw } = served.portal.northwind.opened;
  raw.prepare("update users set address = 'new@northwind.example', address_key = 'new@northwind.example' where address = ?").run(ADA);
  expect((await new Client(served.origin).get(path)).status).toBe(410);
});
