// DEC-03: entering the role list later. Elsewhere one common start date gave late-comers no grace at all. Here the people
// of the added role get the whole grace from that apply; those obliged before keep their deadline.
import { expect, it } from 'vitest';
import { timeline } from '../core/policy/world.ts';

it('an Editor has until day 372, an Administrator still until day 7', () => {
  const scope = timeline();
  scope.apply(0, { requireMfa: true, gracePeriod: '7d', roles: ['Administrator'] });
  expect(scope.on(364, { role: 'Editor' })).toEqual({ state: 'NotRequired', deadline: null });
  scope.apply(365, { requireMfa: true, gracePeriod: '7d', roles: ['Administrator', 'Editor'] });
  expect(scope.on(365, { role: 'Editor' })).toEqual({ state: 'Pending', deadline: 372 });
  expect(scope.on(372, { role: 'Editor' })).toEqual({ state: 'Overdue', deadline: 372 });
  expect(scope.on(365, { role: 'Administrator' })).toEqual({ state: 'Overdue', deadline: 7 });
  expect(scope.on(365, { role: 'Lite' })).toEqual({ state: 'NotRequired', deadline: null });
});
