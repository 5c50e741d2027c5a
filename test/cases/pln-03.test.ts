// PLN-03: weakening by small edits. Elsewhere an assessment passed because only the on/off switch was looked at.
import { expect, it } from 'vitest';
import { appliedFrom, brief, planTo, row } from '../core/plan/world.ts';
import { policyText } from '../core/policy/world.ts';

const trust = { provider: 'entra', upstreamMfa: 'Trust', amr: ['mfa'], maxAge: '8h' };
const impact = [
  row('northwind', 'enrolled', 'role-not-listed', 3, { role: 'Lite', kinds: 1 }),
  row('northwind', 'past-deadline', 'role-not-listed', 4, { role: 'Lite' }),
];
const lite = '7 people (3 enrolled)';

const EDITS: [string, object, object, string][] = [
  ['a role removed', {}, { roles: ['Administrator', 'Manager', 'Editor', 'Creator', 'ReadOnly'] }, `Lite no longer required, ${lite}`],
  ['a longer grace period', { gracePeriod: '7d' }, { gracePeriod: '8d' }, `grace period longer: 7d → 8d, ${lite}`],
  ['a later start', { enforceFrom: '2026-12-01' }, { enforceFrom: '2027-01-01' }, `begins later: 2027-01-01T00:00:00Z, ${lite}`],
  ['wider factors', { factors: ['passkey'], roles: ['Lite'] }, { roles: ['Lite'] }, 'totp now accepted for Lite, 7 people (0 enrolled)'],
  ['a stronger kind by role dropped', { factorsByRole: { Lite: ['passkey'] } }, {}, 'totp now accepted for Lite, 7 people (0 enrolled)'],
  ['report only', {}, { mode: 'ReportOnly' }, `report only, no longer enforced, ${lite}`],
  ['trust upstream', {}, { sso: [trust] }, `MFA at entra now trusted, ${lite}`],
  ['sessions kept', { existingSessions: 'Revoke' }, {}, `existing sessions kept, ${lite}`],
  [
    'the default off',
    { myGlueDefault: { requireMfa: true } },
    { myGlueDefault: { requireMfa: false } },
    'new MyGlue accounts: MFA no longer required',
  ],
  ['a limit loosened', {}, { guards: { overdueAtOnce: '50%' } }, `guard limit overdueAtOnce looser: 25 → 50, ${lite}`],
];

it.each(EDITS)('%s: refused, named with the number of people, and held', (_, before, next, message) => {
  const plan = planTo([policyText('northwind', next)], appliedFrom([policyText('northwind', before)]), { impact });
  expect(plan.scopes[0]?.verdicts.map(brief)).toEqual([`weakened refused: ${message}`]);
  expect(plan.scopes[0]?.held).toBe(true);
});

it.each(EDITS)('%s, turned round: nothing is refused', (_, before, next) => {
  const plan = planTo([policyText('northwind', before)], appliedFrom([policyText('northwind', next)]));
  expect(plan.counts.held).toBe(0);
});
