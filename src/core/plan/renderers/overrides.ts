import { API_VERSION } from '../../documents/group.ts';
import { formatInstant } from '../../documents/values.ts';
import { scopeOf } from '../../model/scope.ts';
import type { GuardName, Verdict } from '../../model/verdict.ts';
import type { Instant } from '../../model/words.ts';
import { wholeSecond } from '../../policy/deadline.ts';
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
    `  expiresAt: ${formatInstant(wholeSecond(now + LASTS))}`,
    '',
  ].join('\n');
}

/** What no override lifts: a read that was not whole, a document that is gone, a suspension, which is taken away instead. */
const NOT_LIFTED: ReadonlySet<GuardName> = new Set(['incomplete', 'orphaned', 'suspended']);

/** Whether a refusal can be lifted by an override. */
export function isLiftable(verdict: Verdict): boolean {
  return verdict.outcome === 'refused' && verdict.digest !== undefined && !NOT_LIFTED.has(verdict.guard);
}

/** The overrides of every refusal in a plan that one can lift, in its order. */
export function overridesOf(plan: Plan): string[] {
  const all = [...plan.scopes.flatMap((change) => change.verdicts), ...plan.verdicts];
  const liftable = all.filter(isLiftable);
  return [...new Set(liftable.map((verdict) => overrideFor(verdict, plan.now)))];
}

/** The same as a stream of YAML documents, line by line. */
export function overrideLines(plan: Plan): string[] {
  return overridesOf(plan).flatMap((override) => ['---', ...override.trimEnd().split('\n')]);
}
