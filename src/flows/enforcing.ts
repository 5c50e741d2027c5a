import type { Applied } from '../core/model/applied.ts';
import type { ScopeFacts } from '../core/model/findings.ts';
import type { EnforcerName } from '../core/model/words.ts';
import { type Capabilities, enforcesScope } from '../core/plan/unenforceable.ts';
import type { StoreReading } from '../core/ports/store.ts';
import type { World } from './world.ts';

/** What each enforcer can do. */
export function capabilitiesOf({ enforcers }: Pick<World, 'enforcers'>): Capabilities {
  return Object.fromEntries(Object.entries(enforcers).map(([name, enforcer]) => [name, enforcer.capabilities])) as Capabilities;
}

/** Whether the enforcer of an account has factors of its own, from which a reset must be removed as well. */
export function keepsFactorsElsewhere(
  { enforcers }: Pick<World, 'enforcers'>,
  { accounts }: Pick<Applied, 'accounts'>,
  account: string,
): boolean {
  const known = accounts.find((a) => a.account === account);
  return known !== undefined && enforcers[known.enforcer].capabilities.place === 'elsewhere';
}

/** The enforcers whose factors the store keeps. */
export function keepersOf({ enforcers }: Pick<World, 'enforcers'>): readonly EnforcerName[] {
  return Object.values(enforcers)
    .filter(({ capabilities }) => capabilities.enrollment === 'store')
    .map(({ capabilities }) => capabilities.name);
}

/** Every scope of an account (or of all), with what is in force and what its enforcer can do about it: nobody outside is asked. */
export async function scopeFacts(world: Pick<World, 'enforcers'>, reader: StoreReading, account?: string): Promise<ScopeFacts[]> {
  const scopes = await reader.scopes(account);
  return scopes.map((facts) => {
    const { capabilities } = world.enforcers[facts.enforcer];
    return { ...facts, enforceable: enforcesScope(capabilities, facts.scope), enrollment: capabilities.enrollment };
  });
}
