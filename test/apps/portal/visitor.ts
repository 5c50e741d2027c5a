import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { violationsOn } from '../../browser.ts';
import { PASSWORD } from '../../flows/sign-in/portal.ts';
import type { Served } from './served.ts';

/** Somebody at a browser of their own, with a phone whose app is oathtool and whose camera is zbarimg. */
export class Visitor {
  readonly page: Page;
  readonly served: Served;
  readonly context: BrowserContext;
  /** Whatever the browser complained of, or wanted from another host. */
  readonly complaints: string[] = [];
  secret = '';
  codes: string[] = [];

  private constructor(context: BrowserContext, page: Page, served: Served) {
    this.context = context;
    this.page = page;
    this.served = served;
  }

  static async open(browser: Browser, served: Served, width = 1280): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const visitor = new Visitor(context, page, served);
    page.on('pageerror', (error) => visitor.complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(served.origin) && !request.url().startsWith('data:')) visitor.complaints.push(request.url());
    });
    return visitor;
  }

  go(path: string) {
    return this.page.goto(`${this.served.origin}${path}`);
  }

  /** The page's title, as it is read first. */
  async title(): Promise<string> {
    return (await this.page.textContent('h1')) ?? '';
  }

  async text(): Promise<string> {
    return ((await this.page.textContent('main')) ?? '').replaceAll(/\s+/g, ' ');
  }

  async press(label: string): Promise<void> {
    await this.page
      .getByRole('button', { name: label, exact: true })
      .or(this.page.getByRole('link', { name: label, exact: true }))
      .first()
      .click();
    await this.page.waitForLoadState('load');
  }

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await this.page.fill(`[name=${name}]`, value);
  }

  /** The password step, at a door. */
  async signIn(address: string, scope = 'northwind', password = PASSWORD): Promise<void> {
    await this.go(`/sign-in/${scope}`);
    await this.fill({ address, password });
    await this.press('Continue');
  }

  /** From the mailed invitation through the first password. */
  async accept(address: string): Promise<void> {
    await this.go(`/invitation/${await this.served.portal.link(address, 'invitation')}`);
    await this.fill({ password: PASSWORD, again: PASSWORD });
    await this.press('Continue');
  }

  /** Scans the QR code as a phone's camera does. */
  async scan(): Promise<URL> {
    const folder = mkdtempSync(join(tmpdir(), 'padlock-scan-'));
    try {
      const picture = join(folder, 'qr.png');
      await this.page.locator('.qr').screenshot({ path: picture });
      const uri = execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' }).trim();
      return new URL(uri);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What the phone shows. */
  code(): string {
    const now = new Date(this.served.portal.northwind.now).toISOString().replace('T', ' ').slice(0, 19);
    return execFileSync('oathtool', ['--totp', '--base32', this.secret, '--now', `${now} UTC`], { encoding: 'utf8' }).trim();
  }

  /** Sets up an authenticator app, from the page that offers it to the recovery codes that were saved. */
  async setUpApp(): Promise<void> {
    await this.press('Set up an app');
    this.secret = (await this.scan()).searchParams.get('secret') ?? '';
    await this.fill({ code: this.code() });
    await this.press('Confirm');
    const shown = await this.page.locator('.codes li').allInnerTexts();
    if (shown.length > 0) {
      this.codes = shown;
      await this.press('I have saved them');
    }
    this.served.portal.later(60_000);
  }

  /** A virtual authenticator that holds passkeys and verifies its holder, or only their presence. */
  async withPasskeys(verifies = true): Promise<void> {
    const devtools = await this.context.newCDPSession(this.page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: verifies ? 'internal' : 'usb',
        hasResidentKey: verifies,
        hasUserVerification: verifies,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    });
  }

  /** Rules of accessibility that the page breaks (axe-core). The style of what is asked for is the page's own. */
  violations(): Promise<string[]> {
    return violationsOn(this.page);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
