import type { ResolvedActor } from '../../core/model/actor.ts';
import type { Applied } from '../../core/model/applied.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Instant } from '../../core/model/words.ts';
import { resetsVerdict } from '../../core/plan/guards/resets.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { decideReset } from '../../core/plan/resets.ts';
import { limitsOf } from '../../core/policy/limits.ts';
import type { DeclaredReset, PolicySet } from '../../core/policy/policy-set.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreWriting } from '../../core/ports/store-writing.ts';
import type { World } from '../world.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What becomes of every declared request now, and the verdict of the `resets` guard on each account. */
export async function planResets(
  world: World,
  reader: StoreReading,
  set: Pick<PolicySet, 'resets'>,
  applied: Applied,
  actors: ReadonlyMap<string, ResolvedActor>,
  now: Instant,
): Promise<{ changes: ResetChange[]; verdicts: Verdict[] }> {
  if (set.resets.length === 0) return { changes: [], verdicts: [] };
  const known = new Map((await reader.knownResets(set.resets)).map((k) => [`${k.account} ${k.requestId}`, k]));
  const memberships = Map.groupBy(await reader.membershipsOf(set.resets.flatMap((r) => r.found?.id ?? [])), (m) => m.userId);
  const executed = await reader.resetsSince(now - DAY);
  const wanted = new Map<string, number>();
  const changes = set.resets.map((request) => {
    const account = request.account;
    const of = memberships.get(request.found?.id ?? -1) ?? [];
    const facts = {
      known: known.get(`${account} ${request.requestId}`),
      memberships: of,
      terms: applied.terms.filter((t) => of.some((m) => m.scope === t.scope)),
      actor: actors.get(account) ?? nobody(world, account),
      rights: world.rights,
      now,
    };
    const free = decideReset(request, { ...facts, room: true });
    if (free.settled || free.outcome !== 'Executed') return free;
    wanted.set(account, (wanted.get(account) ?? 0) + 1);
    const room = (executed.get(account) ?? 0) + (wanted.get(account) ?? 0) <= limitOf(applied, account);
    return decideReset(request, { ...facts, room });
  });
  const verdicts = [...wanted].map(([account, count]) => resetsVerdict(account, executed.get(account) ?? 0, count, limitOf(applied, account)));
  return { changes, verdicts };
}

/** Carries out what was decided, and records every outcome that is not settled yet. */
export async function applyResets(
  transaction: StoreWriting,
  requests: readonly DeclaredReset[],
  changes: readonly ResetChange[],
  actors: ReadonlyMap<string, ResolvedActor>,
  now: Instant,
): Promise<void> {
  for (const change of changes) {
    const request = requests.find((r) => r.requestId === change.requestId && r.account === change.account);
    const actor = actors.get(change.account);
    if (change.settled || request === undefined || actor === undefined) continue;
    const { requestId, account, userId, outcome, reason, user } = change;
    const requestedAt = Math.min(request.requestedAt, now);
    const { done, factorsRemoved } = await transaction.putReset({ requestId, account, userId, called: user, outcome, reason, requestedAt, actor });
    if (!done) continue;
    const detail = { requestId, outcome, reason, factorsRemoved, user: userId };
    await transaction.audit([{ account, at: now, actor, act: `reset.${outcome.toLowerCase()}`, target: requestId, detail }]);
  }
}

function limitOf(applied: Applied, account: string): number {
  const own = applied.terms.find((t) => t.scope === account && scopeOf(t.scope).myGlueAccount === undefined);
  return limitsOf(own?.rules['guards'] as Parameters<typeof limitsOf>[0]).resets;
}

function nobody(world: World, account: string): ResolvedActor {
  return { ...world.actor, account, userId: null, role: null, bootstrap: false };
}
