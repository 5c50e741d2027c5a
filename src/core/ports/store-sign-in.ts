import type { PersonFacts } from '../model/person.ts';
import type { ScopeKey } from '../model/scope.ts';
import type { Attempt, Factor, Failures, Link, Notice, NoticeAbout, RecoveryCode, Session, SetUp, SignInState } from '../model/sign-in.ts';
import type { Obligation, Terms } from '../model/terms.ts';
import type { EnforcerName, Instant } from '../model/words.ts';

/** A door: where people of one scope sign in. */
export interface Door {
  readonly scope: ScopeKey;
  readonly account: string;
  readonly accountTitle: string;
  readonly title: string;
  readonly enforcer: EnforcerName;
}

/** Reading what a sign-in rests on: a few rows by key, whatever the number of people. */
export interface StoreSignIn {
  /** Undefined: there is no such scope. */
  door(scope: ScopeKey): Promise<Door | undefined>;
  /** By the address, as it is compared; nobody whose memberships have all ended. */
  userIdCalled(account: string, address: string): Promise<number | undefined>;
  /** A person by the store's id, with memberships that have not ended. */
  personOf(userId: number): Promise<PersonFacts | undefined>;
  /** Undefined: nobody has the id. */
  signInState(userId: number): Promise<SignInState | undefined>;
  /** What is in force in some scopes, and since when they ask. */
  termsOf(scopes: readonly ScopeKey[]): Promise<{ readonly terms: readonly Terms[]; readonly obligations: readonly Obligation[] }>;
  /** By token hash. */
  attempt(hash: string): Promise<Attempt | undefined>;
  session(hash: string): Promise<Session | undefined>;
  /** Newest first. */
  sessionsOf(userId: number): Promise<readonly Session[]>;
  setUp(bearer: string): Promise<SetUp | undefined>;
  factorsOf(userId: number): Promise<readonly Factor[]>;
  /** A factor's secret. `keys/missing`, `keys/unreadable-record`: it is enrolled all the same, and cannot be checked. */
  factorSecret(factorId: number): Promise<Uint8Array | undefined>;
  recoveryCodes(userId: number): Promise<readonly RecoveryCode[]>;
  link(hash: string): Promise<Link | undefined>;
  failures(key: string): Promise<Failures>;
  /** Mails that are due, oldest first. */
  notices(now: Instant, limit: number): Promise<readonly Notice[]>;
  /** Signs of life, in two rows: the clock's highest reading, and how many mails wait, due or not. */
  pulse(): Promise<{ readonly highest: Instant; readonly mails: number }>;
}

/** Writing, inside the transaction of `Store.write`. Compare-and-set where two may come at once: false means another was first. */
export interface StoreSignInWrites {
  /** Counts one more failure of a key, and gives what it comes to; older than `since`, the count begins anew. */
  addFailure(key: string, since: Instant): Promise<Failures>;
  /** Takes back one failure that was counted in advance. */
  takeBackFailure(key: string): Promise<void>;
  clearFailures(key: string): Promise<void>;
  /** Counts a wrong code in advance and gives the count. */
  addCodeFailure(userId: number): Promise<number>;
  /** Locks, and ends every half-done sign-in; false: it was locked before. */
  lock(userId: number): Promise<boolean>;
  /** Unlocks and begins the count anew; false: it was not locked. */
  unlock(userId: number): Promise<boolean>;
  /** A complete sign-in: counts begin anew. */
  clearCodeFailures(userId: number): Promise<void>;
  putAttempt(attempt: Attempt): Promise<void>;
  /** False: it is gone. */
  dropAttempt(hash: string): Promise<boolean>;
  putSession(session: Session): Promise<void>;
  /** The same session under a new token and the person's epoch as it is now: after they changed a factor themselves. */
  reissueSession(hash: string, next: { readonly hash: string; readonly provenAt: Instant }): Promise<boolean>;
  touchSession(hash: string, seenAt: Instant): Promise<void>;
  dropSession(hash: string): Promise<boolean>;
  /** Every session of a person but one. */
  dropSessionsBut(userId: number, hash: string | null): Promise<number>;
  raiseEpoch(userId: number): Promise<void>;
  markSignedIn(userId: number): Promise<void>;
  /** Takes the place of any set-up of the same bearer. */
  putSetUp(setUp: SetUp): Promise<void>;
  addSetUpFailure(bearer: string): Promise<number>;
  /** False: it is gone, and what it held confirms nothing. */
  dropSetUp(bearer: string): Promise<boolean>;
  removeFactor(userId: number, factorId: number): Promise<boolean>;
  /** Uses a step or counter up: it rises, or false, and nothing is accepted. */
  useFactor(factorId: number, step: number): Promise<boolean>;
  /** A challenge for passkeys, in the place of any other of the same bearer. */
  putChallenge(bearer: string, challenge: string): Promise<void>;
  /** Takes it: whatever the answer, there is no second one. Undefined: there is none, or it is older than `since`. */
  takeChallenge(bearer: string, since: Instant): Promise<string | undefined>;
  putRecoveryCodes(userId: number, hashes: readonly string[]): Promise<void>;
  useRecoveryCode(userId: number, hash: string): Promise<boolean>;
  /** Invitations and links to set one that are still open give way. */
  putPassword(userId: number, hash: string): Promise<void>;
  /** The same password hashed otherwise, if it still is the one. */
  rehash(userId: number, from: string, to: string): Promise<void>;
  /** Older ones of the same purpose and person give way. */
  putLink(link: Omit<Link, 'account' | 'usedAt' | 'replacedAt' | 'addressed'>): Promise<void>;
  useLink(hash: string): Promise<boolean>;
  /** Mails to the address that the person has now, of a reset, a token or an unlocking also to those that they had; nothing where there is none. */
  notify(userId: number, about: NoticeAbout, detail: Readonly<Record<string, string | number>>): Promise<void>;
  noticeSent(id: number): Promise<boolean>;
  /** Takes a mail that is due, until then: it is due again, should whoever took it be gone. False: somebody else has it. */
  claimNotice(id: number, until: Instant): Promise<boolean>;
  /** Tries again later. */
  noticeFailed(id: number, again: Instant): Promise<void>;
  /** Deletes half-done sign-ins, sessions and counts that are over; gives who stopped at the second factor. */
  sweep(before: {
    readonly attempts: Instant;
    readonly idle: Instant;
    readonly sessions: Instant;
    readonly failures: Instant;
  }): Promise<readonly number[]>;
}
