import { createHash } from 'node:crypto';
import { generateSync } from 'otplib';
import { LIMITS } from '../../../src/core/authentication/sessions.ts';
import { maskOf } from '../../../src/core/model/demand.ts';
import { FACTOR_KINDS } from '../../../src/core/model/words.ts';
import type { Hasher } from '../../../src/core/ports/hasher.ts';
import { enterCode } from '../../../src/flows/sign-in/challenge.ts';
import { acceptInvitation, issueLink } from '../../../src/flows/sign-in/links.ts';
import { enterPassword } from '../../../src/flows/sign-in/password.ts';
import { confirmTotp, openSetUp } from '../../../src/flows/sign-in/set-up.ts';
import type { SignInWorld, Site } from '../../../src/flows/sign-in/world.ts';
import { RANDOM } from '../../adapters/store/opened.ts';
import { Northwind } from '../northwind.ts';

/** A password that is long enough, for everybody. */
export const PASSWORD = 'a long walk by the river';
export const ACCOUNT = 'northwind';

/** Not argon2: what is tested here is what is hashed, when, and how often. Counts what it verifies. */
export class CountingHasher implements Hasher {
  verified = 0;

  async hash(password: string): Promise<string> {
    return createHash('sha256').update(password).digest('hex');
  }

  async verify(hash: string | null, password: string): Promise<boolean> {
    this.verified += 1;
    return hash !== null && hash === (await this.hash(password));
  }

  needsRehash(): boolean {
    return false;
  }
}

/** Northwind IT with its portal: doors, a clock to turn, phones that show codes. */
export class Portal {
  readonly northwind: Northwind;
  readonly hasher = new CountingHasher();
  /** By address: the secret in the phone. */
  readonly phones = new Map<string, Uint8Array>();
  site: Site = { origin: 'https://mfa.northwind.example', rpId: 'mfa.northwind.example' };

  private constructor(northwind: Northwind) {
    this.northwind = northwind;
  }

  static async open(): Promise<Portal> {
    return new Portal(await Northwind.open());
  }

  get world(): SignInWorld {
    return {
      store: this.northwind.opened.store,
      clock: { now: () => this.northwind.now },
      random: RANDOM,
      hasher: this.hasher,
      limits: LIMITS,
      enrollable: maskOf(FACTOR_KINDS),
      site: this.site,
    };
  }

  async idOf(address: string): Promise<number> {
    const id = await this.world.store.read((reader) => reader.userIdCalled(ACCOUNT, address));
    if (id === undefined) throw new Error(`nobody is called ${address}`);
    return id;
  }

  /** An invitation for somebody. */
  async invite(address: string): Promise<string> {
    const id = await this.idOf(address);
    const { now } = this.northwind;
    const { token } = await this.world.store.write(now, (transaction) => issueLink(this.world, transaction, id, 'invitation', now));
    return token;
  }

  /** Takes an invitation: the first password, and what comes next. */
  async welcome(address: string) {
    return acceptInvitation(this.world, await this.invite(address), PASSWORD, 'a browser');
  }

  /** Invited, with a password and an authenticator app that was set up. Gives the session's token and the recovery codes. */
  async enrolled(address: string): Promise<{ readonly token: string; readonly codes: readonly string[] }> {
    const welcome = await this.welcome(address);
    if (welcome.is !== 'in') throw new Error(JSON.stringify(welcome));
    const shown = await openSetUp(this.world, welcome.token, 'totp');
    if (shown === undefined) throw new Error(`${address} may not set up an authenticator app: ${JSON.stringify(welcome.step)}`);
    this.phones.set(address, shown.secret);
    const confirmed = await confirmTotp(this.world, welcome.token, this.codeOf(address), 'phone', 'a browser');
    if (confirmed.outcome !== 'enrolled') throw new Error(JSON.stringify(confirmed));
    this.later(60_000);
    return confirmed;
  }

  /** What somebody's phone shows, whose clock may be wrong by some seconds. */
  codeOf(address: string, off = 0): string {
    const secret = this.phones.get(address);
    if (secret === undefined) throw new Error(`${address} has no phone`);
    return generateSync({ secret, epoch: Math.floor(this.northwind.now / 1000) + off });
  }

  later(milliseconds: number): void {
    this.northwind.now += milliseconds;
  }

  password(address: string, password = PASSWORD, scope = ACCOUNT, from = '192.0.2.1') {
    return enterPassword(this.world, { scope, address, password, from, device: 'a browser' });
  }

  code(token: string, typed: unknown) {
    return enterCode(this.world, token, typed, 'a browser');
  }

  close(): Promise<void> {
    return this.northwind.close();
  }
}
