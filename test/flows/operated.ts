import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { keptFiles } from '../../src/adapters/files/kept.ts';
import { signingKey } from '../../src/adapters/signing/ed25519.ts';
import { createSigningKey } from '../../src/adapters/signing/key-file.ts';
import { keyFile } from '../../src/adapters/store/key-file.ts';
import { fileWitness } from '../../src/adapters/witness/file.ts';
import { witnessedStore } from '../../src/flows/operating/witnessed-store.ts';
import type { OperatedWorld } from '../../src/flows/world.ts';
import { KEYRING, RANDOM } from '../adapters/store/opened.ts';
import type { Northwind } from './northwind.ts';

/** Where a world's heads are kept. */
function headsOf(northwind: Northwind): string {
  return join(dirname(northwind.opened.path), 'outside', 'heads.jsonl');
}

/** A world with its witness, as one person sees it. */
export function operated(northwind: Northwind, user?: string): OperatedWorld {
  return watched(northwind.world(user), northwind);
}

const told = new WeakSet<Northwind>();

/** Writes the heads of a store to a file, as if every write had been witnessed. */
export function tellHeads(raw: Database.Database, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const heads = raw
    .prepare(`select a.slug as account, e.seq, e.hash from audit as e join accounts as a on a.id = e.account_id
      where e.seq = (select max(l.seq) from audit as l where l.account_id = a.id)`)
    .all();
  writeFileSync(path, heads.map((head) => `${JSON.stringify({ head })}\n`).join(''), { mode: 0o600 });
}

function watched(world: ReturnType<Northwind['world']>, northwind: Northwind): OperatedWorld {
  const witness = fileWitness(headsOf(northwind), RANDOM);
  // What was written before without a witness is told once, as if it had been there.
  if (!told.has(northwind)) tellHeads(northwind.opened.raw, headsOf(northwind));
  told.add(northwind);
  const keys = join(dirname(headsOf(northwind)), 'keys.json');
  if (!existsSync(keys)) {
    mkdirSync(dirname(keys), { recursive: true });
    const k1 = Buffer.from(KEYRING.keys.get('k1') ?? []).toString('base64');
    writeFileSync(keys, JSON.stringify({ active: 'k1', keys: { k1 } }), { mode: 0o600 });
  }
  const signing = join(dirname(headsOf(northwind)), 'signing.pem');
  createSigningKey(signing, RANDOM);
  const files = () => keptFiles([northwind.opened.path, `${northwind.opened.path}-wal`, headsOf(northwind)]);
  return {
    ...world,
    unwitnessed: world.store,
    store: witnessedStore(world.store, witness),
    witness,
    keys: keyFile(keys, RANDOM),
    signing: signingKey(signing),
    files,
  };
}

/** A backup of a world's store, and the world over what is restored from it; the heads outside stay as they are. */
export function backupOf(northwind: Northwind): { restore(): Promise<{ of(user?: string): OperatedWorld; close(): Promise<void> }> } {
  const restore = northwind.opened.backup();
  return {
    restore: async () => {
      const { store, close } = await restore();
      return { of: (user) => watched({ ...northwind.world(user), store }, northwind), close };
    },
  };
}
