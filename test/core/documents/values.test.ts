import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, formatInstant, isDuration, isInstant, parseDuration, parseInstant } from '../../../src/core/documents/values.ts';
import { PadlockError } from '../../../src/core/model/errors.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('durations', () => {
  test.each([
    ['0d', 0],
    ['1s', 1000],
    ['90m', 90 * 60_000],
    ['36h', 36 * HOUR],
    ['14d', 14 * DAY],
    ['2w', 14 * DAY],
    ['99999w', 99_999 * 7 * DAY],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '0', '14', 'd', '014d', '-1d', '+1d', '1.5h', '14 d', '14D', '100000d', 'P14D', '14d ', '1d12h', '14d\n'])(
    '%j is refused',
    (text) => {
      expect(isDuration(text)).toBe(false);
      expect(() => parseDuration(text)).toThrow(PadlockError);
    },
  );

  test.each([
    [0, '0d'],
    [1000, '1s'],
    [61_000, '61s'],
    [90 * 60_000, '90m'],
    [36 * HOUR, '36h'],
    [48 * HOUR, '2d'],
    [14 * DAY, '14d'],
    [DAY + 999, '1d'],
    [99_999 * DAY, '99999d'],
    [100_002 * DAY, '14286w'],
    [99_999 * 7 * DAY, '99999w'],
  ])('%d ms is written %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('what is written reads as the same duration, in the largest unit that is exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.constantFrom('s', 'm', 'h', 'd', 'w'), (count, unit) => {
        const written = formatDuration(parseDuration(`${count}${unit}`));
        expect(parseDuration(written)).toBe(parseDuration(`${count}${unit}`));
        expect(written.length).toBeLessThanOrEqual(`${count * 7}d`.length);
      }),
    );
  });
});

describe('instants', () => {
  test.each([
    ['2026-12-01T08:00:00Z', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00Z', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00:00+02:00', '2026-12-01T06:00:00Z'],
    ['2026-12-01T00:30:00+05:30', '2026-11-30T19:00:00Z'],
    ['2026-12-01T08:00:00.25Z', '2026-12-01T08:00:00.250Z'],
    ['2026-12-01T08:00:00.123456Z', '2026-12-01T08:00:00.123Z'],
  ])('%s is %s at both edges', (text, full) => {
    expect(formatInstant(parseInstant(text, 'start'))).toBe(full);
    expect(formatInstant(parseInstant(text, 'end'))).toBe(full);
  });

  test('a date is its midnight at the start, the following midnight at the end', () => {
    expect(formatInstant(parseInstant('2026-12-31', 'start'))).toBe('2026-12-31T00:00:00Z');
    expect(formatInstant(parseInstant('2026-12-31', 'end'))).toBe('2027-01-01T00:00:00Z');
  });

  test.each(['2028-02-29', '2000-02-29', '2026-04-30', '2026-12-31T23:59:59-23:59', '2999-12-30', '2999-12-31T23:59:59Z'])(
    '%s is on the calendar',
    (text) => {
      expect(isInstant(text)).toBe(true);
    },
  );

  test.each([
    '2026-02-29',
    '2100-02-29',
    '2026-02-30T08:00:00Z',
    '2026-04-31',
    '2026-13-01',
    '2026-12-01T08:00:00',
    '2026-12-01t08:00:00z',
    '2026-12-01 08:00:00Z',
    '2026-12-01T24:00:00Z',
    '2026-12-01T08:60Z',
    '0026-12-01',
    '9999-12-31',
    '2026-12-1',
    '2026-12-01\n',
    '2999-12-31',
    '2999-12-31T23:00:00-02:00',
    '1900-01-01T00:00:00+01:00',
    '',
  ])('%j is refused', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(() => parseInstant(text, 'start')).toThrow(/was not checked/);
  });

  test('every instant that is written reads as itself', () => {
    const [min, max] = [Date.parse('1900-01-01T00:00:00Z'), Date.parse('2999-12-31T00:00:00Z')];
    fc.assert(
      fc.property(fc.integer({ min, max }), (instant) => {
        expect(parseInstant(formatInstant(instant), 'end')).toBe(instant);
      }),
    );
  });
});
