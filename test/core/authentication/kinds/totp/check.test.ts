import fc from 'fast-check';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { checkTotp } from '../../../../../src/core/authentication/kinds/totp/check.ts';
import { TOTP_SECRET_BYTES } from '../../../../../src/core/authentication/kinds/totp/secret.ts';
import { oathtool } from '../../../../oracles.ts';

const STEP = 30_000;
/** The secret of RFC 6238, appendix B. */
const SECRET = Buffer.from('12345678901234567890');
const NOW = Date.UTC(2026, 10, 25, 8, 0, 10);
const STEP_NOW = Math.floor(NOW / STEP);

/** Codes by otpauth: another implementation. */
function codeAt(instant: number, secret: Uint8Array = SECRET): string {
  const otp = new TOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }), algorithm: 'SHA1', digits: 6, period: 30 });
  return otp.generate({ timestamp: instant });
}
const check = (code: string, lastStep: number | null = null, now = NOW) => checkTotp(SECRET, code, now, lastStep);

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('the last six digits of RFC 6238 at second %i', (second, code) => {
  expect(check(code, null, second * 1000)).toEqual({ outcome: 'accepted', step: Math.floor(second / 30) });
  expect(codeAt(second * 1000)).toBe(code);
});

test('a thousand codes of oathtool, one after another', () => {
  const codes = oathtool(SECRET, NOW, 999);
  expect(codes).toHaveLength(1000);
  for (const [i, code] of codes.entries()) {
    expect(check(code, STEP_NOW + i - 1, NOW + i * STEP)).toEqual({ outcome: 'accepted', step: STEP_NOW + i });
  }
});

describe('drift', () => {
  test.each([-1, 0, 1])('%i steps are accepted', (steps) => {
    expect(check(codeAt(NOW + steps * STEP))).toEqual({ outcome: 'accepted', step: STEP_NOW + steps });
  });

  test.each([-20, -19, -2, 2, 3, 4])('%i steps are refused, with the number for the hint', (steps) => {
    expect(check(codeAt(NOW + steps * STEP))).toEqual({ outcome: 'off', steps });
  });

  test.each([-21, 5, 21, -1000, 1000])('%i steps are wrong', (steps) => {
    expect(check(codeAt(NOW + steps * STEP))).toEqual({ outcome: 'wrong' });
  });

  test('is counted in steps, from the first to the last millisecond of one', () => {
    const start = STEP_NOW * STEP;
    for (const now of [start, start + STEP - 1]) {
      expect(check(codeAt(start - STEP), null, now)).toMatchObject({ outcome: 'accepted', step: STEP_NOW - 1 });
      expect(check(codeAt(start + STEP), null, now)).toMatchObject({ outcome: 'accepted', step: STEP_NOW + 1 });
    }
    expect(check(codeAt(start + STEP), null, start - 1)).toEqual({ outcome: 'off', steps: 2 });
  });

  test('at the beginning of time', () => {
    expect(check(codeAt(0), null, 0)).toEqual({ outcome: 'accepted', step: 0 });
    expect(check(codeAt(STEP), null, 0)).toEqual({ outcome: 'accepted', step: 1 });
  });
});

describe('once used', () => {
  test('a code is not taken again, nor an earlier one', () => {
    expect(check(codeAt(NOW), STEP_NOW)).toEqual({ outcome: 'replayed' });
    expect(check(codeAt(NOW - STEP), STEP_NOW)).toEqual({ outcome: 'replayed' });
    expect(check(codeAt(NOW + STEP), STEP_NOW)).toEqual({ outcome: 'accepted', step: STEP_NOW + 1 });
  });

  test('it is no sign of a wrong clock when it comes late', () => {
    expect(check(codeAt(NOW), STEP_NOW, NOW + 5 * STEP)).toEqual({ outcome: 'replayed' });
    expect(check(codeAt(NOW), STEP_NOW - 1, NOW + 5 * STEP)).toEqual({ outcome: 'off', steps: -5 });
  });

  test('two steps with the same code are used up at once', () => {
    const start = Date.parse('2029-01-04T22:44:00Z');
    expect([codeAt(start), codeAt(start + STEP)]).toEqual(['235522', '235522']);
    const accepted = check(codeAt(start), null, start);
    expect(accepted).toEqual({ outcome: 'accepted', step: Math.floor(start / STEP) + 1 });
    expect(check(codeAt(start), Math.floor(start / STEP) + 1, start + STEP)).toEqual({ outcome: 'replayed' });
  });

  test('whatever is sent in whatever order, accepted steps rise, and none is further off than one', () => {
    const sent = fc.array(fc.record({ wait: fc.nat({ max: 60_000 }), drift: fc.integer({ min: -4, max: 4 }) }), { maxLength: 30 });
    fc.assert(
      fc.property(sent, (codes) => {
        let now = NOW;
        let last: number | null = null;
        for (const { wait, drift } of codes) {
          now += wait;
          const step = Math.floor(now / STEP) + drift;
          const result = check(codeAt(step * STEP), last, now);
          const fresh = last === null || step > last;
          if (Math.abs(drift) > 1) expect(result).toEqual(fresh ? { outcome: 'off', steps: drift } : { outcome: 'replayed' });
          else expect(result).toEqual(fresh ? { outcome: 'accepted', step } : { outcome: 'replayed' });
          if (result.outcome === 'accepted') last = result.step;
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('what is no code is wrong, and nothing throws', () => {
  test.each([
    '',
    ' ',
    '12345',
    '1234567',
    '12 345',
    '-12345',
    '1e5',
    '\uff11\uff12\uff13\uff14\uff15\uff16',
    '12345\0',
    '000000\n',
    '9'.repeat(10_000),
  ])('%j', (code) => {
    expect(check(code)).toEqual({ outcome: 'wrong' });
  });

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (code) => {
        expect(check(code)).toEqual({ outcome: 'wrong' });
      }),
    );
  });

  test('and no code holds for a secret that is none', () => {
    for (const length of [0, 10, 19, 21]) {
      const secret = new Uint8Array(length);
      expect(() => checkTotp(secret, codeAt(NOW, secret), NOW, null)).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
    }
  });
});

test('any secret, by three implementations', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: TOTP_SECRET_BYTES, maxLength: TOTP_SECRET_BYTES }),
      fc.nat({ max: 4_000_000_000 }),
      (secret, second) => {
        const [code = ''] = oathtool(secret, second * 1000);
        expect(codeAt(second * 1000, secret)).toBe(code);
        expect(checkTotp(secret, code, second * 1000, null)).toMatchObject({ outcome: 'accepted' });
      },
    ),
    { numRuns: 30 },
  );
});
