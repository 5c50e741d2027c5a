import type { Fault } from '../../../core/model/errors.ts';
import { faultAt } from '../../../core/model/place.ts';
import { ROLES, type Role } from '../../../core/model/words.ts';
import type { AccountMapping } from './part.ts';

/** Reads role names; a name that nobody has mapped is told once, with how often it stands there. */
export interface RoleReader {
  /** The role of a name, without regard to letter case; undefined for an unmapped one. */
  roleOf(name: string, place: string): Role | undefined;
  readonly faults: () => readonly Fault[];
}

/** IT Glue's own names (`Read-only` in its spellings) first, then the account's custom roles. */
export function createRoleReader(mapping: AccountMapping): RoleReader {
  const known = new Map<string, Role>();
  for (const [name, role] of Object.entries(mapping.customRoles)) known.set(name.toLowerCase(), role);
  for (const role of ROLES) known.set(role.toLowerCase(), role);
  for (const name of ['read-only', 'read only']) known.set(name, 'ReadOnly');
  const unmapped = new Map<string, { readonly place: string; count: number }>();

  const roleOf = (name: string, place: string): Role | undefined => {
    const role = known.get(name.trim().toLowerCase());
    if (role !== undefined) return role;
    const met = unmapped.get(name);
    if (met === undefined) unmapped.set(name, { place, count: 1 });
    else met.count++;
    return undefined;
  };
  const faults = () =>
    [...unmapped].map(([name, { place, count }]) => {
      if (name.trim() === '')
        return faultAt(place, 'directory/invalid-row', `the role is missing${more(count)}`, `write one of ${ROLES.join(', ')}`);
      const key = `accounts.${mapping.account}.customRoles`;
      const fix = `add it to ${key} of padlock.yaml, with the role that it counts as: ${JSON.stringify(name)}: Editor`;
      return faultAt(place, 'directory/unmapped-role', `${JSON.stringify(name)} is no role that Padlock knows${more(count)}`, fix, name);
    });
  return { roleOf, faults };
}

function more(count: number): string {
  return count === 1 ? '' : ` (here and ${count - 1} more times)`;
}
