import { describe, expect, it } from 'vitest';
import { maskOf } from '../../../src/core/model/demand.ts';
import { REASONS } from '../../../src/core/model/requirement.ts';
import { countRoles, impactOf } from '../../../src/core/plan/impact.ts';
import { day, termsOf } from '../policy/world.ts';
import { row } from './world.ts';

const [TOTP, PASSKEY] = [maskOf(['totp']), maskOf(['passkey'])];
const terms = termsOf({ requireMfa: true, factors: ['passkey'] });
const of = (...rows: ReturnType<typeof row>[]) => impactOf(rows, [], terms);
const n = 'northwind';

it('nobody at all', () => {
  expect(of()).toMatchObject({
    members: 0,
    enrolled: 0,
    notEnrolled: [],
    newlyRequired: 0,
    overdueAtOnce: 0,
    firstDeadline: null,
    exemptUntil: null,
  });
});

it('disabled people are no members, and nothing hits them', () => {
  expect(of(row(n, 'past-deadline', 'disabled', 5), row(n, 'enrolled', 'enrolled', 2, { kinds: PASSKEY }))).toMatchObject({
    members: 2,
    notEnrolled: [],
  });
});

it('enrolled with an allowed kind; the others by role, largest first', () => {
  const impact = of(
    row(n, 'enrolled', 'enrolled', 30, { kinds: PASSKEY }),
    row(n, 'enrolled', 'enrolled', 10, { kinds: PASSKEY | TOTP }),
    row(n, 'enrolled', 'past-deadline', 2, { kinds: TOTP, role: 'Administrator' }),
    row(n, 'enrolled', 'past-deadline', 16, { kinds: TOTP }),
    row(n, 'past-deadline', 'past-deadline', 3, { role: 'Lite' }),
    row(n, 'cannot-tell', 'cannot-tell', 4, { kinds: null }),
  );
  expect(impact).toMatchObject({ members: 65, enrolled: 40, unknown: 4 });
  expect(impact.notEnrolled).toEqual([
    { role: 'Editor', count: 16 },
    { role: 'Lite', count: 3 },
    { role: 'Administrator', count: 2 },
  ]);
});

it('where nothing is asked of a role, or no terms are left, every kind counts', () => {
  const lite = termsOf({ requireMfa: true, roles: ['Lite'], factors: ['passkey'] });
  const rows = [row(n, 'role-not-listed', 'role-not-listed', 3, { kinds: TOTP })];
  expect(impactOf(rows, [], lite).enrolled).toBe(3);
  expect(impactOf(rows, [], null).enrolled).toBe(3);
  expect(of(...rows).enrolled).toBe(0);
});

it('overdue at once are those who were not before; pending ones with the first and last deadline', () => {
  const impact = of(
    row(n, 'past-deadline', 'past-deadline', 9),
    row(n, 'within-grace', 'past-deadline', 2),
    row(n, 'turned-off', 'past-deadline', 1),
    row(n, 'turned-off', 'within-grace', 3, { firstDeadline: day(9), lastDeadline: day(12) }),
    row(n, 'turned-off', 'within-grace', 4, { firstDeadline: day(7), lastDeadline: day(8), role: 'Lite' }),
  );
  expect(impact).toMatchObject({ overdueAtOnce: 3, pending: 7, firstDeadline: day(7), lastDeadline: day(12) });
});

it('exempt ones with the latest end, and those whom report only would ask', () => {
  const impact = of(
    row(n, 'exempted', 'exempted', 1, { exemptUntil: day(3) }),
    row(n, 'turned-off', 'exempted', 2, { exemptUntil: day(5) }),
    row(n, 'turned-off', 'report-only', 6),
  );
  expect(impact).toMatchObject({ exempt: 3, exemptUntil: day(5), wouldBeRequired: 6 });
});

describe('newly required: nothing was asked before, something is after', () => {
  const asked = new Set(['enrolled', 'proven-upstream', 'cannot-tell', 'exempted', 'within-grace', 'past-deadline']);
  const pairs = REASONS.flatMap((from) => REASONS.map((to) => [from.reason, to.reason] as const));
  it.each(pairs)('%s → %s', (from, to) => {
    const newly = !asked.has(from) && asked.has(to) ? 2 : 0;
    expect(of(row(n, from, to, 2))).toMatchObject({ newlyRequired: newly, newlyRequiredNotEnrolled: newly });
    expect(of(row(n, from, to, 2, { kinds: PASSKEY }))).toMatchObject({ newlyRequired: newly, newlyRequiredNotEnrolled: 0 });
  });
});

it('members of some roles, and how many have a kind that the demand allows', () => {
  const rows = [
    row(n, 'enrolled', 'enrolled', 3, { kinds: PASSKEY }),
    row(n, 'enrolled', 'enrolled', 4, { kinds: TOTP, role: 'Lite' }),
    row(n, 'disabled', 'disabled', 9),
  ];
  expect(countRoles(rows, ['Editor', 'Lite'], terms.demand)).toEqual({ people: 7, enrolled: 3 });
  expect(countRoles(rows, ['Lite'], 0)).toEqual({ people: 4, enrolled: 4 });
});
