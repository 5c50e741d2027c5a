import { type KindMask, kindsOf } from '../model/demand.ts';
import type { Requirement } from '../model/requirement.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Proven } from '../model/sign-in.ts';
import type { FactorKind, Instant } from '../model/words.ts';

/** What one membership asks of its person now: judged by the one requirement function, with what its policy says besides. */
export interface Asked {
  readonly scope: ScopeKey;
  readonly requirement: Requirement;
  /** Kinds that the policy allows the role; 0: it is not asked. */
  readonly allowed: KindMask;
  /** The first set-up takes an enrollment token. */
  readonly token: boolean;
  /** Sessions that were there before are ended when the requirement bites. */
  readonly revokes: boolean;
}

/** Everything that decides how a sign-in goes on. */
export interface SignInFacts {
  readonly asked: readonly Asked[];
  /** Kinds confirmed, whether they can be checked at present or not: an unreadable factor is a factor. */
  readonly kinds: KindMask;
  /** Kinds that this portal can set up. */
  readonly enrollable: KindMask;
}

/** Where a sign-in stands. Only `session` is one; everything else is half-done. */
export type Step =
  /** One of these kinds, or a recovery code. */
  | { readonly step: 'challenge'; readonly kinds: readonly FactorKind[] }
  /** An enrollment token first. `until`: may be postponed until then; null: it may not. */
  | { readonly step: 'token'; readonly until: Instant | null }
  | { readonly step: 'set-up'; readonly kinds: readonly FactorKind[]; readonly until: Instant | null }
  /** A factor is due and none that would do can be set up here: an administrator has to help. */
  | { readonly step: 'stuck'; readonly scopes: readonly ScopeKey[] }
  | { readonly step: 'session' };

/**
 * What a sign-in needs next. The same whatever door, and asked again at every step: nothing is remembered but what was proven.
 *
 * | proven        | factors | Overdue somewhere | Pending somewhere | next                              |
 * | password      | some    | –                 | –                 | challenge, required or not         |
 * | either        | (none)  | yes               | –                 | set-up; no session before          |
 * | either        | (none)  | no                | yes               | set-up, may be postponed until then |
 * | second factor | not of an allowed kind | yes | –                 | set-up of an allowed kind          |
 * | either        |         | no                | no                | session                            |
 *
 * The first set-up of somebody without any factor takes an enrollment token, where a policy of theirs asks for one.
 */
export function nextStep(facts: SignInFacts, proven: Proven, tokenShown: boolean): Step {
  if (proven === 'password' && facts.kinds !== 0) return { step: 'challenge', kinds: kindsOf(challengeKinds(facts)) };
  const overdue = facts.asked.filter(({ requirement }) => requirement.state === 'Overdue');
  const pending = facts.asked.filter(({ requirement }) => requirement.state === 'Pending');
  const helpless = overdue.filter(({ allowed }) => (allowed & facts.enrollable) === 0);
  if (helpless.length > 0) return { step: 'stuck', scopes: helpless.map(({ scope }) => scope) };
  const due = overdue.length > 0 ? overdue : pending.filter(({ allowed }) => (allowed & facts.enrollable) !== 0);
  if (due.length === 0) return { step: 'session' };
  const until = overdue.length > 0 ? null : firstDeadline(due);
  if (facts.kinds === 0 && !tokenShown && facts.asked.some(({ token }) => token)) return { step: 'token', until };
  return { step: 'set-up', kinds: kindsOf(setUpKinds(due, overdue.length > 0 ? pending : [], facts.enrollable)), until };
}

/**
 * The kinds that answer a challenge. Whoever holds an allowed kind answers with one: a weaker one beside it opens nothing. Where none
 * that is held is allowed everywhere, any that is held does, and a set-up follows if one is due.
 */
export function challengeKinds({ asked, kinds }: Pick<SignInFacts, 'asked' | 'kinds'>): KindMask {
  const enforced = asked.filter(({ requirement }) => requirement.state === 'Satisfied' && requirement.reason === 'enrolled');
  const everywhere = enforced.reduce((mask, { allowed }) => mask & allowed, kinds);
  if (everywhere !== 0) return everywhere;
  const somewhere = enforced.reduce((mask, { allowed }) => mask | allowed, 0) & kinds;
  return somewhere === 0 ? kinds : somewhere;
}

/** Kinds that end every due requirement at once, those that end later ones too first; else any that ends one of them. */
function setUpKinds(due: readonly Asked[], later: readonly Asked[], enrollable: KindMask): KindMask {
  const all = (list: readonly Asked[]) => list.reduce((mask, { allowed }) => mask & allowed, enrollable);
  const withLater = all([...due, ...later]);
  if (withLater !== 0) return withLater;
  const together = all(due);
  return together !== 0 ? together : due.reduce((mask, { allowed }) => mask | allowed, 0) & enrollable;
}

function firstDeadline(pending: readonly Asked[]): Instant | null {
  const deadlines = pending.flatMap(({ requirement }) => requirement.deadline ?? []);
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** Whether somebody may postpone now: only while the step says so, whatever a form says. */
export function mayPostpone(step: Step, now: Instant): boolean {
  return (step.step === 'set-up' || step.step === 'token') && step.until !== null && now < step.until;
}
