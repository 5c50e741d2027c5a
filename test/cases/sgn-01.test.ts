// SGN-01: the phone's clock is some seconds off. Elsewhere the only answer was "invalid code", or the tolerance was so wide that a
// code could be used twice. Here one step to either side is taken, each step once and never an earlier one, and a code of
// a time further off is refused with a hint at the clock.
import { TOTP } from 'otpauth';
import { expect, it } from 'vitest';
import { checkTotp } from '../../src/core/authentication/kinds/totp/check.ts';

const SECRET = Buffer.from('12345678901234567890');
const otp = new TOTP({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
/** The beginning of step n. */
const N = Date.UTC(2026, 10, 25, 8);
const STEP = 30_000;
const step = N / STEP;

/** What the server says at `now` to what a phone shows whose clock is so many seconds ahead. */
function entered(now: number, ahead: number, lastStep: number | null) {
  return checkTotp(SECRET, otp.generate({ timestamp: now + ahead * 1000 }), now, lastStep);
}

it.each([-30, -1, 0, 29, 30])('a phone %i seconds off signs in', (seconds) => {
  expect(entered(N, seconds, null).outcome).toBe('accepted');
});

it('the code of the next step is accepted, and with it the steps n and n+1 are used up', () => {
  const first = entered(N, 30, null);
  expect(first).toEqual({ outcome: 'accepted', step: step + 1 });
  // At n, and at n+1: neither the code of n nor that of n+1 opens anything any more.
  for (const now of [N, N + STEP]) {
    expect(entered(now, (N - now) / 1000, step + 1)).toEqual({ outcome: 'replayed' });
    expect(entered(now, (N + STEP - now) / 1000, step + 1)).toEqual({ outcome: 'replayed' });
  }
  expect(entered(N + STEP, 30, step + 1)).toEqual({ outcome: 'accepted', step: step + 2 });
});

it('a phone 70 seconds ahead or behind is refused, and told that it is the clock', () => {
  expect(entered(N, 70, null)).toEqual({ outcome: 'off', steps: 2 });
  expect(entered(N, -70, null)).toEqual({ outcome: 'off', steps: -3 });
  expect(entered(N + 29_000, 70, step)).toEqual({ outcome: 'off', steps: 3 });
});

it('a code that is simply wrong is not blamed on the clock', () => {
  expect(entered(N, 3600, null)).toEqual({ outcome: 'wrong' });
  expect(checkTotp(SECRET, '000000', N, null)).toEqual({ outcome: 'wrong' });
});
