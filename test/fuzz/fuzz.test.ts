import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

// A bounded number of texts, whatever the clock says; `npm run fuzz -- --seconds N --seed S` goes on for hours.
// 100 000 of them are about a minute of one core.
test.each([1, 2026])(
  'reading holds for 50 000 changed texts of seed %i, and they reach far',
  (seed) => {
    let last = { runs: 0, kept: 0, features: 0, accepted: 0 };
    for (const now of fuzz(seed)) {
      last = now;
      if (now.runs === 50_000) break;
    }
    expect(last.features).toBeGreaterThan(300);
    expect(last.accepted).toBeGreaterThan(30);
  },
  1_800_000,
);

test('the same seed takes the same way', () => {
  const way = () => {
    for (const { runs, kept, features, accepted } of fuzz(7)) if (runs === 200) return [kept, features, accepted];
    return [];
  };
  expect(way()).toEqual(way());
});
