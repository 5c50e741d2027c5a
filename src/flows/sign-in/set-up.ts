import { bearerHash } from '../../core/authentication/bearer.ts';
import { readField } from '../../core/authentication/field.ts';
import { sealablePasskey } from '../../core/authentication/kinds/passkey/credential.ts';
import { registrationOptions, verifyRegistration } from '../../core/authentication/kinds/passkey/registration.ts';
import { checkTotp } from '../../core/authentication/kinds/totp/check.ts';
import { TOTP_SECRET_BYTES } from '../../core/authentication/kinds/totp/secret.ts';
import { drawRecoveryCodes, hashRecoveryCode, RECOVERY_BYTES, unusedCodes } from '../../core/authentication/recovery-codes.ts';
import { provenRecently } from '../../core/authentication/sessions.ts';
import { CODE_CAP } from '../../core/authentication/throttle.ts';
import { beginning } from '../../core/model/beginning.ts';
import { kindsOf } from '../../core/model/demand.ts';
import type { Attempt, Session, SetUp } from '../../core/model/sign-in.ts';
import type { FactorKind, Instant } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { StoreSignIn } from '../../core/ports/store-sign-in.ts';
import { openAttempt } from './attempt.ts';
import { CHALLENGE_BYTES, passkeysOf } from './passkey.ts';
import { loadAgain, type Someone } from './person.ts';
import { newBearer, ownAct, type Progress, proceed } from './progress.ts';
import { openSession } from './session.ts';
import { forgetShown, takesToken, wasShown } from './shown-token.ts';
import type { SignInWorld } from './world.ts';

/** Bytes of a recovery code's salt. */
const SALT_BYTES = 16;

/** Longest name that somebody may give a factor. */
const LABEL = 60;

/** Who may set up a factor now: somebody at that step of a sign-in, or somebody signed in who proved it recently. */
interface Entitled {
  readonly someone: Someone;
  readonly kinds: readonly FactorKind[];
  readonly attempt: Attempt | null;
  readonly session: Session | null;
}

async function entitled(world: SignInWorld, reader: StoreSignIn, token: string, now: Instant): Promise<Entitled | undefined> {
  const open = await openAttempt(world, reader, token, now);
  if (open !== undefined) {
    if (open.step.step !== 'set-up') return undefined;
    return { someone: open.someone, kinds: open.step.kinds, attempt: open.attempt, session: null };
  }
  const signedIn = await openSession(world, reader, token, now);
  if (signedIn === undefined || !provenRecently(signedIn.session, world.limits, now)) return undefined;
  if (takesToken(signedIn.someone) && !(await wasShown(world, reader, signedIn.session, now))) return undefined;
  return { someone: signedIn.someone, kinds: kindsOf(world.enrollable), attempt: null, session: signedIn.session };
}

/** What a page shows of a set-up. The secret goes to the person who sets up, and to nobody else. */
export interface ShownSetUp {
  readonly kind: FactorKind;
  readonly secret: Uint8Array;
  readonly someone: Someone;
}

/**
 * Opens a set-up with a new secret; nothing that is enrolled changes. Undefined: this bearer may not set up this kind
 * now: while a challenge is owed, for one.
 */
export async function openSetUp(world: SignInWorld, token: string, kind: FactorKind): Promise<ShownSetUp | undefined> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    const who = await entitled(world, transaction, token, now);
    if (who === undefined || !who.kinds.includes(kind)) return undefined;
    const secret = world.random.bytes(kind === 'totp' ? TOTP_SECRET_BYTES : CHALLENGE_BYTES);
    const { id } = who.someone.person;
    await transaction.putSetUp({ bearer: bearerHash(token), kind, userId: id, secret, openedAt: now, failures: 0 });
    return { kind, secret, someone: who.someone };
  });
}

/** The set-up that is open, the same after a mistyped confirmation; undefined: there is none. */
export async function currentSetUp(world: SignInWorld, token: string): Promise<ShownSetUp | undefined> {
  const now = world.clock.now();
  return world.store.read(async (reader) => {
    const who = await entitled(world, reader, token, now);
    const setUp = who === undefined ? undefined : await standing(world, reader, token, who, now);
    return setUp === undefined || who === undefined ? undefined : { kind: setUp.kind, secret: setUp.secret, someone: who.someone };
  });
}

async function standing(world: SignInWorld, reader: StoreSignIn, token: string, who: Entitled, now: Instant): Promise<SetUp | undefined> {
  const setUp = await reader.setUp(bearerHash(token));
  const stands = setUp?.userId === who.someone.person.id && who.kinds.includes(setUp.kind) && now < setUp.openedAt + world.limits.attempt;
  return stands ? setUp : undefined;
}

/** Options for `navigator.credentials.create` of the passkey that is being set up. */
export async function passkeySetUp(
  world: SignInWorld,
  token: string,
): Promise<Awaited<ReturnType<typeof registrationOptions>> | undefined> {
  const now = world.clock.now();
  return world.store.read(async (reader) => {
    const who = await entitled(world, reader, token, now);
    const setUp = who === undefined ? undefined : await standing(world, reader, token, who, now);
    if (who === undefined || setUp?.kind !== 'passkey') return undefined;
    const { id, address, externalId, name, account } = who.someone.person;
    const user = { id, address: address ?? externalId, name: name ?? address ?? externalId };
    const existing = (await passkeysOf(reader, who.someone)).map(({ passkey }) => passkey);
    return registrationOptions({ rpId: world.site.rpId, rpName: account, user, challenge: setUp.secret, existing });
  });
}

/** What came of a confirmation. */
export type Confirmed =
  /** Enrolled. `codes`: recovery codes, shown this once; empty where the person has some left. */
  | ({ readonly outcome: 'enrolled'; readonly kind: FactorKind; readonly codes: readonly string[] } & Progress)
  | { readonly outcome: 'wrong'; readonly why: 'wrong' | 'clock' }
  /** There is nothing to confirm, or too many codes were wrong: begin again. */
  | { readonly outcome: 'over' };

/** Confirms an authenticator app by a code of it, which is used up with it. */
export function confirmTotp(world: SignInWorld, token: string, typed: unknown, label: string, device: string): Promise<Confirmed> {
  return confirm(world, token, 'totp', label, device, async (setUp, now) => {
    const field = readField(typed);
    const checked = field.kind === 'code' ? checkTotp(setUp.secret, field.code, now, null) : { outcome: 'wrong' as const };
    if (checked.outcome === 'accepted') return { secret: setUp.secret, lastStep: checked.step };
    return checked.outcome === 'off' ? 'clock' : 'wrong';
  });
}

/** Confirms a passkey by what the browser made. */
export function confirmPasskey(world: SignInWorld, token: string, answer: unknown, label: string, device: string): Promise<Confirmed> {
  return confirm(world, token, 'passkey', label, device, async (setUp) => {
    const { origin, rpId } = world.site;
    const made = await verifyRegistration(answer, { challenge: setUp.secret, origin, rpId });
    return made.outcome === 'wrong' ? 'wrong' : { secret: sealablePasskey(made.passkey), lastStep: made.passkey.counter };
  });
}

type Judge = (setUp: SetUp, now: Instant) => Promise<{ readonly secret: Uint8Array; readonly lastStep: number } | 'wrong' | 'clock'>;

async function confirm(
  world: SignInWorld,
  token: string,
  kind: FactorKind,
  label: string,
  device: string,
  judge: Judge,
): Promise<Confirmed> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Confirmed> => {
    const who = await entitled(world, transaction, token, now);
    const setUp = who === undefined ? undefined : await standing(world, transaction, token, who, now);
    if (who === undefined || setUp?.kind !== kind) return { outcome: 'over' };
    const judged = await judge(setUp, now);
    const { someone } = who;
    if (typeof judged === 'string') {
      const failures = await transaction.addSetUpFailure(setUp.bearer);
      if (failures < CODE_CAP) return { outcome: 'wrong', why: judged };
      await transaction.dropSetUp(setUp.bearer);
      return { outcome: 'over' };
    }
    if (!(await transaction.dropSetUp(setUp.bearer))) return { outcome: 'over' };
    const userId = someone.person.id;
    const named = beginning(label.replace(/[\s\p{C}]+/gu, ' ').trim(), LABEL);
    await transaction.enroll([{ userId, kind, label: named, enrolledAt: now, ...judged }]);
    await transaction.notify(userId, 'factor-added', { kind, at: now });
    await transaction.audit([ownAct(someone, 'factor.enrolled', { kind }, now)]);
    const codes = await firstCodes(world, transaction, someone);
    return { outcome: 'enrolled', kind, codes, ...(await onward(world, transaction, who, kind, device, now)) };
  });
}

/** Whoever sets up a factor and has no recovery code left gets ten. */
async function firstCodes(world: SignInWorld, transaction: StoreTransaction, { person }: Someone): Promise<string[]> {
  const codes = await transaction.recoveryCodes(person.id);
  if (unusedCodes(codes).length > 0) return [];
  return drawCodes(world, transaction, person.id);
}

/** Ten new recovery codes in the place of all others. */
export async function drawCodes(world: SignInWorld, transaction: StoreTransaction, userId: number): Promise<string[]> {
  const codes = drawRecoveryCodes(world.random.bytes(RECOVERY_BYTES));
  await transaction.putRecoveryCodes(
    userId,
    codes.map((code) => hashRecoveryCode(code, world.random.bytes(SALT_BYTES))),
  );
  return codes;
}

/** Enrolling ended every session and half-done sign-in; this one goes on under a new token. */
async function onward(
  world: SignInWorld,
  transaction: StoreTransaction,
  { attempt, session, someone }: Entitled,
  kind: FactorKind,
  device: string,
  now: Instant,
): Promise<Progress> {
  if (attempt !== null) {
    await transaction.dropAttempt(attempt.hash);
    const standing = { scope: attempt.scope, proven: 'second-factor', method: kind, tokenShown: attempt.tokenShown, device } as const;
    return proceed(world, transaction, await loadAgain(world, transaction, someone.person.id, now), standing, now);
  }
  const next = newBearer(world);
  if (session !== null) await forgetShown(transaction, session);
  await transaction.reissueSession(session?.hash ?? '', { hash: next.hash, provenAt: session?.provenAt ?? now });
  return { token: next.token, step: { step: 'session' } };
}
