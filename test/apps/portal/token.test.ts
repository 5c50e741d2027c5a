import { afterEach, beforeEach, expect, test } from 'vitest';
import { exempting, PASSWORD, rulesOf } from '../../flows/sign-in/portal.ts';
import { Client } from './client.ts';
import { type Served, serveNorthwind } from './served.ts';

/** Somebody who is exempt, where the first set-up takes an enrollment token, and who wants a second factor all the same. */

const ADA = 'ada@northwind.example';

let served: Served;
let ada: Client;
beforeEach(async () => {
  served = await serveNorthwind();
  await served.portal.apply({ ...rulesOf(['requireMfa: true', 'enrollment: Token']), ...exempting([ADA], '2026-12-31') });
  const welcome = await served.portal.welcome(ADA);
  ada = new Client(served.origin, welcome.is === 'in' ? welcome.token : '');
});
afterEach(async () => {
  expect(served.faults).toEqual([]);
  await served.close();
});

test('is asked for the token in the settings, told when it is wrong, and sets up with the right one', async () => {
  const token = await served.portal.link(ADA, 'enrollment-token');
  expect((await ada.get('/set-up')).text).toContain('name="token"');
  expect(await ada.post('/set-up/open', { kind: 'totp' })).toMatchObject({ status: 303, location: '/set-up' });
  const wrong = await ada.post('/set-up/token', { token: 'wrong' });
  expect([wrong.status, wrong.text.includes('is wrong, was used, or is not yours')]).toEqual([401, true]);
  expect(await ada.post('/set-up/token', { token })).toMatchObject({ status: 303, location: '/set-up' });
  expect((await ada.get('/set-up')).text).toContain('Set up an app');
  expect(await ada.post('/set-up/open', { kind: 'totp' })).toMatchObject({ location: '/set-up/totp' });
  expect((await ada.get('/set-up/totp')).text).toContain('class="qr"');
});

test('proves again who they are first, so that no token is lost; and after it, where the proof is too old by then', async () => {
  const token = await served.portal.link(ADA, 'enrollment-token');
  served.portal.later(6 * 60_000);
  const page = (await ada.get('/set-up')).text;
  expect([page.includes('href="/prove?for=set-up"'), page.includes('name="token"')]).toEqual([true, false]);
  expect(await ada.post('/set-up/token', { token })).toMatchObject({ location: '/prove?for=set-up' });
  await ada.get('/prove?for=set-up');
  expect(await ada.post('/prove?for=set-up', { password: PASSWORD })).toMatchObject({ location: '/set-up' });
  await ada.get('/set-up');
  expect(await ada.post('/set-up/token', { token })).toMatchObject({ location: '/set-up' });
  served.portal.later(6 * 60_000);
  await ada.get('/set-up');
  expect(await ada.post('/set-up/open', { kind: 'totp' })).toMatchObject({ location: '/prove?for=set-up' });
});

test('locked by wrong ones, they are told', async () => {
  await ada.get('/set-up');
  let last = '';
  for (let i = 0; i < 10; i++) last = (await ada.post('/set-up/token', { token: 'wrong' })).location ?? '';
  expect(last).toBe('/locked/northwind');
});
