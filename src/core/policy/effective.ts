import type { MfaPolicyRules, MfaPolicySpec } from '../documents/schema.ts';
import type { DocumentSource } from '../model/positions.ts';
import { type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Terms } from '../model/terms.ts';
import { canonicalRules } from './canonical-rules.ts';
import { compileTerms } from './compile.ts';

/** A policy document as far as it decides what holds: canonical spec, name, and where it stands. */
export interface Policy {
  readonly scope: ScopeKey;
  readonly name: string;
  readonly spec: MfaPolicySpec;
  readonly source: DocumentSource;
}

/**
 * The terms of every actual scope that some policy covers: a scope's own document, else its account's `myGlueDefault`.
 * `scopes` are those that the directory knows; a policy for another scope covers nobody and gives no terms.
 */
export function effectiveTerms(policies: Iterable<Policy>, scopes: Iterable<ScopeKey>): Map<ScopeKey, Terms> {
  const byScope = new Map<ScopeKey, Policy>();
  for (const policy of policies) byScope.set(policy.scope, policy);
  const effective = new Map<ScopeKey, Terms>();
  for (const scope of scopes) {
    const terms = termsFor(scope, byScope.get(scope), byScope.get(scopeOf(scope).account));
    if (terms !== undefined) effective.set(scope, terms);
  }
  return effective;
}

/** The terms of one scope by its own policy and its account's; undefined where neither covers it. */
function termsFor(scope: ScopeKey, own: Policy | undefined, account: Policy | undefined): Terms | undefined {
  if (own !== undefined) {
    return compileTerms(scope, rulesOf(own.spec), { document: own.name, via: 'own', source: own.source });
  }
  const rules = account?.spec.myGlueDefault;
  if (rules === undefined || account === undefined || scopeOf(scope).myGlueAccount === undefined) return undefined;
  return compileTerms(scope, canonicalRules(rules, scopeOf(scope)), { document: account.name, via: 'default', source: account.source });
}

/** The rules of a canonical policy, without what names its scope or belongs to the account alone. */
function rulesOf(spec: MfaPolicySpec): MfaPolicyRules {
  const { account: _account, myGlueAccount: _myGlueAccount, myGlueDefault: _myGlueDefault, breakGlass: _breakGlass, ...rules } = spec;
  return rules;
}
