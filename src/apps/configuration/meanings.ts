import { shown } from '../../core/documents/text.ts';
import { step } from '../../core/documents/tree.ts';
import { ROLES } from '../../core/model/words.ts';
import { databaseMeanings } from './database-meanings.ts';
import { directoryMeanings } from './directory-meanings.ts';
import type { Finding } from './faults.ts';
import { portalValues } from './portal-meanings.ts';
import type { ConfigurationText } from './schema.ts';

/**
 * What the schema cannot say: one id stands for one account or MyGlue account, else people would be counted in the wrong one;
 * a custom role is not called like a built-in one, else nobody could tell which is meant; and the values of `store`, `database`, `directory` and `portal`.
 */
export function meanings({ accounts = {}, portal = {}, store, database }: ConfigurationText): Finding[] {
  const entries = Object.entries(accounts);
  const ids = entries.flatMap(([name, { externalId }]): Id[] =>
    externalId === undefined ? [] : [{ id: externalId, owner: name, pointer: `/accounts${step(name)}/externalId` }],
  );
  const ofAccounts = entries.flatMap(([name, account]) => [...twiceWithin(name, account), ...builtIn(name, account)]);
  return [...twice(ids), ...ofAccounts, ...databaseMeanings(store, database), ...directoryMeanings(entries), ...portalValues(portal)];
}

type Account = NonNullable<ConfigurationText['accounts']>[string];

interface Id {
  readonly id: string;
  readonly owner: string;
  readonly pointer: string;
}

function twiceWithin(account: string, { myGlueAccounts = {} }: Account): Finding[] {
  const at = `/accounts${step(account)}/myGlueAccounts`;
  return twice(Object.entries(myGlueAccounts).map(([name, id]) => ({ id, owner: name, pointer: `${at}${step(name)}` })));
}

function twice(ids: readonly Id[]): Finding[] {
  const owners = new Map<string, string>();
  return ids.flatMap(({ id, owner, pointer }): Finding[] => {
    const first = owners.get(id);
    if (first === undefined) owners.set(id, owner);
    if (first === undefined) return [];
    return [{ pointer, onKey: false, quotable: true, message: `${shown(id)} is the id of ${first} already`, fix: 'give each its own id' }];
  });
}

function builtIn(account: string, { customRoles = {} }: Account): Finding[] {
  const names = new Set(ROLES.map((role) => role.toLowerCase()));
  return Object.keys(customRoles)
    .filter((role) => names.has(role.toLowerCase()))
    .map((role) => ({
      pointer: `/accounts${step(account)}/customRoles${step(role)}`,
      onKey: true,
      quotable: true,
      message: `${shown(role)} is a built-in role, not a custom one`,
      fix: 'remove it',
    }));
}
