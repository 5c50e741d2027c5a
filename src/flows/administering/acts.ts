import type { Instant } from '../../core/model/words.ts';
import type { OnPerson } from '../../core/rights/rights.ts';
import { countMail } from '../sign-in/counts.ts';
import { issueLink } from '../sign-in/links.ts';
import { type Acted, type Acting, type Administrator, acting, actOn } from './acting.ts';

/** What came of an invitation. */
export type Invited =
  | 'sent'
  /** They have a password, and get another one by themselves. */
  | 'has-password'
  | 'no-address'
  | 'cannot-sign-in'
  /** Enough mails went to them in this hour. */
  | 'wait';

/** Invites somebody by mail. The link is made when the mail is, and is nowhere before. */
export function invite(by: Administrator, userId: number): Promise<Acted<Invited>> {
  return on(by, userId, 'invite', async (acting): Promise<Invited> => {
    const { transaction, on: someone, now } = acting;
    if (someone.state.passwordHash !== null) return 'has-password';
    if (!someone.canSignIn) return 'cannot-sign-in';
    if (someone.person.address === null) return 'no-address';
    if (!(await countMail(transaction, 'invitation', userId, now))) return 'wait';
    await transaction.notify(userId, 'invitation', {});
    await transaction.audit([actOn(acting, 'invitation.sent')]);
    return 'sent';
  });
}

/** A token that lets somebody set up a factor where the policy asks for one. Told this once, and kept as its hash. */
export interface Issued {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Issues an enrollment token, in the place of any other of the person, and tells them without it. Null: they cannot sign in, and it would be of no use. */
export function issueToken(by: Administrator, userId: number): Promise<Acted<Issued | null>> {
  return on(by, userId, 'issue-token', async (acting) => {
    const { transaction, now } = acting;
    if (!acting.on.canSignIn) return null;
    const issued = await issueLink(by.signIn, transaction, userId, 'enrollment-token', now);
    await tell(acting, 'token-issued');
    await transaction.audit([actOn(acting, 'enrollment-token.issued', { expiresAt: issued.expiresAt })]);
    return issued;
  });
}

/** Unlocks somebody whom wrong codes have locked, and tells them. False: they were not locked. */
export function unlock(by: Administrator, userId: number): Promise<Acted<boolean>> {
  return on(by, userId, 'unlock', async (acting) => {
    if (!(await acting.transaction.unlock(userId))) return false;
    await tell(acting, 'unlocked');
    await acting.transaction.audit([actOn(acting, 'sign-in.unlocked', { by: 'administrator' })]);
    return true;
  });
}

/** Signs somebody out everywhere: every session, and every half-done sign-in. Gives how many sessions there were. */
export function signOutEverywhere(by: Administrator, userId: number): Promise<Acted<number>> {
  return on(by, userId, 'end-sessions', async (acting) => {
    const { transaction } = acting;
    const sessions = await transaction.dropSessionsBut(userId, null);
    await transaction.raiseEpoch(userId);
    await transaction.audit([actOn(acting, 'session.ended', { by: 'administrator', sessions })]);
    return sessions;
  });
}

/** Tells somebody by mail what was done to their way in, and by whom: nobody takes it over in silence. */
function tell({ transaction, actor, on: someone, now }: Acting, about: 'unlocked' | 'token-issued'): Promise<void> {
  return transaction.notify(someone.person.id, about, { at: now, ...(actor.userId !== null && { by: actor.userId }) });
}

function on<T>(by: Administrator, userId: number, act: OnPerson['act'], work: (acting: Acting) => Promise<T>): Promise<Acted<T>> {
  return acting(by, async () => ({ userId, act: (role) => ({ act, user: userId, role }) }), work);
}
