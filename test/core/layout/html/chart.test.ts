import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grouped, percent, type Share, shareBar, shareLegend, trendChart } from '../../../../src/core/layout/html/chart.ts';
import { TONES } from '../../../../src/core/layout/html/tokens.ts';

const share = fc.record({ label: fc.string(), count: fc.nat(1_000_000), tone: fc.constantFrom(...TONES) });
const numbers = (markup: string, pattern: RegExp) => [...markup.matchAll(pattern)].map((match) => Number(match[1]));

describe('a bar', () => {
  const shares: Share[] = [
    { label: 'enrolled', count: 3, tone: 'good' },
    { label: 'exempt', count: 0, tone: 'exempt' },
    { label: 'missing', count: 1, tone: 'missing' },
  ];

  test('says its parts to those who hear it, and shows them in the legend', () => {
    expect(shareBar(shares, 'northwind').markup).toContain('aria-label="northwind: 3 enrolled, 1 missing"');
    expect(shareLegend(shares).markup.match(/<li>/g)).toHaveLength(2);
    expect(shareBar([], 'northwind').markup).toContain('northwind: nobody');
  });

  test('is as long as all of its parts, each where the one before ends', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1 }), (list) => {
        const { markup } = shareBar(list, 'x');
        const [at, long] = [numbers(markup, / x="([\d.]+)%"/g), numbers(markup, /width="([\d.]+)%"/g)];
        const total = list.reduce((sum, { count }) => sum + count, 0);
        const sum = long.reduce((a, b) => a + b, 0);
        expect(Math.abs(sum - (total === 0 ? 0 : 100))).toBeLessThan(0.01 * (long.length + 1));
        for (const [i, x] of at.entries()) {
          const before = long.slice(0, i).reduce((a, b) => a + b, 0);
          expect(Math.abs(x - before)).toBeLessThan(0.01 * (i + 1) + 1e-6);
        }
      }),
    );
  });
});

describe('a trend', () => {
  test('a run that was not evaluated is a gap, never a zero', () => {
    const values = [0.5, 0.6, null, 0.7];
    const { markup } = trendChart(
      values.map((value, i) => ({ label: `run ${i}`, value })),
      'protected',
    );
    expect(markup.match(/<polyline/g)).toHaveLength(2);
    expect(markup.match(/class="dot"/g)).toHaveLength(3);
    expect(markup).toContain('<title>run 2: not evaluated</title>');
    expect(markup).toContain('<title>run 3: 70\u00A0%</title>');
  });

  test('of one run is one dot', () => {
    expect(trendChart([{ label: 'now', value: 1 }], 'protected').markup).toMatch(/class="dot" cx="50%"/);
  });
});

test.each([
  [0, 0, '–'],
  [0, 10, '0\u00A0%'],
  [1, 1000, '1\u00A0%'],
  [999, 1000, '99\u00A0%'],
  [1000, 1000, '100\u00A0%'],
  [2, 3, '67\u00A0%'],
])('%d of %d is %s: never all while one is missing', (part, whole, text) => {
  expect(percent(part, whole)).toBe(text);
});

test('digits in groups', () => {
  expect([0, 999, 1000, 1_234_567].map(grouped)).toEqual(['0', '999', '1\u202F000', '1\u202F234\u202F567']);
});
