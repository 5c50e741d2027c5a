import type { ResolvedActor } from '../../core/model/actor.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import { type Act, rightTo } from '../../core/rights/rights.ts';
import { denied } from '../reconcile/denied.ts';
import type { World } from '../world.ts';

/** Who acts in an account, when they may: else `rights/denied`, before anything is written. */
export async function authorize(world: World, reader: StoreReading, account: string, act: Act): Promise<ResolvedActor> {
  const actor = await reader.resolveActor(account, world.actor.channel, world.actor.subject, world.actorUser);
  const answer = rightTo(actor, act, world.rights);
  if (answer.allowed) return actor;
  throw denied(actor, answer.reason, 'nothing was changed');
}
