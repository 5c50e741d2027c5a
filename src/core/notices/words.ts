import { printable } from '../layout/width.ts';
import type { Notice } from '../model/sign-in.ts';
import type { FactorKind, Instant } from '../model/words.ts';

/** Whom a mail is for, and where they sign in. */
export interface NoticeFor {
  /** The account as people call it: `Northwind IT`. */
  readonly where: string;
  readonly name: string | null;
  /** What somebody else is called who did it; null or absent: nobody knows any more. */
  readonly by?: string | null;
  readonly link?: { readonly url: string; readonly until: Instant };
}

/** What a mail says. */
export interface NoticeText {
  readonly subject: string;
  readonly text: string;
}

/** What happened, and what to do; the first line is the subject's end. */
interface Said {
  readonly subject: string;
  readonly happened: string;
  readonly then: readonly string[];
}

const KINDS: Readonly<Record<FactorKind, string>> = { totp: 'an authenticator app', passkey: 'a passkey' };

const NOT_YOU = 'If this was not you, change your password at once and tell your administrator.';

/**
 * A mail in plain words: what happened, when, what to do if it was not the reader. Nothing that people wrote stands in it but the names of
 * the account, the reader and who did it, in one line each.
 */
export function noticeText(notice: Pick<Notice, 'about' | 'detail' | 'createdAt'>, reader: NoticeFor): NoticeText {
  const where = plain(reader.where) || 'your account';
  const name = plain(reader.name ?? '');
  const { subject, happened, then } = saidOf(notice, where, plain(reader.by ?? '') || 'An administrator');
  const paragraphs = [
    name === '' ? 'Hello,' : `Hello ${name},`,
    happened,
    ...(reader.link === undefined ? [] : [reader.link.url, `The link works once, until ${timeText(reader.link.until)}.`]),
    ...then,
    `This mail was sent by the sign-in of ${where}. Nobody reads answers to it.`,
  ];
  return { subject, text: `${paragraphs.join('\n\n')}\n` };
}

/** `25 November 2026, 08:00 UTC` */
export function timeText(at: Instant): string {
  return `${new Date(at).toLocaleString('en-GB', FORMAT).replace(' at ', ', ')} UTC`;
}

const FORMAT = { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;

/** A name on one line, in which nothing steers the reader or looks like an address to go to. */
function plain(text: string): string {
  return printable(text)
    .replace(/\s+/g, ' ')
    .replace(/:\/\/|\bwww[.]/gi, ' ')
    .trim()
    .slice(0, 100);
}

function saidOf({ about, detail, createdAt }: Pick<Notice, 'about' | 'detail' | 'createdAt'>, where: string, by: string): Said {
  const at = timeText(typeof detail['at'] === 'number' ? detail['at'] : createdAt);
  const kind = detail['kind'] === 'totp' || detail['kind'] === 'passkey' ? KINDS[detail['kind']] : 'a second factor';
  const left = typeof detail['left'] === 'number' ? detail['left'] : null;
  const said = (subject: string, happened: string, ...then: readonly string[]): Said => ({ subject, happened, then });
  switch (about) {
    case 'invitation':
      return said(
        `Your invitation to ${where}`,
        `You are invited to sign in at ${where}. Choose a password here:`,
        'A second factor follows, if one is asked for. If you do not expect this mail, do nothing.',
      );
    case 'unlock':
      return said(
        `Unlock your sign-in at ${where}`,
        `Somebody asked at ${at} to unlock your sign-in at ${where}. If it was you, unlock it here:`,
        'If it was not you, do nothing: it stays locked, and nobody else gets in.',
      );
    case 'password-reset':
      return said(
        `Set a new password for ${where}`,
        `Somebody asked at ${at} for a new password for you at ${where}. If it was you, set it here:`,
        'Your second factor stays as it is. If it was not you, do nothing: your password stays as it is.',
      );
    case 'password-changed':
      return said(
        `Your password for ${where} was changed`,
        `The password with which you sign in at ${where} was changed at ${at}. Every other session was signed out.`,
        'If this was not you, ask for a new password on the sign-in page at once, and tell your administrator.',
      );
    case 'reset':
      return said(
        `Your second factor at ${where} was reset`,
        `Every second factor and recovery code that you had at ${where} when the reset was asked for was removed at ${at}, and every session was signed out. You set up a new one at the next sign-in, if one is asked for.`,
        'If you did not ask for this, tell your administrator at once: somebody may be trying to sign in as you.',
      );
    case 'recovery-code-used':
      return said(
        `A recovery code was used at ${where}`,
        `A recovery code stood in for your second factor at ${where}, at ${at}.${left === null ? '' : ` ${left === 0 ? 'No code is' : left === 1 ? '1 code is' : `${left} codes are`} left; you can make new ones in your settings.`}`,
        NOT_YOU,
      );
    case 'recovery-codes-renewed':
      return said(
        `New recovery codes at ${where}`,
        `New recovery codes were made for you at ${where}, at ${at}. The old ones do not work any more.`,
        NOT_YOU,
      );
    case 'factor-added':
      return said(`A second factor was added at ${where}`, `You can now sign in at ${where} with ${kind}, set up at ${at}.`, NOT_YOU);
    case 'factor-removed':
      return said(
        `A second factor was removed at ${where}`,
        `Nobody can sign in as you with ${kind} at ${where} any more: it was removed at ${at}.`,
        NOT_YOU,
      );
    case 'stopped-at-second-factor':
      return said(
        `A sign-in at ${where} stopped at the second factor`,
        `Somebody typed your right password at ${where}, and did not get past your second factor. This was noticed at ${at}.`,
        'If it was you, there is nothing to do. If it was not you, somebody knows your password: change it now. Your second factor kept them out.',
      );
    case 'locked':
      return said(
        `Your sign-in at ${where} is locked`,
        `There were too many wrong codes after your right password, so nobody can sign in as you at ${where} since ${at}. Whoever is signed in stays so.`,
        'If it was you, ask for the link that unlocks it on the sign-in page, or ask your administrator.',
        'If it was not you, somebody knows your password: unlock your sign-in, then change the password.',
      );
    case 'unlocked':
      return said(
        `Your sign-in at ${where} was unlocked`,
        `${by} unlocked your sign-in at ${where}, at ${at}. Too many wrong codes had locked it. Your password and your second factor are asked for as ever.`,
        'If you did not ask for this, somebody may know your password: change it at once, and tell your administrator.',
      );
    case 'token-issued':
      return said(
        `An enrollment token for you at ${where}`,
        `${by} made an enrollment token for you at ${where}, at ${at}. It lets you set up your first second factor. It is not in this mail: it is handed to you another way.`,
        'If you did not ask for it and nobody gave it to you, change your password at once and tell an administrator whom you know: with both, somebody could set up a second factor as you.',
      );
  }
}
