import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CODE_CAP } from '../../../src/core/authentication/throttle.ts';
import { Client } from './client.ts';
import { Place, type Running } from './running.ts';
import { PASSWORD, signUp } from './sign-up.ts';

/** Two processes that serve one store: what one counts, uses up or ends, the other knows. */

let place: Place;
let both: [Running, Running];
let links: string[];
beforeEach(async () => {
  place = Place.made();
  const first = await place.start(['demo', '--portal', '--port', '0']);
  both = [first, await place.start(['serve', '--port', '0'])];
  links = [...first.stdout.matchAll(/\/invitation\/[\w-]{43}/g)].map(([link]) => link);
}, 120_000);
afterEach(() => place.remove());

const one = (query: string, ...values: unknown[]): unknown => {
  const database = new Database(join(place.folder, '.padlock', 'padlock.db'), { readonly: true });
  try {
    return database
      .prepare(query)
      .pluck()
      .get(...values);
  } finally {
    database.close();
  }
};

/** The user of the demo, at the first process. */
const signUpUser = () => signUp(both[0].origin, links[1] ?? '');

/** A half-done sign-in at one of the processes, its form in hand. */
async function pending(running: Running, address: string): Promise<Client> {
  const client = new Client(running.origin);
  await client.get('/sign-in/northwind');
  expect((await client.post('/sign-in/northwind', { address, password: PASSWORD })).location).toBe('/code');
  await client.get('/code');
  return client;
}

/** In turn. */
function halfOf(halves: readonly Client[], i: number): Client {
  const half = halves[i % halves.length];
  if (half === undefined) throw new RangeError(String(i));
  return half;
}

test('what one counts, uses up or ends, the other knows', { timeout: 300_000 }, async () => {
  const { client, codes, address } = await signUpUser();
  expect(codes).toHaveLength(10);
  const elsewhere = new Client(both[1].origin, client.cookie.split('=')[1]);
  expect((await elsewhere.get('/settings')).status).toBe(200);

  // One recovery code, five hundred times at once, through both: one wins.
  const halves = await Promise.all(both.map((running) => pending(running, address)));
  const uses = await Promise.all(Array.from({ length: 500 }, (_, i) => halfOf(halves, i).post('/code', { code: codes[0] ?? '' })));
  expect(uses.filter((answer) => answer.location?.startsWith('/settings') === true)).toHaveLength(1);
  expect(one('select count(*) from recovery_codes where used_at is not null')).toBe(1);

  // An administrator's reset at one ends the session at the other, at its next request.
  const administrator = new Client(both[1].origin);
  await administrator.get(links[0] ?? '');
  await administrator.post(links[0] ?? '', { password: PASSWORD, again: PASSWORD });
  await administrator.get('/set-up');
  expect((await administrator.post('/postpone')).location).toBe('/settings?after=sign-in');
  const id = one('select id from users where address = ?', address);
  const { text } = await administrator.get(`/admin/users/${String(id)}`);
  const request = /name="request" value="([^"]+)"/.exec(text)?.[1] ?? '';
  expect((await client.get('/settings')).status).toBe(200);
  expect((await administrator.post(`/admin/users/${String(id)}/reset`, { request, reason: 'lost phone' })).status).toBe(303);
  for (const session of [client, elsewhere]) expect((await session.get('/settings')).location).toBe('/sign-in/northwind?ended=ended');
  for (const running of both) expect(running.lines.filter(({ level }) => level === 50 || level === 'error')).toEqual([]);
});

test('a thousand guesses at once, through both: no more than the cap are looked at', { timeout: 300_000 }, async () => {
  const { address } = await signUpUser();
  const halves = await Promise.all(both.map((running) => pending(running, address)));
  const guesses = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => halfOf(halves, i).post('/code', { code: String(i).padStart(6, '0') })),
  );
  // A guess that was looked at is answered with what is wrong; the others with the lock, or the way back.
  const looked = guesses.filter((answer) => answer.status === 401);
  expect(looked.length).toBeGreaterThan(0);
  expect(looked.length).toBeLessThanOrEqual(CODE_CAP);
  expect(guesses.filter((answer) => answer.location?.startsWith('/settings') === true)).toEqual([]);
  expect(one('select count(*) from sign_in_state where locked_at is not null')).toBe(1);
});
