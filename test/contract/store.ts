import { afterEach, beforeEach, describe } from 'vitest';
import { administeringContract } from './store-administering.ts';
import { carryingContract } from './store-carrying.ts';
import { evidenceContract } from './store-evidence.ts';
import { importContract } from './store-import.ts';
import { readingContract } from './store-reading.ts';
import { signInContract, signInRowsContract } from './store-sign-in.ts';
import { type Contracted, idOf, importWorld } from './store-world.ts';
import { writingContract } from './store-writing.ts';

/**
 * What every store must do, whatever its engine: `open` gives a new, empty one for each test.
 * The requirement itself is judged by the property test beside the adapter.
 */
export function storeContract(name: string, open: () => Promise<Contracted>): void {
  describe(name, () => {
    let contracted: Contracted;
    beforeEach(async () => {
      contracted = await open();
      await importWorld(contracted.store);
    });
    afterEach(() => contracted.close());
    readingContract(() => contracted);
    evidenceContract(() => contracted);
    writingContract(() => contracted);
    importContract(() => contracted);
    administeringContract(() => contracted);
    carryingContract(() => contracted);
    describe('signing in', () => {
      signInContract(() => ({ store: contracted.store, person: (externalId) => idOf(contracted.store, externalId) }));
      signInRowsContract(() => contracted);
    });
  });
}
