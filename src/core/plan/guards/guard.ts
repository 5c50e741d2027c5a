import type { Applied, Stranded } from '../../model/applied.ts';
import type { GuardName, Verdict } from '../../model/verdict.ts';
import type { Instant, Json } from '../../model/words.ts';
import type { Limits } from '../../policy/limits.ts';
import type { DeclaredOverride } from '../../policy/policy-set.ts';
import type { ScopeDiff } from '../diff-scopes.ts';
import type { Impact } from '../plan.ts';

/** Everything that a guard of one scope may look at. */
export interface ScopeQuestion {
  readonly diff: ScopeDiff;
  readonly impact: Impact;
  /** The stricter of those in force and those proposed. */
  readonly limits: Limits;
  readonly applied: Applied;
  /** Members of the scope whom the change leaves without any kind to enroll. */
  readonly stranded: Stranded | undefined;
  readonly now: Instant;
}

/** A guard of one scope: a verdict, or nothing where it has nothing to say. */
export type ScopeGuard = (question: ScopeQuestion) => Verdict | undefined;

/** What lifts a refusal, in the words that renderers know where the override itself stands beneath. */
export const LIFT = 'lift it with the GuardOverride that padlock plan --print-overrides writes';

/** A refusal with its data and remedy. */
export function refused(guard: GuardName, scope: string, message: string, remedy: string, data: Json): Verdict {
  return { guard, scope, outcome: 'refused', message, remedy, data };
}

/** A verdict that holds nothing. */
export function passed(guard: GuardName, scope: string, message: string, data: Json, outcome: 'passed' | 'note' = 'passed'): Verdict {
  return { guard, scope, outcome, message, remedy: '', data };
}

/** A refusal that a declared override lifts: same scope, guard and digest, not expired. The whole digest: a part of one can be met on purpose. */
export function withOverrides(verdict: Verdict, digest: string, overrides: readonly DeclaredOverride[], now: Instant): Verdict {
  const judged = { ...verdict, digest };
  if (judged.outcome !== 'refused') return judged;
  const lifts = overrides.find((o) => o.scope === verdict.scope && o.guard === verdict.guard && digest === o.digest && now < o.expiresAt);
  if (lifts === undefined) return judged;
  return { ...judged, outcome: 'overridden', remedy: `overridden by ${lifts.name}: ${lifts.reason}` };
}

/**
 * `75 %`, rounded down: a share never looks larger than it is. With as many decimals as it takes not to look like a `limit`
 * that it is above: `25.4 %`, limit 25 %.
 */
export function share(part: number, whole: number, limit?: number): string {
  const all = Math.max(whole, 1);
  const above = limit !== undefined && 100 * part > limit * all;
  for (let scale = 1; ; scale *= 10) {
    const shown = Math.floor((100 * scale * part) / all) / scale;
    if (!above || shown > limit) return `${shown} %`;
  }
}
