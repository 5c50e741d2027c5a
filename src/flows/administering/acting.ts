import { provenRecently } from '../../core/authentication/sessions.ts';
import type { AuditRecord, ResolvedActor } from '../../core/model/actor.ts';
import type { Instant, Json, Role } from '../../core/model/words.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import type { Act } from '../../core/rights/rights.ts';
import { authorize } from '../authorize.ts';
import { load, roleIn, type Someone } from '../sign-in/person.ts';
import { openSession } from '../sign-in/session.ts';
import type { SignInWorld } from '../sign-in/world.ts';
import type { World } from '../world.ts';

/** Somebody who administers, by their session: the world as they act in it, and the token that shows who they are. */
export interface Administrator {
  readonly world: World;
  readonly signIn: SignInWorld;
  readonly token: string;
}

/** What came of an act on somebody. */
export type Acted<T> =
  | { readonly outcome: 'done'; readonly value: T }
  /** Prove again who you are. */
  | { readonly outcome: 'prove'; readonly userId: number }
  /** Nobody of this account is meant. */
  | { readonly outcome: 'unknown' }
  /** The session is over. */
  | { readonly outcome: 'over' };

/** Whom an act is about, and which right it takes. */
export interface Target {
  readonly userId: number;
  readonly act: (role: Role | null) => Act;
}

/** What an act works with. */
export interface Acting {
  readonly transaction: StoreTransaction;
  readonly actor: ResolvedActor;
  readonly account: string;
  readonly on: Someone;
  readonly now: Instant;
}

/**
 * One act on somebody of the administrator's own account, in one transaction: the session, the right and the recent proof are looked at in
 * it, whatever a page showed before. `rights/denied` before anything is written; people of another account are nobody.
 */
export async function acting<T>(
  by: Administrator,
  target: (transaction: StoreTransaction, account: string) => Promise<Target | undefined>,
  work: (acting: Acting) => Promise<T>,
): Promise<Acted<T>> {
  const { world, signIn, token } = by;
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Acted<T>> => {
    const open = await openSession(signIn, transaction, token, now);
    if (open === undefined) return { outcome: 'over' };
    const { account } = open.someone.person;
    // First: whoever may not see people learns nothing of who there is.
    await authorize(world, transaction, account, { act: 'list-users' });
    const meant = await target(transaction, account);
    const on = meant === undefined ? undefined : await memberOf(signIn, transaction, account, meant.userId, now);
    if (meant === undefined || on === undefined) return { outcome: 'unknown' };
    const actor = await authorize(world, transaction, account, meant.act(roleIn(on, account) ?? null));
    if (!provenRecently(open.session, signIn.limits, now)) return { outcome: 'prove', userId: meant.userId };
    return { outcome: 'done', value: await work({ transaction, actor, account, on, now }) };
  });
}

/** Somebody of an account or one of its MyGlue accounts; undefined: there is nobody of the id, or they are another account's. */
export async function memberOf(
  signIn: SignInWorld,
  reader: Parameters<typeof load>[1],
  account: string,
  userId: number,
  now: Instant,
): Promise<Someone | undefined> {
  const someone = await load(signIn, reader, userId, now);
  return someone?.person.account === account && someone.person.memberships.length > 0 ? someone : undefined;
}

/** An audit entry of what an administrator did about somebody. */
export function actOn({ account, actor, on, now }: Acting, act: string, detail: { readonly [key: string]: Json } = {}): AuditRecord {
  const user = on.person.id;
  return { account, at: now, actor, act, target: String(user), detail: { ...detail, user } };
}
