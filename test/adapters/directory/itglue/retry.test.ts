import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATIENCE, retryAfter, type Spent, waitBeforeNext } from '../../../../src/adapters/directory/itglue/retry.ts';
import type { Answer } from '../../../../src/adapters/directory/itglue/transport.ts';

const NOW = Date.parse('2026-11-25T08:00:00Z');
const refused = (status: number, after: string | null = null): Answer => ({ kind: 'refused', status, retryAfter: after });
const silent: Answer = { kind: 'silent', why: 'ECONNRESET' };
const spent = (tries: number, more: Partial<Spent> = {}): Spent => ({ tries, again: tries - 1, waited: 0, ...more });
const waits = (answer: Answer, chance: number) => [1, 2, 3, 4, 5, 6].map((tries) => waitBeforeNext(answer, spent(tries), NOW, chance));

describe('what is tried again', () => {
  it.each([408, 429, 500, 502, 503, 504, 599])('%i is', (status) => {
    expect(waitBeforeNext(refused(status), spent(1), NOW, 0)).toBeGreaterThan(0);
  });

  it.each([201, 204, 301, 302, 400, 401, 403, 404, 405, 406, 415, 422])('%i is not, whatever it asks for', (status) => {
    expect(waitBeforeNext(refused(status, '1'), spent(1), NOW, 0)).toBeNull();
  });

  it('no answer is, a document and a broken one are not', () => {
    expect(waitBeforeNext(silent, spent(1), NOW, 0)).toBe(500);
    expect(waitBeforeNext({ kind: 'document', body: {} }, spent(1), NOW, 0)).toBeNull();
    expect(waitBeforeNext({ kind: 'broken', why: 'x' }, spent(1), NOW, 0)).toBeNull();
  });
});

describe('how long is waited', () => {
  it('doubles, half of it by chance, and ends after six tries', () => {
    expect(waits(refused(503), 0)).toEqual([500, 1000, 2000, 4000, 8000, null]);
    expect(waits(silent, 0.5)).toEqual([750, 1500, 3000, 6000, 12_000, null]);
    expect(waits(refused(429), 0)).toEqual([7500, 15_000, 30_000, 60_000, 60_000, null]);
  });

  it('of 429 lasts longer than the 5 minutes that IT Glue counts over, at most', () => {
    const longest = waits(refused(429), 1 - 2 ** -32).reduce<number>((sum, wait) => sum + (wait ?? 0), 0);
    expect(longest).toBeGreaterThan(5 * 60_000);
  });

  it.each([
    ['7', 7000],
    ['0', 0],
    [' 120 ', 120_000],
    ['Wed, 25 Nov 2026 08:01:30 GMT', 90_000],
    ['Wed, 25 Nov 2026 07:00:00 GMT', 0],
  ])('Retry-After: %s is kept to, and never undercut', (after, wait) => {
    for (const status of [429, 503]) {
      expect(waitBeforeNext(refused(status, after), spent(1), NOW, 0)).toBe(wait);
      expect(waitBeforeNext(refused(status, after), spent(1), NOW, 0.999)).toBe(wait + 999);
    }
  });

  it.each(['', 'soon', '-1', '1.5', '1e3', '2026-11-25T08:01:30Z', 'Wed, 25 Nov 2026 08:01:30', '99999999999999'])(
    'Retry-After: %j is none: the back-off holds',
    (after) => {
      expect(retryAfter(after, NOW)).toBeNull();
      expect(waitBeforeNext(refused(503, after), spent(1), NOW, 0)).toBe(500);
    },
  );

  it('longer than the cap is not waited for, nor cut short', () => {
    expect(waitBeforeNext(refused(429, String(PATIENCE.longestAsked / 1000)), spent(1), NOW, 0)).toBe(PATIENCE.longestAsked);
    expect(waitBeforeNext(refused(429, String(PATIENCE.longestAsked / 1000 + 1)), spent(1), NOW, 0)).toBeNull();
  });
});

describe('a whole read', () => {
  it('is bounded in tries again and in time, however few each request has', () => {
    expect(waitBeforeNext(silent, spent(1, { again: PATIENCE.again - 1 }), NOW, 0)).not.toBeNull();
    expect(waitBeforeNext(silent, spent(1, { again: PATIENCE.again }), NOW, 0)).toBeNull();
    expect(waitBeforeNext(silent, spent(1, { waited: PATIENCE.waited - 500 }), NOW, 0)).toBe(500);
    expect(waitBeforeNext(silent, spent(1, { waited: PATIENCE.waited - 499 }), NOW, 0)).toBeNull();
  });

  it('ends, whatever is answered', () => {
    const answer = fc.oneof(
      fc.record({
        kind: fc.constant('refused' as const),
        status: fc.integer({ min: 100, max: 599 }),
        retryAfter: fc.oneof(fc.constant(null), fc.string(), fc.nat(1000).map(String)),
      }),
      fc.constant(silent),
    );
    fc.assert(
      fc.property(fc.infiniteStream(answer), fc.double({ min: 0, max: 0.999, noNaN: true }), (answers, chance) => {
        let waited = 0;
        let again = 0;
        for (let tries = 1; ; tries++) {
          const wait = waitBeforeNext(answers.next().value as Answer, { tries, again, waited }, NOW, chance);
          if (wait === null) break;
          expect(wait).toBeGreaterThanOrEqual(0);
          waited += wait;
          again++;
        }
        expect(again).toBeLessThan(PATIENCE.tries);
        expect(waited).toBeLessThanOrEqual(PATIENCE.waited);
      }),
    );
  });
});
