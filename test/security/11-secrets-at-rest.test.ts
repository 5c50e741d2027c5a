/**
 * Threat: whoever gets hold of the database, its write-ahead log or a backup of them reads the secrets that authenticators are
 * made of, and signs in as anybody. Or, able to write, moves somebody's sealed record to another person or factor.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { open } from '../../src/adapters/store/envelope.ts';
import { factorContext } from '../../src/adapters/store/writing/factors.ts';
import { contentOf, ENGINE, KEYRING, type Opened, openTemporary } from '../adapters/store/opened.ts';
import { ACCOUNT, factorOf, idOf, importWorld, T0 } from '../contract/store-world.ts';

const SECRETS = ['PLANTEDTOTPSECRET234567', 'PLANTED-passkey-credential-0123456789'] as const;

interface FactorRow {
  id: number;
  user_id: number;
  kind: number;
  enrolled_at: number;
  version: number;
  key_id: string;
  sealed: Uint8Array;
}

async function inStore(work: (opened: Opened, rows: () => FactorRow[]) => Promise<void>): Promise<void> {
  const opened = await openTemporary();
  try {
    await importWorld(opened.store);
    const users = [await idOf(opened.store, '1'), await idOf(opened.store, '2')];
    const factors = users.flatMap((id) => [factorOf(id, 'totp', T0, SECRETS[0]), factorOf(id, 'passkey', T0, SECRETS[1])]);
    await opened.store.write(T0, (transaction) => transaction.enroll(factors));
    await work(opened, () => opened.raw.prepare('select * from factors order by id').all() as FactorRow[]);
  } finally {
    await opened.close();
  }
}

function contextOf(row: FactorRow): string {
  return factorContext(1, row.user_id, row.kind, row.enrolled_at, row.version);
}

test.skipIf(ENGINE !== 'sqlite')(
  'planted secrets and keys are nowhere in the database, its log or its index, in any spelling',
  async () => {
    await inStore(async ({ path, raw }) => {
      const look = () => {
        const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file)).map((file) => readFileSync(file));
        const bytes = Buffer.concat(files).toString('latin1');
        // The rows themselves are there: it is looked at the right place.
        expect(bytes).toContain('totp of the phone');
        const key = Buffer.from(KEYRING.keys.get('k1') ?? []);
        for (const secret of [...SECRETS.map((s) => Buffer.from(s)), key]) {
          for (const spelling of ['latin1', 'hex', 'base64'] as const) expect(bytes).not.toContain(secret.toString(spelling).slice(0, 20));
          expect(bytes).not.toContain(secret.toString('hex').toUpperCase().slice(0, 20));
        }
      };
      look();
      raw.pragma('wal_checkpoint(TRUNCATE)');
      look();
    });
  },
);

test('the records open with the key from outside, each in its own place alone', async () => {
  await inStore(async (_, rows) => {
    const all = rows();
    expect(all).toHaveLength(4);
    for (const row of all) {
      const sealed = { keyId: row.key_id, blob: row.sealed };
      expect(Buffer.from(open(sealed, contextOf(row), KEYRING)).toString()).toBe(SECRETS[row.kind]);
      for (const other of all.filter((o) => o !== row)) {
        expect(() => open(sealed, contextOf(other), KEYRING)).toThrow(expect.objectContaining({ code: 'keys/unreadable-record' }));
      }
      for (const moved of [{ version: 2 }, { enrolled_at: T0 + 1 }]) {
        expect(() => open(sealed, contextOf({ ...row, ...moved }), KEYRING)).toThrow(
          expect.objectContaining({ code: 'keys/unreadable-record' }),
        );
      }
      expect(() => open(sealed, contextOf(row).replace('/1/', '/2/'), KEYRING)).toThrow(
        expect.objectContaining({ code: 'keys/unreadable-record' }),
      );
    }
    expect(new Set(all.map((row) => Buffer.from(row.sealed).toString('hex').slice(0, 24))).size).toBe(4);
  });
});

test('a factor that does not open still counts as enrolled, never as none', async () => {
  await inStore(async ({ store, raw }) => {
    raw.exec("update factors set sealed = x'00', key_id = 'lost'");
    const ann = await store.read((reader) => reader.person(ACCOUNT, '1'));
    expect(ann?.memberships.map((m) => m.kinds)).toEqual([3]);
  });
});

describe('what does not open is named, and nothing is overwritten', () => {
  test.each([
    [
      'a flipped bit',
      `update factors set sealed = cast(
        substr(sealed, 1, 70) || case substr(sealed, 71, 1) when x'00' then x'01' else x'00' end || substr(sealed, 72)
        as blob) where id = 2`,
      'not-opened',
      [2],
    ],
    [
      'two swapped factors',
      'create temporary table s as select * from factors; update factors set sealed = (select sealed from s where s.id = 4 - factors.id) where id in (1, 3)',
      'not-opened',
      [1, 3],
    ],
    [
      'a factor moved to somebody else',
      'update factors set user_id = (select user_id from factors where id = 4) where id = 1',
      'not-opened',
      [1],
    ],
    ['a record cut short', 'update factors set sealed = cast(substr(sealed, 1, 40) as blob) where id = 3', 'not-opened', [3]],
    ['a key that is not at hand', "update factors set key_id = 'k7' where id in (2, 3)", 'no-key', [2, 3]],
  ] as const)('%s', async (_, statement, why, ids) => {
    await inStore(async ({ store, raw }) => {
      raw.exec(statement);
      const before = contentOf(raw);
      const found = await store.read((reader) => reader.checkFactors(1000, 10));
      const users = ids.map((id) => raw.prepare('select user_id from factors where id = ?').pluck().get(id));
      expect(found).toMatchObject({ factors: 4, unreadable: ids.length });
      expect(found.named.map((n) => [n.userId, n.why])).toEqual(users.map((user) => [user, why]));
      const { rewrapped, unreadable } = await store.write(T0, (transaction) => transaction.rewrap(0, 100));
      // Nothing is wrapped anew here but by its own key: those under the active one are left alone.
      expect([rewrapped.size, unreadable]).toEqual([0, why === 'no-key' ? ids.length : 0]);
      expect(contentOf(raw)).toBe(before);
    });
  });

  test('the wrong key under the right name: every one of its factors', async () => {
    await inStore(async ({ again, raw }) => {
      const before = contentOf(raw);
      const keyring = () => ({ active: 'k1', keys: new Map([['k1', Buffer.alloc(32, 8)]]) });
      const other = await again({ access: 'read', keyring });
      expect(await other.read((reader) => reader.checkFactors(2, 10))).toMatchObject({ factors: 4, tried: 2, unreadable: 4 });
      await other.close();
      expect(contentOf(raw)).toBe(before);
    });
  });
});

test('without its key nothing is enrolled, and nothing of the attempt stands', async () => {
  await inStore(async ({ again, raw, store }) => {
    const before = contentOf(raw);
    const keyring = () => ({ ...KEYRING, active: 'lost' });
    const keyless = await again({ keyring });
    const factor = factorOf(await idOf(store, '3'), 'totp', T0, SECRETS[0]);
    await expect(keyless.write(T0, (transaction) => transaction.enroll([factor]))).rejects.toMatchObject({ code: 'keys/missing' });
    expect(contentOf(raw)).toBe(before);
    await keyless.close();
  });
});
