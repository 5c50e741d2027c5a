import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyFile } from '../../src/adapters/store/key-file.ts';
import { openStore } from '../../src/adapters/store/open.ts';
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

function watched(world: ReturnType<Northwind['world']>, northwind: Northwind): OperatedWorld {
  const witness = fileWitness(headsOf(northwind), RANDOM);
  const keys = join(dirname(headsOf(northwind)), 'keys.json');
  if (!existsSync(keys)) {
    mkdirSync(dirname(keys), { recursive: true });
    const k1 = Buffer.from(KEYRING.keys.get('k1') ?? []).toString('base64');
    writeFileSync(keys, JSON.stringify({ active: 'k1', keys: { k1 } }), { mode: 0o600 });
  }
  return { ...world, unwitnessed: world.store, store: witnessedStore(world.store, witness), witness, keys: keyFile(keys, RANDOM) };
}

/** A backup of a world's store, and the world over what is restored from it; the heads outside stay as they are. */
export function backupOf(northwind: Northwind): { restore(): Promise<{ of(user?: string): OperatedWorld; close(): Promise<void> }> } {
  const backup = join(dirname(northwind.opened.path), 'backup.db');
  rmSync(backup, { force: true });
  northwind.opened.raw.prepare('vacuum into ?').run(backup);
  return {
    restore: async () => {
      const path = join(dirname(northwind.opened.path), 'restored.db');
      copyFileSync(backup, path);
      const store = await openStore({ path, keyring: () => KEYRING, random: RANDOM, access: 'write' });
      return { of: (user) => watched({ ...northwind.world(user), store }, northwind), close: () => store.close() };
    },
  };
}
