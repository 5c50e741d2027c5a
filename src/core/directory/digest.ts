import { createHash, type Hash } from 'node:crypto';
import { canonical } from '../model/canonical.ts';
import type { DirectoryChanges, ImportTerms } from '../model/directory.ts';
import type { Json } from '../model/words.ts';

/**
 * Hex SHA-256 of what an import does (the enforcer among it) and of the account's version that it was computed from (null: a new account): not of
 * files, lines, or the order of rows. Fed line by line, so that a million changes never are one text.
 */
export function digestDirectory(changes: DirectoryChanges, version: number | null, enforcer: ImportTerms['enforcer']): string {
  const hash = createHash('sha256');
  const line = (value: Json) => hash.update(`${canonical(value)}\n`);
  line({ account: changes.account, origin: changes.origin, version, newAccount: changes.newAccount, newScopes: changes.newScopes });
  line({ enforcer: [enforcer.before, enforcer.after] });
  section(hash, 'organizations', changes.organizations, ({ externalId, name, myGlueAccount }) =>
    myGlueAccount === undefined ? { externalId, name } : { externalId, name, myGlueAccount },
  );
  section(hash, 'created', changes.created, ({ externalId, attributes, memberships }) => [
    externalId,
    { ...attributes },
    ...memberships.map(({ scope, role }) => [scope, role]),
  ]);
  section(hash, 'adopted', changes.adopted, ({ id, externalId }) => [id, externalId]);
  section(hash, 'updated', changes.updated, ({ id, attributes }) => [id, { ...attributes }]);
  for (const name of ['joined', 'rejoined', 'ended'] as const) {
    section(hash, name, changes[name], ({ id, scope, role }) => [id, scope, role]);
  }
  section(hash, 'roleChanged', changes.roleChanged, ({ id, scope, from, to }) => [id, scope, from, to]);
  return hash.digest('hex');
}

function section<T>(hash: Hash, name: string, items: readonly T[], value: (item: T) => Json): void {
  hash.update(`${name} ${items.length}\n`);
  for (const item of items) hash.update(`${canonical(value(item))}\n`);
}
