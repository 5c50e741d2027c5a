import { expect } from 'vitest';
import type { Acted, Administrator } from '../../../src/flows/administering/acting.ts';
import { edited, examplePolicies } from '../northwind.ts';
import { Portal } from '../sign-in/portal.ts';

export const ACCOUNT = 'northwind';
export const DANA = 'admin.dana@northwind.example';
export const ILSE = 'ilse@northwind.example';
/** A Manager, and somebody who is neither. */
export const CARLA = 'carla@northwind.example';
export const TARA = 'tara@northwind.example';
/** Of the clinic, which asks for a second administrator, and of the bakery. */
export const AMIR = 'amir@clinic.example';
export const MIA = 'mia@bakery.example';

/** The example's policies; administrators may use an app here, so that a test can sign them in. */
export const policies = () =>
  edited(examplePolicies(), 'policies/account.yaml', 'Administrator: [passkey]', 'Administrator: [passkey, totp]');

/** The administrator of another account. */
export const XAVER = 9000;

/** Puts another account beside Northwind IT, with one administrator, who is called Xaver. */
export function southwind(portal: Portal): void {
  portal.northwind.opened.raw.exec(`insert into accounts (id, slug, title, enforcer) values (90, 'southwind', 'Southwind', 'portal');
    insert into scopes (id, account_id, key, title) values (90, 90, 'southwind', 'Southwind');
    insert into users (id, account_id, external_id, origin, address, address_key, name, enabled, service, local_password, sso, kinds)
      values (${XAVER}, 90, '1', 'csv', 'x@southwind.example', 'x@southwind.example', 'Xaver', 1, 0, 1, 0, 0);
    insert into memberships (scope_id, user_id, role, joined_at, active, kinds) values (90, ${XAVER}, 0, 0, 1, 0)`);
}

/** Northwind IT with its policies, and people who sign in with an app. */
export class Office {
  readonly portal: Portal;

  private constructor(portal: Portal) {
    this.portal = portal;
  }

  static async open(given?: Portal): Promise<Office> {
    const portal = given ?? (await Portal.open());
    await portal.northwind.apply(policies());
    return new Office(portal);
  }

  /** Signed in just now. Gives the token. */
  async signIn(address: string): Promise<string> {
    const { portal } = this;
    // What the demo enrolled stands in the phone of nobody.
    portal.northwind.opened.raw.exec(`delete from factors where user_id = ${await portal.idOf(address)};
      update users set kinds = 0 where id = ${await portal.idOf(address)}; update memberships set kinds = 0 where user_id = ${await portal.idOf(address)}`);
    return (await portal.enrolled(address)).token;
  }

  /** Somebody who is signed in, to act. */
  async by(address: string): Promise<Administrator> {
    return this.as(address, await this.signIn(address));
  }

  async as(address: string, token: string): Promise<Administrator> {
    const { portal } = this;
    const subject = String(await portal.idOf(address));
    return { world: portal.northwind.world(undefined, { channel: 'portal', subject }), signIn: portal.world, token };
  }

  one(query: string, ...values: unknown[]): unknown {
    return this.portal.northwind.opened.raw
      .prepare(query)
      .pluck()
      .get(...values);
  }

  async factors(address: string): Promise<unknown> {
    return this.one('select count(*) from factors where user_id = ?', await this.portal.idOf(address));
  }

  close(): Promise<void> {
    return this.portal.close();
  }
}

/** What an act that was done gave. */
export function done<T>(acted: Acted<T>): T {
  if (acted.outcome !== 'done') throw new Error(JSON.stringify(acted));
  return acted.value;
}

/** Refused for want of the right, and nothing was written. */
export async function refused(office: Office, act: () => Promise<unknown>, why: string): Promise<void> {
  const rows = () => ['audit', 'resets', 'links', 'notices', 'sessions'].map((table) => office.one(`select count(*) from ${table}`));
  const before = rows();
  await expect(act()).rejects.toMatchObject({ code: 'rights/denied', message: expect.stringContaining(why) });
  expect(rows()).toEqual(before);
}
