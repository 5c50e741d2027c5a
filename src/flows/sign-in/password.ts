import type { ScopeKey } from '../../core/model/scope.ts';
import { scopeOf } from '../../core/model/scope.ts';
import { countPassword, networkKey, passwordKey, takeBackPassword } from './counts.ts';
import { load, roleIn } from './person.ts';
import { type Progress, proceed } from './progress.ts';
import type { SignInWorld } from './world.ts';

/** An id that nobody has: the store's begin at 1. */
const NOBODY = 0;

/** What somebody typed at a door, and from where. */
export interface PasswordEntry {
  readonly scope: ScopeKey;
  readonly address: string;
  readonly password: string;
  /** The network address that failures are counted by. */
  readonly from: string;
  readonly device: string;
}

/** What came of it. `refused` is one answer for every reason: unknown, wrong, disabled, no member here. */
export type Entered =
  | ({ readonly outcome: 'in' } & Progress)
  | { readonly outcome: 'refused' }
  /** Too many failures: it was not looked at. */
  | { readonly outcome: 'wait' }
  /** The password is right, and wrong codes have locked the person. */
  | { readonly outcome: 'locked' };

/**
 * The first step of a sign-in. The failure is counted before the password is looked at and committed apart, so that no number of guesses at once
 * beats the count. Whoever is unknown costs the same hash as anybody, and is told the same.
 * Errors: `sign-in/busy`; those of the store.
 */
export async function enterPassword(world: SignInWorld, entry: PasswordEntry): Promise<Entered> {
  const { account } = scopeOf(entry.scope);
  const keys = { name: passwordKey(account, entry.address), network: networkKey(entry.from) };
  const asked = world.clock.now();
  const found = await world.store.write(asked, async (transaction) => {
    if (!(await countPassword(transaction, keys, asked))) return null;
    // Nobody is looked up as somebody is: it takes as long.
    const userId = (await transaction.userIdCalled(account, entry.address.trim())) ?? NOBODY;
    return { state: await transaction.signInState(userId) };
  });
  if (found === null) return { outcome: 'wait' };
  const { state } = found;
  const right = await world.hasher.verify(state?.passwordHash ?? null, entry.password);
  if (!right || state?.passwordHash == null) return { outcome: 'refused' };
  const { passwordHash } = state;
  const better = world.hasher.needsRehash(passwordHash) ? await world.hasher.hash(entry.password) : null;
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Entered> => {
    const someone = await load(world, transaction, state.userId, now);
    // What was verified must still be the password.
    if (someone === undefined || someone.state.passwordVersion !== state.passwordVersion) return { outcome: 'refused' };
    if (!someone.canSignIn || roleIn(someone, entry.scope) === undefined) return { outcome: 'refused' };
    if (better !== null) await transaction.rehash(state.userId, passwordHash, better);
    await takeBackPassword(transaction, keys);
    if (someone.state.lockedAt !== null) return { outcome: 'locked' };
    const standing = { scope: entry.scope, proven: 'password', method: 'none', tokenShown: false, device: entry.device } as const;
    return { outcome: 'in', ...(await proceed(world, transaction, someone, standing, now)) };
  });
}
