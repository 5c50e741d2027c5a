import { bearerHash } from '../../core/authentication/bearer.ts';
import { provenRecently } from '../../core/authentication/sessions.ts';
import { type ScopeKey, scopeOf } from '../../core/model/scope.ts';
import type { Link, LinkPurpose } from '../../core/model/sign-in.ts';
import type { Duration, Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { openAttempt } from './attempt.ts';
import { type Answered, countAhead, countAnswer, type WrongCode, wrong } from './challenge.ts';
import { countMail, countNetwork, networkKey, passwordKey } from './counts.ts';
import { load, loadAgain, type Someone } from './person.ts';
import { newBearer, ownAct, type Progress, proceed } from './progress.ts';
import { openSession } from './session.ts';
import { keepShown, takesToken } from './shown-token.ts';
import type { SignInWorld } from './world.ts';

const HOUR = 60 * 60 * 1000;

/** How long a link works. */
const LASTS: Readonly<Record<LinkPurpose, Duration>> = {
  invitation: 7 * 24 * HOUR,
  unlock: HOUR,
  'password-reset': HOUR,
  'enrollment-token': 24 * HOUR,
};

/** Makes a link or token for a person, in the place of older ones of its purpose. Gives it: it is nowhere else. */
export async function issueLink(
  world: SignInWorld,
  transaction: StoreTransaction,
  userId: number,
  purpose: LinkPurpose,
  now: Instant,
): Promise<{ readonly token: string; readonly expiresAt: Instant }> {
  const { token, hash } = newBearer(world);
  const expiresAt = now + LASTS[purpose];
  await transaction.putLink({ hash, purpose, userId, createdAt: now, expiresAt });
  return { token, expiresAt };
}

/** How a link stands. Looking at it uses nothing up. */
export type LinkState =
  | { readonly is: 'open'; readonly link: Link; readonly someone: Someone }
  | { readonly is: 'used'; readonly at: Instant }
  | { readonly is: 'replaced' }
  | { readonly is: 'expired' }
  | { readonly is: 'unknown' };

/** Looks at a link, however often. */
export function viewLink(world: SignInWorld, token: string, purpose: LinkPurpose): Promise<LinkState> {
  return world.store.read((reader) => stateOf(world, reader, token, purpose, world.clock.now()));
}

async function stateOf(world: SignInWorld, reader: StoreSignIn, token: string, purpose: LinkPurpose, now: Instant): Promise<LinkState> {
  const link = await reader.link(bearerHash(token));
  if (link?.purpose !== purpose || !link.addressed) return { is: 'unknown' };
  if (link.usedAt !== null) return { is: 'used', at: link.usedAt };
  if (link.replacedAt !== null) return { is: 'replaced' };
  if (now >= link.expiresAt) return { is: 'expired' };
  const someone = await load(world, reader, link.userId, now);
  return someone?.canSignIn === true ? { is: 'open', link, someone } : { is: 'unknown' };
}

/** Nobody has this id. */
const NOBODY = -1;

/**
 * Asks for a mail with a link, from a door. The same answer after the same work whoever is asked for: as many statements, and as many rows
 * written, so that neither text nor time tells who there is. Whether the person may have the mail is looked at when it is written, which
 * nobody waits for. At most a few mails an hour.
 */
export async function askForMail(
  world: SignInWorld,
  about: 'unlock' | 'password-reset',
  asked: { readonly scope: ScopeKey; readonly address: string; readonly from: string },
): Promise<void> {
  const now = world.clock.now();
  const { account } = scopeOf(asked.scope);
  await world.store.write(now, async (transaction) => {
    if (!(await countNetwork(transaction, networkKey(asked.from), now))) return;
    const userId = await transaction.userIdCalled(account, asked.address.trim());
    const typed = passwordKey(account, asked.address);
    if (!(await countMail(transaction, about, userId ?? standInFor(typed), now))) return;
    await transaction.notify(userId ?? NOBODY, about, {});
    // As many statements and rows as a mail takes.
    if (userId === undefined) await transaction.addFailure(`nobody/${typed}`, now - HOUR);
    else await transaction.notify(NOBODY, about, {});
  });
}

/** What questions are counted by that are about nobody: a number of what was typed, below every id. */
function standInFor(typed: string): number {
  return -1 - Number.parseInt(typed.slice(0, 12), 16);
}

/** Unlocks by a mailed link. The password is asked first again. */
export async function unlockByLink(world: SignInWorld, token: string): Promise<LinkState> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const state = await stateOf(world, transaction, token, 'unlock', now);
    if (state.is !== 'open' || !(await transaction.useLink(state.link.hash))) return state;
    await unlock(transaction, state.someone, now);
    return state;
  });
}

/** What is wrong with a password for somebody, in words; null: nothing. */
export type Judge = (someone: Someone) => Promise<string | null>;

/** A password that was not taken, and why; the link stands. */
export interface NotTaken {
  readonly is: 'not-taken';
  readonly wrong: string;
  readonly someone: Someone;
}

/**
 * Sets a password by a mailed link, if it is taken. It signs nobody in: every session and half-done sign-in ends, a lock is lifted, and
 * the next sign-in asks for the second factor as ever.
 */
export async function resetPassword(world: SignInWorld, token: string, password: string, judge?: Judge): Promise<LinkState | NotTaken> {
  return setPassword(world, token, { purpose: 'password-reset', password, judge }, async (transaction, someone, now) => {
    await unlock(transaction, someone, now);
    // Whoever guessed at the old one does not keep out who has the new one.
    const { account, address } = someone.person;
    if (address !== null) await transaction.clearFailures(passwordKey(account, address));
    await transaction.notify(someone.person.id, 'password-changed', { at: now });
    await transaction.audit([ownAct(someone, 'password.reset', {}, now)]);
  });
}

/** What came of an invitation. */
export type Accepted = ({ readonly is: 'in' } & Progress) | NotTaken | Exclude<LinkState, { readonly is: 'open' }>;

/** Takes an invitation: the first password, and then what any sign-in needs. */
export async function acceptInvitation(
  world: SignInWorld,
  token: string,
  password: string,
  device: string,
  judge?: Judge,
): Promise<Accepted> {
  let progress: Progress | undefined;
  const state = await setPassword(world, token, { purpose: 'invitation', password, judge }, async (transaction, someone, now) => {
    // Whoever is invited anew may begin anew: what locked them was guesses at what they had before.
    await unlock(transaction, someone, now);
    if (someone.state.passwordVersion > 1) await transaction.notify(someone.person.id, 'password-changed', { at: now });
    await transaction.audit([ownAct(someone, 'invitation.accepted', {}, now)]);
    const scope = someone.person.memberships.find((member) => member.enabled)?.scope ?? someone.person.account;
    const standing = { scope, proven: 'password', method: 'none', tokenShown: false, device } as const;
    progress = await proceed(world, transaction, someone, standing, now);
  });
  if (progress !== undefined) return { is: 'in', ...progress };
  return state.is === 'open' ? { is: 'unknown' } : state;
}

async function unlock(transaction: StoreTransaction, someone: Someone, now: Instant): Promise<void> {
  if (await transaction.unlock(someone.person.id)) await transaction.audit([ownAct(someone, 'sign-in.unlocked', { by: 'mail' }, now)]);
}

async function setPassword(
  world: SignInWorld,
  token: string,
  { purpose, password, judge }: { purpose: 'invitation' | 'password-reset'; password: string; judge: Judge | undefined },
  then: (transaction: StoreTransaction, someone: Someone, now: Instant) => Promise<void>,
): Promise<LinkState | NotTaken> {
  // Hashing is slow: not for a link that does not work. Whether it still does is looked at in the transaction.
  const first = await viewLink(world, token, purpose);
  if (first.is !== 'open') return first;
  const wrong = (await judge?.(first.someone)) ?? null;
  if (wrong !== null) return { is: 'not-taken', wrong, someone: first.someone };
  const hash = await world.hasher.hash(password);
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const state = await stateOf(world, transaction, token, purpose, now);
    if (state.is !== 'open' || !(await transaction.useLink(state.link.hash))) return state;
    await transaction.putPassword(state.link.userId, hash);
    await transaction.raiseEpoch(state.link.userId);
    await then(transaction, await loadAgain(world, transaction, state.link.userId, now), now);
    return state;
  });
}

/** Shows an enrollment token at the step that asks for one; a wrong one counts like a wrong code. */
export async function showToken(world: SignInWorld, token: string, shown: string, device: string): Promise<Answered> {
  const counted = await countAnswer(world, token, 'token');
  if (counted !== 'counted') return { outcome: counted };
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Answered> => {
    const open = await openAttempt(world, transaction, token, now);
    if (open?.step.step !== 'token') return { outcome: 'over' };
    const { attempt, someone } = open;
    if (!(await useToken(world, transaction, someone, shown, now))) return wrong(transaction, someone, 'wrong', now);
    await transaction.dropAttempt(attempt.hash);
    const { scope, proven, method } = attempt;
    const progress = await proceed(world, transaction, someone, { scope, proven, method, tokenShown: true, device }, now);
    return { outcome: 'in', method, codesLeft: 0, ...progress };
  });
}

/** What came of a token that was shown in the settings. */
export type Shown =
  | { readonly outcome: 'shown' }
  | { readonly outcome: 'wrong'; readonly why: WrongCode }
  | { readonly outcome: 'locked' }
  /** Nobody who is signed in and proved it recently, or nothing that takes a token. */
  | { readonly outcome: 'over' };

/**
 * Shows an enrollment token in a session: for a first factor that is set up before one is due, or while one is not due. A wrong one counts like a
 * wrong code. The token is used up, and lets this session set up one factor.
 */
export async function showTokenInSettings(world: SignInWorld, token: string, shown: string): Promise<Shown> {
  const asked = async (reader: StoreSignIn, now: Instant) => {
    const open = await openSession(world, reader, token, now);
    const may = open !== undefined && provenRecently(open.session, world.limits, now) && takesToken(open.someone);
    return may ? open : undefined;
  };
  const counted = await countAhead(world, async (transaction, now) => (await asked(transaction, now))?.someone);
  if (counted !== 'counted') return { outcome: counted };
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Shown> => {
    const open = await asked(transaction, now);
    if (open === undefined) return { outcome: 'over' };
    if (!(await useToken(world, transaction, open.someone, shown, now))) return wrong(transaction, open.someone, 'wrong', now);
    await keepShown(transaction, open.session, now);
    return { outcome: 'shown' };
  });
}

/** Uses an enrollment token of somebody's own up; false: it is none. */
async function useToken(
  world: SignInWorld,
  transaction: StoreTransaction,
  someone: Someone,
  shown: string,
  now: Instant,
): Promise<boolean> {
  const state = await stateOf(world, transaction, shown.trim(), 'enrollment-token', now);
  if (state.is !== 'open' || state.link.userId !== someone.person.id || !(await transaction.useLink(state.link.hash))) return false;
  await transaction.audit([ownAct(someone, 'enrollment-token.used', {}, now)]);
  return true;
}
