import type { DirectoryRead, DirectoryRow, PersonAttributes } from '../model/directory.ts';
import type { Fault } from '../model/errors.ts';
import { faultAt } from '../model/place.ts';
import { rolesOf, scopeOf } from '../model/scope.ts';

/** The attributes of a person that a directory may say, in the order in which they are compared and told. */
export const ATTRIBUTES = [
  'address',
  'name',
  'enabled',
  'service',
  'localPassword',
  'sso',
  'kinds',
  'lastSignIn',
] as const satisfies readonly (keyof PersonAttributes)[];

/** The people of a read: their rows by external id, in the order of the read. */
export type IncomingPeople = ReadonlyMap<string, readonly DirectoryRow[]>;

/**
 * Groups the rows of a read by person and checks each by itself and with its like: the scope is one of the account, the scope
 * has the role, a person stands once in a scope, and the rows of one person agree in every attribute that more than one says.
 */
export function gatherPeople(read: DirectoryRead): { readonly people: IncomingPeople; readonly faults: readonly Fault[] } {
  const people = new Map<string, DirectoryRow[]>();
  const faults: Fault[] = [];
  for (const row of read.rows ?? []) {
    faults.push(...scopeFaults(row, read.account));
    const rows = people.get(row.externalId);
    if (rows === undefined) people.set(row.externalId, [row]);
    else rows.push(row);
  }
  for (const rows of people.values()) {
    if (rows.length > 1) faults.push(...togetherFaults(rows));
  }
  return { people, faults };
}

/** What the rows of one person say together; what none of them says is absent. */
export function attributesOf(rows: readonly DirectoryRow[]): PersonAttributes {
  const said: Record<string, unknown> = {};
  for (const row of rows) {
    for (const attribute of ATTRIBUTES) {
      const value = row[attribute];
      if (value !== undefined) said[attribute] = value;
    }
  }
  return said as PersonAttributes;
}

function scopeFaults(row: DirectoryRow, account: string): Fault[] {
  const scope = scopeOf(row.scope);
  if (scope.account !== account) {
    return [
      faultAt(row.place, 'directory/invalid-row', `${row.scope} is no scope of the account ${account}`, 'import each account by itself'),
    ];
  }
  const roles = rolesOf(scope);
  if (roles.includes(row.role)) return [];
  return [
    faultAt(
      row.place,
      'directory/invalid-row',
      `${row.role} is no role of a MyGlue account, and ${row.scope} is one`,
      `write ${roles.join(', ')}, or leave the MyGlue account away`,
    ),
  ];
}

function togetherFaults(rows: readonly DirectoryRow[]): Fault[] {
  const faults: Fault[] = [];
  const byScope = new Map<string, DirectoryRow>();
  const sayers = new Map<string, DirectoryRow>();
  for (const row of rows) {
    const twin = byScope.get(row.scope);
    if (twin === undefined) byScope.set(row.scope, row);
    else {
      const message = `${row.externalId} stands twice in ${row.scope}, first at ${twin.place}`;
      faults.push(faultAt(row.place, 'directory/duplicate-row', message, 'keep one of the two rows'));
    }
    for (const attribute of ATTRIBUTES) {
      if (row[attribute] === undefined) continue;
      const sayer = sayers.get(attribute);
      if (sayer === undefined) sayers.set(attribute, row);
      else if (sayer[attribute] !== row[attribute]) {
        const message = `${row.externalId} has another ${TITLES[attribute]} here than at ${sayer.place}`;
        faults.push(faultAt(row.place, 'directory/invalid-row', message, 'write the same in every row of the person'));
      }
    }
  }
  return faults;
}

const TITLES: Readonly<Record<(typeof ATTRIBUTES)[number], string>> = {
  address: 'address',
  name: 'name',
  enabled: 'state (active or not)',
  service: 'type',
  localPassword: 'local password setting',
  sso: 'single sign-on setting',
  kinds: 'list of factors',
  lastSignIn: 'last sign-in',
};
