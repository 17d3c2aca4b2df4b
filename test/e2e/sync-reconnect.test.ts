import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { enter, launchBrowser, openPage, skipReason } from './browser.ts';
import { startProgram, type TestFile } from './program.ts';

const fileCount = 300;
const pathOf = (number: number): string => `loras/file-${String(number).padStart(3, '0')}.pt`;

/** Enough rows that the list scrolls by several screens. */
const manyRows: Record<string, { local: TestFile }> = Object.fromEntries(
  Array.from({ length: fileCount }, (_, number) => [pathOf(number), { local: { text: `file ${number}` } }]),
);

const answersNot = 'Weightroom does not answer.';
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

describe('a page whose program goes away for a while', { skip: skipReason }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('says so, connects again by itself, and shows what changed meanwhile', async () => {
    await using program = await startProgram({ 'vae/known.pt': { local: { text: 'known' } } });
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await row(page, 'known.pt').waitFor();
    await program.stop();
    await page.getByText(answersNot).waitFor();
    await row(page, 'known.pt').waitFor();
    await program.put('lake', 'vae/arrived.pt', { text: 'arrived' });
    await program.startAgain();
    await page.getByText(answersNot).waitFor({ state: 'detached' });
    await row(page, 'arrived.pt').getByText('only Lake').waitFor();
    await page.context().close();
  });

  it('misses nothing when only its event stream breaks', async () => {
    await using program = await startProgram({ 'vae/known.pt': { local: { text: 'known' } } });
    const { page } = await openPage(browser);
    const streams: WebSocketRoute[] = [];
    const second = Promise.withResolvers<void>();
    await page.routeWebSocket(/\/api\/events/, (stream) => {
      stream.connectToServer();
      streams.push(stream);
      if (streams.length === 2) second.resolve();
    });
    await enter(page, program.url);
    await row(page, 'known.pt').waitFor();
    await program.put('lake', 'vae/arrived.pt', { text: 'arrived' });
    await streams.at(-1)?.close();
    await page.getByRole('button', { name: 'Refresh Lake', exact: true }).click();
    await row(page, 'arrived.pt').waitFor();
    await second.promise;
    await page.context().close();
  });
});

describe('a long list that is scrolled', { skip: skipReason }, () => {
  it('leaves out sizes and times while rows rush by, and has them again as soon as it slows down', async () => {
    await using program = await startProgram(manyRows);
    const browser = await launchBrowser();
    const { page, complaints } = await openPage(browser);
    await enter(page, program.url);
    await row(page, pathOf(0)).waitFor();
    const seen = await page.getByRole('grid').evaluate(async (scroller) => {
      const isBrief = () => scroller.querySelector('[data-index]:not([aria-busy]) .area-size-a:empty') !== null;
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      let wasBrief = false;
      let by = 600;
      for (let jumps = 0; jumps < 200 && !wasBrief; jumps += 1) {
        const { scrollTop, scrollHeight, clientHeight } = scroller;
        if (scrollTop + by < 0 || scrollTop + by > scrollHeight - clientHeight) by = -by;
        scroller.scrollTop += by;
        await frame();
        wasBrief = isBrief();
      }
      let isWhole = false;
      for (let steps = 0; steps < 200 && !isWhole; steps += 1) {
        scroller.scrollTop += steps % 2 === 0 ? 20 : -20;
        await frame();
        isWhole = !isBrief() && scroller.querySelector('[data-index] .area-size-a:not(:empty)') !== null;
      }
      return { wasBrief, isWhole };
    });
    assert.deepEqual(seen, { wasBrief: true, isWhole: true });
    assert.deepEqual(complaints, []);
    await browser.close();
  });
});

describe('a long list that is read again', { skip: skipReason }, () => {
  it('keeps the rows in sight, the current row and the selection', async () => {
    await using program = await startProgram(manyRows);
    const browser = await launchBrowser();
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await row(page, pathOf(0)).waitFor();
    const grid = page.getByRole('grid');
    await grid.evaluate((scroller) => scroller.scrollTo(0, 150 * 28));
    await row(page, pathOf(155)).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected').waitFor();
    const place = async () => (await row(page, pathOf(155)).boundingBox())?.y;
    const before = await place();

    for (const number of [1, 2, 3]) await program.put('lake', `checkpoints/new-${number}.pt`, { text: 'new' });
    await page.getByRole('button', { name: 'Refresh Lake', exact: true }).click();
    await page.getByText(`${fileCount + 3} rows`).waitFor();
    await page
      .locator('[role=row][data-focused]')
      .filter({ hasText: pathOf(156) })
      .waitFor();
    assert.equal(await place(), before);
    await page.getByText('2 selected').waitFor();
    await page.waitForURL(/at=159/);

    await page.reload();
    await page
      .locator('[role=row][data-focused]')
      .filter({ hasText: pathOf(156) })
      .waitFor();
    await browser.close();
  });
});
