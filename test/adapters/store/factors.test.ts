import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteDialect } from '../../../src/adapters/store/sqlite/driver.ts';
import type { Tables } from '../../../src/adapters/store/tables.ts';
import { factorSecret } from '../../../src/adapters/store/writing/factors.ts';
import { factorOf, idOf, importWorld, T0 } from '../../contract/store-world.ts';
import { KEYRING, type Opened, openTemporary } from './opened.ts';

let opened: Opened;
let db: Kysely<Tables>;
beforeEach(async () => {
  opened = await openTemporary();
  await importWorld(opened.store);
  const ids = [await idOf(opened.store, '1'), await idOf(opened.store, '2')];
  await opened.store.write(T0, (transaction) => transaction.enroll(ids.map((id, i) => factorOf(id, 'totp', T0, `secret ${i}`))));
  db = new Kysely<Tables>({ dialect: sqliteDialect(opened.raw, () => undefined) });
});
afterEach(() => opened.close());

const secret = async (id: number) => Buffer.from((await factorSecret(db, id, () => KEYRING)) ?? []).toString();

test('a sealed secret is opened for its own person', async () => {
  expect([await secret(1), await secret(2)]).toEqual(['secret 0', 'secret 1']);
  expect(await factorSecret(db, 99, () => KEYRING)).toBeUndefined();
});

test('swapped between two people, or moved to another time, it does not open, and nothing is overwritten', async () => {
  const before = opened.raw.prepare('select hex(sealed) from factors order by id').pluck().all();
  await sql`update factors set sealed = (select f.sealed from factors as f where f.id = 2) where id = 1`.execute(db);
  await expect(secret(1)).rejects.toMatchObject({ code: 'keys/unreadable-record' });
  expect(await secret(2)).toBe('secret 1');
  await sql`update factors set enrolled_at = enrolled_at + 1 where id = 2`.execute(db);
  await expect(secret(2)).rejects.toMatchObject({ code: 'keys/unreadable-record' });
  expect(opened.raw.prepare('select hex(sealed) from factors where id = 2').pluck().get()).toBe(before[1]);
});
