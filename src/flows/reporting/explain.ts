import type { Explained, ExplainedMembership } from '../../core/report/explain.ts';
import { judgeMember } from '../judged.ts';
import { personCalled } from '../known.ts';
import type { World } from '../world.ts';

/** What holds for one person, scope by scope, by the one requirement function. `store/unknown-user` when nobody is called so, `store/ambiguous-user` when several are. */
export function explainFlow(world: World, options: { readonly account?: string; readonly user: string }): Promise<Explained> {
  const now = world.clock.now();
  return world.store.read(async (reader) => {
    const person = await personCalled(reader, options.account, options.user);
    const { terms, obligations } = await reader.applied();
    const scopes = await reader.scopes(person.account);
    const memberships = person.memberships.flatMap((member): ExplainedMembership[] => {
      const facts = scopes.find((s) => s.scope === member.scope);
      if (facts === undefined) return [];
      // As lists judge: the last recorded proofs count only for people without a local password.
      const proofs = member.localPassword ? [] : member.proofs;
      const requirement = judgeMember(member, proofs, terms, obligations, now);
      return [{ facts, role: member.role, kinds: member.kinds, requirement }];
    });
    return { now, person: { userId: person.id, externalId: person.externalId, address: person.address, name: person.name }, memberships };
  });
}
