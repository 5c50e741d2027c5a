import type { Attempt, Session, SignInState } from '../model/sign-in.ts';
import type { Duration, Instant } from '../model/words.ts';
import type { Asked } from './steps.ts';

/** How long things last, in milliseconds. */
export interface Limits {
  /** A half-done sign-in. */
  readonly attempt: Duration;
  /** A session that nobody uses. */
  readonly idle: Duration;
  /** Any session. */
  readonly session: Duration;
  /** How long a proof of who somebody is allows changes of factors. */
  readonly proof: Duration;
}

const MINUTE = 60_000;

/** How far the clock may stand behind the beginning of a session: a step of NTP. Beyond that, no limit is one. */
const CLOCK_STEP = MINUTE;

/** OWASP ASVS 5.0, 7.3: idle and absolute limits. */
export const LIMITS: Limits = { attempt: 15 * MINUTE, idle: 30 * MINUTE, session: 12 * 60 * MINUTE, proof: 5 * MINUTE };

/** Why a session does not stand any more. */
export type Ended = 'expired' | 'idle' | 'ended' | 'disabled' | 'revoked';

/** What a session is judged by, at every request. */
export interface SessionFacts {
  readonly session: Session;
  readonly state: SignInState;
  /** The person is enabled, no service account, and has a membership. */
  readonly canSignIn: boolean;
  readonly asked: readonly Asked[];
}

/**
 * Whether a session stands: null, or why not. A requirement ends one only where its policy revokes sessions and it is overdue; Exempt,
 * Pending, WouldRequire and NotRequired never do. A lock stops sign-ins, and leaves the sessions of the person whom somebody else locked out.
 */
export function endOf({ session, state, canSignIn, asked }: SessionFacts, limits: Limits, now: Instant): Ended | null {
  if (session.epoch !== state.epoch) return 'ended';
  if (!canSignIn) return 'disabled';
  if (now >= session.createdAt + limits.session || now < session.createdAt - CLOCK_STEP) return 'expired';
  if (now >= session.seenAt + limits.idle) return 'idle';
  if (asked.some(({ requirement, revokes }) => revokes && requirement.state === 'Overdue')) return 'revoked';
  return null;
}

/** Whether a half-done sign-in may go on: what it was made from still stands. */
export function attemptStands(attempt: Attempt, state: SignInState, canSignIn: boolean, limits: Limits, now: Instant): boolean {
  return (
    canSignIn &&
    state.lockedAt === null &&
    attempt.epoch === state.epoch &&
    attempt.passwordVersion === state.passwordVersion &&
    now >= attempt.createdAt &&
    now < attempt.createdAt + limits.attempt
  );
}

/** Whether the person proved who they are recently enough for a change of factors. */
export function provenRecently(session: Session, limits: Limits, now: Instant): boolean {
  return now < session.provenAt + limits.proof;
}
