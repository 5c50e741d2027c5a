import type { ScopeFacts } from '../core/model/findings.ts';
import type { MemberFacts, PersonFacts } from '../core/model/person.ts';
import type { Proof, Requirement } from '../core/model/requirement.ts';
import type { Obligation, Terms } from '../core/model/terms.ts';
import type { Instant } from '../core/model/words.ts';
import { judge } from '../core/policy/requirement.ts';
import type { ExplainedMembership } from '../core/report/explain.ts';

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

/** What holds for each membership of somebody, as lists judge: the last recorded proofs count only for people without a local password. */
export function explained(
  { memberships }: Pick<PersonFacts, 'memberships'>,
  scopes: readonly ScopeFacts[],
  terms: readonly Terms[],
  obligations: readonly Obligation[],
  now: Instant,
): ExplainedMembership[] {
  return memberships.flatMap((member): ExplainedMembership[] => {
    const facts = scopes.find(({ scope }) => scope === member.scope);
    if (facts === undefined) return [];
    const requirement = judgeMember(member, member.localPassword ? [] : member.proofs, terms, obligations, now);
    return [{ facts, role: member.role, kinds: member.kinds, requirement }];
  });
}
