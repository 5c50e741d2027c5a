import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SLUG_PATTERN } from '../../../src/core/documents/schema.ts';
import { suggestDuration, suggestInstant, suggestName, suggestPercent } from '../../../src/core/documents/spelling.ts';
import { formatDuration, isDuration, isInstant, parseDuration } from '../../../src/core/documents/values.ts';

describe('durations', () => {
  test.each([
    ['14 days', '14d'],
    ['14 Days', '14d'],
    ['1 day', '1d'],
    ['14D', '14d'],
    ['14-days', '14d'],
    ['2 weeks', '2w'],
    ['36 hours', '36h'],
    ['36hrs', '36h'],
    ['90 min', '90m'],
    ['30 seconds.', '30s'],
    ['014d', '14d'],
    ['P14D', '14d'],
    ['P2W', '2w'],
    ['PT36H', '36h'],
    ['P1DT12H', '36h'],
    ['24h0m0s', '24h'],
    ['1h30m', '90m'],
    ['1d12h', '36h'],
    ['1d 12h', '36h'],
    ['0', '0d'],
    ['0s', '0s'],
    ['PT0S', '0d'],
  ])('%j is spelled %s', (written, spelled) => {
    expect(suggestDuration(written)).toBe(spelled);
  });

  test.each(['', '14', 'soon', 'two weeks', '14 months', 'P', 'PT', '1.5h', '-1d', '1y', '999999999d', '100000 days'])(
    'of %j nothing is guessed',
    (written) => {
      expect(suggestDuration(written)).toBeUndefined();
    },
  );

  test('what Go writes for a duration is spelled as the same duration', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 59 }), (hours, minutes) => {
        const spelled = suggestDuration(`${hours}h${minutes}m0s`) ?? '';
        expect(formatDuration(parseDuration(spelled))).toBe(formatDuration((hours * 60 + minutes) * 60_000));
      }),
    );
  });
});

describe('instants', () => {
  test.each([
    ['2026-12-1', '2026-12-01'],
    ['2026/12/01', '2026-12-01'],
    ['2026.12.01', '2026-12-01'],
    ['2026-12-01T08:00:00', '2026-12-01T08:00:00Z'],
    ['2026-12-01 08:00', '2026-12-01T08:00:00Z'],
    ['2026-12-01t08:00:00z', '2026-12-01T08:00:00Z'],
    ['2026-12-01 08:00:00 UTC', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00:00+0200', '2026-12-01T08:00:00+02:00'],
    ['2026-12-01T08:00:00+02', '2026-12-01T08:00:00+02:00'],
    ['2026-02-30', '2026-02-28'],
    ['2028-02-31', '2028-02-29'],
    ['2026-06-31', '2026-06-30'],
  ])('%j is spelled %s', (written, spelled) => {
    expect(suggestInstant(written)).toBe(spelled);
  });

  test.each(['', 'tomorrow', '2026-13-01', '01.12.2026', '12/01/2026', '2026-12', '1764547200', '2026-12-01T25:00Z x'])(
    'of %j nothing is guessed',
    (written) => {
      expect(suggestInstant(written)).toBeUndefined();
    },
  );
});

describe('names and percentages', () => {
  test.each([
    ['North Wind', 'north-wind'],
    ['Bäckerei & Söhne', 'backerei-sohne'],
    ['-a-', 'a'],
    ['under_score', 'under-score'],
    ['x'.repeat(70), 'x'.repeat(63)],
  ])('%j is spelled %s', (written, spelled) => {
    expect(suggestName(written)).toBe(spelled);
  });

  test.each(['', '---', '日本'])('of %j no name is guessed', (written) => {
    expect(suggestName(written)).toBeUndefined();
  });

  test.each([
    ['25', '25%'],
    ['25 %', '25%'],
    ['0.25', '25%'],
    ['1', '1%'],
    ['100', '100%'],
    ['101', undefined],
    ['12.5%', undefined],
    ['a quarter', undefined],
  ])('%j is spelled %s', (written, spelled) => {
    expect(suggestPercent(written)).toBe(spelled);
  });
});

test('whatever is suggested would be accepted', () => {
  const near = fc.stringMatching(/^[0-9PTdhms wkWDH:./+Zz-]{0,24}$/);
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (written) => {
      const [duration, instant, name] = [suggestDuration(written), suggestInstant(written), suggestName(written)];
      expect(duration === undefined || isDuration(duration)).toBe(true);
      expect(instant === undefined || isInstant(instant)).toBe(true);
      expect(name === undefined || new RegExp(SLUG_PATTERN).test(name)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
