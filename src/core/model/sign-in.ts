import type { KindMask } from './demand.ts';
import type { ScopeKey } from './scope.ts';
import type { FactorKind, Instant } from './words.ts';

/**
 * What somebody has proven so far in a sign-in: the password, and then a second factor or a recovery code that stands in for one.
 * A passkey whose holder was verified proves both at once.
 */
export type Proven = 'password' | 'second-factor';

/** How a session came about; `none`: no second factor was due, and there was none. */
export const SIGN_IN_METHODS = ['none', 'totp', 'passkey', 'recovery'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** A half-done sign-in. It is never a session, and dies with whatever it was made from: the epoch, the password, the lock. */
export interface Attempt {
  /** SHA-256 of the bearer's token, hexadecimal; the token itself is nowhere. */
  readonly hash: string;
  readonly userId: number;
  /** Where it began: the door. */
  readonly scope: ScopeKey;
  readonly proven: Proven;
  readonly method: SignInMethod;
  /** An enrollment token was shown where the policy asks for one. */
  readonly tokenShown: boolean;
  /** The person's epoch and the password's version when it began. */
  readonly epoch: number;
  readonly passwordVersion: number;
  readonly createdAt: Instant;
}

/** A session. */
export interface Session {
  readonly hash: string;
  readonly userId: number;
  readonly scope: ScopeKey;
  readonly method: SignInMethod;
  readonly epoch: number;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  /** When the person last proved who they are: changes of factors take a recent one. */
  readonly provenAt: Instant;
  /** What the browser calls itself, cut short; for the person's own list. */
  readonly device: string;
}

/** A factor being set up: a secret or a challenge that is nothing until it is confirmed, bound to the bearer who opened it. */
export interface SetUp {
  /** The bearer's hash: an attempt's or a session's. */
  readonly bearer: string;
  readonly kind: FactorKind;
  readonly userId: number;
  readonly secret: Uint8Array;
  readonly openedAt: Instant;
  readonly failures: number;
}

/** A confirmed factor, without its secret. */
export interface Factor {
  readonly id: number;
  readonly userId: number;
  readonly kind: FactorKind;
  readonly label: string;
  readonly enrolledAt: Instant;
  /** The last time step (TOTP) or signature counter (passkey) that was accepted. */
  readonly lastStep: number;
}

/** A recovery code as it is kept: salted and hashed. */
export interface RecoveryCode {
  readonly hash: string;
  readonly createdAt: Instant;
  readonly usedAt: Instant | null;
}

/** What a link that is mailed or handed over lets its holder do, once. */
export const LINK_PURPOSES = ['invitation', 'unlock', 'password-reset', 'enrollment-token'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** A link or token that works once. */
export interface Link {
  readonly hash: string;
  readonly purpose: LinkPurpose;
  readonly userId: number;
  readonly account: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
  /** A newer one of the same purpose took its place, or the password was set since. */
  readonly replacedAt: Instant | null;
  /** The person still has the address that they had when it was made. */
  readonly addressed: boolean;
}

/** A count of failures and when the last one was. */
export interface Failures {
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

/** What signing in asks of a person besides memberships. */
export interface SignInState {
  readonly userId: number;
  readonly account: string;
  readonly epoch: number;
  /** Null: no password was set yet; an invitation is. */
  readonly passwordHash: string | null;
  readonly passwordVersion: number;
  readonly codeFailures: number;
  readonly lockedAt: Instant | null;
  readonly kinds: KindMask | null;
}

/** Mails that wait to be sent; the address is the one that was known when it happened. */
export interface Notice {
  readonly id: number;
  readonly account: string;
  readonly userId: number;
  readonly address: string;
  readonly about: NoticeAbout;
  /** Instants, labels, counts, and who did it by the store's id (`by`): never a secret. A link is made when the mail is. */
  readonly detail: Readonly<Record<string, string | number>>;
  readonly createdAt: Instant;
  readonly tries: number;
}

/** What people are told by mail. */
export const NOTICES = [
  'invitation',
  'unlock',
  'password-reset',
  'password-changed',
  'reset',
  'recovery-code-used',
  'recovery-codes-renewed',
  'factor-added',
  'factor-removed',
  'stopped-at-second-factor',
  'locked',
  'unlocked',
  'token-issued',
] as const;
export type NoticeAbout = (typeof NOTICES)[number];

/** What an administrator did to let somebody in: they hear of it at addresses that they had before, too, since one that was changed first and used then would tell nobody. */
export const TOLD_BEFORE: readonly NoticeAbout[] = ['reset', 'token-issued', 'unlocked'];
