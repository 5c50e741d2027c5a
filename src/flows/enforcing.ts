import type { ScopeFacts } from '../core/model/findings.ts';
import { ENFORCER_NAMES, type EnforcerName } from '../core/model/words.ts';
import { type Capabilities, enforcesScope } from '../core/plan/unenforceable.ts';
import type { EnforcerCapabilities } from '../core/ports/enforcer.ts';
import type { StoreReading } from '../core/ports/store.ts';
import type { World } from './world.ts';

/** What each enforcer can do. */
export function capabilitiesOf({ enforcers }: Pick<World, 'enforcers'>): Capabilities {
  const all = ENFORCER_NAMES.map((name): [EnforcerName, EnforcerCapabilities] => [name, enforcers[name].capabilities]);
  return Object.fromEntries(all) as Record<EnforcerName, EnforcerCapabilities>;
}

/** The enforcers whose factors the store keeps. */
export function keepersOf(world: Pick<World, 'enforcers'>): readonly EnforcerName[] {
  return ENFORCER_NAMES.filter((name) => world.enforcers[name].capabilities.enrollment === 'store');
}

/** Every scope of an account (or of all), with what is in force and what its enforcer can do about it: nobody outside is asked. */
export async function scopeFacts(world: Pick<World, 'enforcers'>, reader: StoreReading, account?: string): Promise<ScopeFacts[]> {
  const scopes = await reader.scopes(account);
  return scopes.map((facts) => {
    const { capabilities } = world.enforcers[facts.enforcer];
    return { ...facts, enforceable: enforcesScope(capabilities, facts.scope), enrollment: capabilities.enrollment };
  });
}
