import type Database from 'better-sqlite3';
import { addressKey } from '../../../../src/core/model/address.ts';
import { examplePolicies, Northwind, START } from '../../../flows/northwind.ts';
import { tablesOf } from '../opened.ts';

/** Rows of what signing in leaves behind: every table that policies and imports do not fill. */
const SIGNED_IN: Readonly<Record<string, (n: number) => Readonly<Record<string, number | string | Buffer | null>>>> = {
  sign_in_state: (n) => ({ user_id: n, code_failures: n % 3, locked_at: n === 2 ? START : null }),
  passwords: (n) => ({ user_id: n, hash: `$argon2id$${n}`, version: n, changed_at: START - n }),
  failures: (n) => ({ key: `key ${n}`, count: n, first_at: START - n, last_at: START }),
  attempts: (n) => ({
    hash: `attempt ${n}`,
    user_id: n,
    scope_id: 1,
    proven: 'password',
    method: 'password',
    token_shown: 0,
    epoch: 0,
    password_version: n,
    created_at: START,
  }),
  // Names in several scripts: the order of a key is that of its bytes in both databases.
  sessions: (n) => ({
    hash: `${['a', 'B', 'é', 'z', '日本', '🔒', 'Ω', '_'][n % 8]}${n}`,
    user_id: n,
    scope_id: 1,
    method: 'totp',
    epoch: 0,
    created_at: START,
    seen_at: START,
    proven_at: START,
    device: 'Firefox on "Linux" \\ \n\u0001 ünï 🔑',
  }),
  set_ups: (n) => ({ bearer: `b${n}`, kind: 1, user_id: n, key_id: 'k1', sealed: Buffer.from([0, 255, n]), opened_at: START, failures: 0 }),
  challenges: (n) => ({ bearer: `b${n}`, challenge: `c${n}`, created_at: START }),
  links: (n) => ({
    hash: `link ${n}`,
    purpose: 'invite',
    user_id: n,
    created_at: START,
    expires_at: START + n,
    used_at: n % 2 === 0 ? START : null,
    replaced_at: null,
    address_key: addressKey(`P${n}@northwind.example`),
  }),
  notices: (n) => ({
    id: 2 * n,
    user_id: n,
    address: `p${n}@northwind.example`,
    about: 'reset',
    detail: '{}',
    created_at: START,
    due_at: START,
    tries: 0,
  }),
  former_addresses: (n) => ({ user_id: n, address: `old${n}@northwind.example`, until: START }),
  recovery_codes: (n) => ({ user_id: n, hash: `code ${n}`, created_at: START, used_at: null }),
  upstream_proofs: (n) => ({ user_id: n, provider: 'entra', claim: 'amr', value: `mfa ${n}`, at: START }),
  trusts: (n) => ({ scope_id: 1, provider: 'entra', claim: 'amr', value: `mfa ${n}`, max_age: n * 1000 }),
};

/** Northwind with its policies in force, a reset, and rows in every table; ids that were given and are gone. On SQLite. */
export async function fullWorld(): Promise<Northwind> {
  const northwind = await Northwind.open();
  await northwind.apply(examplePolicies());
  fill(northwind.opened.raw, 40);
  for (const table of tablesOf(northwind.opened.raw)) {
    if (northwind.opened.raw.prepare(`select 1 from ${table}`).all().length === 0) throw new Error(`nothing stands in ${table}`);
  }
  return northwind;
}

function fill(raw: Database.Database, count: number): void {
  for (const [table, rowOf] of Object.entries(SIGNED_IN)) {
    const columns = Object.keys(rowOf(1));
    const insert = raw.prepare(`insert into ${table} (${columns}) values (${columns.map((column) => `@${column}`)})`);
    for (let n = 1; n <= count; n += 1) insert.run(rowOf(n));
  }
  raw.exec('delete from notices where id > 60');
}
