/**
 * Threat: whoever looks over a shoulder, or sits in between, uses a code again while it still is in the tolerated drift. Elsewhere the
 * time of use was kept instead of the step, so that a code taken early or late was taken once more (Rodauth, CVE-2026-82470).
 */
import { TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { checkTotp } from '../../src/core/authentication/kinds/totp/check.ts';

const SECRET = Buffer.from('12345678901234567890');
const otp = new TOTP({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
const START = Date.UTC(2026, 10, 25, 8);
const STEP = 30_000;
const code = (step: number) => otp.generate({ timestamp: START + step * STEP });

describe.each([-1, 0, 1])('a code of %i steps from now, once accepted', (drift) => {
  const first = checkTotp(SECRET, code(drift), START, null);

  test('is kept by its own step, not by the time of its use', () => {
    expect(first).toEqual({ outcome: 'accepted', step: START / STEP + drift });
  });

  test('is refused at every second of the drift and beyond', () => {
    if (first.outcome !== 'accepted') throw new Error('it was not accepted');
    for (let now = START; now < START + 5 * STEP; now += 1000) {
      expect(checkTotp(SECRET, code(drift), now, first.step)).toEqual({ outcome: 'replayed' });
    }
  });

  test('takes every earlier one with it', () => {
    if (first.outcome !== 'accepted') throw new Error('it was not accepted');
    for (let step = drift; step >= -20; step--) expect(checkTotp(SECRET, code(step), START, first.step).outcome).toBe('replayed');
  });

  test('and a clock that is set back brings none of them back', () => {
    if (first.outcome !== 'accepted') throw new Error('it was not accepted');
    for (let back = 0; back < 10; back++) {
      const now = START - back * STEP;
      for (let step = -back - 1; step <= -back + 1; step++) {
        const { outcome } = checkTotp(SECRET, code(step), now, first.step);
        expect(outcome).toBe(step > drift ? 'accepted' : 'replayed');
      }
    }
  });
});
