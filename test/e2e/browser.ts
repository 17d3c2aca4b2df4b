import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Why page tests cannot run here; false when they can. */
export const skipReason = executable === undefined && 'no Chromium on this machine';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Script errors, console errors and breaches of the content policy so far. */
  readonly complaints: string[];
}

/** A page of a fresh browser profile that remembers everything that went wrong in it. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      reportError(new Error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
  });
  return { page, complaints };
}

/** Opens a start address and waits until the page is let in: whoever goes elsewhere before that is not. */
export async function enter(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForURL(({ hash }) => hash === '');
}

/** Accessibility findings that keep someone from using the page. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Names of the files in the rows in sight, top to bottom. */
export function rowPaths(page: Page): Promise<string[]> {
  return page.locator('[role=row] .path-text').evaluateAll((paths) => {
    const top = (path: Element) => path.getBoundingClientRect().top;
    return paths
      .sort((one, other) => top(one) - top(other))
      .map((path) => path.closest<HTMLElement>('[role=gridcell]')?.dataset.tip ?? '');
  });
}
