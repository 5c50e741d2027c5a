// PLN-01: narrowing the allowed kinds locks people out as surely as turning MFA on. Elsewhere some twenty maintainers were
// thrown out within the hour, and nobody had been counted beforehand.
import { expect, it } from 'vitest';
import { maskOf } from '../../src/core/model/demand.ts';
import { appliedFrom, brief, planTo, row } from '../core/plan/world.ts';
import { day, policyText } from '../core/policy/world.ts';

const [TOTP, PASSKEY] = [maskOf(['totp']), maskOf(['passkey'])];

/** 60 people: 40 with a passkey (10 of them also TOTP), 18 with TOTP alone (2 Administrators), 2 with nothing and long overdue. */
function planned(grace: object, hit: 'past-deadline' | 'within-grace') {
  const deadlines = hit === 'within-grace' ? { firstDeadline: day(114), lastDeadline: day(114) } : {};
  const impact = [
    row('northwind', 'enrolled', 'enrolled', 30, { kinds: PASSKEY }),
    row('northwind', 'enrolled', 'enrolled', 10, { kinds: PASSKEY | TOTP }),
    row('northwind', 'enrolled', hit, 16, { kinds: TOTP, ...deadlines }),
    row('northwind', 'enrolled', hit, 2, { kinds: TOTP, role: 'Administrator', ...deadlines }),
    row('northwind', 'past-deadline', 'past-deadline', 2),
  ];
  return planTo([policyText('northwind', { ...grace, factors: ['passkey'] })], appliedFrom([policyText('northwind', grace)]), { impact });
}

it('without grace: 18 of 60 overdue by this apply, over the limit, and held', () => {
  const plan = planned({}, 'past-deadline');
  const [scope] = plan.scopes;
  expect(scope?.verdicts.map(brief)).toEqual(['overdue-at-once refused: 18 of 60 members (30 %), limit 25 %']);
  expect(scope?.impact).toMatchObject({ members: 60, enrolled: 40, overdueAtOnce: 18 });
  expect(scope?.impact.notEnrolled).toEqual([
    { role: 'Editor', count: 18 },
    { role: 'Administrator', count: 2 },
  ]);
  expect(plan.counts.held).toBe(1);
});

it('with 14 days of grace before and after: nothing is held, and the 18 have their deadline', () => {
  const plan = planned({ gracePeriod: '14d' }, 'within-grace');
  expect(plan.counts.held).toBe(0);
  expect(plan.scopes[0]?.impact).toMatchObject({ overdueAtOnce: 0, pending: 18, firstDeadline: day(114), lastDeadline: day(114) });
});
