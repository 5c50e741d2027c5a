import { expect, it } from 'vitest';
import { administratorsVerdict } from '../../../../src/core/plan/guards/administrators.ts';
import { brief } from '../world.ts';

it.each([
  [0, 1, 'administrators refused: 0 could still sign in, at least 1 must'],
  [1, 1, 'administrators passed: 1 can sign in'],
  [1, 2, 'administrators refused: 1 could still sign in, at least 2 must'],
  [2, 2, 'administrators passed: 2 can sign in'],
])('%d administrators able, %d needed', (able, limit, said) => {
  const verdict = administratorsVerdict('northwind', able, limit);
  expect(brief(verdict)).toBe(said);
  expect(verdict).toMatchObject({ scope: 'northwind', data: { able, limit } });
  expect(verdict.remedy === '').toBe(verdict.outcome === 'passed');
});
