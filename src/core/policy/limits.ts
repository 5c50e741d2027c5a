import type { GuardLimits, MfaPolicyRules } from '../documents/schema.ts';

/** A scope's guard limits as numbers; percentages from 0 to 100. */
export interface Limits {
  readonly administrators: number;
  readonly overdueAtOnce: number;
  readonly cannotEnroll: number;
  readonly resets: number;
  readonly directory: number;
}

/** What holds where a policy says nothing. */
export const DEFAULT_LIMITS: Limits = { administrators: 1, overdueAtOnce: 25, cannotEnroll: 0, resets: 10, directory: 25 };

/** The limits of some rules, defaults filled in. */
export function limitsOf(guards: GuardLimits | undefined): Limits {
  return {
    administrators: guards?.administrators ?? DEFAULT_LIMITS.administrators,
    overdueAtOnce: percent(guards?.overdueAtOnce) ?? DEFAULT_LIMITS.overdueAtOnce,
    cannotEnroll: guards?.cannotEnroll ?? DEFAULT_LIMITS.cannotEnroll,
    resets: guards?.resets ?? DEFAULT_LIMITS.resets,
    directory: percent(guards?.directory) ?? DEFAULT_LIMITS.directory,
  };
}

/** Limits in canonical form: those that are not the default's; undefined when none is left. */
export function canonicalLimits(guards: GuardLimits | undefined): GuardLimits | undefined {
  const limits = limitsOf(guards);
  const said = Object.entries(guards ?? {}).filter(([key]) => limits[key as keyof Limits] !== DEFAULT_LIMITS[key as keyof Limits]);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/**
 * The limits that judge a change: a scope's first policy by its own, a later one by the stricter of those in force and
 * those proposed, so that no change can loosen the guard that judges it.
 */
export function judgingLimits(before: MfaPolicyRules | undefined, after: MfaPolicyRules | undefined): Limits {
  const proposed = limitsOf(after?.guards);
  if (before === undefined) return proposed;
  const inForce = limitsOf(before.guards);
  if (after === undefined) return inForce;
  return {
    administrators: Math.max(inForce.administrators, proposed.administrators),
    overdueAtOnce: Math.min(inForce.overdueAtOnce, proposed.overdueAtOnce),
    cannotEnroll: Math.min(inForce.cannotEnroll, proposed.cannotEnroll),
    resets: Math.min(inForce.resets, proposed.resets),
    directory: Math.min(inForce.directory, proposed.directory),
  };
}

function percent(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text.slice(0, -1));
}
