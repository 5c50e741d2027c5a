import { API_VERSION } from '../../documents/group.ts';
import { formatInstant } from '../../documents/values.ts';
import { scopeOf } from '../../model/scope.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Instant } from '../../model/words.ts';
import type { Plan } from '../plan.ts';

/** How long an override lasts that is pasted as it is printed: long enough for a review, and no longer. */
const LASTS = 7 * 24 * 60 * 60 * 1000;

/** Digits of the digest in the override's name: enough to keep names apart. */
const DIGITS = 12;

/**
 * The GuardOverride that lets one refused guard pass for one scope at its digest: a whole YAML document, valid as it is
 * pasted, its reason to be rewritten by whoever takes it over. Ends with a line feed. `now` is the plan's.
 */
export function overrideFor(verdict: Verdict, now: Instant): string {
  const { account, myGlueAccount } = scopeOf(verdict.scope);
  const digest = verdict.digest ?? '';
  return [
    `apiVersion: ${API_VERSION}`,
    'kind: GuardOverride',
    'metadata:',
    `  name: ${verdict.guard}-${digest.slice(0, DIGITS)}`,
    'spec:',
    `  account: ${account}`,
    ...(myGlueAccount === undefined ? [] : [`  myGlueAccount: ${myGlueAccount}`]),
    `  guard: ${verdict.guard}`,
    `  digest: ${JSON.stringify(digest)}`,
    '  reason: reviewed in the pull request',
    `  expiresAt: ${formatInstant(now + LASTS)}`,
    '',
  ].join('\n');
}

/** The overrides of every refusal in a plan that one can lift, in its order. `incomplete` and `orphaned` have none. */
export function overridesOf(plan: Plan): string[] {
  const all = [...plan.scopes.flatMap((change) => change.verdicts), ...plan.verdicts];
  const liftable = all.filter(
    (v) => v.outcome === 'refused' && v.digest !== undefined && v.guard !== 'incomplete' && v.guard !== 'orphaned',
  );
  return [...new Set(liftable.map((verdict) => overrideFor(verdict, plan.now)))];
}
