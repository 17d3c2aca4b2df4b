import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, skipReason } from './browser.ts';
import { startProgram } from './program.ts';

const isRows = (url: string): boolean => new URL(url).pathname === '/api/diff';
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

describe('the start of the compare page', { skip: skipReason }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  /** A page that was started at its address before, so that it knows what to ask for. */
  async function startedBefore(url: string, origin: string): Promise<Page> {
    const { page } = await openPage(browser);
    await enter(page, url);
    await row(page, 'known.pt').waitFor();
    for (const _ of [1, 2]) {
      await page.goto(`${origin}/sync`);
      await row(page, 'known.pt').waitFor();
    }
    return page;
  }

  it('asks for the first rows before the program is loaded, and once', async () => {
    await using program = await startProgram({ 'vae/known.pt': { local: { text: 'known' } } });
    const page = await startedBefore(program.url, program.origin);
    const asked: string[] = [];
    page.on('request', (request) => isRows(request.url()) && asked.push(request.url()));
    await page.goto(`${program.origin}/sync`);
    await row(page, 'known.pt').waitFor();
    assert.equal(asked.length, 1);
    const isEarly = await page.evaluate((url) => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      const [answer] = performance.getEntriesByName(url);
      return navigation !== undefined && answer !== undefined && answer.startTime < navigation.domInteractive;
    }, asked[0] ?? '');
    assert.ok(isEarly);
    await page.context().close();
  });

  it('shows what changed since, and asks again when the first question is not answered', async () => {
    await using program = await startProgram({ 'vae/known.pt': { local: { text: 'known' } } });
    const page = await startedBefore(program.url, program.origin);
    await program.put('lake', 'vae/arrived.pt', { text: 'arrived' });
    await page.getByRole('button', { name: 'Refresh Lake', exact: true }).click();
    await row(page, 'arrived.pt').waitFor();
    let failures = 0;
    await page.route(
      ({ href }) => isRows(href),
      (route) => (failures++ === 0 ? route.abort() : route.continue()),
    );
    await page.goto(`${program.origin}/sync`);
    await row(page, 'arrived.pt').getByText('only Lake').waitFor();
    assert.ok(failures >= 2);
    await page.context().close();
  });

  it('goes on without storage', async () => {
    await using program = await startProgram({ 'vae/known.pt': { local: { text: 'known' } } });
    const { page, complaints } = await openPage(browser);
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('storage is blocked', 'SecurityError');
        },
      });
    });
    await enter(page, program.url);
    await row(page, 'known.pt').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
