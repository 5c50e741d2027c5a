import type { MfaPolicyRules } from '../../core/documents/schema.ts';
import type { ResolvedActor } from '../../core/model/actor.ts';
import type { Applied } from '../../core/model/applied.ts';
import type { Terms } from '../../core/model/terms.ts';
import type { GuardName, Verdict } from '../../core/model/verdict.ts';
import type { Instant } from '../../core/model/words.ts';
import { digestOf } from '../../core/plan/digest.ts';
import { withOverrides } from '../../core/plan/guards/guard.ts';
import { resetsVerdict } from '../../core/plan/guards/resets.ts';
import type { ResetChange } from '../../core/plan/plan.ts';
import { decideReset } from '../../core/plan/resets.ts';
import { judgingLimits } from '../../core/policy/limits.ts';
import type { DeclaredReset, PolicySet } from '../../core/policy/policy-set.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { StoreWriting } from '../../core/ports/store-writing.ts';
import { rightTo } from '../../core/rights/rights.ts';
import type { World } from '../world.ts';
import { judgeResetAdministrators } from './administrators.ts';
import { denied } from './denied.ts';

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
  const decide = await decider(world, reader, input, now);
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
    const ids = going.flatMap((request) => request.found?.id ?? []);
    const administrators = await judgeResetAdministrators(world, reader, account, ids, input.applied, input.proposed);
    if (administrators !== undefined) judge(administrators, going, await ofAdministrators(reader, account, going));
  }
  return { changes: first.map(({ request, change }) => (held.has(request) ? decide(request, held.get(request)) : change)), verdicts };
}

/** Decides one request after the other, by what the store knows of all of them. */
async function decider(world: World, reader: StoreReading, { set, applied, proposed, actors }: ResetInput, now: Instant) {
  const known = new Map((await reader.knownResets(set.resets)).map((k) => [`${k.account} ${k.requestId}`, k]));
  const memberships = Map.groupBy(await reader.membershipsOf(set.resets.flatMap((r) => r.found?.id ?? [])), (m) => m.userId);
  const terms = Map.groupBy([...applied.terms, ...proposed], (t) => t.scope);
  return (request: DeclaredReset, heldBy?: GuardName): ResetChange => {
    const user = request.found?.id ?? -1;
    const of = memberships.get(user) ?? [];
    const before = known.get(`${request.account} ${request.requestId}`);
    const actor = actors.get(request.account) ?? nobody(world, request.account);
    const role = of.find((m) => m.scope === request.account)?.role ?? null;
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

/** Of some requests, those of an account's own administrators. */
async function ofAdministrators(reader: StoreReading, account: string, requests: readonly DeclaredReset[]): Promise<DeclaredReset[]> {
  const memberships = await reader.membershipsOf(requests.flatMap((r) => r.found?.id ?? []));
  const ids = new Set(memberships.filter((m) => m.scope === account && m.role === 'Administrator').map((m) => m.userId));
  return requests.filter((r) => r.found !== undefined && ids.has(r.found.id));
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
      approved,
      approverId,
      requestedAt,
      actor,
    });
    if (!done) continue;
    recorded += 1;
    const detail = { requestId, outcome, reason, factorsRemoved, user: userId, approver: approverId };
    await transaction.audit([{ account, at: now, actor, act: `reset.${outcome.toLowerCase()}`, target: requestId, detail }]);
  }
  return recorded;
}

/** The stricter of the limit in force and the one that comes. */
function limitOf({ applied, proposed }: ResetInput, account: string): number {
  const rulesOf = (terms: readonly Terms[]) => terms.find((t) => t.scope === account)?.rules as MfaPolicyRules | undefined;
  const inForce = rulesOf(applied.terms);
  return judgingLimits(inForce, rulesOf(proposed) ?? inForce).resets;
}

function nobody(world: World, account: string): ResolvedActor {
  return { ...world.actor, account, userId: null, role: null, bound: false, bootstrap: false };
}
