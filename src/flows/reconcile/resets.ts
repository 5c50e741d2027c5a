import type { ResolvedActor } from '../../core/model/actor.ts';
import type { Applied, MembershipOf } from '../../core/model/applied.ts';
import type { Terms } from '../../core/model/terms.ts';
import type { GuardName, Verdict } from '../../core/model/verdict.ts';
import type { Instant, Role } from '../../core/model/words.ts';
import { digestOf } from '../../core/plan/digest.ts';
import { withOverrides } from '../../core/plan/guards/guard.ts';
import { resetsVerdict } from '../../core/plan/guards/resets.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { decideReset } from '../../core/plan/resets.ts';
import { judgingLimits } from '../../core/policy/limits.ts';
import type { DeclaredReset, PolicySet } from '../../core/policy/policy-set.ts';
import { rulesOf } from '../../core/policy/rules.ts';
import type { StoreReading, StoreTransaction } from '../../core/ports/store.ts';
import { rightTo } from '../../core/rights/rights.ts';
import { denied } from '../authorize.ts';
import { keepsFactorsElsewhere } from '../enforcing.ts';
import type { World } from '../world.ts';
import { judgeResetAdministrators } from './administrators.ts';

const DAY = 24 * 60 * 60 * 1000;

/** What requests are decided by, besides the store. */
export interface ResetInput {
  readonly set: Pick<PolicySet, 'resets' | 'overrides'>;
  readonly applied: Applied;
  /** Terms that come in force with the requests. */
  readonly proposed: readonly Terms[];
  readonly actors: ReadonlyMap<string, ResolvedActor>;
}

/**
 * What becomes of every declared request now, and the verdicts of the guards `resets` and `administrators` on each account: of
 * those that could be executed, only as many as there is room for, in the order of their ids, and none of an
 * administrator where too few would be left who can sign in.
 */
export async function planResets(
  world: World,
  reader: StoreReading,
  input: ResetInput,
  now: Instant,
): Promise<{ changes: ResetChange[]; verdicts: Verdict[] }> {
  const { resets, overrides } = input.set;
  if (resets.length === 0) return { changes: [], verdicts: [] };
  const found = await reader.membershipsOf(resets.flatMap((r) => r.found?.id ?? []));
  const memberships = Map.groupBy(found, (m) => m.userId);
  const administers = (request: DeclaredReset) => roleIn(memberships, request) === 'Administrator';
  const decide = await decider(world, reader, input, memberships, now);
  const requests = [...resets].sort((a, b) => (a.requestId < b.requestId ? -1 : 1));
  const first = requests.map((request) => ({ request, change: decide(request) }));
  const ready = Map.groupBy(
    first.filter(({ change }) => !change.settled && change.outcome === 'Executed'),
    ({ request }) => request.account,
  );
  const executed = await reader.resetsSince(now - DAY);
  const verdicts: Verdict[] = [];
  const held = new Map<DeclaredReset, GuardName>();
  const judge = (verdict: Verdict, wanted: readonly DeclaredReset[], holds: readonly DeclaredReset[]) => {
    const digest = digestOf({
      guard: verdict.guard,
      account: verdict.scope,
      resets: wanted.map((r) => [r.requestId, r.found?.id ?? null]),
    });
    const judged = withOverrides(verdict, digest, overrides, now);
    verdicts.push(judged);
    if (judged.outcome === 'refused') for (const request of holds) held.set(request, judged.guard);
  };
  for (const [account, decided] of ready) {
    const wanted = decided.map(({ request }) => request);
    const [before, limit] = [executed.get(account) ?? 0, limitOf(input, account)];
    judge(resetsVerdict(account, before, wanted.length, limit), wanted, wanted.slice(Math.max(0, limit - before)));
    const going = wanted.filter((request) => !held.has(request));
    const taken = going.filter(administers);
    if (taken.length === 0) continue;
    const ids = taken.flatMap((request) => request.found?.id ?? []);
    const administrators = await judgeResetAdministrators(world, reader, account, ids, input.applied, input.proposed);
    if (administrators !== undefined) judge(administrators, going, taken);
  }
  return { changes: first.map(({ request, change }) => (held.has(request) ? decide(request, held.get(request)) : change)), verdicts };
}

/** Decides one request after the other, by what the store knows of all of them. */
async function decider(
  world: World,
  reader: StoreReading,
  { set, applied, proposed, actors }: ResetInput,
  memberships: ReadonlyMap<number, readonly MembershipOf[]>,
  now: Instant,
) {
  const known = new Map((await reader.knownResets(set.resets)).map((k) => [`${k.account} ${k.requestId}`, k]));
  const terms = Map.groupBy([...applied.terms, ...proposed], (t) => t.scope);
  return (request: DeclaredReset, heldBy?: GuardName): ResetChange => {
    const user = request.found?.id ?? -1;
    const of = memberships.get(user) ?? [];
    const before = known.get(`${request.account} ${request.requestId}`);
    const actor = actors.get(request.account) ?? nobody(world, request.account);
    const role = roleIn(memberships, request);
    return decideReset(request, {
      known: before,
      terms: of.flatMap((m) => terms.get(m.scope) ?? []),
      actorId: actor.userId,
      right: rightTo(actor, { act: 'reset', user, role }, world.rights),
      approval: rightTo(actor, { act: 'approve-reset', user, requester: before?.requesterId ?? null }, world.rights),
      now,
      ...(heldBy !== undefined && { heldBy }),
    });
  };
}

/** The role that a request's person has in the account itself. */
function roleIn(memberships: ReadonlyMap<number, readonly MembershipOf[]>, { account, found }: DeclaredReset): Role | null {
  const of = found === undefined ? [] : (memberships.get(found.id) ?? []);
  return of.find((m) => m.scope === account)?.role ?? null;
}

/**
 * Carries out in the store what was decided, and records every outcome that is not settled yet; whoever is reset is told by mail. Gives how many
 * were new. `rights/denied` for an actor who is nobody in the account: such a one leaves no request behind, not even a refused one.
 */
export async function applyResets(
  world: Pick<World, 'enforcers'>,
  applied: Applied,
  transaction: StoreTransaction,
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
    const { requestId, account, userId, outcome, reason, user, approved, approverId } = change;
    if (actor.role === null) {
      throw denied(actor, `${actor.channel} "${actor.subject}" is no enabled member of ${account}`, 'nothing was applied');
    }
    const requestedAt = Math.min(request.requestedAt, now);
    const { done, factorsRemoved } = await transaction.putReset({
      requestId,
      account,
      userId,
      called: user,
      outcome,
      reason,
      asked: request.reason,
      expiresAt: request.expiresAt,
      approved,
      approverId,
      requestedAt,
      actor,
      elsewhere: keepsFactorsElsewhere(world, applied, account),
    });
    if (!done) continue;
    recorded += 1;
    if (outcome === 'Executed' && userId !== null) await transaction.notify(userId, 'reset', { at: now });
    const detail = { requestId, outcome, reason, factorsRemoved, user: userId, approver: approverId };
    await transaction.audit([{ account, at: now, actor, act: `reset.${outcome.toLowerCase()}`, target: requestId, detail }]);
  }
  return recorded;
}

/** The stricter of the limit in force and the one that comes. */
function limitOf({ applied, proposed }: ResetInput, account: string): number {
  const own = (terms: readonly Terms[]) => rulesOf(terms.find((t) => t.scope === account));
  const inForce = own(applied.terms);
  return judgingLimits(inForce, own(proposed) ?? inForce).resets;
}

function nobody(world: World, account: string): ResolvedActor {
  return { ...world.actor, account, userId: null, role: null, bound: false, bootstrap: false };
}
