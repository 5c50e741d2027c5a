/**
 * What must come of each act of a sign-in, written from the rules alone: nothing of `src` is imported but types. One person with one or two
 * memberships; time in milliseconds.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const CAP = 10;
const LASTS = { attempt: 15 * MINUTE, idle: 30 * MINUTE, session: 12 * HOUR, proof: 5 * MINUTE };

export type Kind = 'totp' | 'passkey';
export const KINDS: readonly Kind[] = ['totp', 'passkey'];

/** The rules of one scope for the person's role. */
export interface Policy {
  readonly requires: boolean;
  readonly reportOnly: boolean;
  /** Empty: the role is not listed. */
  readonly allowed: readonly Kind[];
  readonly enforceFrom: number | null;
  readonly grace: number;
  readonly token: boolean;
  readonly revoke: boolean;
}

/** What a scope asks: nothing, nothing more, or a factor by a deadline or since one. */
type Due =
  | { readonly is: 'free' | 'satisfied' | 'exempt' | 'would' | 'overdue'; readonly scope: number }
  | { readonly is: 'pending'; readonly scope: number; readonly until: number };

export interface HeldFactor {
  readonly kind: Kind;
  /** The secret's number, or the passkey's name. */
  readonly key: string;
  readonly enrolledAt: number;
  /** Of a passkey: its holder was verified when it was made. */
  readonly verified: boolean;
  last: number;
}

interface SetUp {
  readonly kind: Kind;
  readonly key: string;
  readonly at: number;
  failures: number;
}

export interface Bearer {
  readonly token: string;
  readonly is: 'attempt' | 'session';
  readonly proven: 'password' | 'second';
  readonly shown: boolean;
  readonly generation: number;
  readonly version: number;
  readonly at: number;
  seen: number;
  provenAt: number;
  gone: boolean;
  setUp: SetUp | null;
}

export interface Offer {
  readonly step: 'challenge' | 'token' | 'set-up' | 'stuck' | 'session';
  readonly kinds: readonly Kind[];
  readonly until: number | null;
}

export class Model {
  now: number;
  enabled = true;
  readonly policies: (Policy | null)[];
  /** Since when a scope asks for which kinds. */
  readonly asked: { kinds: readonly Kind[]; since: number }[][];
  readonly joined: number;
  exemptUntil = 0;
  enrollable: readonly Kind[] = KINDS;
  factors: HeldFactor[] = [];
  /** Unused recovery codes. */
  codes: { code: string; at: number }[] = [];
  used: string[] = [];
  password = '';
  version = 0;
  generation = 0;
  locked = false;
  wrongCodes = 0;
  /** By when a session began: when a token was shown in it. */
  readonly shownIn = new Map<number, number>();
  wrongPasswords = { door: { count: 0, last: 0 }, proof: { count: 0, last: 0 } };
  readonly bearers: Bearer[] = [];

  constructor(now: number, scopes: number) {
    this.now = now;
    this.joined = now;
    this.policies = Array.from({ length: scopes }, () => null);
    this.asked = Array.from({ length: scopes }, () => []);
  }

  get held(): readonly Kind[] {
    return KINDS.filter((kind) => this.factors.some((factor) => factor.kind === kind));
  }

  /** What each scope asks of somebody who holds these kinds. */
  dues(held: readonly Kind[] = this.held): Due[] {
    return this.policies.map((policy, scope): Due => {
      if (!this.enabled || policy === null || !policy.requires || policy.allowed.length === 0) return { is: 'free', scope };
      if (policy.allowed.some((kind) => held.includes(kind))) return { is: 'satisfied', scope };
      if (this.now < this.exemptUntil) return { is: 'exempt', scope };
      if (policy.reportOnly) return { is: 'would', scope };
      const since = this.asked[scope]?.filter((row) => !row.kinds.some((kind) => held.includes(kind))).map((row) => row.since) ?? [];
      if (since.length === 0) return { is: 'overdue', scope };
      const first = Math.min(...since);
      const until = Math.max(policy.enforceFrom ?? first, first, this.joined) + policy.grace;
      return this.now < until ? { is: 'pending', scope, until } : { is: 'overdue', scope };
    });
  }

  #allowed(due: Due): readonly Kind[] {
    return this.policies[due.scope]?.allowed ?? [];
  }

  /** What is offered to somebody who proved so much. */
  offer(proven: 'password' | 'second', shown: boolean): Offer {
    if (proven === 'password' && this.held.length > 0) return { step: 'challenge', kinds: this.answering(), until: null };
    const dues = this.dues();
    const overdue = dues.filter(({ is }) => is === 'overdue');
    const pending = dues.filter(({ is }) => is === 'pending');
    const canSetUp = (due: Due) => this.#allowed(due).some((kind) => this.enrollable.includes(kind));
    if (overdue.some((due) => !canSetUp(due))) return { step: 'stuck', kinds: [], until: null };
    const due = overdue.length > 0 ? overdue : pending.filter(canSetUp);
    if (due.length === 0) return { step: 'session', kinds: [], until: null };
    const until = overdue.length > 0 ? null : Math.min(...due.map((one) => (one.is === 'pending' ? one.until : Infinity)));
    if (this.held.length === 0 && !shown && this.policies.some((policy) => policy?.token)) return { step: 'token', kinds: [], until };
    const settingAll = (scopes: readonly Due[]) =>
      this.enrollable.filter((kind) => scopes.every((one) => this.#allowed(one).includes(kind)));
    const settingAny = this.enrollable.filter((kind) => due.some((one) => this.#allowed(one).includes(kind)));
    const wanted = [overdue.length > 0 ? [...due, ...pending] : due, due].map(settingAll).find((kinds) => kinds.length > 0);
    return { step: 'set-up', kinds: wanted ?? settingAny, until };
  }

  /** Kinds that answer a challenge: of those held, what is allowed in all scopes that they satisfy, or in one, or any. */
  answering(): readonly Kind[] {
    const satisfied = this.dues().filter(({ is }) => is === 'satisfied');
    const inAll = this.held.filter((kind) => satisfied.every((due) => this.#allowed(due).includes(kind)));
    const inOne = this.held.filter((kind) => satisfied.some((due) => this.#allowed(due).includes(kind)));
    return [inAll, inOne].find((kinds) => kinds.length > 0) ?? this.held;
  }

  standing(bearer: Bearer): boolean {
    if (bearer.is !== 'attempt' || bearer.gone || !this.enabled || this.locked) return false;
    return bearer.generation === this.generation && bearer.version === this.version && this.now < bearer.at + LASTS.attempt;
  }

  /** Who holds a token, in the portal's words. */
  holds(bearer: Bearer): string {
    if (bearer.gone) return 'nobody';
    if (bearer.is === 'attempt') return this.standing(bearer) ? 'attempt' : 'nobody';
    if (bearer.generation !== this.generation) return 'ended';
    if (!this.enabled) return 'disabled';
    if (this.now >= bearer.at + LASTS.session) return 'expired';
    if (this.now >= bearer.seen + LASTS.idle) return 'idle';
    if (this.dues().some((due) => due.is === 'overdue' && this.policies[due.scope]?.revoke === true)) return 'revoked';
    return 'session';
  }

  recent(bearer: Bearer): boolean {
    return this.now < bearer.provenAt + LASTS.proof;
  }

  /** Whether a password is looked at now; counts it as wrong if so. Who is signed in is counted apart from who is at a door. */
  countPassword(where: 'door' | 'proof'): boolean {
    const { count, last } = this.wrongPasswords[where];
    const counting = count > 0 && this.now - last < DAY ? count : 0;
    const delay = counting <= 4 ? 0 : Math.min(SECOND * 2 ** (counting - 5), 5 * MINUTE);
    if (delay > 0 && this.now - last < delay) return false;
    this.wrongPasswords[where] = { count: last < this.now - DAY ? 1 : count + 1, last: this.now };
    return true;
  }

  takeBack(where: 'door' | 'proof'): void {
    const counted = this.wrongPasswords[where];
    counted.count = Math.max(0, counted.count - 1);
  }

  /** Counts a code as wrong; false: the person is locked by it. */
  countCode(): boolean {
    this.wrongCodes += 1;
    if (this.wrongCodes <= CAP) return true;
    this.lock();
    return false;
  }

  /** What a wrong code comes to. */
  wrongCode(): 'wrong' | 'locked' {
    if (this.wrongCodes < CAP) return 'wrong';
    this.lock();
    return 'locked';
  }

  lock(): void {
    this.locked = true;
    for (const bearer of this.bearers) if (bearer.is === 'attempt') bearer.gone = true;
  }

  unlock(): void {
    if (this.locked) this.wrongCodes = 0;
    this.locked = false;
  }

  /** Ends every session and half-done sign-in. */
  endAll(): void {
    this.generation += 1;
  }

  /** A new bearer after something was proven, and what is offered to it. */
  bear(token: string, proven: 'password' | 'second', shown: boolean, postponed = false): Offer {
    const asked = this.offer(proven, shown);
    const offer: Offer = postponed ? { step: 'session', kinds: [], until: null } : asked;
    const is = offer.step === 'session' ? 'session' : 'attempt';
    const { now, generation, version } = this;
    this.bearers.push({ token, is, proven, shown, generation, version, at: now, seen: now, provenAt: now, gone: false, setUp: null });
    if (is === 'session') {
      this.wrongCodes = 0;
      this.wrongPasswords.door = { count: 0, last: 0 };
    }
    return offer;
  }

  /** The same session under a new token. */
  reissue(bearer: Bearer, token: string, provenAt = bearer.provenAt): void {
    bearer.gone = true;
    this.bearers.push({ ...bearer, token, generation: this.generation, provenAt, gone: false, setUp: null });
  }

  /** A first factor takes a token, due or not. */
  get takesToken(): boolean {
    return this.held.length === 0 && this.policies.some((policy) => policy?.token);
  }

  /** Whether a token may be shown in a session. */
  mayShow(bearer: Bearer): boolean {
    return bearer.is === 'session' && this.holds(bearer) === 'session' && this.recent(bearer) && this.takesToken;
  }

  /** Whether a bearer may set up a kind now. */
  maySetUp(bearer: Bearer, kind: Kind): boolean {
    if (this.standing(bearer)) {
      const offer = this.offer(bearer.proven, bearer.shown);
      return offer.step === 'set-up' && offer.kinds.includes(kind);
    }
    if (bearer.is !== 'session' || this.holds(bearer) !== 'session' || !this.recent(bearer)) return false;
    const { takesToken } = this;
    return this.enrollable.includes(kind) && (!takesToken || this.now < (this.shownIn.get(bearer.at) ?? -LASTS.attempt) + LASTS.attempt);
  }

  /** The set-up that a bearer may still confirm. */
  openSetUp(bearer: Bearer): SetUp | null {
    const { setUp } = bearer;
    if (setUp === null || bearer.gone || !this.maySetUp(bearer, setUp.kind) || this.now >= setUp.at + LASTS.attempt) return null;
    return setUp;
  }

  policy(scope: number, policy: Policy): void {
    this.policies[scope] = policy;
    const rows = this.asked[scope] ?? [];
    if (!policy.requires || policy.reportOnly || policy.allowed.length === 0) return;
    if (rows.some((row) => row.kinds.every((kind) => policy.allowed.includes(kind)))) return;
    rows.push({ kinds: policy.allowed, since: this.now });
  }

  reset(): void {
    this.factors = this.factors.filter(({ enrolledAt }) => enrolledAt >= this.now);
    this.codes = this.codes.filter(({ at }) => at >= this.now);
    this.endAll();
    this.locked = false;
    this.wrongCodes = 0;
  }

  /** What lies about and is over is swept away. */
  sweep(): void {
    for (const bearer of this.bearers) {
      if (bearer.is === 'attempt' && this.now >= bearer.at + LASTS.attempt) bearer.gone = true;
      if (bearer.is === 'session' && (this.now >= bearer.seen + LASTS.idle || this.now >= bearer.at + LASTS.session)) bearer.gone = true;
    }
    for (const where of ['door', 'proof'] as const)
      if (this.now >= this.wrongPasswords[where].last + DAY) this.wrongPasswords[where] = { count: 0, last: 0 };
  }

  /** Safety, whatever was predicted: nobody is in without what is due, nor past a factor of theirs. */
  refuseUndue(bearer: Bearer): void {
    if (bearer.is !== 'session') return;
    if (this.dues().some(({ is }) => is === 'overdue')) throw new Error('a session although a factor is due');
    if (this.held.length > 0 && bearer.proven !== 'second') throw new Error('a session past a factor that is enrolled');
    if (this.locked || !this.enabled) throw new Error('a session of somebody locked or disabled');
  }
}
