import type { ExemptedName } from '../model/applied.ts';
import type { ScopeKey } from '../model/scope.ts';
import { judgingLimits } from '../policy/limits.ts';
import { rulesOf } from '../policy/rules.ts';
import type { PlanInput } from './input.ts';
import type { Exempted } from './plan.ts';

/**
 * Whom each exemption that comes or changes leaves unprotected. No guard asks: an exemption has an end and a right of its own. A
 * scope is told as a warning where one exemption takes more of those who have no factor than may become overdue at once; that of
 * one person is never.
 */
export function exemptedBy(input: Pick<PlanInput, 'exempted' | 'exempting' | 'diffs' | 'applied'>): Exempted[] {
  const limits = limitOf(input);
  return input.exempting
    .filter(({ people }) => people > 0)
    .map(({ document, people }) => {
      const hit = Map.groupBy(
        input.exempted.filter((name) => name.document === document),
        (name) => name.scope,
      );
      return { document, people, scopes: [...hit].map(([scope, names]) => scopeOfNames(scope, names, limits(scope))) };
    });
}

function scopeOfNames(scope: ScopeKey, names: readonly ExemptedName[], limit: number): Exempted['scopes'][number] {
  const { people = 0, open = 0, lite = 0, administrators = 0 } = names[0] ?? {};
  const apart = [
    { role: 'Lite', count: lite },
    { role: 'Administrator', count: administrators },
  ] as const;
  return {
    scope,
    people,
    open,
    apart: apart.filter(({ count }) => count > 0),
    names: names.map(({ user, role }) => ({ user, role })),
    limit,
    warns: people > 1 && people * 100 > limit * open,
  };
}

function limitOf({ diffs, applied }: Pick<PlanInput, 'diffs' | 'applied'>): (scope: ScopeKey) => number {
  const changed = new Map(diffs.changed.map((d) => [d.scope, d]));
  const inForce = new Map(applied.terms.map((t) => [t.scope, t]));
  return (scope) => {
    const diff = changed.get(scope);
    const before = rulesOf(diff === undefined ? inForce.get(scope) : diff.reviewed);
    return judgingLimits(before, rulesOf(diff?.after) ?? before).overdueAtOnce;
  };
}
