import { beginning } from '../../../core/model/beginning.ts';
import type { DirectoryRow, OrganizationRow } from '../../../core/model/directory.ts';
import type { Fault } from '../../../core/model/errors.ts';
import { faultAt } from '../../../core/model/place.ts';
import { scopeKey } from '../../../core/model/scope.ts';
import { createMyGlueReader, type MyGlueReader } from './my-glue.ts';
import type { AccountMapping, Part } from './part.ts';
import { createRoleReader, type RoleReader } from './roles.ts';
import { readAddress, readId, readInstant, readName, type Understood } from './values.ts';

/** A JSON object that nobody has looked into. */
export type Unread = { readonly [key: string]: unknown };

/** What a list is of. */
export type ResourceType = 'users' | 'organizations';

/** One list of resources of one type, with all its pages, and where each resource stands. */
export interface ResourceList {
  readonly type: ResourceType;
  readonly resources: readonly { readonly resource: unknown; readonly place: string }[];
  /** Whose ids the ids are, where the list says it. */
  readonly origin: string | null;
}

/** What reads one resource: its id and attributes are there, faults go to `tell`. */
interface Resource {
  readonly externalId: string;
  readonly attributes: Unread;
  readonly place: string;
  tell(message: string, fix: string): void;
}

/**
 * Reads users and organizations in the shape of IT Glue's JSON:API. Attributes that Padlock has no use for are passed over.
 * The scopes that users name are whole; an explicit list of no users is the whole list of every scope that the mapping knows.
 * `everyone`: the list names whoever there is, so every scope that the mapping knows is whole, one that nobody is left in too.
 */
export function readResources(lists: readonly ResourceList[], mapping: AccountMapping, everyone = false): Part {
  const faults: Fault[] = [];
  const roles = createRoleReader(mapping);
  const myGlue = createMyGlueReader(mapping);
  const users = lists.find(({ type }) => type === 'users');
  const listed = lists.find(({ type }) => type === 'organizations');

  const organizations = listed?.resources.flatMap(({ resource, place }) => {
    const read = resourceAt(resource, place, 'organizations', faults);
    return read === null ? [] : organizationOf(read, myGlue);
  });
  const rows = users?.resources.flatMap(({ resource, place }) => {
    const read = resourceAt(resource, place, 'users', faults);
    return read === null ? [] : userOf(read, mapping.account, roles, myGlue);
  });

  const known = [
    mapping.account,
    ...Object.keys(mapping.myGlueAccounts).map((slug) => scopeKey({ account: mapping.account, myGlueAccount: slug })),
  ];
  const isEveryone = users !== undefined && (everyone || users.resources.length === 0);
  const wholeScopes = isEveryone ? known : [...new Set(rows?.map((row) => row.scope))];
  const origin = users?.origin ?? listed?.origin;
  return {
    ...(origin ? { origin } : {}),
    ...(rows === undefined ? {} : { rows }),
    ...(organizations === undefined ? {} : { organizations }),
    wholeScopes,
    faults: [...faults, ...roles.faults(), ...myGlue.faults()],
  };
}

/** Whether a value is an object with keys: neither null nor a list. */
export function isObject(value: unknown): value is Unread {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function resourceAt(resource: unknown, place: string, type: string, faults: Fault[]): Resource | null {
  const tell = (message: string, fix: string) => void faults.push(faultAt(place, 'directory/invalid-row', message, fix));
  if (!isObject(resource) || !isObject(resource['attributes'])) {
    tell('is no resource', 'write {"id": "…", "type": …, "attributes": {…}}');
    return null;
  }
  if (resource['type'] !== undefined && resource['type'] !== type)
    tell(`is of the type ${JSON.stringify(resource['type'])}`, `list ${type} alone here`);
  const id = typeof resource['id'] === 'string' ? readId(resource['id']) : readId('');
  if ('problem' in id) {
    tell(id.problem, `${id.fix}, as a string`);
    return null;
  }
  return { externalId: id.value, attributes: resource['attributes'], place, tell };
}

/** A text attribute: undefined when absent or not understood, which is then a fault; null when it is null. */
function take<T>(resource: Resource, attribute: string, read: (text: string) => Understood<T>): T | null | undefined {
  const value = resource.attributes[attribute];
  if (value === undefined || value === null) return value;
  const understood: Understood<T> = typeof value === 'string' ? read(value.trim()) : { problem: 'is no text', fix: 'write a text or null' };
  if ('value' in understood) return understood.value;
  resource.tell(`${attribute} ${beginning(JSON.stringify(value), 80)} ${understood.problem}`, understood.fix);
  return undefined;
}

function userOf(resource: Resource, account: string, roles: RoleReader, myGlue: MyGlueReader): DirectoryRow[] {
  const { attributes, externalId, place } = resource;
  const roleName = attributes['role-name'];
  const role = roles.roleOf(typeof roleName === 'string' ? roleName : '', place);
  const id = attributes['my-glue-account-id'] ?? null;
  const flag = attributes['my-glue'];
  if (flag === true && id === null) resource.tell('is a MyGlue user without my-glue-account-id', 'export it with that attribute');
  if (flag === false && id !== null) resource.tell('has a my-glue-account-id, and my-glue is false', 'correct one of the two');
  const myGlueAccount = id === null ? undefined : myGlue.slugOf(id, place, null);
  const address = take(resource, 'email', readAddress);
  const name = nameOf(resource);
  const lastSignIn = lastSignInOf(resource);
  if (role === undefined || (id !== null && myGlueAccount === undefined)) return [];
  const scope = scopeKey(myGlueAccount === undefined ? { account } : { account, myGlueAccount });
  return [
    {
      externalId,
      scope,
      role,
      ...(address === undefined ? {} : { address }),
      ...(name === undefined ? {} : { name }),
      ...(lastSignIn === undefined ? {} : { lastSignIn }),
      place,
    },
  ];
}

function nameOf(resource: Resource): string | null | undefined {
  const text = (key: string) => take(resource, key, (value) => ({ value: readName(value) }));
  const name = text('name');
  const parts = [text('first-name'), text('last-name')].filter((part) => part !== undefined);
  if (typeof name === 'string' || parts.length === 0) return name;
  return readName(parts.filter((part) => part !== null).join(' '));
}

/** `current-sign-in-at` is the newest sign-in, `last-sign-in-at` the one before; the later one that is said. */
function lastSignInOf(resource: Resource): number | null | undefined {
  const times = ['current-sign-in-at', 'last-sign-in-at']
    .map((key) => take(resource, key, readInstant))
    .filter((time) => time !== undefined);
  if (times.length === 0) return undefined;
  const latest = Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(latest) ? latest : null;
}

function organizationOf(resource: Resource, myGlue: MyGlueReader): OrganizationRow[] {
  const { attributes, externalId, place } = resource;
  const name = take(resource, 'name', (text) => ({ value: readName(text) }));
  if (typeof name !== 'string') {
    resource.tell('the organization has no name', 'write its name');
    return [];
  }
  const id = attributes['my-glue-account-id'];
  if (id === undefined) return [{ externalId, name, place }];
  const myGlueAccount = id === null ? null : myGlue.slugOf(id, place, name);
  return myGlueAccount === undefined ? [] : [{ externalId, name, myGlueAccount, place }];
}
