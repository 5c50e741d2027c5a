import { storeContract } from '../../contract/store.ts';
import { contentOf, openTemporary } from './opened.ts';

storeContract('SQLite', async () => {
  const { store, raw, close } = await openTemporary();
  return {
    store,
    rows: async (query) => raw.prepare(query).all() as Record<string, unknown>[],
    run: async (statement) => {
      raw.exec(statement);
    },
    content: async () => contentOf(raw),
    close,
  };
});
