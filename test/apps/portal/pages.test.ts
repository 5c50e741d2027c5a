import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../browser.ts';
import { examplePolicies } from '../../flows/northwind.ts';
import { type Served, serveNorthwind } from './served.ts';
import { Visitor } from './visitor.ts';

/** Every page of somebody who signs in, looked at on a desk and on a phone, by day and by night. */
const LOOKS = [
  { width: 1280, scheme: 'light' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const;

let browser: Browser;
let served: Served;
let ada: Visitor;
beforeAll(async () => {
  browser = await openBrowser();
  served = await serveNorthwind();
  await served.portal.northwind.apply(examplePolicies());
  ada = await Visitor.open(browser, served);
});
afterAll(async () => {
  await ada.close();
  await browser.close();
  await served.close();
});

/** No rule of accessibility broken, nothing to scroll sideways for, nothing fetched from elsewhere, in any look. */
async function good(page: string): Promise<void> {
  for (const { width, scheme } of LOOKS) {
    await ada.page.setViewportSize({ width, height: 800 });
    await ada.page.emulateMedia({ colorScheme: scheme });
    const overflows = await ada.page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect({ page, width, scheme, overflows, violations: await ada.violations() }).toEqual({
      page,
      width,
      scheme,
      overflows: false,
      violations: [],
    });
  }
  const unnamed = await ada.page.evaluate(
    `[...document.querySelectorAll('input:not([type=hidden])')].filter((input) => document.querySelector('label[for="' + input.id + '"]') === null).length`,
  );
  expect({ page, unnamed }).toEqual({ page, unnamed: 0 });
  expect(ada.complaints).toEqual([]);
}

test('from the door to the settings, every page on the way', { timeout: 180_000 }, async () => {
  await ada.go('/');
  await good('/');
  await ada.go('/nope');
  await good('404');
  await ada.signIn('ada@northwind.example', 'northwind', 'nonsense');
  await good('a wrong password');
  await ada.go('/help/northwind');
  await good('help');
  await ada.fill({ address: 'ada@northwind.example' }).catch(() => ada.page.fill('#reset-address', 'ada@northwind.example'));
  await ada.page.locator('button').first().click();
  await good('look into your mail');
  const invitation = await served.portal.link('ada@northwind.example', 'invitation');
  await ada.go(`/invitation/${invitation}`);
  await ada.fill({ password: 'short', again: 'short' });
  await ada.press('Continue');
  await good('a password that is too short');
  await ada.accept('ada@northwind.example');
  await good('what to set up');
  await ada.press('Set up a passkey');
  await good('a passkey to make');
  await ada.go('/set-up');
  await ada.press('Set up an app');
  await ada.page.click('summary');
  await good('the QR code');
  await ada.fill({ code: '000000' });
  await ada.press('Confirm');
  await good('a wrong confirmation');
  await ada.go('/set-up');
  await ada.press('Set up an app');
  ada.secret = (await ada.scan()).searchParams.get('secret') ?? '';
  await ada.fill({ code: ada.code() });
  await ada.press('Confirm');
  await good('recovery codes');
  await ada.press('I have saved them');
  await good('settings');
  await ada.go('/prove?for=password');
  await good('is it still you');
  await ada.go('/settings/password');
  await good('another password');
  await ada.press('Back to my settings');
  await ada.press('Sign out');
  await good('signed out');
  await ada.signIn('ada@northwind.example');
  await good('the code');
  await ada.fill({ code: '000000' });
  await ada.press('Sign in');
  await good('a wrong code');
  await ada.go(`/invitation/${invitation}`);
  await good('a link that was used');
  await ada.go('/locked/northwind');
  await good('locked');
});

test('by keyboard alone: the fields and the button follow each other, and the way past the bar is first', async () => {
  await ada.context.clearCookies();
  await ada.go('/sign-in/northwind');
  const focused = () => ada.page.evaluate(`document.activeElement.getAttribute('name') ?? document.activeElement.textContent.trim()`);
  expect(await focused()).toBe('address');
  await ada.page.keyboard.press('Tab');
  expect(await focused()).toBe('password');
  await ada.page.keyboard.press('Tab');
  expect(await focused()).toBe('Continue');
  await ada.page.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)');
  await ada.go('/help/northwind');
  await ada.page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to content');
});
