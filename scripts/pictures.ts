/**
 * Takes the pictures of the README anew, from the portal as it is: `npm run pictures`. Each page is looked at in Chromium over the fictitious
 * Northwind IT, at a time that stands still.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serveNorthwind } from '../test/apps/portal/served.ts';
import { Visitor } from '../test/apps/portal/visitor.ts';
import { openBrowser } from '../test/browser.ts';
import { examplePolicies } from '../test/flows/northwind.ts';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'pictures');
const ADMINISTRATOR = 'ilse@northwind.example';

mkdirSync(FOLDER, { recursive: true });
const served = await serveNorthwind();
const browser = await openBrowser();
try {
  await served.portal.northwind.apply(examplePolicies());
  const take = async (visitor: Visitor, name: string, width: number, scheme: 'light' | 'dark' = 'light', height = 900) => {
    await visitor.page.setViewportSize({ width, height });
    await visitor.page.emulateMedia({ colorScheme: scheme });
    await visitor.page.screenshot({ path: join(FOLDER, `${name}.png`) });
  };
  const ada = await Visitor.open(browser, served, 390);
  await ada.accept('ada@northwind.example');
  await take(ada, 'set-up', 390);
  await ada.press('Set up an app');
  await take(ada, 'qr-code', 390, 'dark', 1000);
  const dana = await Visitor.open(browser, served);
  await dana.withPasskeys();
  await dana.accept(ADMINISTRATOR);
  await dana.press('Set up a passkey');
  await dana.press('Make the passkey');
  await dana.page.waitForSelector('.codes');
  await dana.press('I have saved them');
  await dana.go('/admin/users');
  await take(dana, 'users', 1280);
  await dana.page
    .getByRole('link', { name: /Ben|ben@/ })
    .first()
    .click();
  await take(dana, 'person', 1280);
} finally {
  await browser.close();
  await served.close();
}
