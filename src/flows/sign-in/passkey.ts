import { bearerHash } from '../../core/authentication/bearer.ts';
import { authenticationOptions, verifyAuthentication } from '../../core/authentication/kinds/passkey/authentication.ts';
import { claimOf } from '../../core/authentication/kinds/passkey/ceremony.ts';
import { type Passkey, readPasskey } from '../../core/authentication/kinds/passkey/credential.ts';
import { unusedCodes } from '../../core/authentication/recovery-codes.ts';
import { challengeKinds } from '../../core/authentication/steps.ts';
import { kindsOf } from '../../core/model/demand.ts';
import { type ScopeKey, scopeOf } from '../../core/model/scope.ts';
import type { Factor } from '../../core/model/sign-in.ts';
import type { Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { openAttempt } from './attempt.ts';
import { type Answered, countAnswer, furthered, readable, wrong } from './challenge.ts';
import { countAsked, countNetwork, networkKey } from './counts.ts';
import type { Entered } from './password.ts';
import { load, roleIn, type Someone } from './person.ts';
import { proceed } from './progress.ts';
import type { SignInWorld } from './world.ts';

/** Bytes of a challenge (WebAuthn level 3, 13.4.3 asks for 16). */
export const CHALLENGE_BYTES = 32;

/** What `navigator.credentials.get` is called with. */
export type PasskeyOptions = Awaited<ReturnType<typeof authenticationOptions>>;

/** A passkey that somebody has, with the factor that it is. */
export interface HeldPasskey {
  readonly factor: Factor;
  readonly passkey: Passkey;
}

/** The passkeys of a person that can be read. */
export async function passkeysOf(reader: StoreSignIn, someone: Pick<Someone, 'factors'>): Promise<HeldPasskey[]> {
  const held: HeldPasskey[] = [];
  for (const factor of someone.factors.filter(({ kind }) => kind === 'passkey')) {
    const secret = await readable(reader, factor.id);
    const passkey = secret === null ? null : readPasskey(secret);
    // The counter that was accepted last stands beside the sealed record.
    if (passkey !== null) held.push({ factor, passkey: { ...passkey, counter: Math.max(passkey.counter, factor.lastStep) } });
  }
  return held;
}

/** Makes a challenge for a bearer and the options to answer it with; `held` null: whichever passkey the person picks. */
export async function challengePasskey(
  world: SignInWorld,
  transaction: StoreTransaction,
  token: string,
  held: readonly HeldPasskey[] | null,
): Promise<PasskeyOptions> {
  const challenge = world.random.bytes(CHALLENGE_BYTES);
  await transaction.putChallenge(bearerHash(token), Buffer.from(challenge).toString('base64url'));
  return authenticationOptions({ rpId: world.site.rpId, challenge, allowed: (held ?? []).map(({ passkey }) => passkey) });
}

/** Options for the second step by passkey; undefined: it is not at that step, or has no passkey that may answer. */
export async function passkeyChallenge(world: SignInWorld, token: string): Promise<PasskeyOptions | undefined> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const open = await openAttempt(world, transaction, token, now);
    if (open?.step.step !== 'challenge' || !open.step.kinds.includes('passkey')) return undefined;
    const held = await passkeysOf(transaction, open.someone);
    return held.length === 0 ? undefined : challengePasskey(world, transaction, token, held);
  });
}

/** The second step by passkey. Counted and bounded as codes are. */
export async function answerPasskey(world: SignInWorld, token: string, answer: unknown, device: string): Promise<Answered> {
  const counted = await countAnswer(world, token);
  if (counted !== 'counted') return { outcome: counted };
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Answered> => {
    const open = await openAttempt(world, transaction, token, now);
    if (open?.step.step !== 'challenge' || !open.step.kinds.includes('passkey')) return { outcome: 'over' };
    const { someone } = open;
    const accepted = await acceptPasskey(world, transaction, token, someone, answer, now);
    if (accepted === null) return wrong(transaction, someone, 'wrong', now);
    const codesLeft = unusedCodes(await transaction.recoveryCodes(someone.person.id)).length;
    return furthered(world, transaction, open, { method: 'passkey', codesLeft }, device, now);
  });
}

/** A passkey that answered rightly; `verified`: it asked for a PIN, a finger or a face this time. */
export interface AcceptedPasskey {
  readonly held: HeldPasskey;
  readonly verified: boolean;
}

/** Judges an answer to the bearer's challenge, which is used up whatever it is; its counter is used up where it is right. */
export async function acceptPasskey(
  world: SignInWorld,
  transaction: StoreTransaction,
  token: string,
  someone: Someone,
  answer: unknown,
  now: Instant,
): Promise<AcceptedPasskey | null> {
  const challenge = await transaction.takeChallenge(bearerHash(token), now - world.limits.attempt);
  const claim = claimOf(answer);
  if (challenge === undefined || claim === null) return null;
  const held = (await passkeysOf(transaction, someone)).find(({ passkey }) => passkey.id === claim.id);
  if (held === undefined) return null;
  const { origin, rpId } = world.site;
  const expected = { challenge: Buffer.from(challenge, 'base64url'), origin, rpId };
  const judged = await verifyAuthentication(answer, { ...expected, userId: someone.person.id, passkey: held.passkey });
  if (judged.outcome === 'wrong') return null;
  // An authenticator that does not count stays at 0.
  if (judged.counter > 0 && !(await transaction.useFactor(held.factor.id, judged.counter))) return null;
  return { held, verified: judged.verified };
}

/**
 * Whether a passkey alone is enough: its holder was verified when it was made and is now, and it does not stand beside a kind that
 * their policy asks for instead.
 */
export function isEnoughAlone({ held, verified }: AcceptedPasskey, { facts }: Pick<Someone, 'facts'>): boolean {
  return verified && held.passkey.verified && kindsOf(challengeKinds(facts)).includes('passkey');
}

/** Options for signing in by passkey alone, for a visitor of a door; undefined: too many were asked for from there. */
export function passkeyAtDoor(world: SignInWorld, visitor: string, from: string): Promise<PasskeyOptions | undefined> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    if (!(await countAsked(transaction, networkKey(from), now))) return undefined;
    return challengePasskey(world, transaction, visitor, null);
  });
}

/**
 * A sign-in by passkey alone: both factors at once, where its holder was verified when it was made and is now; else one factor, which is
 * not enough without the password. Refused for every other reason alike.
 */
export async function enterByPasskey(
  world: SignInWorld,
  entry: { readonly scope: ScopeKey; readonly visitor: string; readonly answer: unknown; readonly from: string; readonly device: string },
): Promise<Entered | { readonly outcome: 'password-first' }> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    if (!(await countNetwork(transaction, networkKey(entry.from), now))) return { outcome: 'wait' };
    const userId = claimOf(entry.answer)?.userId ?? null;
    const someone = userId === null ? undefined : await load(world, transaction, userId, now);
    const welcome =
      someone?.canSignIn === true && someone.person.account === scopeOf(entry.scope).account && roleIn(someone, entry.scope) !== undefined;
    if (!welcome) return { outcome: 'refused' };
    const accepted = await acceptPasskey(world, transaction, entry.visitor, someone, entry.answer, now);
    if (accepted === null) return { outcome: 'refused' };
    if (someone.state.lockedAt !== null) return { outcome: 'locked' };
    if (!isEnoughAlone(accepted, someone)) return { outcome: 'password-first' };
    await transaction.takeBackFailure(networkKey(entry.from));
    const standing = { scope: entry.scope, proven: 'second-factor', method: 'passkey', tokenShown: false, device: entry.device } as const;
    return { outcome: 'in', ...(await proceed(world, transaction, someone, standing, now)) };
  });
}
