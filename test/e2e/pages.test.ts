import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { enter, launchBrowser, openPage, seriousFindings, skipReason } from './browser.ts';
import { library } from './library.ts';
import { type Program, startProgram } from './program.ts';

const pages = [
  ['/sync', 'Local and Lake'],
  ['/dedupe', 'Duplicates'],
  ['/locations', 'Locations'],
  ['/problems', 'Problems'],
  ['/settings', 'Settings'],
  ['/doctor', 'Doctor'],
  ['/first-run', 'Where are your models?'],
] as const;

describe('the pages', { skip: skipReason }, () => {
  let program: Program;
  let browser: Browser;

  before(async () => {
    program = await startProgram(library);
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await program[Symbol.asyncDispose]();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`have no serious accessibility finding and keep to the content policy (${colorScheme})`, async () => {
      const { page, complaints } = await openPage(browser, { colorScheme });
      await enter(page, program.url);
      for (const [path, heading] of pages) {
        await page.goto(program.origin + path);
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
        assert.deepEqual(await seriousFindings(page), [], path);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }

  it('fit a phone without scrolling sideways', async () => {
    const { page } = await openPage(browser, { viewport: { width: 390, height: 844 } });
    await enter(page, program.url);
    for (const [path, heading] of pages) {
      await page.goto(program.origin + path);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 390, path);
    }
    await page.context().close();
  });

  it('show nothing but the way in to a browser without the token', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${program.origin}/sync`);
    await page.getByRole('heading', { name: 'Open the address that Weightroom printed' }).waitFor();
    assert.equal(await page.getByRole('grid').count(), 0);
    await page.context().close();
  });

  it('let in whoever reloads before the program has answered', async () => {
    const { page } = await openPage(browser);
    let asked = 0;
    await page.route('**/api/session', async (route) => {
      asked += 1;
      // The first is never answered; the reload calls it off.
      if (asked > 1) await route.continue();
    });
    await page.goto(program.url);
    await page.reload();
    await page.getByRole('row').filter({ hasText: 'conflict.ckpt' }).waitFor();
    assert.deepEqual([asked, new URL(page.url()).hash], [2, '']);
    await page.context().close();
  });

  it('say so when the program is gone', async () => {
    const own = await startProgram(library);
    const { page } = await openPage(browser);
    await enter(page, own.url);
    await page.getByRole('row').filter({ hasText: 'conflict.ckpt' }).waitFor();
    await own[Symbol.asyncDispose]();
    await page.getByText('Weightroom does not answer.').waitFor();
    await page.context().close();
  });
});

describe('the pages before there are locations', { skip: skipReason }, () => {
  it('ask for a folder, and explain what is wrong with one that is not there', async () => {
    await using program = await startProgram({}, { LOCAL_MODELS_ROOT: '', LAKE_MODELS_ROOT: '' });
    const browser = await launchBrowser();
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await page.getByRole('heading', { name: 'Where are your models?' }).waitFor();
    await page.getByLabel('Folder').fill('/no/such/folder/anywhere');
    await page.getByRole('button', { name: 'Add location' }).click();
    await page.getByRole('alert').waitFor();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /no\/such\/folder/);
    await browser.close();
  });
});
