import { expect, test } from 'vitest';
import { planJson } from '../../../../src/core/plan/renderers/json.ts';
import { everything, impact, NOW, nothing, plan, scopeChange, shortenedAndHeld } from './northwind.ts';

const golden = (name: string) => `${import.meta.dirname}/../../../golden/plan/${name}.json`;

test.each([
  ['shortened-and-held', shortenedAndHeld],
  ['everything', everything],
])('golden: %s', async (name, of) => {
  await expect(`${JSON.stringify(planJson(of, { names: 2 }), null, 2)}\n`).toMatchFileSnapshot(golden(name));
});

test('scopes as declared and settled resets are there, which the text leaves out', () => {
  expect(planJson(nothing, { names: 2 })['scopes']).toHaveLength(4);
  expect(planJson(everything, { names: 2 })['resets']).toHaveLength(3);
});

test('names are cut at the cap, each group by itself', () => {
  const names = ['overdue', 'overdue', 'pending', 'pending'].map((group, i) => ({
    scope: 'northwind',
    group: group as 'overdue' | 'pending',
    user: `u${i}`,
    role: 'Editor' as const,
    deadline: NOW,
  }));
  const of = plan({ scopes: [scopeChange('northwind', { impact: impact({ names }) })] });
  const users = (cap: number | 'all') => JSON.stringify(planJson(of, { names: cap })).match(/u\d/g);
  expect(users(1)).toEqual(['u0', 'u2']);
  expect(users('all')).toEqual(['u0', 'u1', 'u2', 'u3']);
});

test('nothing is lost on the way to text: no instant as a number, no undefined member', () => {
  const json = planJson(everything, { names: 'all' });
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(JSON.stringify(json)).toContain('"firstDeadline":"2026-12-15T00:00:00Z"');
  expect(JSON.stringify(json)).not.toMatch(/\d{13}/);
});
