import type { PadlockDocument } from '../../core/documents/document.ts';
import type { MfaPolicyRules } from '../../core/documents/schema.ts';
import type { ResolvedActor } from '../../core/model/actor.ts';
import type { Applied } from '../../core/model/applied.ts';
import { maskOf } from '../../core/model/demand.ts';
import { PadlockError } from '../../core/model/errors.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { Channel, Instant } from '../../core/model/words.ts';
import { diffDocuments } from '../../core/plan/diff-documents.ts';
import { diffScopes, type ScopeDiff, type ScopeDiffs } from '../../core/plan/diff-scopes.ts';
import { administratorsVerdict } from '../../core/plan/guards/administrators.ts';
import { makePlan } from '../../core/plan/make-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { judgingLimits } from '../../core/policy/limits.ts';
import { compileSet, namedUsers, type PolicySet } from '../../core/policy/policy-set.ts';
import type { AdministratorQuestion, ProposedTerms, StoreReading } from '../../core/ports/store.ts';
import type { ExemptionWrite } from '../../core/ports/store-writing.ts';
import type { World } from '../world.ts';
import { exemptionWrites, proposedExemptions } from './exemptions.ts';
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
  const documents = diffDocuments(set, applied.documents);
  const diffs = diffScopes(set, documents, applied, now);
  const exemptions = await exemptionWrites(reader, set, documents, now);
  const scopes = diffs.changed.filter((d) => d.action !== 'move').map(proposedTerms);
  const proposal = { scopes, exemptions: proposedExemptions(set.channel, exemptions) };
  const impact = await reader.impact(proposal, now);
  const names = await reader.impactNames(proposal, now, options.names);
  const actors = await actorsOf(world, reader, set, diffs);
  const resets = await planResets(world, reader, set, applied, actors, now);
  const verdicts = [...(await judgeAdministrators(world, reader, diffs, set, applied)), ...resets.verdicts];
  const plan = makePlan({ set, applied, documents, diffs, impact, names, verdicts, resets: resets.changes, now });
  return { plan, set, diffs, applied, actors, exemptions };
}

function proposedTerms(diff: ScopeDiff): ProposedTerms {
  return { scope: diff.scope, before: diff.before, after: diff.after, obligation: diff.obligation };
}

/** The actor resolved in every account that the documents touch. */
async function actorsOf(world: World, reader: StoreReading, set: PolicySet, diffs: ScopeDiffs): Promise<Map<string, ResolvedActor>> {
  const reports = set.declared.filter((d) => d.kind === 'ComplianceReport').flatMap((d) => d.spec['accounts'] as readonly string[]);
  const touched = [...diffs.changed.map((d) => scopeOf(d.scope).account), ...set.resets.map((r) => r.account), ...reports];
  const declared = set.declared.flatMap((d) => d.account ?? []);
  const actors = new Map<string, ResolvedActor>();
  for (const account of new Set([...touched, ...declared])) {
    actors.set(account, await reader.resolveActor(account, world.actor.channel, world.actor.subject, world.actorUser));
  }
  return actors;
}

/** Whether enough administrators of each changed account can still sign in, by the account's terms as they will be. */
async function judgeAdministrators(world: World, reader: StoreReading, diffs: ScopeDiffs, set: PolicySet, applied: Applied) {
  const changed = diffs.changed.filter((d) => d.action !== 'move' && d.action !== 'orphan');
  const accounts = [...new Set(changed.map((d) => scopeOf(d.scope).account))].sort();
  const limits = new Map<string, number>();
  const questions = accounts.flatMap((account): AdministratorQuestion[] => {
    const diff = diffs.changed.find((d) => d.scope === account);
    const policy = diffs.policies.find((p) => p.scope === account);
    // A MyGlue policy whose account has none of its own asks nothing of administrators.
    const terms = diff === undefined ? applied.terms.find((t) => t.scope === account) : diff.after;
    const rules = terms?.rules as MfaPolicyRules | undefined;
    if (rules === undefined) return [];
    limits.set(account, judgingLimits(diff?.before?.rules as MfaPolicyRules | undefined, rules).administrators);
    const enforcer = world.enforcers[applied.accounts.find((a) => a.account === account)?.enforcer ?? 'none'];
    const glass = (policy?.spec.breakGlass ?? []).flatMap((called) => set.users.get(`${account} ${called}`)?.id ?? []);
    return [
      {
        account,
        demand: terms?.demand ?? 0,
        enforced: (terms?.requireMfa ?? false) && !(terms?.reportOnly ?? false) && enforcer.enforcesAccount,
        enrollable: rules.enrollment === 'Token' ? 0 : maskOf(enforcer.enrolls),
        breakGlass: glass,
      },
    ];
  });
  const able = await reader.administrators(questions);
  return questions.map((q) => administratorsVerdict(q.account, able.get(q.account) ?? 0, limits.get(q.account) ?? 1));
}
