import { ERROR_CODES, EXIT, type ExitCode } from '../../../core/model/errors.ts';
import type { Carried } from '../../../core/plan/carried.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { isUnmet } from '../../../core/plan/resets.ts';

/** 4 when a guard refuses, 1 when a reset request is not met, 2 when there are changes: the first that applies. */
export function planExit(plan: Plan, detailed: boolean): ExitCode {
  const verdicts = [...plan.verdicts, ...plan.scopes.flatMap((scope) => scope.verdicts)];
  if (verdicts.some((verdict) => verdict.outcome === 'refused')) return EXIT.refused;
  if (plan.resets.some(isUnmet)) return EXIT.error;
  return detailed && plan.counts.changes > 0 ? EXIT.changes : EXIT.ok;
}

/** 1 when something that was decided here is not so at its enforcer. */
export function carriedExit({ uncarried }: Carried): ExitCode {
  return uncarried.length > 0 ? ERROR_CODES['enforcer/not-carried'] : EXIT.ok;
}

/** Of an apply: what its plan says, else what was carried. */
export function applyExit(plan: Plan, carried: Carried): ExitCode {
  const exit = planExit(plan, false);
  return exit === EXIT.ok ? carriedExit(carried) : exit;
}
