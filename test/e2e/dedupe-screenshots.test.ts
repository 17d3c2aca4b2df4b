import assert from 'node:assert/strict';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, seriousFindings, skipReason } from './browser.ts';
import { type Program, startProgram, type TestFile } from './program.ts';

/** Beside those of screenshots.test.ts: to be looked at. */
const artefacts = join(import.meta.dirname, '..', '..', 'artefacts', 'duplicates');

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const;

const longName = `${'a-very-long-name-of-a-model-'.repeat(7)}end.safetensors`;
const folders = [
  'checkpoints',
  'checkpoints/sdxl',
  'loras/flux',
  'loras/sdxl/styles',
  'vae',
  'backup/old/loras',
  '_unsorted',
];
const folderAt = (number: number): string => folders[number % folders.length] ?? 'loras';

/** Sixty sets of two to four files, one of them with a name of 200 characters, and names that mean two things. */
function manyDuplicates(): Record<string, { local?: TestFile; lake?: TestFile }> {
  const files: Record<string, { local?: TestFile; lake?: TestFile }> = {};
  for (let number = 0; number < 60; number += 1) {
    const name = number === 1 ? longName : `model-${number}-v${number % 4}.safetensors`;
    const file: TestFile = { text: `${number}`.padEnd(400_000 - number * 6_000, 'x'), ageDays: 20 + number * 11 };
    for (let copy = 0; copy <= 1 + (number % 3); copy += 1) {
      const side = (number + copy) % 3 === 0 ? 'lake' : 'local';
      files[`${folderAt(number + copy * 2)}/${name}`] = { [side]: file };
    }
  }
  for (let number = 0; number < 5; number += 1) {
    files[`loras/flux/alike-${number}.pt`] = { local: { text: `here ${number}` } };
    files[`vae/alike-${number}.pt`] = { lake: { text: `somewhere else ${number}` } };
  }
  return files;
}

/** Another name for a file that is in a group. */
function linkOne(program: Program): void {
  const folder = join(program.rootOf('local'), 'linked');
  mkdirSync(folder);
  linkSync(
    join(program.rootOf('local'), folderAt(2), 'model-2-v2.safetensors'),
    join(folder, 'model-2-v2.safetensors'),
  );
}

const show = async (page: Page, part: string) => {
  const choice = page.getByRole('radio', { name: part, exact: true });
  if ((await choice.count()) > 0) await choice.check({ force: true });
};

describe('screenshots of the steps from a scan to its result', { skip: skipReason }, () => {
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
        await using program = await startProgram(manyDuplicates());
        linkOne(program);
        const { page, complaints } = await openPage(browser, { viewport, colorScheme, reducedMotion: 'reduce' });
        const take = async (name: string) => {
          await page.evaluate(() => document.fonts.ready);
          await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= viewport.width, `${name} is ${width} wide`);
          assert.deepEqual(await seriousFindings(page), [], name);
        };
        await enter(page, program.url);
        await page.getByRole('row').first().waitFor();
        await page.goto(`${program.origin}/dedupe`);
        await page.getByRole('button', { name: 'Look for duplicates' }).waitFor();
        await take('1-start');
        await page.getByRole('button', { name: 'Look for duplicates' }).click();
        await page.getByText('60 groups').first().waitFor();
        await page.locator('.copy').first().waitFor();
        await page.getByText('The rules propose this').waitFor();
        await take('2-group');
        await show(page, 'Groups');
        await page.getByRole('listbox').getByRole('option').filter({ hasText: 'model-end' }).click();
        await page.getByText(longName.slice(-30)).first().waitFor();
        await take('3-long-name');

        await show(page, 'Rules and sum');
        await page.getByRole('button', { name: 'Add rule' }).click();
        await page.getByRole('menu').waitFor();
        await take('4-add-rule');
        await page.getByRole('menuitem', { name: 'Oldest' }).click();
        await page.getByRole('checkbox', { name: 'Apply to all 60 groups' }).check();
        await page.getByText('files in 60 groups').waitFor();
        await page.keyboard.press('2');
        await page.keyboard.press('j');
        await page.keyboard.press('s');
        await page.getByText('files in 59 groups').waitFor();
        await page.getByRole('radio', { name: /^Symbolic link/ }).check();
        await page.getByText('links never lead there').first().waitFor();
        await take('5-rules');
        await page.getByRole('radio', { name: /^Delete/ }).check();
        await page.getByText('files in 59 groups').waitFor();
        await page.keyboard.press('r');
        await page.getByRole('heading', { name: 'Where it lies' }).waitFor();
        await take('6-review');
        await page.getByRole('button', { name: /^Delete .* for good/ }).click();
        await page.getByRole('dialog').waitFor();
        await take('7-confirm');
        writeFileSync(join(program.rootOf('local'), folderAt(4), 'model-4-v0.safetensors'), 'changed meanwhile');
        await page
          .getByRole('dialog')
          .getByRole('button', { name: /^Delete .* for good/ })
          .click();
        await page.getByRole('heading', { name: /^Done/ }).waitFor();
        await take('8-result');
        await page.getByRole('link', { name: 'Same name, different content' }).click();
        await page.getByText('loras/flux/alike-0.pt').waitFor();
        await take('9-same-name');
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }
  }
});
