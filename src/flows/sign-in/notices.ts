import { PadlockError } from '../../core/model/errors.ts';
import type { LinkPurpose, Notice, NoticeAbout } from '../../core/model/sign-in.ts';
import type { Duration, Instant } from '../../core/model/words.ts';
import { noticeText } from '../../core/notices/words.ts';
import type { Mail, Notifier } from '../../core/ports/notifier.ts';
import type { StoreTransaction } from '../../core/ports/store.ts';
import { issueLink } from './links.ts';
import { load } from './person.ts';
import type { SignInWorld } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** For how long whoever took a mail may have it: longer than sending it can take. */
const LEASE: Duration = 2 * MINUTE;

/** After this long nobody tries any more. */
const GIVEN_UP: Duration = 24 * HOUR;

/** Mails looked at in one go. */
const BATCH = 20;

/** Mails with a link in them, and what it is for. */
const LINKS: Readonly<Partial<Record<NoticeAbout, LinkPurpose>>> = {
  invitation: 'invitation',
  unlock: 'unlock',
  'password-reset': 'password-reset',
};

/** What came of the mails that were due. */
export interface Sent {
  readonly sent: number;
  readonly failed: readonly PadlockError[];
  readonly givenUp: number;
  /** There may be more that are due. */
  readonly more: boolean;
}

/**
 * Sends the mails that are due, one after the other. Each is taken first, so that nobody else sends it meanwhile; should whoever took it be killed,
 * it is due again when its time is over: a mail may come twice, and is never lost. What cannot be sent is tried again, after a minute,
 * two, four, up to an hour, for a day.
 */
export async function sendNotices(world: SignInWorld, notifier: Notifier): Promise<Sent> {
  const due = await world.store.read((reader) => reader.notices(world.clock.now(), BATCH));
  const failed: PadlockError[] = [];
  let [sent, givenUp] = [0, 0];
  for (const notice of due) {
    const mail = await take(world, notice);
    if (mail === null) continue;
    try {
      await notifier.send(mail);
    } catch (error) {
      if (!(error instanceof PadlockError) || error.code !== 'notify/failed') throw error;
      failed.push(error);
      if (await putOff(world, notice)) givenUp += 1;
      continue;
    }
    await world.store.write(world.clock.now(), (transaction) => transaction.noticeSent(notice.id));
    sent += 1;
  }
  return { sent, failed, givenUp, more: due.length === BATCH };
}

/** Takes a mail and writes it; its link is made in the same transaction, so that none is older than its mail. Null: nobody gets it. */
function take(world: SignInWorld, notice: Notice): Promise<Mail | null> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction): Promise<Mail | null> => {
    if (!(await transaction.claimNotice(notice.id, now + LEASE))) return null;
    const someone = await load(world, transaction, notice.userId, now);
    const where = (await transaction.door(notice.account))?.accountTitle ?? notice.account;
    const name = someone?.person.name ?? null;
    const purpose = LINKS[notice.about];
    if (purpose === undefined) return { to: notice.address, ...noticeText(notice, { where, name, by: await doerOf(transaction, notice) }) };
    // A link lets its holder in: it goes to nobody who may not sign in, and to no address that is another's by now.
    if (someone?.canSignIn !== true || someone.person.address !== notice.address) {
      await drop(transaction, notice, 'mail.dropped', now);
      return null;
    }
    // Asked for at the door, which tells nobody whether there is something to unlock.
    if (purpose === 'unlock' && someone.state.lockedAt === null) {
      await transaction.noticeSent(notice.id);
      return null;
    }
    const { token, expiresAt } = await issueLink(world, transaction, notice.userId, purpose, now);
    const link = { url: `${world.site.origin}/${purpose}/${token}`, until: expiresAt };
    return { to: notice.address, ...noticeText(notice, { where, name, link }) };
  });
}

/** What somebody else is called who did what a mail tells of; null: nobody is named, or they are gone. */
async function doerOf(transaction: StoreTransaction, { detail }: Notice): Promise<string | null> {
  const doer = typeof detail['by'] === 'number' ? await transaction.personOf(detail['by']) : undefined;
  return doer?.name ?? doer?.address ?? null;
}

/** Later, or never: true says that it was given up. */
function putOff(world: SignInWorld, notice: Notice): Promise<boolean> {
  const now = world.clock.now();
  return world.store.write(now, async (transaction) => {
    if (now - notice.createdAt >= GIVEN_UP) {
      await drop(transaction, notice, 'mail.given-up', now);
      return true;
    }
    await transaction.noticeFailed(notice.id, now + Math.min(HOUR, MINUTE * 2 ** Math.min(notice.tries, 10)));
    return false;
  });
}

async function drop(transaction: StoreTransaction, notice: Notice, act: string, at: Instant): Promise<void> {
  const { id, account, userId, about, tries } = notice;
  if (!(await transaction.noticeSent(id))) return;
  // Nobody acts here: it is the portal that gives up.
  const actor = { account, channel: 'portal', subject: 'mail', userId: null, role: null, bound: false, bootstrap: false } as const;
  await transaction.audit([{ account, at, actor, act, target: String(userId), detail: { about, tries } }]);
}
