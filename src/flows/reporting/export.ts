import type { Channel } from '../../core/model/words.ts';
import { type Exported, exportedOf } from '../../core/plan/exported.ts';
import { refuseUnknownAccount } from '../known.ts';
import type { World } from '../world.ts';

/** What is in force, as documents of one channel; of one account, where it is named (`policy/unknown-account`). */
export function exportFlow(world: World, options: { readonly channel: Channel; readonly account?: string }): Promise<Exported> {
  return world.store.read(async (reader) => {
    const applied = await reader.applied();
    if (options.account !== undefined) refuseUnknownAccount(applied.accounts, options.account);
    return exportedOf(applied.documents, options.channel, options.account);
  });
}
