import type { Applied } from '../../core/model/applied.ts';
import { scopeOf } from '../../core/model/scope.ts';
import type { ScopeDiff } from '../../core/plan/diff-scopes.ts';
import { type Held, heldBy, leansOnHeld, NOTHING_HELD } from '../../core/plan/held.ts';
import type { PlanInput } from '../../core/plan/input.ts';
import { type Judgement, judge } from '../../core/plan/judge.ts';
import { makePlan } from '../../core/plan/make-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { ProposedTerms, StoreReading } from '../../core/ports/store.ts';
import type { World } from '../world.ts';
import { judgeAdministrators } from './administrators.ts';
import { type ExemptionChanges, proposedExemptions, standingTerms } from './exemptions.ts';
import { strandedBy } from './stranded.ts';

/** What the store counts of a change, apart from all that is known before. */
type Counted = Pick<PlanInput, 'impact' | 'names' | 'stranded' | 'verdicts' | 'uncovered'>;

/** What is known of a change before anybody is counted. */
export type Facts = Omit<PlanInput, keyof Counted | 'exempted' | 'exempting'>;

/**
 * Counts and judges until nothing more is held: what is held is not in force, so that what goes is judged as it will come in
 * force, beside the held as it was. Each round holds more than the one before, or is the last; where nothing is held, or nothing
 * goes beside it, there is one.
 */
export async function judgePlan(
  world: World,
  reader: StoreReading,
  facts: Facts,
  exemptions: ExemptionChanges,
  cap: number | null,
): Promise<Plan> {
  let held = NOTHING_HELD;
  let judgement: Judgement | undefined;
  for (;;) {
    const exempting = exemptions.writes.map((w) => ({ document: w.document, people: w.users.length }));
    const input = { ...facts, exempting, ...(await count(world, reader, facts, exemptions, held, cap)) };
    judgement = judge(input, judgement);
    const again = leansOnHeld(judgement, held, facts.documents);
    held = heldBy(judgement);
    if (again) continue;
    const exempted = await exemptedOf(reader, facts, exemptions, held, cap);
    return makePlan({ ...input, exempted }, judgement);
  }
}

async function count(
  world: World,
  reader: StoreReading,
  { set, applied, diffs, now }: Facts,
  exemptions: ExemptionChanges,
  held: Held,
  cap: number | null,
): Promise<Counted> {
  const going = diffs.changed.filter((d) => !held.scopes.has(d.scope));
  const uncovered = exemptions.uncovered.filter((scope) => !held.exemptions.has(scopeOf(scope).account));
  const proposal = {
    scopes: proposedTerms(going, applied, uncovered),
    exemptions: proposedExemptions(
      set.channel,
      exemptions.writes.filter((w) => !held.exemptions.has(w.account)),
    ),
  };
  return {
    impact: await reader.impact(proposal, now),
    names: await reader.impactNames(proposal, now, cap),
    stranded: await strandedBy(world, reader, going, applied, proposal, now),
    verdicts: await judgeAdministrators(world, reader, going, applied),
    uncovered,
  };
}

/** The scopes that change, and those that stay and whose people lose an exemption. */
function proposedTerms(going: readonly ScopeDiff[], applied: Applied, uncovered: readonly string[]): ProposedTerms[] {
  const changing = going.filter((d) => d.action !== 'move');
  return [
    ...changing.map(({ scope, before, after, obligation }) => ({ scope, before, after, obligation })),
    ...standingTerms(applied, uncovered, new Set(changing.map((d) => d.scope))),
  ];
}

/** Whom exemptions leave unprotected beside what is held; those of one that is held itself as well, since it says what it would do. */
function exemptedOf(reader: StoreReading, { applied, diffs, now }: Facts, { writes }: ExemptionChanges, held: Held, cap: number | null) {
  const named = writes.flatMap(({ document, users }) => users.map(({ userId }) => ({ document, userId })));
  const going = diffs.changed.filter((d) => !held.scopes.has(d.scope));
  return reader.exempted(proposedTerms(going, applied, []), named, now, cap);
}
