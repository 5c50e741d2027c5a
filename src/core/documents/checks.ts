import type { ErrorCode } from '../model/errors.ts';
import { type DocumentKind, FACTOR_KINDS, MYGLUE_ROLES, ROLES, type Role } from '../model/words.ts';
import type { Specs } from './document.ts';
import { either } from './nearest.ts';
import { type ScheduleFault, scheduleFault, timeZoneFault } from './schedule.ts';
import type { MfaPolicyRules } from './schema.ts';
import { formatInstant, parseInstant } from './values.ts';

/** A spec of which any part may be missing: what the schema refused was taken out, so that the rest is checked all the same. */
export type Loose<T> = T extends readonly (infer I)[]
  ? readonly (Loose<I> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
    : T;

/** What is wrong between the fields of one document, at the value or the key that a JSON pointer names. */
export interface Finding {
  readonly pointer: string;
  readonly at: 'key' | 'value';
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

/** Whether anything was written at a JSON pointer, sound or not. */
type Written = (pointer: string) => boolean;

/** A kind and its spec, as far as it is sound. */
export type Checkable = { [K in DocumentKind]: { readonly kind: K; readonly spec: Loose<Specs[K]> } }[DocumentKind];

/** Checks what no schema can say: how the fields of one document go together. */
export function checkDocument(document: Checkable, written: Written): Finding[] {
  switch (document.kind) {
    case 'MfaPolicy':
      return policyFindings(document.spec, written);
    case 'MfaExemption':
      return interval(document.spec.startsAt, 'startsAt', document.spec.expiresAt);
    case 'MfaReset':
      return interval(document.spec.requestedAt, 'requestedAt', document.spec.expiresAt);
    case 'ComplianceReport':
      return scheduleFindings(document.spec);
    case 'GuardOverride':
      return [];
  }
}

/** Fields of a policy that only an account has, as what they would do. */
const ACCOUNT_ONLY = [
  ['myGlueDefault', 'a MyGlue account has no MyGlue accounts of its own'],
  ['breakGlass', 'emergency administrators are named for the account as a whole'],
  ['guards/administrators', 'a MyGlue policy is judged by the administrators of its account'],
  ['guards/resets', 'resets are counted by account'],
  ['guards/directory', 'people are imported by account'],
] as const;

function policyFindings(spec: Loose<Specs['MfaPolicy']>, written: Written): Finding[] {
  // one that is at fault itself leaves open which scope is meant
  const myGlue = spec.myGlueAccount !== undefined;
  return [
    ...(myGlue ? accountOnly('/spec', written) : []),
    ...accountOnly('/spec/myGlueDefault', written),
    ...ruleFindings(spec, '/spec', myGlue ? MYGLUE_ROLES : ROLES, written),
    ...(spec.myGlueDefault === undefined ? [] : ruleFindings(spec.myGlueDefault, '/spec/myGlueDefault', MYGLUE_ROLES, written)),
  ];
}

function accountOnly(base: string, written: Written): Finding[] {
  // what the schema does not know below myGlueDefault is an unknown field already
  const fields = base === '/spec' ? ACCOUNT_ONLY : ACCOUNT_ONLY.filter(([field]) => field.startsWith('guards/'));
  return fields
    .filter(([field]) => written(`${base}/${field}`))
    .map(([field, why]) => ({
      pointer: `${base}/${field}`,
      at: 'key',
      code: 'policy/account-only-field',
      message: `${field.replace('/', '.')} is for account policies alone: ${why}`,
      fix: 'move it to the policy of the account',
    }));
}

function ruleFindings(rules: Loose<MfaPolicyRules>, base: string, scopeRoles: readonly Role[], written: Written): Finding[] {
  return [
    ...roleFindings(rules, base, scopeRoles),
    ...factorFindings(rules, base, written),
    ...ssoFindings(rules.sso ?? [], base, written),
  ];
}

function roleFindings(rules: Loose<MfaPolicyRules>, base: string, scopeRoles: readonly Role[]): Finding[] {
  const listed = (rules.roles ?? []).map((role, index) => [role, `${base}/roles/${index}`, 'value'] as const);
  const keyed = ROLES.filter((role) => rules.factorsByRole?.[role] !== undefined).map(
    (role) => [role, `${base}/factorsByRole/${role}`, 'key'] as const,
  );
  return [...listed, ...keyed].flatMap(([role, pointer, at]) =>
    role === undefined || scopeRoles.includes(role)
      ? []
      : [
          {
            pointer,
            at,
            code: 'policy/role-not-in-scope',
            message: `a MyGlue account has no role ${role}`,
            fix: `remove it; the roles there are ${either(scopeRoles)}`,
          },
        ],
  );
}

/** Kinds for a role must be among those of the policy; of `factors` that is at fault itself nothing can be said. */
function factorFindings(rules: Loose<MfaPolicyRules>, base: string, written: Written): Finding[] {
  if (rules.factors === undefined && written(`${base}/factors`)) return [];
  const allowed = rules.factors ?? FACTOR_KINDS;
  if (allowed.includes(undefined)) return [];
  return ROLES.flatMap((role) =>
    (rules.factorsByRole?.[role] ?? []).flatMap((kind, index): Finding[] =>
      kind === undefined || allowed.includes(kind)
        ? []
        : [
            {
              pointer: `${base}/factorsByRole/${role}/${index}`,
              at: 'value',
              code: 'policy/weaker-role-factors',
              message: `${kind} is not among factors, so ${role} would be allowed what nobody is`,
              fix: `remove it here, or add ${kind} to factors`,
            },
          ],
    ),
  );
}

function ssoFindings(sso: NonNullable<Loose<MfaPolicyRules>['sso']>, base: string, written: Written): Finding[] {
  const seen = new Set<string>();
  return sso.flatMap((entry, index): Finding[] => {
    if (entry === undefined) return [];
    const pointer = `${base}/sso/${index}`;
    const found: Finding[] = [];
    const lacks = [
      ...(written(`${pointer}/maxAge`) ? [] : ['maxAge']),
      ...(written(`${pointer}/amr`) || written(`${pointer}/acr`) ? [] : ['amr or acr']),
    ].join(' and ');
    if (entry.upstreamMfa === 'Trust' && lacks !== '') {
      const message = `Trust without ${lacks} would take any sign-in as proof of MFA`;
      found.push({ pointer: `${pointer}/upstreamMfa`, at: 'value', code: 'policy/trust-without-proof', message, fix: `add ${lacks}` });
    }
    if (entry.provider !== undefined && seen.has(entry.provider)) {
      const message = `the identity provider ${entry.provider} has two entries`;
      found.push({ pointer: `${pointer}/provider`, at: 'value', code: 'document/invalid-value', message, fix: 'keep one' });
    }
    if (entry.provider !== undefined) seen.add(entry.provider);
    return found;
  });
}

function interval(start: string | undefined, field: string, end: string | undefined): Finding[] {
  if (start === undefined || end === undefined) return [];
  const from = parseInstant(start, 'start');
  const until = parseInstant(end, 'end');
  if (from < until) return [];
  const message = `it ends ${formatInstant(until)}, before it starts ${formatInstant(from)}`;
  return [{ pointer: '/spec/expiresAt', at: 'value', code: 'policy/ends-before-start', message, fix: `write an instant after ${field}` }];
}

function scheduleFindings({ schedule, timeZone }: Loose<Specs['ComplianceReport']>): Finding[] {
  const finding = (pointer: string, fault: ScheduleFault | undefined): Finding[] =>
    fault === undefined ? [] : [{ pointer, at: 'value', code: 'policy/invalid-schedule', ...fault }];
  return [
    ...finding('/spec/schedule', schedule === undefined ? undefined : scheduleFault(schedule)),
    ...finding('/spec/timeZone', timeZone === undefined ? undefined : timeZoneFault(timeZone)),
  ];
}
