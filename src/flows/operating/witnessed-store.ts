import { fallbacks, refuseFallen, untold } from '../../core/audit/witness.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Witness } from '../../core/ports/witness.ts';

/**
 * A store whose every write is witnessed outside of it: refused (`store/restored`) while the store is older than what is known
 * outside, and told there once it is committed. A crash in between loses nothing: the next write tells what was not told yet.
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
        const gave = await work(transaction);
        return { result: gave, news: await untold(transaction, witnessed) };
      });
      await witness.append(news);
      return result;
    },
  };
}
