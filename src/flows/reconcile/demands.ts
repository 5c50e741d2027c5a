import type { EnforcerName, Instant } from '../../core/model/words.ts';
import { demandOf } from '../../core/plan/demanded.ts';
import type { ScopeDemand } from '../../core/ports/enforcer.ts';
import type { StoreReader } from '../../core/ports/store.ts';
import type { World } from '../world.ts';

/** An account whose enforcer decides by a copy of its own, with all that its scopes ask. */
export interface AccountDemands {
  readonly account: string;
  readonly enforcer: EnforcerName;
  readonly demands: readonly ScopeDemand[];
}

/** Whether any enforcer keeps a copy: where none does, nobody is asked anything, the store neither. */
export function anyElsewhere({ enforcers }: Pick<World, 'enforcers'>): boolean {
  return Object.values(enforcers).some(({ capabilities }) => capabilities.place === 'elsewhere');
}

/** What every account with such an enforcer asks at a moment, from one snapshot of the store. */
export async function demandsElsewhere(world: World, reader: StoreReader, now: Instant): Promise<AccountDemands[]> {
  const { accounts, terms, obligations } = await reader.applied();
  const inForce = new Map(terms.map((own) => [own.scope, own]));
  const rows = Map.groupBy(obligations, ({ scope }) => scope);
  const all: AccountDemands[] = [];
  for (const { account, enforcer, scopes } of accounts) {
    if (world.enforcers[enforcer].capabilities.place !== 'elsewhere') continue;
    const exempt = await reader.exemptPeople(account, now);
    const demands = scopes.map((scope) => demandOf(scope, inForce.get(scope) ?? null, rows.get(scope) ?? [], exempt));
    all.push({ account, enforcer, demands });
  }
  return all;
}
