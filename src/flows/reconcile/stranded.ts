import type { Applied, Stranded } from '../../core/model/applied.ts';
import { maskOf } from '../../core/model/demand.ts';
import { type ScopeKey, scopeOf } from '../../core/model/scope.ts';
import type { Instant } from '../../core/model/words.ts';
import type { ScopeDiff } from '../../core/plan/diff-scopes.ts';
import { mayStrand } from '../../core/plan/guards/cannot-enroll.ts';
import type { Proposal, StoreReading } from '../../core/ports/store.ts';
import type { World } from '../world.ts';

/**
 * Whom the changes leave without a kind to enroll. People are looked at only in accounts whose enforcer makes them enroll, and
 * only where some scope's terms, as they will be, allow less than it can enroll: elsewhere nobody can be stranded.
 */
export async function strandedBy(
  world: World,
  reader: StoreReading,
  diffs: readonly ScopeDiff[],
  applied: Applied,
  proposal: Proposal,
  now: Instant,
): Promise<Stranded[]> {
  const changed = new Map(diffs.map((diff) => [diff.scope, diff.after]));
  const terms = [...applied.terms.filter((t) => !changed.has(t.scope)), ...diffs.flatMap((diff) => diff.after ?? [])];
  const touched = new Set(proposal.scopes.map((p) => scopeOf(p.scope).account));
  const enrollable = new Map(
    applied.accounts.flatMap(({ account, enforcer }) => {
      const { enrolls, enforcesAccount } = world.enforcers[enforcer].capabilities;
      return touched.has(account) && enforcesAccount ? [[account, maskOf(enrolls)] as const] : [];
    }),
  );
  const kindsFor = (scope: ScopeKey) => enrollable.get(scopeOf(scope).account) ?? 0;
  const narrow = terms.filter((t) => enrollable.has(scopeOf(t.scope).account) && mayStrand([t], kindsFor));
  const accounts = new Set(narrow.map((t) => scopeOf(t.scope).account));
  const asked = new Map([...enrollable].filter(([account]) => accounts.has(account)));
  return asked.size === 0 ? [] : reader.stranded(proposal, asked, now);
}
