import { bearerHash } from '../../core/authentication/bearer.ts';
import { attemptStands } from '../../core/authentication/sessions.ts';
import { nextStep, type Step } from '../../core/authentication/steps.ts';
import type { Attempt } from '../../core/model/sign-in.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { load, type Someone } from './person.ts';
import type { SignInWorld } from './world.ts';

/** A half-done sign-in that stands, with its person and what it needs next. */
export interface OpenAttempt {
  readonly attempt: Attempt;
  readonly someone: Someone;
  readonly step: Step;
}

/** The half-done sign-in of a bearer; undefined: there is none, or it is over, and the way is back to the password. */
export async function openAttempt(world: SignInWorld, reader: StoreSignIn, token: string, now: Instant): Promise<OpenAttempt | undefined> {
  const attempt = await reader.attempt(bearerHash(token));
  if (attempt === undefined) return undefined;
  const someone = await load(world, reader, attempt.userId, now);
  if (someone === undefined || !attemptStands(attempt, someone.state, someone.canSignIn, world.limits, now)) return undefined;
  return { attempt, someone, step: nextStep(someone.facts, attempt.proven, attempt.tokenShown) };
}
