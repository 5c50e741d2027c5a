import { bearerHash } from '../../core/authentication/bearer.ts';
import { type Ended, endOf } from '../../core/authentication/sessions.ts';
import type { Session } from '../../core/model/sign-in.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { type OpenAttempt, openAttempt } from './attempt.ts';
import { countDailyMail } from './counts.ts';
import { load, type Someone } from './person.ts';
import { ownAct } from './progress.ts';
import type { SignInWorld } from './world.ts';

/** How often a session's last use is written: not at every request. */
const TOUCH = 60_000;

/** A session that stands, with its person as they are now. */
export interface OpenSession {
  readonly session: Session;
  readonly someone: Someone;
}

/** The session of a bearer; undefined: there is none, or it has ended. */
export async function openSession(world: SignInWorld, reader: StoreSignIn, token: string, now: Instant): Promise<OpenSession | undefined> {
  const found = await sessionOf(world, reader, token, now);
  return found === undefined || found.ended !== null ? undefined : found;
}

async function sessionOf(
  world: SignInWorld,
  reader: StoreSignIn,
  token: string,
  now: Instant,
): Promise<(OpenSession & { readonly ended: Ended | null }) | undefined> {
  const session = await reader.session(bearerHash(token));
  if (session === undefined) return undefined;
  const someone = await load(world, reader, session.userId, now);
  if (someone === undefined) return undefined;
  const { state, canSignIn, facts } = someone;
  return { session, someone, ended: endOf({ session, state, canSignIn, asked: facts.asked }, world.limits, now) };
}

/** Who holds a token. */
export type Bearer =
  | ({ readonly is: 'session' } & OpenSession)
  | ({ readonly is: 'attempt' } & OpenAttempt)
  /** A session that ended, and why. */
  | { readonly is: 'ended'; readonly why: Ended; readonly scope: string }
  | { readonly is: 'nobody' };

/** Who holds a token, asked at every request: the one gate. The clock standing back is nobody's session. */
export async function whoHolds(world: SignInWorld, token: string): Promise<Bearer> {
  const now = world.clock.now();
  const bearer = await world.store.read(async (reader): Promise<Bearer> => {
    const found = await sessionOf(world, reader, token, now);
    if (found !== undefined) {
      if (found.ended !== null) return { is: 'ended', why: found.ended, scope: found.session.scope };
      return { is: 'session', session: found.session, someone: found.someone };
    }
    const open = await openAttempt(world, reader, token, now);
    return open === undefined ? { is: 'nobody' } : { is: 'attempt', ...open };
  });
  if (bearer.is === 'session' && now - bearer.session.seenAt >= TOUCH)
    await world.store.write(now, (transaction) => transaction.touchSession(bearer.session.hash, now));
  return bearer;
}

/**
 * Signs out: this session, or this half-done sign-in. One that was given up after wrong codes is told of as one that ran out is: whoever
 * has only the password does not begin anew in silence.
 */
export async function signOut(world: SignInWorld, token: string): Promise<void> {
  const hash = bearerHash(token);
  const now = world.clock.now();
  await world.store.write(now, async (transaction) => {
    const open = await openAttempt(world, transaction, token, now);
    await transaction.dropSession(hash);
    await transaction.dropAttempt(hash);
    if (open?.step.step === 'challenge' && open.someone.state.codeFailures > 0) await tellStopped(transaction, open.attempt.userId, now);
  });
}

/** Tells somebody that a sign-in of theirs stopped at the second factor, once a day at most; false: told already. */
export async function tellStopped(transaction: StoreTransaction, userId: number, now: Instant): Promise<boolean> {
  if (!(await countDailyMail(transaction, 'stopped-at-second-factor', userId, now))) return false;
  await transaction.notify(userId, 'stopped-at-second-factor', { at: now });
  return true;
}

/** Ends sessions of the person's own: one by its hash, or every other one (null). */
export async function endSessions(world: SignInWorld, token: string, which: string | null): Promise<number> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const open = await openSession(world, transaction, token, now);
    if (open === undefined) return 0;
    const { id } = open.someone.person;
    if (which === null) {
      const ended = await transaction.dropSessionsBut(id, open.session.hash);
      if (ended > 0) await transaction.audit([ownAct(open.someone, 'session.ended', { sessions: ended }, now)]);
      return ended;
    }
    const own = await transaction.session(which);
    if (own?.userId !== id || !(await transaction.dropSession(which))) return 0;
    await transaction.audit([ownAct(open.someone, 'session.ended', {}, now)]);
    return 1;
  });
}
