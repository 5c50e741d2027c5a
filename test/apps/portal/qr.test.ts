import { toBuffer } from 'qrcode';
import { expect, test } from 'vitest';
import { qrSvg } from '../../../src/apps/portal/qr.ts';
import { zbarimg } from '../../oracles.ts';

/** The dark modules of a picture, counted from its upper left corner, by its path alone. */
function darkOf(markup: string): Set<string> {
  const dark = new Set<string>();
  for (const [, x, y, width] of markup.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let i = 0; i < Number(width); i++) dark.add(`${Number(x) + i},${y}`);
  }
  return dark;
}

test('is one picture with a name, dark on light, without style or script', () => {
  expect(qrSvg('x').markup).toMatch(
    /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" role="img" aria-label="QR code" viewBox="0 0 29 29" shape-rendering="crispEdges"><rect width="29" height="29" fill="#fff"\/><path fill="#000" d="[Mhvz0-9 -]+"\/><\/svg>$/,
  );
});

test('has four modules of light on every side', () => {
  const places = [...darkOf(qrSvg('x').markup)].map((place) => place.split(',').map(Number));
  expect(Math.min(...places.flat())).toBe(4);
  expect(Math.max(...places.flat())).toBe(29 - 4 - 1);
});

test('a name is escaped', () => {
  expect(qrSvg('x', '"><script>').markup).toContain('aria-label="&quot;&gt;&lt;script&gt;"');
});

test('the package itself draws what zbarimg reads', async () => {
  expect(zbarimg(await toBuffer('otpauth://totp/x', { errorCorrectionLevel: 'M' }))).toBe('otpauth://totp/x');
});

test('a longest URI has room', () => {
  expect(qrSvg('x'.repeat(2331)).markup).toContain('viewBox="0 0 185 185"');
  expect(() => qrSvg('x'.repeat(2332))).toThrow();
});
