import type {
  DirectoryChanges,
  DirectoryFacts,
  DirectoryRead,
  DirectoryRow,
  ImportTerms,
  StoredMembership,
  StoredPerson,
} from '../../../src/core/model/directory.ts';
import { NEW_PERSON } from '../../../src/core/model/directory.ts';
import type { Role } from '../../../src/core/model/words.ts';

export const ACCOUNT = 'northwind';
const ORIGIN = 'csv';

/** What a policy that asks nothing says of an import. */
export const IMPORT_TERMS: ImportTerms = {
  removedLimit: 25,
  leastAdministrators: 1,
  allowed: 0,
  enrollable: 0,
  enforcer: { before: 'portal', after: 'portal', unenforced: 0 },
};

/** Facts of an account that is known already and has a MyGlue account. */
export function factsOf(people: readonly StoredPerson[], more: Partial<DirectoryFacts> = {}): DirectoryFacts {
  return {
    account: { id: 1, version: 3 },
    people,
    scopes: [ACCOUNT, `${ACCOUNT}/bakery`, `${ACCOUNT}/clinic`],
    organizations: [],
    breakGlass: [],
    terms: IMPORT_TERMS,
    ...more,
  };
}

export const NOTHING: DirectoryFacts = { account: null, people: [], scopes: [], organizations: [], breakGlass: [], terms: IMPORT_TERMS };

export function readOf(rows: readonly DirectoryRow[], more: Partial<DirectoryRead> = {}): DirectoryRead {
  return { account: ACCOUNT, origin: ORIGIN, rows, wholeScopes: [...new Set(rows.map((row) => row.scope))], faults: [], ...more };
}

let line = 1;

/** A row at the next line of `people.csv`; what is not given is not said. */
export function rowOf(externalId: string, more: Partial<DirectoryRow> = {}): DirectoryRow {
  return { externalId, scope: ACCOUNT, role: 'Editor', place: `people.csv:${++line}`, ...more };
}

/** A person of the store, a member of the account when no memberships are given. */
export function personOf(id: number, more: Partial<StoredPerson> = {}, role: Role = 'Editor'): StoredPerson {
  return { ...NEW_PERSON, locked: false, id, externalId: String(id), origin: ORIGIN, memberships: [membershipOf(ACCOUNT, role)], ...more };
}

export function membershipOf(scope: string, role: Role = 'Editor', ended = false): StoredMembership {
  return { scope, role, ended };
}

/** `count` people with addresses, ids from `from`. */
export function crowd(count: number, from: number, more: Partial<StoredPerson> = {}): StoredPerson[] {
  return Array.from({ length: count }, (_, index) => personOf(from + index, { address: `p${from + index}@northwind.example`, ...more }));
}

/** The row that says of a stored person what the store has, one a live membership. */
export function rowsFor(person: StoredPerson): DirectoryRow[] {
  const { externalId, address, name, enabled, service, localPassword, sso, kinds, lastSignIn } = person;
  return person.memberships
    .filter(({ ended }) => !ended)
    .map(({ scope, role }) => rowOf(externalId, { scope, role, address, name, enabled, service, localPassword, sso, kinds, lastSignIn }));
}

/** What a store holds after an import: the plainest reading of `DirectoryChanges`. */
export function applyTo(facts: DirectoryFacts, changes: DirectoryChanges): DirectoryFacts {
  const people = new Map(facts.people.map((person) => [person.id, { ...person, memberships: [...person.memberships] }]));
  const get = (id: number) => people.get(id) ?? expected(`person ${id}`);
  const place = (id: number, scope: string) => get(id).memberships.findIndex((membership) => membership.scope === scope);

  for (const { id, externalId } of changes.adopted) Object.assign(get(id), { externalId, origin: changes.origin });
  for (const { id, attributes } of changes.updated) Object.assign(get(id), attributes);
  for (const { id, scope, role } of changes.joined) {
    if (place(id, scope) >= 0) throw new Error(`${id} has been in ${scope} before`);
    get(id).memberships.push({ scope, role, ended: false });
  }
  for (const { id, scope, role } of changes.rejoined) get(id).memberships[place(id, scope)] = { scope, role, ended: false };
  for (const { id, scope, to } of changes.roleChanged) get(id).memberships[place(id, scope)] = { scope, role: to, ended: false };
  for (const { id, scope, role } of changes.ended) get(id).memberships[place(id, scope)] = { scope, role, ended: true };
  let next = Math.max(0, ...people.keys()) + 1;
  for (const { externalId, attributes, memberships } of changes.created) {
    const live = memberships.map(({ scope, role }) => ({ scope, role, ended: false }));
    people.set(next, { ...NEW_PERSON, locked: false, ...attributes, id: next++, externalId, origin: changes.origin, memberships: live });
  }
  const organizations = new Map(facts.organizations.map((organization) => [organization.externalId, organization]));
  for (const { externalId, name, myGlueAccount } of changes.organizations) {
    organizations.set(externalId, {
      externalId,
      name,
      myGlueAccount: myGlueAccount ?? organizations.get(externalId)?.myGlueAccount ?? null,
    });
  }
  return {
    ...facts,
    account: facts.account ?? { id: 1, version: 1 },
    people: [...people.values()],
    scopes: [...facts.scopes, ...changes.newScopes],
    organizations: [...organizations.values()],
  };
}

function expected(what: string): never {
  throw new Error(`${what} is expected in the store`);
}
