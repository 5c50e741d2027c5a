import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { open } from '../../src/adapters/store/envelope.ts';
import { readKeyFile } from '../../src/adapters/store/key-file.ts';
import { factorContext } from '../../src/adapters/store/writing/factors.ts';
import { storeIn } from './state.ts';

const FACTORS = `select f.id, f.user_id as userId, f.kind, f.enrolled_at as enrolledAt, f.version, f.key_id as keyId, f.sealed, u.account_id as account
  from factors as f join users as u on u.id = f.user_id`;

interface Factor {
  readonly id: number;
  readonly userId: number;
  readonly kind: number;
  readonly enrolledAt: number;
  readonly version: number;
  readonly keyId: string;
  readonly sealed: Uint8Array;
  readonly account: number;
}

/** What is wrong with the keys of a folder: the key file is whole or absent, and with one every factor in the store opens. */
export function sealedFaults(folder: string): string[] {
  const keys = join(folder, '.padlock', 'keys.json');
  if (!existsSync(keys)) return [];
  try {
    const keyring = readKeyFile(keys);
    for (const f of factorsIn(storeIn(folder))) {
      open({ keyId: f.keyId, blob: f.sealed }, factorContext(f.account, f.userId, f.kind, f.enrolledAt, f.version), keyring);
    }
    return [];
  } catch (error) {
    return [`the key file is not whole, or a factor does not open: ${String(error)}`];
  }
}

function factorsIn(path: string): Factor[] {
  if (!existsSync(path)) return [];
  // It only reads, and leaves the log as it is.
  const raw = new Database(path, { readonly: true });
  try {
    const table = raw.prepare("select 1 from sqlite_schema where name = 'factors'").get();
    return table === undefined ? [] : (raw.prepare(FACTORS).all() as Factor[]);
  } finally {
    raw.close();
  }
}
