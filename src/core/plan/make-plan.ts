import { documentDigest, liftedDigests, peopleDigest, planDigest } from './digest.ts';
import { exemptedBy } from './exempted.ts';
import type { PlanInput } from './input.ts';
import { changes, type Judgement, judge } from './judge.ts';
import type { Plan } from './plan.ts';
import { isExemptionIn } from './uncovered.ts';

/** Makes the plan: guards judge, what they refuse is held, and everything gets its digest. Pure. */
export function makePlan(input: PlanInput, judgement: Judgement = judge(input)): Plan {
  const { scopes, exemptionsHeld } = judgement;
  const others = input.documents.filter((d) => d.kind !== 'MfaPolicy' && d.action !== 'none');
  const counted = [...scopes.filter(changes), ...others.filter((d) => d.action !== 'move')];
  const heldDocuments = others.filter((d) => isExemptionIn(d, exemptionsHeld));
  const verdicts = [...judgement.uncovered, ...judgement.accounts, ...input.resetVerdicts];
  const lifted = liftedDigests([...scopes.flatMap((s) => s.verdicts), ...verdicts]);
  return {
    now: input.now,
    scopes,
    documents: input.documents.filter((d) => d.action !== 'none'),
    exemptionsHeld,
    exempted: exemptedBy(input),
    resets: input.resets,
    verdicts,
    unknownUsers: input.set.unknownUsers,
    unboundUsers: input.unboundUsers,
    counts: {
      changes: counted.length,
      held: scopes.filter((s) => s.held).length + heldDocuments.length,
      unchanged: input.diffs.unchanged + scopes.filter((s) => s.action === 'move').length,
    },
    digest: planDigest([...scopes.map((s) => s.digest), ...others.map(documentDigest), peopleDigest(input.set), ...lifted]),
  };
}
