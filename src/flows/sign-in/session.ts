import { bearerHash } from '../../core/authentication/bearer.ts';
import { type Ended, endOf } from '../../core/authentication/sessions.ts';
import type { Session } from '../../core/model/sign-in.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { type OpenAttempt, openAttempt } from './attempt.ts';
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

/** Signs out: this session, or this half-done sign-in. */
export async function signOut(world: SignInWorld, token: string): Promise<void> {
  const hash = bearerHash(token);
  await world.store.write(world.clock.now(), async (transaction) => {
    await transaction.dropSession(hash);
    await transaction.dropAttempt(hash);
  });
}

/** Ends sessions of the person's own: one by its hash, or every other one (null). */
export async function endSessions(world: SignInWorld, token: string, which: string | null): Promise<number> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const open = await openSession(world, transaction, token, now);
    if (open === undefined) return 0;
    const { id } = open.someone.person;
    if (which === null) return transaction.dropSessionsBut(id, open.session.hash);
    const own = await transaction.session(which);
    if (own?.userId !== id || !(await transaction.dropSession(which))) return 0;
    await transaction.audit([ownAct(open.someone, 'session.ended', {}, now)]);
    return 1;
  });
}
