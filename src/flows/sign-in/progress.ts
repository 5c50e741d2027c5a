import { BEARER_BYTES, bearerHash, bearerOf } from '../../core/authentication/bearer.ts';
import { nextStep, type Step } from '../../core/authentication/steps.ts';
import type { AuditRecord, ResolvedActor } from '../../core/model/actor.ts';
import type { ScopeKey } from '../../core/model/scope.ts';
import type { Proven, SignInMethod } from '../../core/model/sign-in.ts';
import type { Instant, Json } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import { passwordKey } from './counts.ts';
import type { Someone } from './person.ts';
import type { SignInWorld } from './world.ts';

/** Where a sign-in has come to: a new token, and what is to be done with it. `session`: it is one. */
export interface Progress {
  readonly token: string;
  readonly step: Step;
}

/** What was proven, at which door, from which browser. */
export interface Standing {
  readonly scope: ScopeKey;
  readonly proven: Proven;
  readonly method: SignInMethod;
  readonly tokenShown: boolean;
  readonly device: string;
}

/** A new token: what the bearer gets, and what the store keeps. */
export function newBearer(world: SignInWorld): { readonly token: string; readonly hash: string } {
  const token = bearerOf(world.random.bytes(BEARER_BYTES));
  return { token, hash: bearerHash(token) };
}

/**
 * Takes a sign-in further: a session when nothing more is due, else another half-done sign-in under a new token. The
 * whole of it in the transaction that took the proof: there is no session without one. `someone`: as they are now, with what the proof
 * changed of what decides (password, factors). `postponed`: what may wait does.
 */
export async function proceed(
  world: SignInWorld,
  transaction: StoreTransaction,
  someone: Someone,
  standing: Standing,
  now: Instant,
  postponed = false,
): Promise<Progress> {
  const asked = nextStep(someone.facts, standing.proven, standing.tokenShown);
  const step: Step = postponed && (asked.step === 'set-up' || asked.step === 'token') && asked.until !== null ? { step: 'session' } : asked;
  const { token, hash } = newBearer(world);
  const { id: userId, account, address } = someone.person;
  const { scope, proven, method, tokenShown, device } = standing;
  const { epoch, passwordVersion } = someone.state;
  if (step.step !== 'session') {
    await transaction.putAttempt({ hash, userId, scope, proven, method, tokenShown, epoch, passwordVersion, createdAt: now });
    return { token, step };
  }
  await transaction.putSession({ hash, userId, scope, method, epoch, createdAt: now, seenAt: now, provenAt: now, device });
  await transaction.clearCodeFailures(userId);
  if (address !== null) await transaction.clearFailures(passwordKey(account, address));
  // From now on the portal's name for the person stands for nobody else: acts of theirs are found by it.
  await transaction.bindIdentity(selfOf(someone));
  await transaction.markSignedIn(userId);
  return { token, step };
}

/** Somebody as the portal knows them: acts of theirs, for themselves or for others, are found by it. */
export function selfOf({ person }: Pick<Someone, 'person'>): ResolvedActor {
  const role = person.memberships.find(({ scope }) => scope === person.account)?.role ?? null;
  return { account: person.account, channel: 'portal', subject: String(person.id), userId: person.id, role, bound: true, bootstrap: false };
}

/** An audit entry of what somebody did for themselves. */
export function ownAct(someone: Pick<Someone, 'person'>, act: string, detail: Json, at: Instant): AuditRecord {
  const { account, id } = someone.person;
  return { account, at, actor: selfOf(someone), act, target: String(id), detail };
}
