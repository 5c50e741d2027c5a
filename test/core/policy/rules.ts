import fc from 'fast-check';
import type { MfaPolicyRules } from '../../../src/core/documents/schema.ts';
import { FACTOR_KINDS, MYGLUE_ROLES, ROLES, type Role } from '../../../src/core/model/words.ts';

/** Arbitrary rules that the schema and the checks of documents take, in every spelling that documents allow. */

const duration = fc
  .tuple(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 99_999 })), fc.constantFrom('s', 'm', 'h', 'd', 'w'))
  .map(([count, unit]) => `${count}${unit}`);
const instant = fc
  .tuple(
    fc.constantFrom('2026-12-01', '2028-02-29', '1999-12-31', '2999-12-30'),
    fc.constantFrom('', 'T08:00Z', 'T23:30:15.25+05:30', 'T00:00:00-11:00'),
  )
  .map(([date, time]) => date + time);
const kinds = fc.shuffledSubarray([...FACTOR_KINDS], { minLength: 1 });
const percent = fc.nat({ max: 100 }).map((n) => `${n}%`);
const reason = fc.constantFrom('audit', 'migration: "phase" #2');

const provider = (name: string) =>
  fc.oneof(
    fc.constant({ provider: name }),
    fc.constantFrom('Always', 'Never').map((localChallenge) => ({ provider: name, upstreamMfa: 'Additional' as const, localChallenge })),
    fc.record(
      {
        provider: fc.constant(name),
        upstreamMfa: fc.constant('Trust' as const),
        amr: fc.shuffledSubarray(['mfa', 'otp', 'hwk'], { minLength: 1 }),
        acr: fc.shuffledSubarray(['urn:loa:2', 'gold'], { minLength: 1 }),
        maxAge: duration,
        localChallenge: fc.constantFrom('Always', 'Never'),
      },
      { requiredKeys: ['provider', 'upstreamMfa', 'amr', 'maxAge'] },
    ),
  );

/** Limits of guards, those that only accounts have left out for MyGlue accounts. */
function guards(account: boolean) {
  const shared = { overdueAtOnce: percent, cannotEnroll: fc.nat({ max: 3 }) };
  const all = { ...shared, administrators: fc.integer({ min: 1, max: 3 }), resets: fc.nat({ max: 12 }), directory: percent };
  return fc.record(account ? all : shared, { requiredKeys: [] }).filter((limits) => Object.keys(limits).length > 0);
}

/** Rules for an account, or for a MyGlue account. */
export function rulesFor(account: boolean): fc.Arbitrary<MfaPolicyRules> {
  const roles: readonly Role[] = account ? ROLES : MYGLUE_ROLES;
  const rest = fc.record(
    {
      requireMfa: fc.boolean(),
      mode: fc.constantFrom('Enforce', 'ReportOnly'),
      enforceFrom: instant,
      gracePeriod: duration,
      roles: fc.shuffledSubarray([...roles], { minLength: 1 }),
      sso: fc.tuple(provider('okta'), provider('entra')).chain((all) => fc.shuffledSubarray(all, { minLength: 1 })),
      existingSessions: fc.constantFrom('Keep', 'Revoke'),
      enrollment: fc.constantFrom('Open', 'Token'),
      resets: fc.record({ approvals: fc.nat({ max: 1 }) }),
      suspend: fc.record({ reason, until: instant }),
      deletionPolicy: fc.constantFrom('Orphan', 'Delete'),
      guards: guards(account),
    },
    { requiredKeys: ['requireMfa'] },
  );
  const factors = kinds.chain((allowed) =>
    fc.record(
      {
        factors: fc.constant(allowed),
        factorsByRole: fc
          .record(Object.fromEntries(roles.map((role) => [role, fc.shuffledSubarray(allowed, { minLength: 1 })])), { requiredKeys: [] })
          .filter((byRole) => Object.keys(byRole).length > 0),
      },
      { requiredKeys: ['factors'] },
    ),
  );
  return fc.tuple(rest, fc.option(factors, { nil: {} })).map(([a, b]) => ({ ...a, ...b }) as MfaPolicyRules);
}
