import { addressKey } from '../../../src/core/model/address.ts';
import { maskOf } from '../../../src/core/model/demand.ts';
import type { DirectoryChanges } from '../../../src/core/model/directory.ts';
import type { PersonFacts } from '../../../src/core/model/person.ts';
import type { ExemptionWindow } from '../../../src/core/model/requirement.ts';
import type { Attempt, Factor, Failures, Link, Notice, RecoveryCode, Session, SetUp } from '../../../src/core/model/sign-in.ts';
import type { Obligation, Terms } from '../../../src/core/model/terms.ts';
import type { Instant, Role } from '../../../src/core/model/words.ts';
import type { Store, StoreTransaction } from '../../../src/core/ports/store.ts';
import type { StoreSignIn, StoreSignInWrites } from '../../../src/core/ports/store-sign-in.ts';
import type { FactorWrite, ResetWrite } from '../../../src/core/ports/store-writing.ts';

interface User {
  readonly id: number;
  readonly externalId: string;
  readonly account: string;
  address: string | null;
  name: string | null;
  enabled: boolean;
  service: boolean;
  lastSignIn: Instant | null;
  memberships: { scope: string; role: Role; joined: Instant }[];
  epoch: number;
  password: string | null;
  passwordVersion: number;
  codeFailures: number;
  lockedAt: Instant | null;
  exemptions: ExemptionWindow[];
}

type Row<T> = { -readonly [K in keyof T]: T[K] };

/** As much of a store as signing in works over, in memory: held to the contract of signing in. One at a time, and no rolling back. */
export class MemoryStore implements StoreSignIn, StoreSignInWrites {
  #now: Instant = 0;
  #highest: Instant = 0;
  #ids = 0;
  readonly #users = new Map<number, User>();
  readonly #attempts = new Map<string, Attempt>();
  readonly #sessions = new Map<string, Row<Session>>();
  readonly #setUps = new Map<string, Row<SetUp>>();
  readonly #challenges = new Map<string, { challenge: string; at: Instant }>();
  readonly #links = new Map<string, Row<Link>>();
  readonly #addressed = new Map<string, string | null>();
  readonly #failures = new Map<string, Failures>();
  readonly #factors = new Map<number, Row<Factor> & { secret: Uint8Array }>();
  readonly #codes = new Map<number, Row<RecoveryCode>[]>();
  readonly #terms = new Map<string, Terms>();
  readonly #obligations: Obligation[] = [];
  #notices: (Row<Notice> & { due: Instant })[] = [];

  /** The store as flows take it; what they do not call is not there. */
  get store(): Store {
    const transaction = this as unknown as StoreTransaction;
    return {
      read: (work: (reader: StoreTransaction) => unknown) => work(transaction),
      survey: (work: (reader: StoreTransaction) => unknown) => work(transaction),
      write: (now: Instant, work: (transaction: StoreTransaction) => unknown) => {
        this.#now = now;
        return work(transaction);
      },
    } as unknown as Store;
  }

  #user(id: number): User {
    const user = this.#users.get(id);
    if (user === undefined) throw new RangeError(`no user ${id}`);
    return user;
  }

  #kinds(userId: number): number {
    return maskOf([...this.#factors.values()].filter((factor) => factor.userId === userId).map(({ kind }) => kind));
  }

  // What the directory, policies and administrators write.

  async importDirectory(changes: DirectoryChanges): Promise<void> {
    for (const { externalId, attributes, memberships } of changes.created) {
      const id = ++this.#ids;
      this.#users.set(id, {
        id,
        externalId,
        account: changes.account,
        address: attributes.address ?? null,
        name: attributes.name ?? null,
        enabled: attributes.enabled ?? true,
        service: attributes.service ?? false,
        lastSignIn: attributes.lastSignIn ?? null,
        memberships: memberships.map((member) => ({ ...member, joined: this.#now })),
        epoch: 0,
        password: null,
        passwordVersion: 0,
        codeFailures: 0,
        lockedAt: null,
        exemptions: [],
      });
    }
    for (const { id, attributes } of changes.updated) {
      const user = this.#user(id);
      if (attributes.enabled === false && user.enabled) user.epoch += 1;
      user.enabled = attributes.enabled ?? user.enabled;
    }
    for (const { id, scope, to } of changes.roleChanged) {
      const user = this.#user(id);
      user.epoch += 1;
      user.memberships = user.memberships.map((member) => (member.scope === scope ? { ...member, role: to } : member));
    }
  }

  async directory(): Promise<{ people: { id: number; externalId: string }[] }> {
    return { people: [...this.#users.values()] };
  }

  async audit(): Promise<void> {
    this.#highest = Math.max(this.#highest, this.#now);
  }

  async bindIdentity(): Promise<void> {}

  async putTerms(writes: readonly { scope: string; terms: Terms | null }[]): Promise<void> {
    for (const { scope, terms } of writes) {
      if (terms === null) this.#terms.delete(scope);
      else this.#terms.set(scope, terms);
    }
  }

  async addObligations(rows: readonly Obligation[]): Promise<void> {
    this.#obligations.push(...rows);
  }

  exempt(userId: number, windows: ExemptionWindow[]): void {
    this.#user(userId).exemptions = windows;
  }

  async putReset({ userId, requestedAt }: ResetWrite): Promise<{ done: boolean; factorsRemoved: number }> {
    const user = this.#user(userId ?? 0);
    const gone = [...this.#factors.values()].filter((factor) => factor.userId === userId && factor.enrolledAt < requestedAt);
    for (const { id } of gone) this.#factors.delete(id);
    this.#codes.set(
      user.id,
      (this.#codes.get(user.id) ?? []).filter(({ createdAt }) => createdAt >= requestedAt),
    );
    user.epoch += 1;
    Object.assign(user, { codeFailures: 0, lockedAt: null });
    return { done: true, factorsRemoved: gone.length };
  }

  async enroll(factors: readonly FactorWrite[]): Promise<void> {
    for (const { userId, kind, label, secret, enrolledAt, lastStep = 0 } of factors) {
      const id = ++this.#ids;
      this.#factors.set(id, { id, userId, kind, label, enrolledAt, lastStep, secret });
    }
    for (const id of new Set(factors.map(({ userId }) => userId))) this.#user(id).epoch += 1;
  }

  // Reading.

  async door(): Promise<undefined> {
    return undefined;
  }

  async userIdCalled(account: string, address: string): Promise<number | undefined> {
    const key = addressKey(address);
    for (const user of this.#users.values())
      if (user.account === account && user.address !== null && addressKey(user.address) === key) return user.id;
    return undefined;
  }

  async personOf(userId: number): Promise<PersonFacts | undefined> {
    const user = this.#users.get(userId);
    if (user === undefined) return undefined;
    const { id, externalId, account, address, name, lastSignIn, enabled, service, exemptions } = user;
    const kinds = this.#kinds(userId);
    const same = { enabled, service, localPassword: true, kinds, exemptions, proofs: [] };
    const memberships = user.memberships.map((member) => ({ ...member, ...same }));
    return { account, enforcer: 'portal', id, externalId, address, name, lastSignIn, memberships };
  }

  async signInState(userId: number) {
    const user = this.#users.get(userId);
    if (user === undefined) return undefined;
    const { account, epoch, password: passwordHash, passwordVersion, codeFailures, lockedAt } = user;
    return { userId, account, epoch, passwordHash, passwordVersion, codeFailures, lockedAt, kinds: this.#kinds(userId) };
  }

  async termsOf(scopes: readonly string[]) {
    const terms = scopes.flatMap((scope) => this.#terms.get(scope) ?? []);
    return { terms, obligations: this.#obligations.filter(({ scope }) => scopes.includes(scope)) };
  }

  async attempt(hash: string) {
    return this.#attempts.get(hash);
  }

  async session(hash: string) {
    const found = this.#sessions.get(hash);
    return found === undefined ? undefined : { ...found };
  }

  async sessionsOf(userId: number) {
    const own = [...this.#sessions.values()].filter((session) => session.userId === userId);
    return own.sort((a, b) => b.createdAt - a.createdAt || (a.hash < b.hash ? -1 : 1));
  }

  async setUp(bearer: string) {
    const found = this.#setUps.get(bearer);
    return found === undefined ? undefined : { ...found };
  }

  async factorsOf(userId: number): Promise<Factor[]> {
    const own = [...this.#factors.values()].filter((factor) => factor.userId === userId);
    return own.map(({ secret: _, ...factor }) => factor);
  }

  async factorSecret(factorId: number) {
    return this.#factors.get(factorId)?.secret;
  }

  async recoveryCodes(userId: number) {
    return (this.#codes.get(userId) ?? []).map((code) => ({ ...code }));
  }

  async link(hash: string) {
    const found = this.#links.get(hash);
    return found === undefined ? undefined : { ...found, addressed: this.#addressed.get(hash) === this.#user(found.userId).address };
  }

  async failures(key: string): Promise<Failures> {
    return this.#failures.get(key) ?? { count: 0, firstAt: 0, lastAt: 0 };
  }

  async notices(now: Instant, limit: number): Promise<Notice[]> {
    const due = this.#notices.filter((notice) => notice.due <= now).sort((a, b) => a.due - b.due || a.id - b.id);
    return due.slice(0, limit).map(({ due: _, ...notice }) => notice);
  }

  async pulse(): Promise<{ highest: Instant; mails: number }> {
    return { highest: this.#highest, mails: this.#notices.length };
  }

  // Writing.

  async addFailure(key: string, since: Instant): Promise<Failures> {
    const { count, firstAt, lastAt } = await this.failures(key);
    const anew = !this.#failures.has(key) || lastAt < since;
    const next = { count: anew ? 1 : count + 1, firstAt: anew ? this.#now : firstAt, lastAt: this.#now };
    this.#failures.set(key, next);
    return next;
  }

  async takeBackFailure(key: string): Promise<void> {
    const found = this.#failures.get(key);
    if (found !== undefined && found.count > 0) this.#failures.set(key, { ...found, count: found.count - 1 });
  }

  async clearFailures(key: string): Promise<void> {
    this.#failures.delete(key);
  }

  async addCodeFailure(userId: number): Promise<number> {
    return ++this.#user(userId).codeFailures;
  }

  async clearCodeFailures(userId: number): Promise<void> {
    this.#user(userId).codeFailures = 0;
  }

  async lock(userId: number): Promise<boolean> {
    const user = this.#user(userId);
    for (const { hash, userId: owner } of this.#attempts.values()) if (owner === userId) await this.dropAttempt(hash);
    if (user.lockedAt !== null) return false;
    user.lockedAt = this.#now;
    return true;
  }

  async unlock(userId: number): Promise<boolean> {
    const user = this.#user(userId);
    if (user.lockedAt === null) return false;
    Object.assign(user, { lockedAt: null, codeFailures: 0 });
    return true;
  }

  async putAttempt(attempt: Attempt): Promise<void> {
    this.#attempts.set(attempt.hash, attempt);
  }

  async dropAttempt(hash: string): Promise<boolean> {
    this.#setUps.delete(hash);
    return this.#attempts.delete(hash);
  }

  async putSession(session: Session): Promise<void> {
    this.#sessions.set(session.hash, { ...session });
  }

  async reissueSession(hash: string, next: { hash: string; provenAt: Instant }): Promise<boolean> {
    const found = this.#sessions.get(hash);
    this.#setUps.delete(hash);
    if (found === undefined) return false;
    this.#sessions.delete(hash);
    this.#sessions.set(next.hash, { ...found, ...next, epoch: this.#user(found.userId).epoch });
    return true;
  }

  async touchSession(hash: string, seenAt: Instant): Promise<void> {
    const found = this.#sessions.get(hash);
    if (found !== undefined && found.seenAt < seenAt) found.seenAt = seenAt;
  }

  async dropSession(hash: string): Promise<boolean> {
    this.#setUps.delete(hash);
    return this.#sessions.delete(hash);
  }

  async dropSessionsBut(userId: number, hash: string | null): Promise<number> {
    const others = (await this.sessionsOf(userId)).filter((session) => session.hash !== hash);
    for (const other of others) this.#sessions.delete(other.hash);
    return others.length;
  }

  async raiseEpoch(userId: number): Promise<void> {
    this.#user(userId).epoch += 1;
  }

  async markSignedIn(userId: number): Promise<void> {
    this.#user(userId).lastSignIn = this.#now;
  }

  async putSetUp(setUp: SetUp): Promise<void> {
    this.#setUps.set(setUp.bearer, { ...setUp });
  }

  async addSetUpFailure(bearer: string): Promise<number> {
    const found = this.#setUps.get(bearer);
    return found === undefined ? 0 : ++found.failures;
  }

  async dropSetUp(bearer: string): Promise<boolean> {
    return this.#setUps.delete(bearer);
  }

  async removeFactor(userId: number, factorId: number): Promise<boolean> {
    if (this.#factors.get(factorId)?.userId !== userId) return false;
    this.#factors.delete(factorId);
    this.#user(userId).epoch += 1;
    return true;
  }

  async useFactor(factorId: number, step: number): Promise<boolean> {
    const found = this.#factors.get(factorId);
    if (found === undefined || found.lastStep >= step) return false;
    found.lastStep = step;
    return true;
  }

  async putChallenge(bearer: string, challenge: string): Promise<void> {
    this.#challenges.set(bearer, { challenge, at: this.#now });
  }

  async takeChallenge(bearer: string, since: Instant): Promise<string | undefined> {
    const found = this.#challenges.get(bearer);
    this.#challenges.delete(bearer);
    return found === undefined || found.at < since ? undefined : found.challenge;
  }

  async putRecoveryCodes(userId: number, hashes: readonly string[]): Promise<void> {
    this.#codes.set(
      userId,
      [...hashes].sort().map((hash) => ({ hash, createdAt: this.#now, usedAt: null })),
    );
  }

  async useRecoveryCode(userId: number, hash: string): Promise<boolean> {
    const found = this.#codes.get(userId)?.find((code) => code.hash === hash && code.usedAt === null);
    if (found === undefined) return false;
    found.usedAt = this.#now;
    return true;
  }

  async putPassword(userId: number, hash: string): Promise<void> {
    const user = this.#user(userId);
    Object.assign(user, { password: hash, passwordVersion: user.passwordVersion + 1 });
    for (const link of this.#links.values()) {
      const sets = link.purpose === 'invitation' || link.purpose === 'password-reset';
      if (link.userId === userId && sets && link.usedAt === null && link.replacedAt === null) link.replacedAt = this.#now;
    }
  }

  async rehash(userId: number, from: string, to: string): Promise<void> {
    const user = this.#user(userId);
    if (user.password === from) user.password = to;
  }

  async putLink(link: Omit<Link, 'account' | 'usedAt' | 'replacedAt' | 'addressed'>): Promise<void> {
    for (const other of this.#links.values()) {
      const replaced = other.userId === link.userId && other.purpose === link.purpose && other.usedAt === null && other.replacedAt === null;
      if (replaced) other.replacedAt = link.createdAt;
    }
    const { account, address } = this.#user(link.userId);
    this.#links.set(link.hash, { ...link, account, usedAt: null, replacedAt: null, addressed: true });
    this.#addressed.set(link.hash, address);
  }

  async useLink(hash: string): Promise<boolean> {
    const found = this.#links.get(hash);
    if (found === undefined || found.usedAt !== null || found.replacedAt !== null || found.expiresAt <= this.#now) return false;
    found.usedAt = this.#now;
    return true;
  }

  async notify(userId: number, about: Notice['about'], detail: Notice['detail']): Promise<void> {
    const { address, account } = this.#user(userId);
    if (address === null) return;
    const [id, now] = [++this.#ids, this.#now];
    this.#notices.push({ id, account, userId, address, about, detail, createdAt: now, tries: 0, due: now });
  }

  async noticeSent(id: number): Promise<boolean> {
    const before = this.#notices.length;
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    return this.#notices.length < before;
  }

  async claimNotice(id: number, until: Instant): Promise<boolean> {
    const notice = this.#notices.find((one) => one.id === id && one.due <= this.#now);
    if (notice === undefined) return false;
    notice.due = until;
    return true;
  }

  async noticeFailed(id: number, again: Instant): Promise<void> {
    for (const notice of this.#notices) if (notice.id === id) Object.assign(notice, { tries: notice.tries + 1, due: again });
  }

  async sweep(before: { attempts: Instant; idle: Instant; sessions: Instant; failures: Instant }): Promise<number[]> {
    const stopped = new Set<number>();
    for (const { hash, userId, proven, createdAt } of this.#attempts.values()) {
      if (createdAt > before.attempts) continue;
      this.#attempts.delete(hash);
      if (proven === 'password') stopped.add(userId);
    }
    for (const { hash, seenAt, createdAt } of this.#sessions.values())
      if (seenAt <= before.idle || createdAt <= before.sessions) this.#sessions.delete(hash);
    for (const [bearer, { openedAt }] of this.#setUps) if (openedAt <= before.attempts) this.#setUps.delete(bearer);
    for (const [bearer, { at }] of this.#challenges) if (at <= before.attempts) this.#challenges.delete(bearer);
    for (const [key, { lastAt }] of this.#failures) if (lastAt <= before.failures) this.#failures.delete(key);
    return [...stopped];
  }
}
