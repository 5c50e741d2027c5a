// DEC-05: back from leave. Re-enabling is not joining: the deadline is not reopened.
import { expect, it } from 'vitest';
import { maskOf } from '../../src/core/model/demand.ts';
import { timeline } from '../core/policy/world.ts';

it('enrolled, disabled, factor removed, enabled again on day 130: overdue since day 30', () => {
  const scope = timeline();
  scope.apply(0, { requireMfa: true, gracePeriod: '30d' });
  expect(scope.on(39, { kinds: maskOf(['totp']) }).state).toBe('Satisfied');
  expect(scope.on(40, { kinds: maskOf(['totp']), enabled: false }).state).toBe('NotApplicable');
  expect(scope.on(41, { kinds: 0, enabled: false }).state).toBe('NotApplicable');
  expect(scope.on(130, { kinds: 0 })).toEqual({ state: 'Overdue', deadline: 30 });
});
