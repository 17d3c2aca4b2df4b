import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, skipReason } from './browser.ts';
import { library } from './library.ts';
import { startProgram, type TestFile } from './program.ts';

/** Beside those of screenshots.test.ts: to be looked at. */
const artefacts = join(import.meta.dirname, '..', '..', 'artefacts', 'transfers');

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;

const gone = 'loras/gone-meanwhile.safetensors';
const many: Record<string, { local: TestFile }> = Object.fromEntries(
  Array.from({ length: 40 }, (_, number) => [
    `loras/style/collection-${number % 4}/a-name-as-they-are-${number}.safetensors`,
    { local: { text: 'x'.repeat(1_000 + number * 37) } },
  ]),
);

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** Opens a dialog by a key in the rows, and waits until its plan is there. */
async function openDialog(page: Page, keys: string, shows: RegExp): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('grid').first().focus();
  await page.keyboard.press(keys);
  await page.getByRole('dialog').getByRole('button', { name: shows }).last().waitFor();
}

/** A task that fails, one that is done, and two that wait. */
async function fillQueue(page: Page): Promise<void> {
  const pick = async (name: string) => {
    await row(page, name).locator('.path-text').click();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').first().focus();
  };
  await pick('gone-meanwhile');
  await page.keyboard.press('c');
  await page.getByText('Local → Lake: failed.').first().waitFor();
  await pick('only-local');
  await page.keyboard.press('c');
  await row(page, 'only-local').waitFor({ state: 'detached' });
  await page.keyboard.press('p');
  await button(page, 'Resume').waitFor();
  await pick('only-lake-two');
  await page.keyboard.press('c');
  await pick('only-lake-detail');
  await page.keyboard.press('c');
}

describe('screenshots of the queue and its dialogs', { skip: skipReason }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const viewport of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`${viewport.width} × ${viewport.height}, ${colorScheme}: nothing sticks out, nothing complains`, async () => {
        const folder = join(artefacts, `${viewport.width}x${viewport.height}-${colorScheme}`);
        mkdirSync(folder, { recursive: true });
        const files = { ...library, ...many, [gone]: { local: { text: 'gone' } } };
        await using program = await startProgram(files, { LOCAL_ALLOW_DELETE: 'true' });
        const { page, complaints } = await openPage(browser, { viewport, colorScheme });
        const take = async (name: string) => {
          await page.waitForTimeout(250);
          await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= viewport.width, `${name} is ${width} wide`);
        };
        await enter(page, program.url);
        await row(page, 'conflict.ckpt').waitFor();
        await program.drop('local', gone);
        await button(page, /Queue|Nothing/)
          .first()
          .click();
        await page.getByText('Nothing runs and nothing waits').waitFor();
        await take('queue-empty');
        await button(page, 'Close the queue').click();

        await fillQueue(page);
        await take('queue-notices');
        await page.keyboard.press('q');
        await page.getByRole('grid', { name: 'Tasks that run or wait' }).waitFor();
        await take('queue-waiting');
        await button(page, /^Failed/).click();
        await page.getByRole('grid', { name: 'Tasks that failed' }).getByText('gone-meanwhile').first().click();
        await page
          .getByRole('region', { name: /^Files of/ })
          .getByRole('row')
          .first()
          .waitFor();
        await take('queue-failed');
        await button(page, 'Close the queue').click();

        await page.getByRole('grid').first().focus();
        await page.keyboard.press('Control+a');
        await openDialog(page, '>', /^Copy \d+ files/);
        await take('copy');
        await page.keyboard.press('Escape');
        await row(page, 'a-name-as-they-are-1.').locator('.path-text').click();
        await page.keyboard.press('Escape');
        await openDialog(page, 'Delete', /^Delete 1 file/);
        await take('delete');
        await page.keyboard.press('Escape');
        await openDialog(page, 'm', /^Copy \d+ files/);
        await take('mirror');
        await button(page, 'Other way round').click();
        await page.getByLabel('Leave what only Local has').click();
        await page
          .getByRole('dialog')
          .getByRole('button', { name: /delete \d+ files/ })
          .waitFor();
        await take('mirror-deletes');
        // On a phone the details of the file that is gone open, and ask for what it says of itself.
        assert.deepEqual(
          complaints.filter((complaint) => !complaint.endsWith('/header')),
          [],
        );
        await page.context().close();
      });
    }
  }
});
