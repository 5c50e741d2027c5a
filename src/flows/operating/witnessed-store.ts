import { announced, refuseUnwitnessed, unwitnessed } from '../../core/audit/unwitnessed.ts';
import { fallbacks, refuseFallen, untold } from '../../core/audit/witness.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Witness } from '../../core/ports/witness.ts';

/**
 * A store whose every write is witnessed outside of it: refused (`store/restored`) while the store is older than what is known
 * outside, or nothing is known of it there (`witness/unreadable`), and told there once it is committed. A crash in between loses
 * nothing: a chain is announced before it is begun, and the next write tells what was not told yet.
 * What is known is read before a transaction begins, so that a store only ever is ahead of it.
 */
export function witnessedStore(store: Store, witness: Witness): Store {
  return {
    ...store,
    write: async (now, work) => {
      await witness.ready();
      const witnessed = await witness.read();
      const { result, news } = await store.write(now, async (transaction) => {
        refuseFallen(await fallbacks(transaction, witnessed));
        refuseUnwitnessed(await unwitnessed(transaction, witnessed, witness), witness.place);
        const gave = await work(transaction);
        const told = await untold(transaction, witnessed);
        const begun = announced(told.heads, witnessed);
        if (begun.length > 0) await witness.append({ heads: begun, resets: [] });
        return { result: gave, news: told };
      });
      await witness.append(news);
      return result;
    },
  };
}
