import { describe, expect, test } from 'vitest';
import { progressOn } from '../../../../src/apps/cli/output/progress.ts';
import { widthOf } from '../../../../src/core/layout/width.ts';

const CLEAR = '\r\u001b[K';

function screen(isTTY: boolean, columns?: number) {
  const written: string[] = [];
  const at = { now: 1_000_000 };
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, at, progress: progressOn(stream, 'reading people', () => at.now) };
}

describe('progress', () => {
  test('shows a count, a share and a rate on one line, and takes it away', () => {
    const { written, at, progress } = screen(true, 80);
    at.now += 2500;
    progress.step(120_000, 1_000_000);
    progress.end();
    expect(written).toEqual([`${CLEAR}reading people  120 000 of 1 000 000 · 12 % · 48 000/s`, CLEAR]);
  });

  test('without a total, the count and the rate', () => {
    const { written, at, progress } = screen(true, 80);
    at.now += 1000;
    progress.step(7);
    expect(written).toEqual([`${CLEAR}reading people  7 · 7/s`]);
  });

  test('writes nothing at all on a pipe', () => {
    const { written, at, progress } = screen(false);
    at.now += 5000;
    progress.step(5, 10);
    progress.end();
    expect(written).toEqual([]);
  });

  test('short work shows nothing, and leaves nothing to take away', () => {
    const { written, at, progress } = screen(true, 80);
    at.now += 199;
    progress.step(5, 10);
    progress.end();
    expect(written).toEqual([]);
  });

  test('is written no more than five times a second, however often it is told', () => {
    const { written, at, progress } = screen(true, 80);
    for (let i = 0; i < 10_000; i += 1) {
      at.now += 0.1;
      progress.step(i, 10_000);
    }
    expect(written.length).toBeGreaterThan(2);
    expect(written.length).toBeLessThanOrEqual(5);
  });

  test.each([[undefined], [20], [80]])('stays on one line of %s columns', (columns) => {
    const { written, at, progress } = screen(true, columns);
    at.now += 300;
    progress.step(123_456_789, 987_654_321);
    for (const text of written) expect(widthOf(text.replace(CLEAR, ''))).toBeLessThan(columns ?? 80);
  });

  test('of nothing in all, no share of nothing', () => {
    const { written, at, progress } = screen(true, 80);
    at.now += 300;
    progress.step(0, 0);
    expect(written.join('')).not.toMatch(/NaN|Infinity|%/);
  });
});
