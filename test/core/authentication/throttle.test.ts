import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODE_CAP, countedFailures, mayTryFrom, mayTryPassword, passwordDelay } from '../../../src/core/authentication/throttle.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 25, 8);
const failures = fc.nat({ max: 10_000 });
const instants = fc.integer({ min: 0, max: 4e12 });

test('ten wrong codes, and codes are no way in', () => {
  expect(CODE_CAP).toBe(10);
});

describe('the delay after wrong passwords', () => {
  test.each([
    [0, 0],
    [1, 0],
    [4, 0],
    [5, 1],
    [6, 2],
    [7, 4],
    [12, 128],
    [13, 256],
    [14, 300],
    [15, 300],
    [2000, 300],
  ])('after %i of them %i seconds', (count, seconds) => {
    expect(passwordDelay(count)).toBe(seconds * SECOND);
  });

  test('never falls as they become more, and never is more than five minutes', () => {
    fc.assert(
      fc.property(failures, (count) => {
        expect(passwordDelay(count + 1)).toBeGreaterThanOrEqual(passwordDelay(count));
        expect(passwordDelay(count)).toBeLessThanOrEqual(300 * SECOND);
      }),
    );
  });

  test('is over at its end, to the millisecond', () => {
    expect(mayTryPassword(5, NOW, NOW + 999)).toBe(false);
    expect(mayTryPassword(5, NOW, NOW + 1000)).toBe(true);
    expect(mayTryPassword(4, NOW, NOW)).toBe(true);
    expect(mayTryPassword(0, null, NOW)).toBe(true);
    expect(mayTryPassword(100, null, NOW)).toBe(true);
  });

  test('is over at its end whatever the figures, and once over stays over', () => {
    fc.assert(
      fc.property(failures, instants, fc.nat({ max: 2 * DAY }), (count, last, elapsed) => {
        expect(mayTryPassword(count, last, last + elapsed)).toBe(elapsed >= passwordDelay(count));
        expect(mayTryPassword(count, last, last + 300 * SECOND)).toBe(true);
      }),
    );
  });

  test('is not shortened by a clock that is set back', () => {
    expect(mayTryPassword(9, NOW, NOW - HOUR)).toBe(false);
    expect(mayTryPassword(4, NOW, NOW - HOUR)).toBe(true);
  });

  test('forgets failures that are a day old', () => {
    expect(countedFailures(14, NOW, NOW + DAY - 1)).toBe(14);
    expect(countedFailures(14, NOW, NOW + DAY)).toBe(0);
    expect(countedFailures(14, null, NOW)).toBe(0);
    expect(mayTryPassword(14, NOW, NOW + DAY)).toBe(true);
  });

  test('lets whoever goes on guessing try some hundreds a day, not thousands', () => {
    let tries = 0;
    let count = 0;
    let last: number | null = null;
    for (let now = NOW; now < NOW + DAY; now += SECOND) {
      if (!mayTryPassword(count, last, now)) continue;
      count = countedFailures(count, last, now) + 1;
      last = now;
      tries++;
    }
    expect(tries).toBeGreaterThan(280);
    expect(tries).toBeLessThan(320);
  });
});

describe('the limit of an address', () => {
  test('a hundred failures in its hour', () => {
    expect(mayTryFrom(99, NOW, NOW)).toBe(true);
    expect(mayTryFrom(100, NOW, NOW)).toBe(false);
    expect(mayTryFrom(100, NOW, NOW + HOUR - 1)).toBe(false);
    expect(mayTryFrom(100, NOW, NOW + HOUR)).toBe(true);
    expect(mayTryFrom(5000, null, NOW)).toBe(true);
  });

  test('whatever the figures', () => {
    fc.assert(
      fc.property(failures, instants, fc.nat({ max: 2 * HOUR }), (count, start, elapsed) => {
        expect(mayTryFrom(count, start, start + elapsed)).toBe(count < 100 || elapsed >= HOUR);
      }),
    );
  });
});
