import { type Field, readField } from '../../core/authentication/field.ts';
import { checkTotp } from '../../core/authentication/kinds/totp/check.ts';
import { matchesRecoveryCode, unusedCodes } from '../../core/authentication/recovery-codes.ts';
import { CODE_CAP } from '../../core/authentication/throttle.ts';
import { PadlockError } from '../../core/model/errors.ts';
import type { SignInMethod } from '../../core/model/sign-in.ts';
import type { FactorKind, Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import { type OpenAttempt, openAttempt } from './attempt.ts';
import type { Someone } from './person.ts';
import { ownAct, type Progress, proceed } from './progress.ts';
import type { SignInWorld } from './world.ts';

/** Why a code was not taken, as far as it helps whoever holds the phone. */
export type WrongCode =
  | 'wrong'
  /** Right at another time: the phone's clock. */
  | 'clock'
  /** Used before. */
  | 'replayed'
  /** The factor cannot be checked at present: its key is missing. A recovery code still can. */
  | 'unreadable'
  /** A policy asks for another kind that the person has. */
  | 'not-allowed';

/** What came of a code. */
export type Answered =
  | ({ readonly outcome: 'in'; readonly method: SignInMethod; readonly codesLeft: number } & Progress)
  | { readonly outcome: 'wrong'; readonly why: WrongCode }
  | { readonly outcome: 'locked' }
  /** There is no half-done sign-in, or it is over: the password is asked first. */
  | { readonly outcome: 'over' };

/**
 * The second step: a code of an authenticator app or a recovery code, in one field. Counted as wrong in advance and committed apart; at the
 * cap the person is locked and every half-done sign-in ends. The step of a code, or the recovery code, is used up in the transaction
 * that takes the sign-in further.
 */
export async function enterCode(world: SignInWorld, token: string, typed: unknown, device: string): Promise<Answered> {
  const counted = await countAnswer(world, token);
  if (counted !== 'counted') return { outcome: counted };
  const field = readField(typed);
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Answered> => {
    const open = await openAttempt(world, transaction, token, now);
    if (open === undefined || open.step.step !== 'challenge') return { outcome: 'over' };
    const checked = await checkField(transaction, open.someone, field, open.step.kinds, now);
    if (checked.outcome === 'wrong') return wrong(transaction, open.someone, checked.why, now);
    return furthered(world, transaction, open, checked, device, now);
  });
}

/** A challenge was answered, and what answered it is used up: the sign-in goes on, once. */
export async function furthered(
  world: SignInWorld,
  transaction: StoreTransaction,
  { attempt, someone }: OpenAttempt,
  { method, codesLeft }: Pick<Extract<Answered, { outcome: 'in' }>, 'method' | 'codesLeft'>,
  device: string,
  now: Instant,
): Promise<Answered> {
  const { hash, scope, tokenShown } = attempt;
  if (!(await transaction.dropAttempt(hash))) throw new PadlockError('store/conflict', 'the sign-in went on elsewhere');
  const standing = { scope, proven: 'second-factor', method, tokenShown, device } as const;
  return { outcome: 'in', method, codesLeft, ...(await proceed(world, transaction, someone, standing, now)) };
}

/** Counts an answer of a half-done sign-in as wrong before it is looked at: to a challenge, or a token that the step asks for. */
export function countAnswer(
  world: SignInWorld,
  token: string,
  step: 'challenge' | 'token' = 'challenge',
): Promise<'counted' | 'over' | 'locked'> {
  return countAhead(world, async (transaction, now) => {
    const open = await openAttempt(world, transaction, token, now);
    return open?.step.step === step ? open.someone : undefined;
  });
}

/**
 * Counts an answer as wrong before it is looked at, committed apart, so that as many as come at once are not all looked at. `whose`: who gives it;
 * undefined: nobody who may.
 */
export function countAhead(
  world: SignInWorld,
  whose: (transaction: StoreTransaction, now: Instant) => Promise<Someone | undefined>,
): Promise<'counted' | 'over' | 'locked'> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const someone = await whose(transaction, now);
    if (someone === undefined) return 'over';
    if (someone.state.lockedAt !== null) return 'locked';
    if ((await transaction.addCodeFailure(someone.person.id)) <= CODE_CAP) return 'counted';
    // As many as may be are being looked at this moment: this one is not.
    await lockOut(transaction, someone, now);
    return 'locked';
  });
}

/** What a wrong answer comes to: at the cap, a lock. */
export async function wrong(
  transaction: StoreTransaction,
  someone: Someone,
  why: WrongCode,
  now: Instant,
): Promise<{ outcome: 'wrong'; why: WrongCode } | { outcome: 'locked' }> {
  const state = await transaction.signInState(someone.person.id);
  if ((state?.codeFailures ?? 0) < CODE_CAP) return { outcome: 'wrong', why };
  await lockOut(transaction, someone, now);
  return { outcome: 'locked' };
}

/** Locks a person, which ends every half-done sign-in of theirs, and tells them. */
async function lockOut(transaction: StoreTransaction, someone: Someone, now: Instant): Promise<void> {
  if (!(await transaction.lock(someone.person.id))) return;
  await transaction.notify(someone.person.id, 'locked', {});
  await transaction.audit([ownAct(someone, 'sign-in.locked', { failures: CODE_CAP }, now)]);
}

type Checked =
  | { readonly outcome: 'right'; readonly method: 'totp' | 'recovery'; readonly codesLeft: number }
  | { readonly outcome: 'wrong'; readonly why: WrongCode };

/** Judges what was typed by the factors that may answer, and uses it up where it is right. */
export async function checkField(
  transaction: StoreTransaction,
  someone: Someone,
  field: Field,
  kinds: readonly FactorKind[],
  now: Instant,
): Promise<Checked> {
  const codes = await transaction.recoveryCodes(someone.person.id);
  const unused = unusedCodes(codes);
  if (field.kind === 'other') return { outcome: 'wrong', why: 'wrong' };
  if (field.kind === 'code') return checkCode(transaction, someone, field.code, kinds, unused.length, now);
  const match = codes.find(({ hash }) => matchesRecoveryCode(hash, field.code));
  if (match === undefined) return { outcome: 'wrong', why: 'wrong' };
  if (!(await transaction.useRecoveryCode(someone.person.id, match.hash))) return { outcome: 'wrong', why: 'replayed' };
  const left = unused.length - 1;
  await transaction.notify(someone.person.id, 'recovery-code-used', { left });
  await transaction.audit([ownAct(someone, 'recovery-code.used', { left }, now)]);
  return { outcome: 'right', method: 'recovery', codesLeft: left };
}

async function checkCode(
  transaction: StoreTransaction,
  someone: Someone,
  code: string,
  kinds: readonly FactorKind[],
  codesLeft: number,
  now: Instant,
): Promise<Checked> {
  let why: WrongCode = 'wrong';
  for (const factor of someone.factors.filter(({ kind }) => kind === 'totp')) {
    const secret = await readable(transaction, factor.id);
    if (secret === null) {
      why = 'unreadable';
      continue;
    }
    const checked = checkTotp(secret, code, now, factor.lastStep);
    if (checked.outcome === 'accepted') {
      if (!kinds.includes('totp')) return { outcome: 'wrong', why: 'not-allowed' };
      if (await transaction.useFactor(factor.id, checked.step)) return { outcome: 'right', method: 'totp', codesLeft };
      return { outcome: 'wrong', why: 'replayed' };
    }
    if (checked.outcome === 'off') why = 'clock';
    if (checked.outcome === 'replayed') why = 'replayed';
  }
  return { outcome: 'wrong', why };
}

/** A factor's secret; null where it cannot be opened: it is enrolled all the same. */
export async function readable(reader: Pick<StoreTransaction, 'factorSecret'>, factorId: number): Promise<Uint8Array | null> {
  try {
    return (await reader.factorSecret(factorId)) ?? null;
  } catch (error) {
    if (error instanceof PadlockError && error.code.startsWith('keys/')) return null;
    throw error;
  }
}
