import { LIMITS } from '../../../../src/core/authentication/sessions.ts';
import type { Step } from '../../../../src/core/authentication/steps.ts';
import { maskOf, packDemand } from '../../../../src/core/model/demand.ts';
import type { Terms } from '../../../../src/core/model/terms.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import { enterCode } from '../../../../src/flows/sign-in/challenge.ts';
import {
  acceptInvitation,
  issueLink,
  resetPassword,
  showToken,
  showTokenInSettings,
  unlockByLink,
} from '../../../../src/flows/sign-in/links.ts';
import { answerPasskey, enterByPasskey, passkeyAtDoor, passkeyChallenge } from '../../../../src/flows/sign-in/passkey.ts';
import { enterPassword } from '../../../../src/flows/sign-in/password.ts';
import { postpone } from '../../../../src/flows/sign-in/postpone.ts';
import { signOut, whoHolds } from '../../../../src/flows/sign-in/session.ts';
import { confirmPasskey, confirmTotp, openSetUp, passkeySetUp } from '../../../../src/flows/sign-in/set-up.ts';
import { changePassword, proveAgain, removeFactor, renewCodes } from '../../../../src/flows/sign-in/settings.ts';
import type { SignInWorld } from '../../../../src/flows/sign-in/world.ts';
import { ACTOR, changesOf, termsOf } from '../../../contract/store-world.ts';
import type { Dice } from '../../../fuzz/dice.ts';
import { type FakeAnswer, fakeCode } from './fakes.ts';
import { type Bearer, DAY, type HeldFactor, KINDS, type Kind, Model, type Offer, type Policy } from './model.ts';

/** What sequences run over. */
export interface Ground {
  readonly store: Store;
  /** Exempts somebody until then. */
  exempt(userId: number, until: number): void;
  /** The clock of a store only goes forward: where the next sequence begins. */
  begin(): number;
}

const [SECOND, MINUTE] = [1000, 60_000];
const HOUR = 60 * MINUTE;
const STEP = 30 * SECOND;
const ACCOUNT = 'northwind';

/** Counts of what came about, by act and outcome. */
export type Tally = Map<string, number>;

/** One sequence: a person, a world, and what they and others do, each act compared with the model. */
export class Play {
  readonly #ground: Ground;
  readonly #dice: Dice;
  readonly #tally: Tally;
  readonly #world: SignInWorld;
  readonly #model: Model;
  readonly #scopes: readonly string[];
  readonly #address: string;
  readonly #name: string;
  readonly #versions: (number | null)[];
  readonly #history: string[] = [];
  #roles = 0;
  #id = 0;
  #drawn: number;
  #visitors = 0;
  #passkeys = 0;

  constructor(ground: Ground, dice: Dice, tally: Tally, index: number) {
    this.#ground = ground;
    this.#dice = dice;
    this.#tally = tally;
    this.#name = `s${index}`;
    this.#address = `${this.#name}@northwind.example`;
    const count = dice.roll(3) === 0 ? 2 : 1;
    this.#scopes = ['a', 'b'].slice(0, count).map((letter) => `${ACCOUNT}/${this.#name}${letter}`);
    this.#versions = this.#scopes.map(() => null);
    const model = new Model(ground.begin(), count);
    model.enrollable = dice.pick<readonly Kind[]>([...Array<readonly Kind[]>(12).fill(KINDS), ['totp'], ['passkey'], []]);
    this.#model = model;
    this.#drawn = dice.roll(0x7fffffff);
    this.#world = {
      store: ground.store,
      clock: { now: () => model.now },
      random: { bytes: (length) => this.#draw(length) },
      hasher: {
        hash: async (password) => `hashed ${password}`,
        verify: async (hash, password) => hash === `hashed ${password}`,
        needsRehash: () => false,
      },
      limits: LIMITS,
      signsIn: (enforcer) => enforcer === 'portal',
      get enrollable() {
        return maskOf(model.enrollable);
      },
      site: { origin: 'https://mfa.northwind.example', rpId: 'mfa.northwind.example' },
    };
  }

  /** Bytes that differ each time, the same for the same seed. */
  #draw(length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(length);
    let state = this.#drawn;
    for (let i = 0; i < length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[i] = state >>> 24;
    }
    this.#drawn = state;
    return bytes;
  }

  /** Runs it; whatever does not hold is thrown, with all that was done. */
  async run(acts: number): Promise<void> {
    try {
      await this.#begin();
      for (let i = 0; i < acts; i++) {
        await this.#act();
        await this.#look(this.#someone());
        if (this.#dice.roll(4) === 0) this.#later(this.#dice.roll(40) * SECOND);
      }
      for (const bearer of this.#model.bearers) await this.#look(bearer);
      await this.#comeIn();
    } catch (error) {
      throw new Error(`${this.#name}: ${this.#history.join(' · ')}: ${(error as Error).message}`, { cause: error });
    }
  }

  async #begin(): Promise<void> {
    const memberships = this.#scopes.map((scope) => ({ scope, role: 'Editor' as const }));
    const created = [{ externalId: this.#name, attributes: { address: this.#address, enabled: true, service: false }, memberships }];
    const titles = new Map(this.#scopes.map((scope) => [scope, scope]));
    const changes = changesOf({ newScopes: [...this.#scopes], created });
    this.#id = await this.#ground.store.write(this.#model.now, async (transaction) => {
      await transaction.importDirectory(changes, { name: 'portal', enrollment: 'store' }, titles);
      return (await transaction.userIdCalled(ACCOUNT, this.#address)) ?? 0;
    });
    for (const scope of this.#scopes.keys()) if (this.#dice.roll(5) > 0) await this.#policy(scope);
    this.#later(SECOND);
    await this.#invitation();
    if (this.#dice.roll(3) > 0) for (let i = 0; i < 4; i++) await this.#follow();
  }

  #later(milliseconds: number): void {
    this.#model.now += milliseconds;
  }

  #note(act: string, outcome: string): void {
    const text = `${act}: ${outcome}`;
    if (act !== 'look') this.#history.push(text);
    this.#tally.set(text, (this.#tally.get(text) ?? 0) + 1);
  }

  #same(act: string, actual: string | undefined, expected: string): void {
    this.#note(act, expected);
    if (actual !== expected) throw new Error(`${act} came to ${actual}, and should to ${expected}`);
  }

  /** A bearer, the newest more often than others. */
  #someone(): Bearer {
    const { bearers } = this.#model;
    const newest = bearers.at(-1);
    if (newest === undefined) throw new Error('no bearer');
    return this.#dice.roll(10) < 6 ? newest : this.#dice.pick(bearers);
  }

  #act(): Promise<unknown> {
    const roll = this.#dice.roll(100);
    if (roll < 22) return this.#follow();
    if (roll < 30) return this.#enterPassword(this.#dice.roll(4) > 0);
    if (roll < 40) return this.#enterCode(this.#someone());
    if (roll < 44) return this.#answerPasskey(this.#someone());
    if (roll < 48) return this.#passkeyAlone();
    if (roll < 54) return this.#openSetUp(this.#someone(), this.#dice.pick(KINDS));
    if (roll < 60) return this.#confirm(this.#someone());
    if (roll < 64) return this.#postpone(this.#someone());
    if (roll < 66) return this.#showToken(this.#someone(), this.#dice.roll(3) > 0);
    if (roll < 72) return this.#jump();
    if (roll < 77) return this.#policy(this.#dice.roll(this.#scopes.length));
    if (roll < 80) return this.#proveAgain(this.#someone());
    if (roll < 86) return this.#settings(this.#someone());
    if (roll < 89) return this.#link();
    if (roll < 94) return this.#byOthers();
    return roll < 97 ? this.#guessOn() : this.#replay();
  }

  /** Does what is offered, rightly; signed in, sets up a factor more. */
  async #follow(): Promise<void> {
    const model = this.#model;
    const bearer = model.bearers.at(-1);
    this.#later(31 * SECOND);
    if (bearer !== undefined && model.holds(bearer) === 'session') {
      if (this.#dice.roll(2) === 0 && (await this.#openSetUp(bearer, this.#dice.pick(KINDS)))) await this.#confirm(bearer, true);
      else await this.#enterPassword(true);
    } else if (bearer === undefined || !model.standing(bearer)) await this.#enterPassword(true);
    else if (model.offer(bearer.proven, bearer.shown).step !== 'stuck') await this.#doStep(bearer);
  }

  /** What was taken once, again, in the next sign-in. */
  async #replay(): Promise<void> {
    const { codes, factors, bearers } = this.#model;
    const app = factors.find(({ kind }) => kind === 'totp');
    const recovery = codes[0]?.code;
    const manners: readonly (readonly [string, string] | string)[] = [
      ...(app === undefined ? [] : [['now', this.#code(app.key)] as const]),
      ...(recovery === undefined ? [] : [['recovery', recovery] as const]),
      ...(factors.some(({ kind }) => kind === 'passkey') ? ['right'] : []),
    ];
    if (manners.length === 0) return;
    const manner = this.#dice.pick(manners);
    for (const again of [false, true]) {
      if ((await this.#enterPassword(true)) !== 'in') return;
      const bearer = bearers.at(-1);
      if (bearer === undefined) return;
      if (typeof manner === 'string') await this.#answerPasskey(bearer, again ? 'replayed' : manner);
      else await this.#enterCode(bearer, again ? [`${manner[0]} again`, manner[1]] : manner);
    }
  }

  /** Guesses until there is an end to it: codes, confirmations or passwords. */
  async #guessOn(): Promise<void> {
    this.#later(5 * MINUTE);
    if (this.#dice.roll(2) === 0) await this.#enterPassword(true);
    const bearer = this.#someone();
    const what = bearer.setUp !== null ? 'confirm' : this.#dice.pick(['code', 'code', 'password']);
    for (let i = 0; i < 11; i++) {
      if (what === 'confirm') await this.#confirm(bearer, false);
      else if (what === 'password') await this.#enterPassword(false);
      else await this.#enterCode(bearer, ['wrong', '999999']);
    }
    await this.#passkeyAlone();
    if (this.#dice.roll(2) === 0) await this.#invitation();
    for (const other of this.#model.bearers.filter(({ is }) => is === 'session')) await this.#proveAgain(other);
  }

  // What the portal shows.

  /** Who holds a token, and what it is offered. */
  async #look(bearer: Bearer): Promise<void> {
    const expected = this.#model.holds(bearer);
    const found = await whoHolds(this.#world, bearer.token);
    this.#same('look', found.is === 'ended' ? found.why : found.is, expected);
    if (found.is === 'session' && this.#model.now - bearer.seen >= MINUTE) bearer.seen = this.#model.now;
    if (found.is === 'attempt') this.#sameStep(found.step, this.#model.offer(bearer.proven, bearer.shown));
  }

  #sameStep(step: Step, offer: Offer): void {
    const kinds = 'kinds' in step ? step.kinds : [];
    const until = 'until' in step ? step.until : null;
    const [actual, expected] = [JSON.stringify([step.step, kinds, until]), JSON.stringify([offer.step, offer.kinds, offer.until])];
    if (actual !== expected) throw new Error(`offered ${actual} instead of ${expected}`);
  }

  /** A sign-in went further: the same as the model's, and safe. */
  #further(progress: { token: string; step: Step }, proven: 'password' | 'second', shown: boolean, postponed = false): void {
    const offer = this.#model.bear(progress.token, proven, shown, postponed);
    this.#sameStep(progress.step, offer);
    this.#note('step', offer.step);
    const bearer = this.#model.bearers.at(-1);
    if (bearer !== undefined) this.#model.refuseUndue(bearer);
  }

  // Signing in.

  async #enterPassword(right: boolean): Promise<string> {
    const model = this.#model;
    const expected = (): string => {
      if (!model.countPassword('door')) return 'wait';
      if (!right || !model.enabled) return 'refused';
      model.takeBack('door');
      return model.locked ? 'locked' : 'in';
    };
    const outcome = expected();
    const password = right ? model.password : 'a guess';
    const scope = this.#dice.pick(this.#scopes);
    const entry = { scope, address: this.#address, password, from: `2001:db8:${this.#dice.roll(0xffff).toString(16)}::1`, device: '' };
    const entered = await enterPassword(this.#world, entry);
    this.#same('password', entered.outcome, outcome);
    if (entered.outcome === 'in') this.#further(entered, 'password', false);
    return outcome;
  }

  #code(key: string, steps = 0): string {
    return fakeCode({ secret: Uint8Array.of(Number(key)), epoch: this.#model.now / SECOND + steps * 30 });
  }

  /** What somebody may type, and what it is called. */
  #typed(): readonly [string, string] {
    const { factors, codes, used } = this.#model;
    const apps = factors.filter(({ kind }) => kind === 'totp');
    const app = apps.length === 0 ? undefined : this.#dice.pick(apps);
    switch (
      this.#dice.pick(['now', 'now', 'now', 'now', 'ahead', 'behind', 'far', 'used', 'wrong', 'wrong', 'recovery', 'spent', 'text'])
    ) {
      case 'now':
        return app === undefined ? ['wrong', '999999'] : ['now', this.#code(app.key)];
      case 'ahead':
        return app === undefined ? ['wrong', '999999'] : ['ahead', this.#code(app.key, 1)];
      case 'behind':
        return app === undefined ? ['wrong', '999999'] : ['behind', this.#code(app.key, -1)];
      case 'far':
        return app === undefined ? ['wrong', '999999'] : ['far', this.#code(app.key, this.#dice.pick([-3, -2, 2, 3]))];
      case 'used':
        return app === undefined
          ? ['wrong', '999999']
          : ['used', fakeCode({ secret: Uint8Array.of(Number(app.key)), epoch: app.last * 30 })];
      case 'recovery':
        return codes.length === 0 ? ['wrong', '999999'] : ['recovery', this.#dice.pick(codes).code];
      case 'spent':
        return used.length === 0 ? ['wrong', 'zzzz-zzzz-zzzz-zzzz'] : ['spent', this.#dice.pick(used)];
      case 'text':
        return ['text', this.#dice.pick(['', '12345', '1234567', 'abc'])];
      default:
        return ['wrong', '999999'];
    }
  }

  /** Whether what was typed is right, by the kinds that may answer; uses it up. */
  #judge(typed: string, kinds: readonly Kind[]): 'totp' | 'recovery' | null {
    const model = this.#model;
    const found = model.codes.findIndex(({ code }) => code === typed);
    if (found >= 0) {
      model.codes.splice(found, 1);
      model.used.push(typed);
      return 'recovery';
    }
    const now = Math.floor(model.now / STEP);
    for (const factor of model.factors.filter(({ kind }) => kind === 'totp')) {
      const step = [now + 1, now, now - 1].find((s) => s > factor.last && this.#code(factor.key, s - now) === typed);
      if (step === undefined) continue;
      if (!kinds.includes('totp')) return null;
      factor.last = step;
      return 'totp';
    }
    return null;
  }

  async #enterCode(bearer: Bearer, given?: readonly [string, string]): Promise<string> {
    const model = this.#model;
    const [called, typed] = given ?? this.#typed();
    const expected = (): string => {
      const offer = model.standing(bearer) ? model.offer(bearer.proven, bearer.shown) : undefined;
      if (offer?.step !== 'challenge') return 'over';
      if (!model.countCode()) return 'locked';
      if (this.#judge(typed, offer.kinds) === null) return model.wrongCode();
      bearer.gone = true;
      return 'in';
    };
    const outcome = expected();
    const answered = await enterCode(this.#world, bearer.token, typed, '');
    this.#same(`code ${called}`, answered.outcome, outcome);
    if (answered.outcome === 'in') this.#further(answered, 'second', bearer.shown);
    return outcome;
  }

  #answer(factor: HeldFactor, challenge: string, manner: string): FakeAnswer {
    const counter = manner === 'replayed' ? factor.last : factor.last + 1;
    const response = { userHandle: Buffer.from(String(this.#id)).toString('base64url') };
    return { id: factor.key, challenge: manner === 'stale' ? 'c3RhbGU' : challenge, counter, verified: manner !== 'present', response };
  }

  /** Whether an answer is right; its counter is used up with it. */
  #judgePasskey(factor: HeldFactor, manner: string): boolean {
    if (manner === 'stale' || (manner === 'replayed' && factor.last > 0)) return false;
    if (manner !== 'replayed') factor.last += 1;
    return true;
  }

  async #answerPasskey(bearer: Bearer, manner = this.#dice.pick(['right', 'right', 'present', 'stale', 'replayed'])): Promise<string> {
    const model = this.#model;
    const passkeys = model.factors.filter(({ kind }) => kind === 'passkey');
    const factor = passkeys.length === 0 ? undefined : this.#dice.pick(passkeys);
    const offer = model.standing(bearer) ? model.offer(bearer.proven, bearer.shown) : undefined;
    const options = await passkeyChallenge(this.#world, bearer.token);
    const offered = offer?.step === 'challenge' && offer.kinds.includes('passkey');
    if ((options !== undefined) !== offered) throw new Error(`a passkey is asked for: ${options !== undefined}, and should be: ${offered}`);
    if (factor === undefined || options === undefined) {
      this.#note('passkey', 'not asked for');
      return 'not asked for';
    }
    const answer = this.#answer(factor, options.challenge, manner);
    const expected = (): string => {
      if (!model.countCode()) return 'locked';
      if (!this.#judgePasskey(factor, manner)) return model.wrongCode();
      bearer.gone = true;
      return 'in';
    };
    const outcome = expected();
    const answered = await answerPasskey(this.#world, bearer.token, answer, '');
    this.#same(`passkey ${manner}`, answered.outcome, outcome);
    if (answered.outcome === 'in') this.#further(answered, 'second', bearer.shown);
    return outcome;
  }

  async #passkeyAlone(): Promise<void> {
    const model = this.#model;
    const passkeys = model.factors.filter(({ kind }) => kind === 'passkey');
    if (passkeys.length === 0) return;
    const factor = this.#dice.pick(passkeys);
    const manner = this.#dice.pick(['right', 'right', 'present', 'stale', 'replayed']);
    const visitor = `visitor ${this.#name} ${++this.#visitors}`;
    const { challenge = '' } = (await passkeyAtDoor(this.#world, visitor, '192.0.2.1')) ?? {};
    const answer = this.#answer(factor, challenge, manner);
    const expected = (): string => {
      if (!model.enabled || !this.#judgePasskey(factor, manner)) return 'refused';
      if (model.locked) return 'locked';
      return manner === 'present' || !factor.verified || !model.answering().includes('passkey') ? 'password-first' : 'in';
    };
    const outcome = expected();
    const beside = manner === 'right' && factor.verified && outcome === 'password-first';
    const entry = { scope: this.#dice.pick(this.#scopes), visitor, answer, from: '192.0.2.1', device: '' };
    const entered = await enterByPasskey(this.#world, entry);
    this.#same(beside ? 'passkey beside another kind' : 'passkey alone', entered.outcome, outcome);
    if (entered.outcome === 'in') this.#further(entered, 'second', false);
  }

  async #postpone(bearer: Bearer): Promise<void> {
    const model = this.#model;
    const offer = model.standing(bearer) ? model.offer(bearer.proven, bearer.shown) : undefined;
    const may = (offer?.step === 'set-up' || offer?.step === 'token') && offer.until !== null;
    const postponed = await postpone(this.#world, bearer.token, '');
    this.#same('postpone', postponed === undefined ? 'no' : 'in', may ? 'in' : 'no');
    if (postponed === undefined) return;
    bearer.gone = true;
    this.#further(postponed, bearer.proven, bearer.shown, true);
  }

  async #showToken(bearer: Bearer, right: boolean): Promise<string> {
    const model = this.#model;
    const token = right ? await this.#issue('enrollment-token') : 'no token';
    if (bearer.is === 'session') return this.#showInSettings(bearer, token, right);
    const expected = (): string => {
      const offer = model.standing(bearer) ? model.offer(bearer.proven, bearer.shown) : undefined;
      if (offer?.step !== 'token') return 'over';
      if (!model.countCode()) return 'locked';
      if (!right) return model.wrongCode();
      bearer.gone = true;
      return 'in';
    };
    const outcome = expected();
    const shown = await showToken(this.#world, bearer.token, token, '');
    this.#same(`token ${right ? 'right' : 'wrong'}`, shown.outcome, outcome);
    if (shown.outcome === 'in') this.#further(shown, bearer.proven, true);
    return outcome;
  }

  async #showInSettings(bearer: Bearer, token: string, right: boolean): Promise<string> {
    const model = this.#model;
    const expected = (): string => {
      if (!model.mayShow(bearer)) return 'over';
      if (model.locked) return 'locked';
      if (!model.countCode()) return 'locked';
      if (!right) return model.wrongCode();
      model.shownIn.set(bearer.at, model.now);
      return 'shown';
    };
    const outcome = expected();
    const { outcome: found } = await showTokenInSettings(this.#world, bearer.token, token);
    this.#same(`token in settings ${right ? 'right' : 'wrong'}`, found, outcome);
    // Seldom enough that it would not be gone on with by chance.
    if (outcome === 'shown' && (await this.#openSetUp(bearer, this.#dice.pick(KINDS)))) await this.#confirm(bearer);
    return outcome;
  }

  // Setting up.

  async #openSetUp(bearer: Bearer, kind: Kind): Promise<boolean> {
    const model = this.#model;
    const may = !bearer.gone && model.maySetUp(bearer, kind);
    const opened = await openSetUp(this.#world, bearer.token, kind);
    this.#same(`open ${kind}`, opened === undefined ? 'no' : 'opened', may ? 'opened' : 'no');
    if (opened !== undefined)
      bearer.setUp = { kind, key: kind === 'totp' ? String(opened.secret[0]) : 'challenge', at: model.now, failures: 0 };
    return opened !== undefined;
  }

  async #confirm(bearer: Bearer, right = this.#dice.roll(4) > 0): Promise<string> {
    const model = this.#model;
    const kind = bearer.setUp !== null && this.#dice.roll(10) > 0 ? bearer.setUp.kind : this.#dice.pick(KINDS);
    const open = model.openSetUp(bearer);
    const verified = this.#dice.roll(5) > 0;
    const id = `${this.#name}p${++this.#passkeys}`;
    const typed = right && bearer.setUp?.kind === 'totp' ? this.#code(bearer.setUp.key) : '999999';
    const options = kind === 'passkey' ? await passkeySetUp(this.#world, bearer.token) : undefined;
    const answer = { id, challenge: right ? (options?.challenge ?? '') : 'd3Jvbmc', counter: 0, verified, response: { userHandle: '' } };
    const expected = (): string => {
      if (open === null || open.kind !== kind) return 'over';
      if (right) return 'enrolled';
      open.failures += 1;
      if (open.failures < 10) return 'wrong';
      bearer.setUp = null;
      return 'over';
    };
    const outcome = expected();
    const attempt = model.standing(bearer);
    const confirmed =
      kind === 'totp'
        ? await confirmTotp(this.#world, bearer.token, typed, 'phone', '')
        : await confirmPasskey(this.#world, bearer.token, answer, 'key', '');
    this.#same(`confirm ${kind} ${right ? 'right' : 'wrong'}`, confirmed.outcome, outcome);
    if (confirmed.outcome !== 'enrolled' || open === null) return outcome;
    bearer.setUp = null;
    const last = kind === 'totp' ? Math.floor(model.now / STEP) : 0;
    model.factors.push({ kind, key: kind === 'totp' ? open.key : id, enrolledAt: model.now, verified, last });
    model.endAll();
    if ((confirmed.codes.length === 10) !== (model.codes.length === 0))
      throw new Error(`${confirmed.codes.length} recovery codes were given`);
    if (confirmed.codes.length > 0) this.#newCodes(confirmed.codes);
    if (attempt) {
      bearer.gone = true;
      this.#further(confirmed, 'second', bearer.shown);
    } else {
      model.shownIn.delete(bearer.at);
      model.reissue(bearer, confirmed.token);
    }
    return outcome;
  }

  #newCodes(codes: readonly string[]): void {
    this.#model.codes = codes.map((code) => ({ code, at: this.#model.now }));
    this.#model.used = [];
  }

  // In the settings.

  async #proveAgain(bearer: Bearer): Promise<void> {
    const model = this.#model;
    const right = this.#dice.roll(5) > 0;
    const [, typed] = this.#typed();
    const expected = (): string => {
      if (model.holds(bearer) !== 'session') return 'over';
      if (model.locked) return 'locked';
      if (!model.countPassword('proof')) return 'wait';
      if (!right) return 'wrong';
      if (model.factors.length > 0) {
        if (!model.countCode()) return 'locked';
        if (this.#judge(typed, model.answering()) === null) return model.wrongCode();
      }
      model.takeBack('proof');
      model.wrongCodes = 0;
      return 'proven';
    };
    const before = bearer.is === 'session' ? model.holds(bearer) : 'nobody';
    const outcome = before === 'session' ? expected() : 'over';
    const proof = { password: right ? model.password : 'a guess', typed, from: '192.0.2.1' };
    const proved = await proveAgain(this.#world, bearer.token, proof);
    this.#same('prove', proved.outcome, outcome);
    if (proved.outcome === 'proven') model.reissue(bearer, proved.token, model.now);
  }

  async #settings(bearer: Bearer): Promise<void> {
    const model = this.#model;
    const signedIn = bearer.is === 'session' && model.holds(bearer) === 'session';
    const refused = !signedIn ? 'over' : model.recent(bearer) ? undefined : 'prove';
    const act = this.#dice.pick(['remove', 'remove', 'renew', 'password', 'sign out']);
    if (act === 'sign out') {
      await signOut(this.#world, bearer.token);
      bearer.gone = true;
      this.#note(act, 'done');
      return;
    }
    if (act === 'renew') {
      const renewed = await renewCodes(this.#world, bearer.token);
      this.#same(act, renewed.outcome, refused ?? (model.factors.length === 0 ? 'gone' : 'done'));
      if (renewed.outcome !== 'done') return;
      this.#newCodes(renewed.value);
      model.reissue(bearer, renewed.token);
      return;
    }
    if (act === 'password') {
      const password = `password ${this.#dice.roll(1000)}`;
      const changed = await changePassword(this.#world, bearer.token, password);
      this.#same(act, changed.outcome, refused ?? 'done');
      if (changed.outcome !== 'done') return;
      Object.assign(model, { password, version: model.version + 1 });
      model.endAll();
      model.reissue(bearer, changed.token);
      return;
    }
    await this.#remove(bearer, refused);
  }

  async #remove(bearer: Bearer, refused: string | undefined): Promise<void> {
    const model = this.#model;
    const place = this.#dice.roll(model.factors.length + 1);
    const factor = model.factors[place];
    const ids = await this.#ground.store.read((reader) => reader.factorsOf(this.#id));
    const left = model.factors.filter((other) => other !== factor);
    const kinds = KINDS.filter((kind) => left.some((other) => other.kind === kind));
    const required =
      kinds.length < model.held.length && model.dues(kinds).some(({ is }) => is === 'pending' || is === 'overdue') ? 'required' : 'done';
    const removed = await removeFactor(this.#world, bearer.token, ids[place]?.id ?? -1);
    this.#same('remove', removed.outcome, refused ?? (factor === undefined ? 'gone' : required));
    if (removed.outcome !== 'done') return;
    model.factors = left;
    if (left.length === 0) Object.assign(model, { codes: [], used: [] });
    model.endAll();
    model.reissue(bearer, removed.token);
  }

  // Links, and what others do.

  async #issue(purpose: 'invitation' | 'unlock' | 'password-reset' | 'enrollment-token'): Promise<string> {
    const { now } = this.#model;
    const { token } = await this.#ground.store.write(now, (transaction) => issueLink(this.#world, transaction, this.#id, purpose, now));
    return token;
  }

  async #invitation(): Promise<void> {
    const model = this.#model;
    const password = `password ${this.#dice.roll(1000)}`;
    const accepted = await acceptInvitation(this.#world, await this.#issue('invitation'), password, '');
    this.#same(model.locked ? 'invitation while locked' : 'invitation', accepted.is, model.enabled ? 'in' : 'unknown');
    if (accepted.is !== 'in') return;
    Object.assign(model, { password, version: model.version + 1 });
    model.endAll();
    model.unlock();
    this.#further(accepted, 'password', false);
  }

  async #link(): Promise<void> {
    const model = this.#model;
    const act = this.#dice.pick(['unlock', 'password-reset', 'invitation'] as const);
    if (act === 'invitation') return this.#invitation();
    const token = await this.#issue(act);
    const password = `password ${this.#dice.roll(1000)}`;
    const use = () => (act === 'unlock' ? unlockByLink(this.#world, token) : resetPassword(this.#world, token, password));
    this.#same(act, (await use()).is, model.enabled ? 'open' : 'unknown');
    if (!model.enabled) return;
    if (act === 'password-reset') {
      model.wrongPasswords.door = { count: 0, last: 0 };
      Object.assign(model, { password, version: model.version + 1 });
      model.endAll();
    }
    model.unlock();
    this.#same(`${act} again`, (await use()).is, 'used');
  }

  async #jump(): Promise<void> {
    const model = this.#model;
    const deadlines = model.dues().flatMap((due) => (due.is === 'pending' ? due.until - model.now : []));
    const to = [SECOND, 31 * SECOND, 61 * SECOND, 6 * MINUTE, 16 * MINUTE, 29 * MINUTE, 31 * MINUTE, 13 * HOUR, DAY];
    const jump = this.#dice.pick([...to, ...deadlines.flatMap((until) => [until - 1, until, until + 1])]);
    this.#later(Math.max(0, jump));
    this.#note('jump', deadlines.includes(jump) ? 'to a deadline' : 'somewhere');
  }

  async #policy(scope: number, given?: Policy): Promise<void> {
    const model = this.#model;
    const policy: Policy = given ?? {
      requires: this.#dice.roll(6) > 0,
      reportOnly: this.#dice.roll(8) === 0,
      allowed: this.#dice.pick([KINDS, KINDS, KINDS, ['totp'], ['passkey'], []] as const),
      enforceFrom: this.#dice.roll(5) === 0 ? model.now + this.#dice.roll(48) * HOUR : null,
      grace: this.#dice.pick([0, 0, 10 * MINUTE, HOUR, DAY]),
      token: this.#dice.roll(6) === 0,
      revoke: this.#dice.roll(2) === 0,
    };
    const rows = model.asked[scope]?.length;
    model.policy(scope, policy);
    const key = this.#scopes[scope] ?? '';
    const demand = packDemand([
      ['Editor', maskOf(policy.allowed)],
      ['Creator', maskOf(policy.allowed)],
    ]);
    const { requires: requireMfa, reportOnly, enforceFrom, grace } = policy;
    const rules = { requireMfa, ...(policy.token && { enrollment: 'Token' }), ...(policy.revoke && { existingSessions: 'Revoke' }) };
    const terms: Terms = termsOf(key, { requireMfa, reportOnly, demand, enforceFrom, grace, rules });
    const version = this.#versions[scope] ?? null;
    await this.#ground.store.write(model.now, async (transaction) => {
      await transaction.putTerms([{ scope: key, terms, version }]);
      if (model.asked[scope]?.length !== rows) await transaction.addObligations([{ scope: key, demand, since: model.now }]);
    });
    this.#versions[scope] = (version ?? 0) + 1;
    this.#note('policy', !requireMfa ? 'off' : reportOnly ? 'reports' : 'on');
  }

  async #byOthers(): Promise<void> {
    const model = this.#model;
    const { store } = this.#ground;
    const act = this.#dice.pick(['reset', 'reset', 'disable', 'role', 'exempt', 'kinds', 'sweep', 'sweep'] as const);
    this.#note('others', act);
    if (act === 'reset') {
      this.#later(SECOND);
      const write = { requestId: `R-${this.#name}-${model.generation}`, account: ACCOUNT, userId: this.#id, called: this.#address };
      const done = {
        outcome: 'Executed',
        reason: 'lost phone',
        approved: true,
        approverId: null,
        requestedAt: model.now,
        actor: ACTOR,
        asked: 'lost phone',
        expiresAt: null,
      } as const;
      await store.write(model.now, (transaction) => transaction.putReset({ ...write, ...done }));
      model.reset();
    } else if (act === 'disable') await this.#setEnabled(!model.enabled);
    else if (act === 'role') {
      const [from, to] = this.#roles++ % 2 === 0 ? (['Editor', 'Creator'] as const) : (['Creator', 'Editor'] as const);
      const roleChanged = [{ id: this.#id, scope: this.#scopes[0] ?? '', from, to }];
      await store.write(model.now, (transaction) =>
        transaction.importDirectory(changesOf({ roleChanged }), { name: 'portal', enrollment: 'store' }, new Map()),
      );
      model.endAll();
    } else if (act === 'exempt') {
      model.exemptUntil = model.now + this.#dice.pick([0, HOUR, 2 * DAY]);
      this.#ground.exempt(this.#id, model.exemptUntil);
    } else if (act === 'kinds') model.enrollable = this.#dice.pick([KINDS, KINDS, KINDS, ['totp'], ['passkey'], []] as const);
    else {
      const { now } = model;
      const before = { attempts: now - 15 * MINUTE, idle: now - 30 * MINUTE, sessions: now - 12 * HOUR, failures: now - DAY };
      await store.write(now, (transaction) => transaction.sweep(before));
      model.sweep();
    }
  }

  async #setEnabled(enabled: boolean): Promise<void> {
    const updated = [{ id: this.#id, attributes: { enabled } }];
    await this.#ground.store.write(this.#model.now, (transaction) =>
      transaction.importDirectory(changesOf({ updated }), { name: 'portal', enrollment: 'store' }, new Map()),
    );
    if (!enabled && this.#model.enabled) this.#model.endAll();
    this.#model.enabled = enabled;
  }

  /** No dead end: the person, with password, phone and keys, does what is offered, others what is theirs; and is in. */
  async #comeIn(): Promise<void> {
    const model = this.#model;
    if (!model.enabled) await this.#setEnabled(true);
    if (model.locked) {
      await unlockByLink(this.#world, await this.#issue('unlock'));
      model.unlock();
    }
    this.#later(5 * MINUTE);
    this.#history.push('coming in');
    if ((await this.#enterPassword(true)) !== 'in') throw new Error('the right password does not lead on');
    for (let steps = 0; steps < 8; steps++) {
      const bearer = model.bearers.at(-1);
      if (bearer === undefined) throw new Error('nobody');
      if (bearer.is === 'session') {
        await this.#look(bearer);
        this.#note('came in', `after ${steps} steps`);
        return;
      }
      this.#later(61 * SECOND);
      await this.#doStep(bearer);
    }
    throw new Error('a dead end');
  }

  async #doStep(bearer: Bearer): Promise<void> {
    const model = this.#model;
    const offer = model.offer(bearer.proven, bearer.shown);
    if (offer.step === 'stuck') {
      // An administrator turns the kinds on again; the person begins anew.
      model.enrollable = KINDS;
      if (model.offer(bearer.proven, bearer.shown).step === 'stuck') throw new Error('stuck for good');
    } else if (offer.step === 'token') await this.#showToken(bearer, true);
    else if (offer.step === 'set-up') {
      await this.#openSetUp(bearer, offer.kinds[0] ?? 'totp');
      await this.#confirm(bearer, true);
    } else if (offer.step === 'challenge') {
      const app = model.factors.find(({ kind }) => kind === 'totp');
      if (offer.kinds.includes('totp') && app !== undefined) await this.#enterCode(bearer, ['now', this.#code(app.key)]);
      else await this.#answerPasskey(bearer, 'right');
    } else await this.#enterPassword(true);
  }
}
