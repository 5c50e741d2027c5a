import type {
  DirectoryChanges,
  DirectoryFacts,
  DirectoryRead,
  DirectoryRow,
  OrganizationRow,
  PersonAttributes,
  StoredPerson,
} from '../model/directory.ts';
import { type Fault, PadlockError, sortFaults } from '../model/errors.ts';
import { faultAt } from '../model/place.ts';
import { type ScopeKey, scopeKey } from '../model/scope.ts';
import { type AddressConflict, isMember, type Matching, matchPeople } from './match.ts';
import { ATTRIBUTES, attributesOf, gatherPeople, type IncomingPeople } from './people.ts';

/** What an import would change, and whom it leaves out because their address is someone else's. */
export interface Comparison {
  readonly changes: DirectoryChanges;
  readonly conflicts: readonly AddressConflict[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

/**
 * Compares a read with what the store holds of the account. Pure; time grows with rows and people.
 *
 * | the read            | the store           | change                                                         |
 * |---------------------|---------------------|----------------------------------------------------------------|
 * | names a person      | does not know them  | created, with their memberships                                |
 * |                     | knows them          | updated in what is said and differs; a last sign-in only later |
 * | names a membership  | has none            | joined                                                         |
 * |                     | has an ended one    | rejoined                                                       |
 * |                     | has another role    | roleChanged                                                    |
 * | does not name it    | has it, scope whole, person of this origin | ended                                   |
 * |                     | has it otherwise    | none: not said                                                 |
 *
 * `adopt`: keys of addresses (`addressKey`) whose holders the directory may take over. Whoever's new address is someone else's
 * keeps the old one, a newcomer is left out; both are in `conflicts`. Throws a `directory/…` error with every fault of the read.
 */
export function compareDirectory(read: DirectoryRead, facts: DirectoryFacts, adopt: ReadonlySet<string> = new Set()): Comparison {
  const { people, faults } = gatherPeople(read);
  const matching = matchPeople(people, read, facts, adopt);
  const organizations = compareOrganizations(read, facts);
  refuse([...read.faults, ...faults, ...matching.faults, ...organizations.faults]);

  const changes: Mutable<DirectoryChanges> = {
    account: read.account,
    origin: read.origin,
    newAccount: facts.account === null,
    newScopes: newScopes(read, facts, people),
    organizations: organizations.changed,
    created: [],
    adopted: [...matching.adopted].map(([id, externalId]) => ({ id, externalId })),
    updated: [],
    joined: [],
    rejoined: [],
    roleChanged: [],
    ended: [],
  };
  const whole = new Set(read.wholeScopes);
  comparePeople(people, matching, whole, changes);
  for (const person of facts.people) {
    const isNamed = matching.adopted.has(person.id) || matching.stored.get(person.externalId) === person;
    if (person.origin === read.origin && !isNamed) endUnnamed(person, [], whole, changes);
  }
  return { changes: sorted(changes), conflicts: matching.conflicts };
}

function comparePeople(people: IncomingPeople, matching: Matching, whole: ReadonlySet<ScopeKey>, changes: Mutable<DirectoryChanges>): void {
  for (const [externalId, rows] of people) {
    const person = matching.stored.get(externalId);
    const isContested = matching.contested.has(externalId);
    if (isContested && (person === undefined || !isMember(person))) continue;
    const said = attributesOf(rows);
    if (person === undefined) {
      const memberships = rows.length === 1 ? rows : [...rows].sort((a, b) => (a.scope < b.scope ? -1 : 1));
      changes.created.push({ externalId, attributes: said, memberships });
      continue;
    }
    const attributes = differing(person, said, isContested);
    if (Object.keys(attributes).length > 0) changes.updated.push({ id: person.id, attributes });
    compareMemberships(person, rows, changes);
    endUnnamed(person, rows, whole, changes);
  }
}

function differing(person: StoredPerson, said: PersonAttributes, keepAddress: boolean): PersonAttributes {
  const changed: Record<string, unknown> = {};
  for (const attribute of ATTRIBUTES) {
    const value = said[attribute];
    if (value === undefined || value === person[attribute]) continue;
    if (attribute === 'address' && keepAddress) continue;
    // Someone may have signed in since the directory was read.
    if (attribute === 'lastSignIn' && (said.lastSignIn ?? 0) <= (person.lastSignIn ?? 0)) continue;
    changed[attribute] = value;
  }
  return changed as PersonAttributes;
}

function compareMemberships(person: StoredPerson, rows: readonly DirectoryRow[], changes: Mutable<DirectoryChanges>): void {
  const held = new Map(person.memberships.map((membership) => [membership.scope, membership]));
  for (const { scope, role } of rows) {
    const membership = held.get(scope);
    if (membership === undefined) changes.joined.push({ id: person.id, scope, role });
    else if (membership.ended) changes.rejoined.push({ id: person.id, scope, role });
    else if (membership.role !== role) changes.roleChanged.push({ id: person.id, scope, from: membership.role, to: role });
  }
}

function endUnnamed(
  person: StoredPerson,
  rows: readonly DirectoryRow[],
  whole: ReadonlySet<ScopeKey>,
  changes: Mutable<DirectoryChanges>,
): void {
  const named = new Set(rows.map((row) => row.scope));
  for (const { scope, role, ended } of person.memberships) {
    if (!ended && whole.has(scope) && !named.has(scope)) changes.ended.push({ id: person.id, scope, role });
  }
}

/** Scopes begin with somebody in them, or an organization: that a whole list names nobody of one may be a typo in its mapping. */
function newScopes(read: DirectoryRead, facts: DirectoryFacts, people: IncomingPeople): ScopeKey[] {
  const said = new Set<ScopeKey>([read.account]);
  for (const rows of people.values()) for (const row of rows) said.add(row.scope);
  for (const { myGlueAccount } of read.organizations ?? []) {
    if (typeof myGlueAccount === 'string') said.add(scopeKey({ account: read.account, myGlueAccount }));
  }
  for (const scope of facts.scopes) said.delete(scope);
  return [...said].sort();
}

/** Organizations are never removed: a list of them says what there is, and padlocks hang on none. */
function compareOrganizations(read: DirectoryRead, facts: DirectoryFacts) {
  const held = new Map(facts.organizations.map((organization) => [organization.externalId, organization]));
  const seen = new Map<string, OrganizationRow>();
  const changed: OrganizationRow[] = [];
  const faults: Fault[] = [];
  for (const row of read.organizations ?? []) {
    const twin = seen.get(row.externalId);
    if (twin !== undefined) {
      const message = `the organization ${row.externalId} stands here a second time, first at ${twin.place}`;
      faults.push(faultAt(row.place, 'directory/duplicate-row', message, 'keep one of the two'));
    }
    seen.set(row.externalId, row);
    const known = held.get(row.externalId);
    const isMoved = row.myGlueAccount !== undefined && row.myGlueAccount !== known?.myGlueAccount;
    if (known === undefined || known.name !== row.name || isMoved) changed.push(row);
  }
  return { changed, faults };
}

function refuse(faults: readonly Fault[]): void {
  const sortedFaults = sortFaults(faults);
  const first = sortedFaults[0];
  if (first === undefined) return;
  const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
  throw new PadlockError(first.code, `${count} in the directory; nothing is imported`, {
    fix: 'mend them where the directory comes from, and import again',
    faults: sortedFaults,
  });
}

function sorted(changes: Mutable<DirectoryChanges>): DirectoryChanges {
  const byExternalId = (a: { externalId: string }, b: { externalId: string }) => (a.externalId < b.externalId ? -1 : 1);
  const byId = (a: { id: number; scope?: ScopeKey }, b: { id: number; scope?: ScopeKey }) =>
    a.id - b.id || ((a.scope ?? '') < (b.scope ?? '') ? -1 : 1);
  changes.organizations.sort(byExternalId);
  changes.created.sort(byExternalId);
  for (const list of [changes.adopted, changes.updated, changes.joined, changes.rejoined, changes.roleChanged, changes.ended])
    list.sort(byId);
  return changes;
}
