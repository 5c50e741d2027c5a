import type { ScopeKey } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Limits } from '../../policy/limits.ts';
import type { Impact } from '../plan.ts';
import { LIFT, passed, refused, type ScopeGuard, share } from './guard.ts';

/** Below this many enabled members a share says nothing. */
const POPULATION = 10;

/**
 * Members who become overdue by this apply: at most a share of the scope's enabled members, in a scope of ten or more. A repair
 * is not judged again: it brings back what was judged when it was first applied, and nothing new bites.
 */
export const overdueAtOnce: ScopeGuard = ({ diff, impact, limits }) =>
  diff.action === 'repair' ? undefined : overdueVerdict(diff.scope, impact, limits);

/** The same of any scope, whatever makes them overdue; undefined when nobody is. */
export function overdueVerdict(scope: ScopeKey, impact: Impact, limits: Limits): Verdict | undefined {
  const { overdueAtOnce: people, members } = impact;
  if (people === 0) return undefined;
  const data = { people, members, limit: limits.overdueAtOnce, population: POPULATION };
  const message = `${people} of ${members} members (${share(people, members, limits.overdueAtOnce)}), limit ${limits.overdueAtOnce} %`;
  if (members < POPULATION || people * 100 <= limits.overdueAtOnce * members) return passed('overdue-at-once', scope, message, data);
  return refused('overdue-at-once', scope, message, `${LIFT}, or give a gracePeriod`, data);
}
