import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian has it. Without it these tests fail: a page that nobody looked at is not taken for a good one. */
const CHROMIUM = '/usr/bin/chromium';

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** What a real browser makes of a page. */
export interface Seen {
  /** Rules of accessibility that are broken (axe-core: WCAG 2 A and AA, best practices), each with the first element. */
  readonly violations: readonly string[];
  /** Whatever the browser complained of, asked the reader, or wanted to fetch. */
  readonly complaints: readonly string[];
  /** The names of its elements, each once, sorted. */
  readonly elements: readonly string[];
  /** The page can be scrolled sideways. */
  readonly overflows: boolean;
  readonly title: string;
}

/** Run in the page, as text: these tests know no types of a browser. */
const SURVEY = `({
  elements: [...new Set([...document.querySelectorAll('*')].map((element) => element.localName))].sort(),
  overflows: document.documentElement.scrollWidth > window.innerWidth,
  title: document.title,
})`;
const JUDGE = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)))`;

/** Starts the browser, with no network to go to. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`there is no ${CHROMIUM}: apt-get install -y chromium, as .ci/run does`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** Rules of accessibility that a page breaks, each with the first element. axe-core is brought in from outside of the page's policy. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(JUDGE);
}

/** Opens a page from its text and looks at it. Its own policy forbids every script; axe-core is brought in from outside of it. */
export async function lookAt(browser: Browser, html: string, look: Look): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width: look.width, height: 900 }, colorScheme: look.scheme, bypassCSP: false });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`asked: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(about:|data:)/.test(request.url())) complaints.push(`fetched: ${request.url()}`);
  });
  await page.setContent(html, { waitUntil: 'load' });
  const seen: Omit<Seen, 'violations' | 'complaints'> = await page.evaluate(SURVEY);
  const violations = await violationsOn(page);
  await context.close();
  return { violations, complaints, ...seen };
}
