import { expect, it } from 'vitest';
import { resetsVerdict } from '../../../../src/core/plan/guards/resets.ts';
import { brief } from '../world.ts';

it.each([
  [0, 10, 10, 'resets passed: 0 in 24 h, 10 asked for, limit 10'],
  [0, 11, 10, 'resets refused: 0 in 24 h, 11 asked for, limit 10'],
  [9, 1, 10, 'resets passed: 9 in 24 h, 1 asked for, limit 10'],
  [9, 2, 10, 'resets refused: 9 in 24 h, 2 asked for, limit 10'],
  [30, 2, 10, 'resets refused: 30 in 24 h, 2 asked for, limit 10'],
  [0, 1, 0, 'resets refused: 0 in 24 h, 1 asked for, limit 0'],
])('%d resets executed, %d wanted, limit %d', (executed, wanted, limit, said) => {
  const verdict = resetsVerdict('northwind', executed, wanted, limit);
  expect(brief(verdict)).toBe(said);
  expect(verdict.data).toEqual({ executed, wanted, limit, hours: 24 });
});
