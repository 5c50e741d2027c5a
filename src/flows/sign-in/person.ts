import type { Asked, SignInFacts } from '../../core/authentication/steps.ts';
import { allowedFor, type KindMask } from '../../core/model/demand.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { MemberFacts, PersonFacts } from '../../core/model/person.ts';
import type { Proof, Requirement } from '../../core/model/requirement.ts';
import type { ScopeKey } from '../../core/model/scope.ts';
import type { Factor, SignInState } from '../../core/model/sign-in.ts';
import type { Obligation, Terms } from '../../core/model/terms.ts';
import type { Instant, Role } from '../../core/model/words.ts';
import { rulesOf } from '../../core/policy/rules.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { judgeMember } from '../judged.ts';
import type { SignInWorld } from './world.ts';

/** A person as a sign-in sees them: read anew at every step, so that nothing rests on what was true before. */
export interface Someone {
  readonly person: PersonFacts;
  readonly state: SignInState;
  /** Enabled, no service account, a member of something that this portal enforces. */
  readonly canSignIn: boolean;
  readonly factors: readonly Factor[];
  readonly facts: SignInFacts;
  readonly terms: readonly Terms[];
  readonly obligations: readonly Obligation[];
}

/** Loads a person with everything that decides about them now; undefined: there is no such person. */
export async function load(world: SignInWorld, reader: StoreSignIn, userId: number, now: Instant): Promise<Someone | undefined> {
  const [person, state] = [await reader.personOf(userId), await reader.signInState(userId)];
  if (person === undefined || state === undefined) return undefined;
  const { terms, obligations } = await reader.termsOf(person.memberships.map(({ scope }) => scope));
  const factors = await reader.factorsOf(userId);
  const asked = person.memberships.map((member) => askedOf(member, terms, obligations, now));
  return {
    person,
    state,
    canSignIn: world.signsIn(person.enforcer) && person.memberships.some(({ enabled, service }) => enabled && !service),
    factors,
    facts: { asked, kinds: state.kinds ?? 0, enrollable: world.enrollable },
    terms,
    obligations,
  };
}

/** The same person, who must be there: they were a moment ago, in the same transaction. */
export async function loadAgain(world: SignInWorld, reader: StoreSignIn, userId: number, now: Instant): Promise<Someone> {
  const someone = await load(world, reader, userId, now);
  if (someone === undefined) throw new PadlockError('internal/unexpected', `user ${userId} is gone`);
  return someone;
}

/** The local door proves nothing upstream: it passes no proof. */
const NO_PROOFS: readonly Proof[] = [];

function askedOf(member: MemberFacts, terms: readonly Terms[], obligations: readonly Obligation[], now: Instant): Asked {
  const own = terms.find(({ scope }) => scope === member.scope);
  const rules = rulesOf(own);
  return {
    scope: member.scope,
    requirement: judgeMember(member, NO_PROOFS, terms, obligations, now),
    allowed: own === undefined ? 0 : allowedFor(own.demand, member.role),
    token: rules?.enrollment === 'Token',
    revokes: rules?.existingSessions === 'Revoke',
  };
}

/** What each membership would ask of somebody who had these kinds alone. */
export function askedWith(
  someone: Someone,
  kinds: KindMask,
  now: Instant,
): { readonly scope: ScopeKey; readonly requirement: Requirement }[] {
  return someone.person.memberships.map((member) => ({
    scope: member.scope,
    requirement: judgeMember({ ...member, kinds }, NO_PROOFS, someone.terms, someone.obligations, now),
  }));
}

/** The role that somebody has in a scope; undefined: none. */
export function roleIn(someone: Someone, scope: ScopeKey): Role | undefined {
  return someone.person.memberships.find((member) => member.scope === scope)?.role;
}
