import type { IdentityProviderRule, MfaPolicyRules, MfaPolicySpec } from '../documents/schema.ts';
import { formatDuration, formatInstant, parseDuration, parseInstant } from '../documents/values.ts';
import { rolesOf, type ScopeRef } from '../model/scope.ts';
import { FACTOR_KINDS, type FactorKind, type JsonObject, ROLES, type Role } from '../model/words.ts';
import { canonicalLimits } from './limits.ts';

/**
 * Rules in their one canonical form: defaults left out, lists in the order of the words, instants and durations in one
 * spelling. Two texts that mean the same have the same canonical form, so that a spelling is never a change.
 * The form is itself a valid document's: reading it back gives it again (a property test says so).
 */
export function canonicalRules(rules: MfaPolicyRules, scope: ScopeRef): MfaPolicyRules {
  const kinds = inOrder(FACTOR_KINDS, rules.factors ?? FACTOR_KINDS);
  const roles = rules.roles === undefined ? undefined : inOrder(ROLES, rules.roles);
  const byRole = Object.entries(rules.factorsByRole ?? {})
    .map(([role, list]) => [role as Role, inOrder(FACTOR_KINDS, list)] as const)
    .filter(([, list]) => list.length !== kinds.length)
    .sort(([a], [b]) => ROLES.indexOf(a) - ROLES.indexOf(b));
  const sso = (rules.sso ?? []).map(canonicalProvider).filter((p) => Object.keys(p).length > 1);
  const grace = rules.gracePeriod === undefined ? 0 : parseDuration(rules.gracePeriod);
  const guards = canonicalLimits(rules.guards);
  return {
    requireMfa: rules.requireMfa,
    ...(rules.mode === 'ReportOnly' && { mode: rules.mode }),
    ...(rules.enforceFrom !== undefined && { enforceFrom: formatInstant(parseInstant(rules.enforceFrom, 'start')) }),
    ...(grace !== 0 && { gracePeriod: formatDuration(grace) }),
    ...(roles !== undefined && roles.length !== rolesOf(scope).length && { roles }),
    ...(kinds.length !== FACTOR_KINDS.length && { factors: kinds }),
    ...(byRole.length > 0 && { factorsByRole: Object.fromEntries(byRole) }),
    ...(sso.length > 0 && { sso: sso.sort((a, b) => (a.provider < b.provider ? -1 : 1)) }),
    ...(rules.existingSessions === 'Revoke' && { existingSessions: rules.existingSessions }),
    ...(rules.enrollment === 'Token' && { enrollment: rules.enrollment }),
    ...(rules.resets?.approvals === 1 && { resets: rules.resets }),
    ...(rules.suspend !== undefined && {
      suspend: { reason: rules.suspend.reason, until: formatInstant(parseInstant(rules.suspend.until, 'end')) },
    }),
    ...(rules.deletionPolicy === 'Delete' && { deletionPolicy: rules.deletionPolicy }),
    ...(guards !== undefined && { guards }),
  };
}

/** A whole policy in canonical form. */
export function canonicalPolicy(spec: MfaPolicySpec): MfaPolicySpec {
  const scope: ScopeRef =
    spec.myGlueAccount === undefined ? { account: spec.account } : { account: spec.account, myGlueAccount: spec.myGlueAccount };
  return {
    ...scope,
    ...canonicalRules(spec, scope),
    ...(spec.myGlueDefault !== undefined && {
      myGlueDefault: canonicalRules(spec.myGlueDefault, { account: spec.account, myGlueAccount: 'default' }),
    }),
    ...(spec.breakGlass !== undefined && { breakGlass: [...spec.breakGlass].sort() }),
  };
}

/** The rules as the JSON that is stored, hashed and compared. */
export function rulesJson(rules: MfaPolicyRules): JsonObject {
  return rules as unknown as JsonObject;
}

function canonicalProvider(rule: IdentityProviderRule): IdentityProviderRule {
  const trusted = rule.upstreamMfa === 'Trust';
  return {
    provider: rule.provider,
    ...(trusted && { upstreamMfa: rule.upstreamMfa }),
    ...(trusted && rule.amr !== undefined && { amr: [...rule.amr].sort() }),
    ...(trusted && rule.acr !== undefined && { acr: [...rule.acr].sort() }),
    ...(trusted && rule.maxAge !== undefined && { maxAge: formatDuration(parseDuration(rule.maxAge)) }),
    ...(rule.localChallenge === 'Never' && { localChallenge: rule.localChallenge }),
  };
}

function inOrder<T extends Role | FactorKind>(order: readonly T[], list: readonly T[]): T[] {
  return order.filter((word) => list.includes(word));
}
