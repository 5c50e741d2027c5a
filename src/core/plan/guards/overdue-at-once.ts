import { passed, refused, type ScopeGuard, share } from './guard.ts';

/** Below this many enabled members a share says nothing. */
const POPULATION = 10;

/** Members who become overdue by this apply: at most a share of the scope's enabled members, in a scope of ten or more. */
export const overdueAtOnce: ScopeGuard = ({ diff, impact, limits }) => {
  const { overdueAtOnce: people, members } = impact;
  if (people === 0) return undefined;
  const data = { people, members, limit: limits.overdueAtOnce, population: POPULATION };
  const message = `${people} of ${members} members (${share(people, members)}), limit ${limits.overdueAtOnce} %`;
  if (members < POPULATION || people * 100 <= limits.overdueAtOnce * members) return passed('overdue-at-once', diff.scope, message, data);
  return refused(
    'overdue-at-once',
    diff.scope,
    message,
    'lift it with the GuardOverride that --print-overrides writes, or give a gracePeriod',
    data,
  );
};
