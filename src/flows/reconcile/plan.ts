import type { PadlockDocument } from '../../core/documents/document.ts';
import type { ResolvedActor } from '../../core/model/actor.ts';
import type { Applied } from '../../core/model/applied.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { Channel, Instant } from '../../core/model/words.ts';
import { diffDocuments } from '../../core/plan/diff-documents.ts';
import { diffScopes, type ScopeDiffs } from '../../core/plan/diff-scopes.ts';
import { exemptionsByHand, withRepairs } from '../../core/plan/exemptions-by-hand.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { compileSet, namedUsers, type PolicySet } from '../../core/policy/policy-set.ts';
import type { StoreReading } from '../../core/ports/store.ts';
import type { ExemptionWrite } from '../../core/ports/store-writing.ts';
import { actorIn } from '../authorize.ts';
import { capabilitiesOf } from '../enforcing.ts';
import type { World } from '../world.ts';
import { exemptionChanges } from './exemptions.ts';
import { judgePlan } from './judge.ts';
import { planResets } from './resets.ts';

/** A plan with what it was computed from, for the apply that follows it in the same transaction. */
export interface Computed {
  readonly plan: Plan;
  readonly set: PolicySet;
  readonly diffs: ScopeDiffs;
  readonly applied: Applied;
  readonly actors: ReadonlyMap<string, ResolvedActor>;
  /** The exemptions that change, as they will be written. */
  readonly exemptions: readonly ExemptionWrite[];
}

export interface PlanOptions {
  readonly documents: readonly PadlockDocument[];
  readonly channel: Channel;
  /** Names of each scope and group; null: all. */
  readonly names: number | null;
}

/** Computes the plan of some documents against the store, in one snapshot; nothing is written. */
export function planFlow(world: World, options: PlanOptions): Promise<Plan> {
  const now = world.clock.now();
  return world.store.read(async (reader) => (await computePlan(world, reader, options, now)).plan);
}

/**
 * Load, compile, compare, count, judge: over a reader, so that apply does the very same inside its transaction.
 * Throws with every fault at once when the documents do not go together or with the directory.
 */
export async function computePlan(world: World, reader: StoreReading, options: PlanOptions, now: Instant): Promise<Computed> {
  const applied = await reader.applied();
  const found = await reader.findUsers(namedUsers(options.documents));
  const { set, faults } = compileSet(options.documents, applied, found, options.channel);
  const [first] = faults;
  if (first !== undefined) throw new PadlockError(first.code, first.message, { faults });
  const byHand = exemptionsByHand(applied.documents, await reader.exemptionWindows(), now);
  const documents = withRepairs(diffDocuments(set, applied.documents), byHand, set.channel);
  const diffs = diffScopes(set, documents, applied, now);
  const exemptions = await exemptionChanges(reader, set, documents, now);
  const actors = await actorsOf(world, reader, set, diffs);
  const proposed = diffs.changed.flatMap((d) => d.after ?? []);
  const resets = await planResets(world, reader, { set, applied, proposed, actors }, now);
  const facts = {
    ...{ set, applied, documents, diffs, now },
    capabilities: capabilitiesOf(world),
    resets: resets.changes,
    resetVerdicts: resets.verdicts,
    unboundUsers: exemptions.unbound,
  };
  const plan = await judgePlan(world, reader, facts, exemptions, options.names);
  return { plan, set, diffs, applied, actors, exemptions: exemptions.writes.filter((w) => !plan.exemptionsHeld.has(w.account)) };
}

/** The actor resolved in every account that the documents touch. */
async function actorsOf(world: World, reader: StoreReading, set: PolicySet, diffs: ScopeDiffs): Promise<Map<string, ResolvedActor>> {
  const reports = set.declared.filter((d) => d.kind === 'ComplianceReport').flatMap((d) => d.spec['accounts'] as readonly string[]);
  const touched = [...diffs.changed.map((d) => scopeOf(d.scope).account), ...set.resets.map((r) => r.account), ...reports];
  const declared = set.declared.flatMap((d) => d.account ?? []);
  const actors = new Map<string, ResolvedActor>();
  for (const account of new Set([...touched, ...declared])) {
    actors.set(account, await actorIn(world, reader, account));
  }
  return actors;
}
