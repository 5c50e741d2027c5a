import type { ResolvedActor } from '../../core/model/actor.ts';
import type { Applied } from '../../core/model/applied.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { Instant } from '../../core/model/words.ts';
import { digestOf } from '../../core/plan/digest.ts';
import { withOverrides } from '../../core/plan/guards/guard.ts';
import { resetsVerdict } from '../../core/plan/guards/resets.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { decideReset } from '../../core/plan/resets.ts';
import { limitsOf } from '../../core/policy/limits.ts';
import type { DeclaredReset, PolicySet } from '../../core/policy/policy-set.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreWriting } from '../../core/ports/store-writing.ts';
import { rightTo } from '../../core/rights/rights.ts';
import type { World } from '../world.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * What becomes of every declared request now, and the verdict of the `resets` guard on each account: of those that could be
 * executed, only as many as there is room for, in the order of their ids.
 */
export async function planResets(
  world: World,
  reader: StoreReading,
  set: Pick<PolicySet, 'resets' | 'overrides'>,
  applied: Applied,
  actors: ReadonlyMap<string, ResolvedActor>,
  now: Instant,
): Promise<{ changes: ResetChange[]; verdicts: Verdict[] }> {
  if (set.resets.length === 0) return { changes: [], verdicts: [] };
  const known = new Map((await reader.knownResets(set.resets)).map((k) => [`${k.account} ${k.requestId}`, k]));
  const memberships = Map.groupBy(await reader.membershipsOf(set.resets.flatMap((r) => r.found?.id ?? [])), (m) => m.userId);
  const executed = await reader.resetsSince(now - DAY);
  const decide = (request: DeclaredReset, room: boolean) => {
    const of = memberships.get(request.found?.id ?? -1) ?? [];
    const before = known.get(`${request.account} ${request.requestId}`);
    const actor = actors.get(request.account) ?? nobody(world, request.account);
    const user = request.found?.id ?? -1;
    const role = of.find((m) => m.scope === request.account)?.role ?? null;
    return decideReset(request, {
      known: before,
      terms: applied.terms.filter((t) => of.some((m) => m.scope === t.scope)),
      right: rightTo(actor, { act: 'reset', user, role }, world.rights),
      approval: rightTo(actor, { act: 'approve-reset', user, requester: before?.requesterId ?? null }, world.rights),
      now,
      room,
    });
  };
  const requests = [...set.resets].sort((a, b) => (a.requestId < b.requestId ? -1 : 1));
  const first = requests.map((request) => ({ request, change: decide(request, true) }));
  const ready = Map.groupBy(
    first.filter(({ change }) => !change.settled && change.outcome === 'Executed'),
    ({ request }) => request.account,
  );
  const verdicts = [...ready].map(([account, wanted]) => {
    const verdict = resetsVerdict(account, executed.get(account) ?? 0, wanted.length, limitOf(applied, account));
    const digest = digestOf({ account, resets: wanted.map(({ request }) => request.requestId) });
    return withOverrides(verdict, digest, set.overrides, now);
  });
  const held = new Set(
    verdicts
      .filter((v) => v.outcome === 'refused')
      .flatMap((v) => (ready.get(v.scope) ?? []).slice(Math.max(0, limitOf(applied, v.scope) - (executed.get(v.scope) ?? 0))))
      .map(({ request }) => request),
  );
  return { changes: first.map(({ request, change }) => (held.has(request) ? decide(request, false) : change)), verdicts };
}

/**
 * Carries out what was decided, and records every outcome that is not settled yet. Gives how many were new. `rights/denied`
 * for an actor who is nobody in the account: such a one leaves no request behind, not even a refused one.
 */
export async function applyResets(
  transaction: StoreWriting,
  requests: readonly DeclaredReset[],
  changes: readonly ResetChange[],
  actors: ReadonlyMap<string, ResolvedActor>,
  now: Instant,
): Promise<number> {
  let recorded = 0;
  for (const change of changes) {
    const request = requests.find((r) => r.requestId === change.requestId && r.account === change.account);
    const actor = actors.get(change.account);
    if (change.settled || request === undefined || actor === undefined) continue;
    const { requestId, account, userId, outcome, reason, user } = change;
    if (actor.role === null) {
      throw new PadlockError(
        'rights/denied',
        `${actor.channel} "${actor.subject}" is no enabled member of ${account}; nothing was applied`,
        {
          fix: 'let somebody with the right ask for it, or set actor.user in padlock.yaml',
        },
      );
    }
    const requestedAt = Math.min(request.requestedAt, now);
    const { done, factorsRemoved } = await transaction.putReset({
      requestId,
      account,
      userId,
      called: user,
      outcome,
      reason,
      requestedAt,
      actor,
    });
    if (!done) continue;
    recorded += 1;
    const detail = { requestId, outcome, reason, factorsRemoved, user: userId };
    await transaction.audit([{ account, at: now, actor, act: `reset.${outcome.toLowerCase()}`, target: requestId, detail }]);
  }
  return recorded;
}

function limitOf(applied: Applied, account: string): number {
  const own = applied.terms.find((t) => t.scope === account && scopeOf(t.scope).myGlueAccount === undefined);
  return limitsOf(own?.rules['guards'] as Parameters<typeof limitsOf>[0]).resets;
}

function nobody(world: World, account: string): ResolvedActor {
  return { ...world.actor, account, userId: null, role: null, bootstrap: false };
}
