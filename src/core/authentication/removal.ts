import type { KindMask } from '../model/demand.ts';
import type { Requirement } from '../model/requirement.ts';
import type { ScopeKey } from '../model/scope.ts';

/** What one membership would ask of somebody who had fewer kinds. */
export interface AskedThen {
  readonly scope: ScopeKey;
  readonly requirement: Requirement;
}

/**
 * Whose requirements stand in the way of removing a factor: those that would be owed without it, within grace or past it. Empty: nothing
 * requires it. `left` is what remains of the person's kinds; a kind that another factor still gives is no loss.
 */
export function removalStops(before: KindMask, left: KindMask, then: readonly AskedThen[]): readonly ScopeKey[] {
  if (before === left) return [];
  return then.filter(({ requirement }) => requirement.state === 'Pending' || requirement.state === 'Overdue').map(({ scope }) => scope);
}
