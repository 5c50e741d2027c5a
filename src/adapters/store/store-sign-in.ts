import type { Transaction } from 'kysely';
import type { Instant } from '../../core/model/words.ts';
import type { StoreSignIn, StoreSignInWrites } from '../../core/ports/store-sign-in.ts';
import type { Ends } from './ends.ts';
import type { Connection } from './engine.ts';
import * as applied from './reading/applied.ts';
import * as people from './reading/people.ts';
import * as signIn from './reading/sign-in.ts';
import type { Tables } from './tables.ts';
import * as credentials from './writing/credentials.ts';
import { factorSecret, removeFactor, useFactor } from './writing/factors.ts';
import * as signInWrites from './writing/sign-in.ts';

/** Reading for signing in, over one connection. */
export function signInReader(db: Connection, { engine, keyring }: Ends): StoreSignIn {
  return {
    door: (scope) => signIn.door(db, scope),
    userIdCalled: (account, address) => signIn.userIdCalled(db, account, address),
    personOf: (userId) => people.personOf(db, userId),
    signInState: (userId) => signIn.signInState(db, userId),
    termsOf: (scopes) => applied.termsOf(db, engine, scopes),
    attempt: (hash) => signIn.attempt(db, hash),
    session: (hash) => signIn.session(db, hash),
    sessionsOf: (userId) => signIn.sessionsOf(db, userId),
    setUp: (bearer) => signIn.setUp(db, bearer, keyring),
    factorsOf: (userId) => signIn.factorsOf(db, userId),
    factorSecret: (factorId) => factorSecret(db, factorId, keyring),
    recoveryCodes: (userId) => signIn.recoveryCodes(db, userId),
    link: (hash) => signIn.link(db, hash),
    failures: (key) => signIn.failures(db, key),
    notices: (now, limit) => signIn.notices(db, now, limit),
    pulse: () => signIn.pulse(db),
  };
}

/** Writing for signing in, in one transaction. */
export function signInWriter(db: Transaction<Tables>, { engine, keyring, random }: Ends, now: Instant): StoreSignInWrites {
  return {
    addFailure: (key, since) => credentials.addFailure(db, key, since, now),
    takeBackFailure: (key) => credentials.takeBackFailure(db, key),
    clearFailures: (key) => credentials.clearFailures(db, key),
    addCodeFailure: (userId) => credentials.addCodeFailure(db, userId),
    clearCodeFailures: (userId) => credentials.clearCodeFailures(db, userId),
    lock: (userId) => credentials.lock(db, userId, now),
    unlock: (userId) => credentials.unlock(db, userId),
    putAttempt: (attempt) => signInWrites.putAttempt(db, attempt),
    dropAttempt: (hash) => signInWrites.dropAttempt(db, hash),
    putSession: (session) => signInWrites.putSession(db, session),
    reissueSession: (hash, next) => signInWrites.reissueSession(db, hash, next),
    touchSession: (hash, seenAt) => signInWrites.touchSession(db, hash, seenAt),
    dropSession: (hash) => signInWrites.dropSession(db, hash),
    dropSessionsBut: (userId, hash) => signInWrites.dropSessionsBut(db, userId, hash),
    raiseEpoch: (userId) => credentials.raiseEpoch(db, userId),
    markSignedIn: (userId) => credentials.markSignedIn(db, userId, now),
    putSetUp: (setUp) => signInWrites.putSetUp(db, setUp, keyring(), random),
    addSetUpFailure: (bearer) => signInWrites.addSetUpFailure(db, bearer),
    dropSetUp: (bearer) => signInWrites.dropSetUp(db, bearer),
    removeFactor: (userId, factorId) => removeFactor(db, engine, userId, factorId),
    useFactor: (factorId, step) => useFactor(db, factorId, step),
    putChallenge: (bearer, challenge) => signInWrites.putChallenge(db, bearer, challenge, now),
    takeChallenge: (bearer, since) => signInWrites.takeChallenge(db, bearer, since),
    putRecoveryCodes: (userId, hashes) => credentials.putRecoveryCodes(db, userId, hashes, now),
    useRecoveryCode: (userId, hash) => credentials.useRecoveryCode(db, userId, hash, now),
    putPassword: (userId, hash) => credentials.putPassword(db, userId, hash, now),
    rehash: (userId, from, to) => credentials.rehash(db, userId, from, to),
    putLink: (link) => signInWrites.putLink(db, link),
    useLink: (hash) => signInWrites.useLink(db, hash, now),
    notify: (userId, about, detail) => signInWrites.notify(db, userId, about, detail, now),
    noticeSent: (id) => signInWrites.noticeSent(db, id),
    claimNotice: (id, until) => signInWrites.claimNotice(db, id, until, now),
    noticeFailed: (id, again) => signInWrites.noticeFailed(db, id, again),
    sweep: (before) => signInWrites.sweep(db, before),
  };
}
