import fc from 'fast-check';
import { URI } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { secretText, totpUri } from '../../../../../src/core/authentication/kinds/totp/uri.ts';
import { pyotp } from '../../../../oracles.ts';

const SECRET = Buffer.from('12345678901234567890');
const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const PARAMETERS = 'algorithm=SHA1&digits=6&period=30';
const uri = (issuer: string, user: string) => totpUri({ issuer, user, secret: SECRET });

describe('the one form', () => {
  test.each([
    [
      'Northwind IT',
      'a.berg@northwind.example',
      `otpauth://totp/Northwind%20IT:a.berg%40northwind.example?secret=${BASE32}&issuer=Northwind%20IT&${PARAMETERS}`,
    ],
    [
      'Büro + Söhne',
      'zoë@x.example',
      `otpauth://totp/B%C3%BCro%20%2B%20S%C3%B6hne:zo%C3%AB%40x.example?secret=${BASE32}&issuer=B%C3%BCro%20%2B%20S%C3%B6hne&${PARAMETERS}`,
    ],
    ['a/b?c#d&e=f%', 'x', `otpauth://totp/a%2Fb%3Fc%23d%26e%3Df%25:x?secret=${BASE32}&issuer=a%2Fb%3Fc%23d%26e%3Df%25&${PARAMETERS}`],
  ])('%s, %s', (issuer, user, expected) => {
    expect(uri(issuer, user)).toBe(expected);
  });

  test.each([
    ['a:b', 'a b'],
    ['a: b', 'a b'],
    [':a:', 'a'],
    ['a\nb\tc', 'a b c'],
    ['a\u0000b', 'a b'],
    ['  a  ', 'a'],
    ['Bu\u0308ro', 'Büro'],
    ['', 'Padlock'],
    [' : ', 'Padlock'],
    ['x'.repeat(1000), 'x'.repeat(50)],
    ['🔒'.repeat(1000), '🔒'.repeat(50)],
  ])('%j is called %j', (issuer, called) => {
    expect(uri(issuer, 'u')).toBe(uri(called, 'u'));
    expect(new URL(uri(issuer, 'u')).searchParams.get('issuer')).toBe(called);
  });

  test('half a surrogate pair does not throw', () => {
    expect(uri('\ud800', 'u')).toContain('issuer=%EF%BF%BD&');
  });

  test('a secret that is none has no URI', () => {
    expect(() => totpUri({ issuer: 'a', user: 'b', secret: new Uint8Array() })).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
    expect(() => secretText(new Uint8Array(10))).toThrow(expect.objectContaining({ code: 'store/corrupt' }));
  });
});

test('a secret for typing is in groups of four', () => {
  expect(secretText(SECRET)).toBe('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ');
  expect(secretText(SECRET).replaceAll(' ', '')).toBe(BASE32);
});

const texts = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.string({ unit: 'binary', maxLength: 90 }));
const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 });

test('whatever people are called: one colon, no plus, ASCII, and it fits a QR code', () => {
  fc.assert(
    fc.property(texts, texts, secrets, (issuer, user, secret) => {
      const text = totpUri({ issuer, user, secret });
      expect(text).toMatch(/^otpauth:\/\/totp\/([^:/?&+]+):[^:/?&+]+\?secret=[A-Z2-7]{32}&issuer=\1&algorithm=SHA1&digits=6&period=30$/);
      expect(text).toMatch(/^[\x21-\x7e]{1,2331}$/);
    }),
  );
});

test('whatever people are called: otpauth and pyotp read the same', () => {
  const AT = Date.UTC(2026, 10, 25, 8);
  const labels = fc.sample(fc.record({ issuer: texts, user: texts, secret: secrets }), 200);
  const uris = labels.map((label) => totpUri(label));
  const read = pyotp(uris, AT);
  for (const [i, text] of uris.entries()) {
    const otp = URI.parse(text);
    const url = new URL(text);
    expect(read[i]).toEqual({
      issuer: url.searchParams.get('issuer'),
      name: decodeURIComponent(url.pathname.slice(url.pathname.indexOf(':') + 1)),
      secret: Buffer.from(labels[i]?.secret ?? []).toString('hex') === otp.secret.hex.toLowerCase() ? otp.secret.base32 : '',
      digits: 6,
      interval: 30,
      code: otp.generate({ timestamp: AT }),
    });
    expect({ issuer: otp.issuer, label: otp.label }).toEqual({ issuer: read[i]?.issuer, label: read[i]?.name });
  }
});
