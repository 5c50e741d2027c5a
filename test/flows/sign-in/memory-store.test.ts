import { beforeEach, describe } from 'vitest';
import { signInContract } from '../../contract/store-sign-in.ts';
import { idOf, importWorld } from '../../contract/store-world.ts';
import { MemoryStore } from './memory-store.ts';

describe('the store in memory that sequences run over', () => {
  let memory: MemoryStore;
  beforeEach(async () => {
    memory = new MemoryStore();
    await importWorld(memory.store);
  });
  signInContract(() => ({ store: memory.store, person: (externalId) => idOf(memory.store, externalId) }));
});
