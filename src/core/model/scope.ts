import { MYGLUE_ROLES, ROLES, type Role } from './words.ts';

/** What a policy covers: an account, or one MyGlue account of it. */
export interface ScopeRef {
  readonly account: string;
  readonly myGlueAccount?: string;
}

/** `northwind` for the account, `northwind/bakery` for a MyGlue account of it. Slugs hold no slash, so this is unambiguous. */
export type ScopeKey = string;

/** The key of a scope. */
export function scopeKey(scope: ScopeRef): ScopeKey {
  return scope.myGlueAccount === undefined ? scope.account : `${scope.account}/${scope.myGlueAccount}`;
}

/** The scope of a key made by {@link scopeKey}. */
export function scopeOf(key: ScopeKey): ScopeRef {
  const slash = key.indexOf('/');
  return slash < 0 ? { account: key } : { account: key.slice(0, slash), myGlueAccount: key.slice(slash + 1) };
}

/** The roles that people can have in a scope. */
export function rolesOf(scope: ScopeRef): readonly Role[] {
  return scope.myGlueAccount === undefined ? ROLES : MYGLUE_ROLES;
}
