/**
 * Threat: whoever gets hold of the database, its write-ahead log or a backup of them reads the secrets that authenticators are
 * made of, and signs in as anybody. Or, able to write, moves somebody's sealed record to another person or factor.
 */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { open } from '../../src/adapters/store/envelope.ts';
import { openStore } from '../../src/adapters/store/open.ts';
import { factorContext } from '../../src/adapters/store/writing/factors.ts';
import { contentOf, KEYRING, type Opened, openTemporary, RANDOM } from '../adapters/store/opened.ts';
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

test('planted secrets and keys are nowhere in the database, its log or its index, in any spelling', async () => {
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
});

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

test('without its key nothing is enrolled, and nothing of the attempt stands', async () => {
  await inStore(async ({ path, raw, store }) => {
    const before = contentOf(raw);
    const keyring = () => ({ ...KEYRING, active: 'lost' });
    const keyless = await openStore({ path, access: 'write', keyring, random: RANDOM });
    const factor = factorOf(await idOf(store, '3'), 'totp', T0, SECRETS[0]);
    await expect(keyless.write(T0, (transaction) => transaction.enroll([factor]))).rejects.toMatchObject({ code: 'keys/missing' });
    expect(contentOf(raw)).toBe(before);
    await keyless.close();
  });
});
