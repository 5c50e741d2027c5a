import { scopeOf } from '../../../src/core/model/scope.ts';
import { type Elsewhere, type Enforced, Killed } from '../../contract/enforcer.ts';
import { Realm } from './realm.ts';
import { realmEnforcer } from './realm-enforcer.ts';

/** A server with the groups of Northwind, and an enforcer over it. */
export async function openRealm(): Promise<Enforced & { readonly elsewhere: Elsewhere; readonly realm: Realm }> {
  const realm = new Realm();
  const groups = ['/account/Editor', '/account/Administrator', '/account/Lite', '/myglue/bakery/Editor', '/myglue/bakery/Lite'];
  for (const path of groups) realm.groups.set(path, new Set());
  const address = await realm.start();
  let left: number | null = null;
  const enforcer = realmEnforcer(address, (name) => {
    if (left === 0) {
      left = null;
      throw new Killed(name);
    }
    if (left !== null) left -= 1;
  });
  const known = (username: string) => {
    const user = [...realm.users.values()].find((one) => one.username === username);
    if (user === undefined) throw new RangeError(username);
    return user;
  };
  const elsewhere: Elsewhere = {
    join: async (externalId, factors, disabled = false) => {
      const user = realm.join(externalId, `${externalId}@northwind.example`);
      user.enabled = !disabled;
      for (const [kind, at] of factors) realm.enroll(user, kind, at);
      return { externalId, address: user.email };
    },
    enroll: async (externalId, kind, at) => realm.enroll(known(externalId), kind, at),
    stateOf: async (externalId) => {
      const { credentials, sessions, enabled } = known(externalId);
      return { kinds: credentials.flatMap(({ type }) => (type === 'password' ? [] : [type])), sessions, enabled };
    },
    content: async () =>
      JSON.stringify([
        [...realm.groups].map(([path, roles]) => [path, [...roles].sort()]),
        [...realm.users.values()],
        [...realm.exempt].sort(),
      ]),
    tamper: async (scope) => void realm.groups.get(groupOf(scope))?.clear(),
    openDoor: async () => {
      for (const client of realm.clients) client.directAccessGrantsEnabled = client.clientId === 'legacy';
    },
    refuse: async (scope) => {
      realm.refused = `/groups/${groupOf(scope)}`;
    },
    breakDown: async () => {
      realm.down = true;
    },
    takeRights: async () => {
      realm.rightless = true;
    },
    killAt: (call) => {
      left = call;
    },
  };
  return { enforcer, elsewhere, realm, close: () => realm.close() };
}

function groupOf(scope: string): string {
  const { myGlueAccount } = scopeOf(scope);
  return myGlueAccount === undefined ? '/account/Editor' : `/myglue/${myGlueAccount}/Editor`;
}
