// SGN-13: what the app shows after the scan. Elsewhere an issuer with a blank, a plus or an umlaut came out as "Northwind+IT" or
// as broken letters, and a colon in it made the app take a part of the name for the user. Here every reader reads the same.
import { URI } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qrSvg } from '../../src/apps/portal/qr.ts';
import { secretText, totpUri } from '../../src/core/authentication/kinds/totp/uri.ts';
import { openBrowser } from '../browser.ts';
import { oathtool, pyotp, zbarimg } from '../oracles.ts';

const SECRET = Buffer.from('2f8d01c6b9a47e53d0816cf2395ea74b1de86f90', 'hex');
const AT = Date.UTC(2026, 10, 25, 8);
const USER = 'a.berg@northwind.example';

/** An issuer, and as it is shown. */
const ISSUERS = [
  ['Northwind IT', 'Northwind IT'],
  ['Northwind IT: Büro + Söhne', 'Northwind IT Büro + Söhne'],
  ['山田 & Söhne (50 % off) #1 / "Q"?', '山田 & Söhne (50 % off) #1 / "Q"?'],
  ['a%20b+c%3Ad', 'a%20b+c%3Ad'],
  ["O'Neil *!~ 🔒", "O'Neil *!~ 🔒"],
] as const;

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** The text of the QR code, as a camera sees it on a page of that scheme. */
async function scanned(svg: string, colorScheme: 'light' | 'dark'): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 600, height: 600 }, colorScheme });
  try {
    const dark = colorScheme === 'dark' ? 'background:#000;color:#fff;color-scheme:dark' : '';
    await page.setContent(`<!doctype html><body style="margin:80px;${dark}"><div style="width:440px">${svg}</div>`);
    return zbarimg(await page.screenshot());
  } finally {
    await page.close();
  }
}

describe.each(ISSUERS)('%s', (issuer, shown) => {
  const uri = totpUri({ issuer, user: USER, secret: SECRET });

  it.each(['light', 'dark'] as const)('is scanned from a %s page, byte for byte', async (scheme) => {
    expect(await scanned(qrSvg(uri).markup, scheme)).toBe(uri);
  });

  it('is read alike by otpauth and pyotp, and gives the codes of oathtool', () => {
    const [code] = oathtool(SECRET, AT);
    const otp = URI.parse(uri);
    const common = { issuer: shown, digits: 6, secret: secretText(SECRET).replaceAll(' ', '') };
    expect({ issuer: otp.issuer, label: otp.label, digits: otp.digits, secret: otp.secret.base32 }).toEqual({ ...common, label: USER });
    expect(otp.toString()).toContain('/totp/');
    expect(otp.generate({ timestamp: AT })).toBe(code);
    expect(pyotp([uri], AT)).toEqual([{ ...common, name: USER, interval: 30, code }]);
  });
});

it('typed from the page instead, the secret is the same', () => {
  expect(oathtool(secretText(SECRET).toLowerCase(), AT)).toEqual(oathtool(SECRET, AT));
});
