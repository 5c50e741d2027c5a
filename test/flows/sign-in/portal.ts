import { generateSync } from 'otplib';
import type { OnStatement } from '../../../src/adapters/store/options.ts';
import { LIMITS } from '../../../src/core/authentication/sessions.ts';
import { maskOf } from '../../../src/core/model/demand.ts';
import type { DirectoryChanges } from '../../../src/core/model/directory.ts';
import { scopeOf } from '../../../src/core/model/scope.ts';
import type { LinkPurpose } from '../../../src/core/model/sign-in.ts';
import { FACTOR_KINDS, type Role } from '../../../src/core/model/words.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { resetFlow } from '../../../src/flows/reconcile/reset.ts';
import { enterCode } from '../../../src/flows/sign-in/challenge.ts';
import { acceptInvitation, issueLink } from '../../../src/flows/sign-in/links.ts';
import { answerPasskey, enterByPasskey, passkeyAtDoor, passkeyChallenge } from '../../../src/flows/sign-in/passkey.ts';
import { enterPassword } from '../../../src/flows/sign-in/password.ts';
import { whoHolds } from '../../../src/flows/sign-in/session.ts';
import { confirmPasskey, confirmTotp, openSetUp, passkeySetUp } from '../../../src/flows/sign-in/set-up.ts';
import type { SignInWorld, Site } from '../../../src/flows/sign-in/world.ts';
import { RANDOM } from '../../adapters/store/opened.ts';
import { changesOf } from '../../contract/store-world.ts';
import { Authenticator, type Manner } from '../../core/authentication/kinds/passkey/authenticator.ts';
import { Northwind, type Policies } from '../northwind.ts';
import { CountingHasher } from './hasher.ts';

/** A password that is long enough, for everybody. */
export const PASSWORD = 'a long walk by the river';
export const ACCOUNT = 'northwind';

/** Guards that would hold the policies of a test back. */
const WIDE = '  guards:\n    overdueAtOnce: 100%\n    cannotEnroll: 1000000\n';

/** Rules of the account, and of MyGlue accounts by slug, as lines of a `spec`. */
export function rulesOf(account: readonly string[], myGlue: Readonly<Record<string, readonly string[]>> = {}): Policies {
  const text = (name: string, lines: readonly string[]) =>
    `apiVersion: padlock.dev/v1alpha1\nkind: MfaPolicy\nmetadata:\n  name: ${name}\nspec:\n  account: ${ACCOUNT}\n${WIDE}${lines.map((line) => `  ${line}\n`).join('')}`;
  const clients = Object.entries(myGlue).map(([slug, lines]) => [
    `policies/${slug}.yaml`,
    text(slug, [`myGlueAccount: ${slug}`, ...lines]),
  ]);
  return { 'policies/account.yaml': text(ACCOUNT, account), ...Object.fromEntries(clients) };
}

function overriding(name: string, guard: string, scope: string, digest: string): string {
  const myGlue = scopeOf(scope).myGlueAccount;
  const where = myGlue === undefined ? '' : `  myGlueAccount: ${myGlue}\n`;
  return `apiVersion: padlock.dev/v1alpha1\nkind: GuardOverride\nmetadata:\n  name: ${name}\nspec:\n  account: ${ACCOUNT}\n${where}  guard: ${guard}\n  digest: "${digest}"\n  reason: a test\n  expiresAt: 2036-12-31\n`;
}

/** An exemption of some people until a day. */
export function exempting(users: readonly string[], expiresAt: string): Policies {
  return {
    'policies/exempt.yaml': `apiVersion: padlock.dev/v1alpha1\nkind: MfaExemption\nmetadata:\n  name: exempt\nspec:\n  account: ${ACCOUNT}\n  users: [${users.join(', ')}]\n  reason: on a site without phones\n  expiresAt: ${expiresAt}\n`,
  };
}

/** Northwind IT with its portal: doors, a clock to turn, phones that show codes, authenticators. */
export class Portal {
  readonly northwind: Northwind;
  readonly hasher = new CountingHasher();
  /** By address: the secret in the phone. */
  readonly phones = new Map<string, Uint8Array>();
  site: Site = { origin: 'https://mfa.northwind.example', rpId: 'mfa.northwind.example' };
  /** By address: the passkey. */
  readonly passkeys = new Map<string, Authenticator>();
  /** Kinds that the portal can set up. */
  enrollable = maskOf(FACTOR_KINDS);
  #requests = 0;

  private constructor(northwind: Northwind) {
    this.northwind = northwind;
  }

  static async open(onStatement?: OnStatement): Promise<Portal> {
    return new Portal(await Northwind.open(onStatement));
  }

  get world(): SignInWorld {
    return this.over(this.northwind.opened.store);
  }

  /** The same portal as another process runs it. */
  over(store: Store): SignInWorld {
    return {
      store,
      clock: { now: () => this.northwind.now },
      random: RANDOM,
      hasher: this.hasher,
      limits: LIMITS,
      enrollable: this.enrollable,
      signsIn: (enforcer) => enforcer === 'portal',
      site: this.site,
    };
  }

  /** Puts policies in force, over whatever a guard says. */
  async apply(policies: Policies): Promise<void> {
    const { scopes, verdicts } = await this.northwind.plan(policies);
    const refused = [...verdicts, ...scopes.flatMap((scope) => scope.verdicts)].filter(({ outcome }) => outcome === 'refused');
    const overrides = refused.map(({ guard, scope, digest }, i) => [
      `policies/override-${i}.yaml`,
      overriding(`o${i}`, guard, scope, digest ?? ''),
    ]);
    const { held, plan } = await this.northwind.apply({ ...policies, ...Object.fromEntries(overrides) });
    if (held > 0) throw new Error(JSON.stringify({ scopes: plan.scopes, verdicts: plan.verdicts }));
  }

  /** Rules of the account, and of MyGlue accounts. */
  rules(account: readonly string[], myGlue: Readonly<Record<string, readonly string[]>> = {}): Promise<void> {
    return this.apply(rulesOf(account, myGlue));
  }

  async idOf(address: string): Promise<number> {
    const id = await this.world.store.read((reader) => reader.userIdCalled(ACCOUNT, address));
    if (id === undefined) throw new Error(`nobody is called ${address}`);
    return id;
  }

  /** A mailed link or a token for somebody. */
  async link(address: string, purpose: LinkPurpose): Promise<string> {
    const id = await this.idOf(address);
    const { now } = this.northwind;
    const { token } = await this.world.store.write(now, (transaction) => issueLink(this.world, transaction, id, purpose, now));
    return token;
  }

  /** Takes an invitation: the first password, and what comes next. */
  async welcome(address: string) {
    return acceptInvitation(this.world, await this.link(address, 'invitation'), PASSWORD, 'a browser');
  }

  /** Invited, with a password and an authenticator app that was set up. Gives the session's token and the recovery codes. */
  async enrolled(address: string): Promise<{ readonly token: string; readonly codes: readonly string[] }> {
    const welcome = await this.welcome(address);
    if (welcome.is !== 'in') throw new Error(JSON.stringify(welcome));
    const confirmed = await this.setUpTotp(address, welcome.token);
    this.later(60_000);
    return confirmed;
  }

  /** Sets an authenticator app up by a token that may. */
  async setUpTotp(address: string, token: string) {
    const shown = await openSetUp(this.world, token, 'totp');
    if (shown === undefined) throw new Error(`${address} may not set up an authenticator app`);
    this.phones.set(address, shown.secret);
    const confirmed = await confirmTotp(this.world, token, this.codeOf(address), 'phone', 'a browser');
    if (confirmed.outcome !== 'enrolled') throw new Error(JSON.stringify(confirmed));
    return confirmed;
  }

  /** Sets a passkey up by a token that may. */
  async setUpPasskey(address: string, token: string, manner: Manner = {}) {
    if ((await openSetUp(this.world, token, 'passkey')) === undefined) throw new Error(`${address} may not set up a passkey`);
    const options = await passkeySetUp(this.world, token);
    if (options === undefined) throw new Error('no options');
    const authenticator = new Authenticator();
    this.passkeys.set(address, authenticator);
    const answer = authenticator.create(this.#page(options.challenge), manner);
    const confirmed = await confirmPasskey(this.world, token, answer, 'key', 'a browser');
    if (confirmed.outcome !== 'enrolled') throw new Error(JSON.stringify(confirmed));
    return confirmed;
  }

  /** Answers a challenge with somebody's passkey. */
  async signed(address: string, challenge: string, manner: Manner = {}) {
    const authenticator = this.passkeys.get(address);
    if (authenticator === undefined) throw new Error(`${address} has no passkey`);
    return authenticator.get(this.#page(challenge), String(await this.idOf(address)), manner);
  }

  #page(challenge: string) {
    return { challenge: Buffer.from(challenge, 'base64url'), ...this.world.site };
  }

  /** The second step by passkey. */
  async passkey(address: string, token: string, manner: Manner = {}) {
    const options = await passkeyChallenge(this.world, token);
    if (options === undefined) return undefined;
    return answerPasskey(this.world, token, await this.signed(address, options.challenge, manner), 'a browser');
  }

  /** A sign-in by passkey alone. */
  async passkeyAlone(address: string, manner: Manner = {}, scope = ACCOUNT) {
    const visitor = `visitor ${++this.#requests}`;
    const { challenge = '' } = (await passkeyAtDoor(this.world, visitor, '192.0.2.1')) ?? {};
    const answer = await this.signed(address, challenge, manner);
    return enterByPasskey(this.world, { scope, visitor, answer, from: '192.0.2.1', device: 'a browser' });
  }

  /** What somebody's phone shows, whose clock may be wrong by some seconds. */
  codeOf(address: string, off = 0): string {
    const secret = this.phones.get(address);
    if (secret === undefined) throw new Error(`${address} has no phone`);
    return generateSync({ secret, epoch: Math.floor(this.northwind.now / 1000) + off });
  }

  /** Six digits that are no code of somebody's, whatever the clocks. */
  wrongCode(address: string): string {
    const near = new Set(Array.from({ length: 61 }, (_, i) => this.codeOf(address, (i - 30) * 30)));
    for (let code = 0; ; code++) {
      const text = String(code).padStart(6, '0');
      if (!near.has(text)) return text;
    }
  }

  later(milliseconds: number): void {
    this.northwind.now += milliseconds;
  }

  password(address: string, password = PASSWORD, scope = ACCOUNT, from = '192.0.2.1') {
    return enterPassword(this.world, { scope, address, password, from, device: 'a browser' });
  }

  /** The token and the step after the password, which is right. */
  async entered(address: string, scope = ACCOUNT) {
    const entered = await this.password(address, PASSWORD, scope);
    if (entered.outcome !== 'in') throw new Error(JSON.stringify(entered));
    return entered;
  }

  code(token: string, typed: unknown) {
    return enterCode(this.world, token, typed, 'a browser');
  }

  /** A whole sign-in by password and code: the session's token. */
  async signedIn(address: string, scope = ACCOUNT): Promise<string> {
    const answered = await this.code((await this.entered(address, scope)).token, this.codeOf(address));
    if (answered.outcome !== 'in' || answered.step.step !== 'session') throw new Error(JSON.stringify(answered));
    this.later(60_000);
    return answered.token;
  }

  /** Who holds a token, in one word; why, where it was a session. */
  async holds(token: string): Promise<string> {
    const bearer = await whoHolds(this.world, token);
    return bearer.is === 'ended' ? bearer.why : bearer.is;
  }

  /** An administrator's reset of somebody's factors. */
  async reset(address: string): Promise<string> {
    const requestId = `R-${++this.#requests}`;
    const world = this.northwind.world();
    const { outcome } = await resetFlow(world, { account: ACCOUNT, user: address, requestId, reason: 'lost phone' });
    return outcome;
  }

  /** A change by the directory. */
  async directory(some: Partial<DirectoryChanges>): Promise<void> {
    const changes = changesOf(some);
    await this.world.store.write(this.northwind.now, (transaction) =>
      transaction.importDirectory(changes, { name: 'portal', enrollment: 'store' }, new Map()),
    );
  }

  /** A further membership. */
  async join(address: string, scope: string, role: Role): Promise<void> {
    await this.directory({ joined: [{ id: await this.idOf(address), scope, role }] });
  }

  async setEnabled(address: string, enabled: boolean): Promise<void> {
    await this.directory({ updated: [{ id: await this.idOf(address), attributes: { enabled } }] });
  }

  /** The first column of the first row, as a number or a text. */
  value(sql: string, ...values: unknown[]): unknown {
    return this.northwind.opened.raw
      .prepare(sql)
      .pluck()
      .get(...values);
  }

  /** Mails that wait, as `about address`. */
  mails(): string[] {
    return this.northwind.opened.raw.prepare("select about || ' ' || address from notices order by id").pluck().all() as string[];
  }

  /** How many sessions stand in the store, and what somebody's count of wrong codes is. */
  sessions(): number {
    return Number(this.value('select count(*) from sessions'));
  }

  async codeFailures(address: string): Promise<number> {
    return Number(this.value('select code_failures from sign_in_state where user_id = ?', await this.idOf(address)) ?? 0);
  }

  async locked(address: string): Promise<boolean> {
    return this.value('select locked_at from sign_in_state where user_id = ?', await this.idOf(address)) != null;
  }

  close(): Promise<void> {
    return this.northwind.close();
  }
}
