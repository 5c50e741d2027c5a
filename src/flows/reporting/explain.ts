import type { Explained } from '../../core/report/explain.ts';
import { scopeFacts } from '../enforcing.ts';
import { explained } from '../judged.ts';
import { personCalled } from '../known.ts';
import type { World } from '../world.ts';

/** What holds for one person, scope by scope, by the one requirement function. `store/unknown-user` when nobody is called so, `store/ambiguous-user` when several are. */
export function explainFlow(world: World, options: { readonly account?: string; readonly user: string }): Promise<Explained> {
  const now = world.clock.now();
  return world.store.read(async (reader) => {
    const person = await personCalled(reader, options.account, options.user);
    const { terms, obligations } = await reader.applied();
    const scopes = await scopeFacts(world, reader, person.account);
    const memberships = explained(person, scopes, terms, obligations, now);
    return { now, person: { userId: person.id, externalId: person.externalId, address: person.address, name: person.name }, memberships };
  });
}
