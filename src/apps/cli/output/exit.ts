import { EXIT, type ExitCode } from '../../../core/model/errors.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { isUnmet } from '../../../core/plan/resets.ts';

/** 4 when a guard refuses, 1 when a reset request is not met, 2 when there are changes: the first that applies. */
export function planExit(plan: Plan, detailed: boolean): ExitCode {
  const verdicts = [...plan.verdicts, ...plan.scopes.flatMap((scope) => scope.verdicts)];
  if (verdicts.some((verdict) => verdict.outcome === 'refused')) return EXIT.refused;
  if (plan.resets.some(isUnmet)) return EXIT.error;
  return detailed && plan.counts.changes > 0 ? EXIT.changes : EXIT.ok;
}
