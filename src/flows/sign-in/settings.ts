import { readField } from '../../core/authentication/field.ts';
import { removalStops } from '../../core/authentication/removal.ts';
import { provenRecently } from '../../core/authentication/sessions.ts';
import { challengeKinds } from '../../core/authentication/steps.ts';
import { kindsOf, maskOf } from '../../core/model/demand.ts';
import type { ScopeKey } from '../../core/model/scope.ts';
import type { Factor } from '../../core/model/sign-in.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import { checkField, countAhead, type WrongCode, wrong } from './challenge.ts';
import { countPassword, networkKey, proofKey, takeBackPassword } from './counts.ts';
import { acceptPasskey, challengePasskey, isEnoughAlone, type PasskeyOptions, passkeysOf } from './passkey.ts';
import { askedWith } from './person.ts';
import { newBearer, ownAct } from './progress.ts';
import { type OpenSession, openSession } from './session.ts';
import { drawCodes } from './set-up.ts';
import type { SignInWorld } from './world.ts';

/** What came of proving again who one is. */
export type Proved =
  | { readonly outcome: 'proven'; readonly token: string }
  | { readonly outcome: 'wrong'; readonly why: WrongCode | 'password' }
  | { readonly outcome: 'wait' }
  | { readonly outcome: 'locked' }
  | { readonly outcome: 'over' };

/**
 * Proves again who somebody is, before they change factors: the password, and a second factor where they have one; a passkey that
 * verifies its holder, alone. Counted and bounded as at sign-in. The session goes on under a new token.
 */
export async function proveAgain(
  world: SignInWorld,
  token: string,
  proof: { readonly password: string; readonly typed: unknown; readonly from: string },
): Promise<Proved> {
  const asked = world.clock.now();
  const counted = await world.store.write(asked, async (transaction) => {
    const open = await openSession(world, transaction, token, asked);
    if (open === undefined) return { outcome: 'over' } as const;
    const { person, state, facts } = open.someone;
    if (state.lockedAt !== null) return { outcome: 'locked' } as const;
    const keys = { name: proofKey(person.id), network: networkKey(proof.from) };
    if (!(await countPassword(transaction, keys, asked))) return { outcome: 'wait' } as const;
    return { outcome: 'counted', hash: state.passwordHash, version: state.passwordVersion, factors: facts.kinds !== 0, keys } as const;
  });
  if (counted.outcome !== 'counted') return { outcome: counted.outcome };
  if (!(await world.hasher.verify(counted.hash, proof.password))) return { outcome: 'wrong', why: 'password' };
  // Whoever has no factor gives no code; one that was set up since ended this session.
  const code = counted.factors
    ? await countAhead(world, async (transaction, now) => (await openSession(world, transaction, token, now))?.someone)
    : 'counted';
  if (code !== 'counted') return { outcome: code };
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Proved> => {
    const open = await openSession(world, transaction, token, now);
    if (open === undefined) return { outcome: 'over' };
    const { someone } = open;
    if (someone.state.lockedAt !== null) return { outcome: 'locked' };
    if (someone.state.passwordVersion !== counted.version) return { outcome: 'wrong', why: 'password' };
    if (someone.facts.kinds !== 0) {
      const checked = await checkField(transaction, someone, readField(proof.typed), kindsOf(challengeKinds(someone.facts)), now);
      if (checked.outcome === 'wrong') return wrong(transaction, someone, checked.why, now);
    }
    await takeBackPassword(transaction, counted.keys);
    return { outcome: 'proven', token: await proven(world, transaction, open, now) };
  });
}

async function proven(world: SignInWorld, transaction: StoreTransaction, open: OpenSession, now: Instant): Promise<string> {
  await transaction.clearCodeFailures(open.someone.person.id);
  const { token, hash } = newBearer(world);
  await transaction.reissueSession(open.session.hash, { hash, provenAt: now });
  return token;
}

/** Options for proving it by passkey; undefined: there is no session, or no passkey. */
export async function passkeyToProve(world: SignInWorld, token: string): Promise<PasskeyOptions | undefined> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const open = await openSession(world, transaction, token, now);
    const held = open === undefined ? [] : await passkeysOf(transaction, open.someone);
    return held.length === 0 ? undefined : challengePasskey(world, transaction, token, held);
  });
}

/** Proves it by a passkey that verifies its holder. */
export async function proveByPasskey(world: SignInWorld, token: string, answer: unknown): Promise<Proved> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Proved> => {
    const open = await openSession(world, transaction, token, now);
    if (open === undefined) return { outcome: 'over' };
    if (open.someone.state.lockedAt !== null) return { outcome: 'locked' };
    const accepted = await acceptPasskey(world, transaction, token, open.someone, answer, now);
    if (accepted === null || !isEnoughAlone(accepted, open.someone)) return { outcome: 'wrong', why: 'wrong' };
    return { outcome: 'proven', token: await proven(world, transaction, open, now) };
  });
}

/** What came of a change that takes a recent proof. */
export type Changed<T> =
  | { readonly outcome: 'done'; readonly token: string; readonly value: T }
  /** Prove again who you are. */
  | { readonly outcome: 'prove' }
  /** Something requires it. */
  | { readonly outcome: 'required'; readonly scopes: readonly ScopeKey[] }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'over' };

/** Removes a factor of one's own; not the last one that would do while something requires one, within grace or past it. */
export function removeFactor(world: SignInWorld, token: string, factorId: number): Promise<Changed<Factor>> {
  return change(world, token, async (transaction, open, now) => {
    const { someone } = open;
    const factor = someone.factors.find(({ id }) => id === factorId);
    if (factor === undefined) return { outcome: 'gone' };
    const left = maskOf(someone.factors.filter(({ id }) => id !== factorId).map(({ kind }) => kind));
    const scopes = removalStops(someone.facts.kinds, left, askedWith(someone, left, now));
    if (scopes.length > 0) return { outcome: 'required', scopes };
    if (!(await transaction.removeFactor(someone.person.id, factorId))) return { outcome: 'gone' };
    // Recovery codes stand in for a factor: without any there is nothing to stand in for.
    if (left === 0) await transaction.putRecoveryCodes(someone.person.id, []);
    await transaction.notify(someone.person.id, 'factor-removed', { kind: factor.kind, at: now });
    await transaction.audit([ownAct(someone, 'factor.removed', { kind: factor.kind }, now)]);
    return { outcome: 'done', value: factor };
  });
}

/** New recovery codes in the place of all others, shown this once. */
export function renewCodes(world: SignInWorld, token: string): Promise<Changed<readonly string[]>> {
  return change(world, token, async (transaction, { someone }, now) => {
    if (someone.factors.length === 0) return { outcome: 'gone' };
    const codes = await drawCodes(world, transaction, someone.person.id);
    await transaction.notify(someone.person.id, 'recovery-codes-renewed', { at: now });
    await transaction.audit([ownAct(someone, 'recovery-codes.renewed', {}, now)]);
    return { outcome: 'done', value: codes };
  });
}

/** Another password, already judged; every other session and half-done sign-in ends. */
export async function changePassword(world: SignInWorld, token: string, password: string): Promise<Changed<null>> {
  const hash = await world.hasher.hash(password);
  return change(world, token, async (transaction, { someone }, now) => {
    await transaction.putPassword(someone.person.id, hash);
    await transaction.raiseEpoch(someone.person.id);
    await transaction.notify(someone.person.id, 'password-changed', { at: now });
    await transaction.audit([ownAct(someone, 'password.changed', {}, now)]);
    return { outcome: 'done', value: null };
  });
}

type Refused = Exclude<Changed<never>, { readonly outcome: 'done' }>;

type Work<T> = (
  transaction: StoreTransaction,
  open: OpenSession,
  now: Instant,
) => Promise<{ readonly outcome: 'done'; readonly value: T } | Refused>;

/** A change by somebody who is signed in and proved it recently; their session is reissued in the same transaction. */
async function change<T>(world: SignInWorld, token: string, work: Work<T>): Promise<Changed<T>> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Changed<T>> => {
    const open = await openSession(world, transaction, token, now);
    if (open === undefined) return { outcome: 'over' };
    if (!provenRecently(open.session, world.limits, now)) return { outcome: 'prove' };
    const done = await work(transaction, open, now);
    if (done.outcome !== 'done') return done;
    const next = newBearer(world);
    await transaction.reissueSession(open.session.hash, { hash: next.hash, provenAt: open.session.provenAt });
    return { outcome: 'done', value: done.value, token: next.token };
  });
}
