import type { MfaPolicyRules } from '../documents/schema.ts';
import { parseDuration, parseInstant } from '../documents/values.ts';
import { maskOf, packDemand } from '../model/demand.ts';
import { type DocumentSource, positionOf } from '../model/positions.ts';
import { rolesOf, type ScopeKey, scopeOf } from '../model/scope.ts';
import type { Terms, TermsField, TermsOrigin, Trust } from '../model/terms.ts';
import { FACTOR_KINDS } from '../model/words.ts';
import { rulesJson } from './canonical-rules.ts';

/** Where a scope's rules come from: which document, and at which pointer in it they stand. */
export interface RulesOrigin {
  readonly document: string;
  readonly via: 'own' | 'default';
  readonly source: DocumentSource;
}

const FIELDS = ['requireMfa', 'roles', 'factors', 'sso', 'mode', 'enforceFrom', 'gracePeriod'] as const satisfies readonly TermsField[];

/** Compiles canonical rules to the terms of one actual scope. */
export function compileTerms(scope: ScopeKey, rules: MfaPolicyRules, origin: RulesOrigin): Terms {
  const asked = rules.roles ?? rolesOf(scopeOf(scope));
  return {
    scope,
    requireMfa: rules.requireMfa,
    reportOnly: rules.mode === 'ReportOnly',
    demand: packDemand(asked.map((role) => [role, maskOf(rules.factorsByRole?.[role] ?? rules.factors ?? FACTOR_KINDS)] as const)),
    enforceFrom: rules.enforceFrom === undefined ? null : parseInstant(rules.enforceFrom, 'start'),
    grace: rules.gracePeriod === undefined ? 0 : parseDuration(rules.gracePeriod),
    trust: trustOf(rules),
    rules: rulesJson(rules),
    origin: termsOrigin(origin),
  };
}

function termsOrigin(origin: RulesOrigin): TermsOrigin {
  const prefix = origin.via === 'own' ? '/spec' : '/spec/myGlueDefault';
  const lines = FIELDS.map((field) => [field, positionOf(origin.source, `${prefix}/${field}`).line] as const);
  return {
    document: origin.document,
    via: origin.via,
    file: origin.source.file,
    lines: Object.fromEntries(lines) as Record<TermsField, number>,
  };
}

/** One row for each accepted value: what the store joins proofs with. */
function trustOf(rules: MfaPolicyRules): Trust[] {
  return (rules.sso ?? []).flatMap((rule) => {
    if (rule.upstreamMfa !== 'Trust' || rule.maxAge === undefined) return [];
    const maxAge = parseDuration(rule.maxAge);
    const one = (claim: 'amr' | 'acr') => (rule[claim] ?? []).map((value) => ({ provider: rule.provider, claim, value, maxAge }));
    return [...one('amr'), ...one('acr')];
  });
}
