import type { MemberFacts } from '../core/model/person.ts';
import type { Proof, Requirement } from '../core/model/requirement.ts';
import type { Obligation, Terms } from '../core/model/terms.ts';
import type { Instant } from '../core/model/words.ts';
import { judge } from '../core/policy/requirement.ts';

/**
 * What holds for one membership now, by the one requirement function: whoever blocks or lists asks it here. `proofs`: what a session
 * proved upstream, or the last recorded ones for a list.
 */
export function judgeMember(
  member: MemberFacts,
  proofs: readonly Proof[],
  terms: readonly Terms[],
  obligations: readonly Obligation[],
  now: Instant,
): Requirement {
  const { role, enabled, service, kinds, joined, exemptions } = member;
  return judge(
    { role, enabled: enabled && !service, kinds, joined, exemptions, proofs },
    terms.find(({ scope }) => scope === member.scope),
    obligations.filter(({ scope }) => scope === member.scope),
    now,
  );
}
