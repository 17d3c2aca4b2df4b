import assert from 'node:assert/strict';
import { existsSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, seriousFindings, skipReason, type WatchedPage } from './browser.ts';
import { type Program, startProgram, type TestFile } from './program.ts';

const big: TestFile = { text: 'a'.repeat(300_000), ageDays: 40 };
const older: TestFile = { ...big, ageDays: 400 };
const middle: TestFile = { text: 'b'.repeat(200_000) };
const small: TestFile = { text: 'c'.repeat(100_000) };
const longFolder = `very-long-folder-${'name-'.repeat(36)}`;

/** Three sets of duplicates in two locations, and two files of one name that differ. */
const library = {
  'checkpoints/big.safetensors': { local: big, lake: big },
  'backup/older/big.safetensors': { local: older },
  'loras/middle.safetensors': { local: middle },
  [`loras/${longFolder}/middle.safetensors`]: { local: middle },
  'vae/small.pt': { lake: small },
  'keep/small.pt': { lake: small },
  'loras/alike.pt': { local: { text: 'one' } },
  'vae/alike.pt': { local: { text: 'other' } },
  'loras/only.pt': { local: { text: 'only one' } },
} as const;

const card = (page: Page, text: string) => page.locator('.copy').filter({ hasText: text });
const stays = (page: Page, text: string) => card(page, text).getByRole('button', { pressed: true });

async function scan({ page }: WatchedPage, program: Program): Promise<void> {
  await enter(page, program.url);
  await page.goto(`${program.origin}/dedupe`);
  await page.getByRole('button', { name: 'Look for duplicates' }).click();
  await page.getByText('3 groups, 4 files too many').waitFor();
}

describe('the page for duplicates', { skip: skipReason }, () => {
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

  it('decides by keyboard alone; address, reload and back keep everything', async () => {
    const watched = await openPage(browser);
    const { page, complaints } = watched;
    await enter(page, program.url);
    await page.getByRole('heading', { level: 1, name: 'Local and Lake' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('d');
    await page.getByRole('heading', { level: 1, name: 'Duplicates' }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('button', { name: 'Look for duplicates' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('3 groups, 4 files too many').waitFor();
    await page.getByText('Group 1 of 3').waitFor();
    await page.getByText('The rules propose this').waitFor();
    assert.deepEqual(await seriousFindings(page), []);

    await page.keyboard.press('2');
    await page.getByText('You decided: 586 KiB freed.').waitFor();
    await page.keyboard.press('Shift+Digit2');
    await page.getByText('One copy has to stay.').waitFor();
    await page.keyboard.press('Shift+Digit1');
    await page.getByText('You decided: 293 KiB freed.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Group 2 of 3').waitFor();
    await page.keyboard.press('s');
    await page.getByText('Group 3 of 3').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Every group is decided.').waitFor();
    await page.getByText('2 files in 2 groups').waitFor();

    await page.reload();
    await page.getByText('2 by you, 1 skipped').waitFor();
    assert.equal(new URL(page.url()).searchParams.get('group'), '3');
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'Where it lies' }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.goBack();
    await page.getByText('Group 3 of 3').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('lets rules decide all groups, in their order, and keeps what one decided oneself', async () => {
    const watched = await openPage(browser);
    const { page, complaints } = watched;
    await scan(watched, program);
    await page.getByText('Would free').waitFor();
    await page.getByRole('checkbox', { name: 'Apply to all 3 groups' }).check();
    await page.getByText('4 files in 3 groups').waitFor();
    assert.equal(await stays(page, 'backup/older').count(), 0);

    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('menuitem', { name: 'Oldest' }).click();
    await page.getByRole('button', { name: /^Oldest, 2 of 2/ }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('button', { name: /^Oldest, 1 of 2/ }).waitFor();
    await stays(page, 'backup/older').waitFor();

    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('menuitem', { name: 'Protect a folder' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill('checkpoints');
    await page.keyboard.press('Enter');
    await page.getByText('A protected folder holds for every group').waitFor();
    await page.getByText('protected').first().waitFor();
    assert.equal(await stays(page, 'backup/older').count(), 0, 'what is protected is what stays');
    await page.getByRole('button', { name: /^Protect checkpoints, 1 of 3/ }).focus();
    await page.keyboard.press('Delete');

    await page.keyboard.press('j');
    await page.getByText('Group 2 of 3').waitFor();
    await page.keyboard.press('2');
    await page.getByText('1 by you, 2 by rules').waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('3 by rules').waitFor();
    await page.getByRole('radio', { name: /^Symbolic link/ }).check();
    await page.getByText('links never lead there').first().waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('shows and accepts nothing of other rules while the rules are asked', async () => {
    const watched = await openPage(browser);
    const { page, complaints } = watched;
    await scan(watched, program);
    await page.getByText('The rules propose this').waitFor();
    assert.equal(await stays(page, 'backup/older').count(), 0);
    const answer = Promise.withResolvers<void>();
    await page.route('**/api/dedupe/keepers', async (route) => {
      await answer.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Add rule' }).click();
    await page.getByRole('menuitem', { name: 'Oldest' }).click();
    await page.getByRole('button', { name: /^Shortest path, 1 of 2/ }).focus();
    await page.keyboard.press('Delete');
    await page.getByText('Asking the rules').waitFor();
    assert.equal(await page.locator('.copy').getByRole('button', { pressed: true }).count(), 0);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('Enter');
    await page.getByText('still on its way').waitFor();
    answer.resolve();
    await stays(page, 'backup/older').waitFor();
    await page.getByText('The rules propose this').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Group 2 of 3').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('shows what is alike and no duplicate, and offers nothing for it', async () => {
    const watched = await openPage(browser);
    const { page, complaints } = watched;
    await scan(watched, program);
    await page.getByRole('link', { name: 'Same name, different content' }).click();
    await page.getByText('loras/alike.pt').waitFor();
    await page.getByText('vae/alike.pt').waitFor();
    assert.equal(await page.getByRole('button', { name: /delete|remove/i }).count(), 0);
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('link', { name: 'Same model, saved again' }).click();
    await page.getByText('No re-saved models found').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('fits a phone, one part at a time', async () => {
    const watched = await openPage(browser, { viewport: { width: 390, height: 844 } });
    const { page } = watched;
    await scan(watched, program);
    for (const part of ['Groups', 'Rules and sum', 'Group'] as const) {
      await page.getByRole('radio', { name: part, exact: true }).check({ force: true });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, part);
      assert.deepEqual(await seriousFindings(page), [], part);
    }
    await page.context().close();
  });

  it('explains a scan that does not exist', async () => {
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await page.goto(`${program.origin}/dedupe?scan=zzzzzzzz`);
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'All scans' }).click();
    await page.getByRole('heading', { level: 1, name: 'Duplicates' }).waitFor();
    await page.context().close();
  });
});

describe('removing duplicates from the page', { skip: skipReason }, () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });

  after(() => browser.close());

  it('names sides, files and bytes; deletes just that, leaves what changed, and reports', async () => {
    await using program = await startProgram(library);
    const watched = await openPage(browser);
    const { page, complaints } = watched;
    await scan(watched, program);
    await page.getByRole('checkbox', { name: 'Apply to all 3 groups' }).check();
    await page.getByText('4 files in 3 groups').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Delete 4 files for good, 879 KiB freed …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('heading', { name: /^Delete 4 files from .*(Local|Lake) and (Local|Lake) for good\?$/ })
      .waitFor();
    await dialog.getByText('regardless of whether a location allows deleting (Local, Lake)').waitFor();
    assert.equal(
      await dialog.getByRole('button', { name: 'Cancel' }).evaluate((node) => node === document.activeElement),
      true,
      'the harmless answer has the focus',
    );
    assert.deepEqual(await seriousFindings(page), []);

    const changed = join(program.rootOf('local'), 'backup', 'older', 'big.safetensors');
    writeFileSync(changed, 'A'.repeat(300_000));
    await dialog.getByRole('button', { name: 'Delete 4 files for good, 879 KiB freed' }).click();
    await page.getByRole('heading', { name: /^Done/ }).waitFor();
    await page.getByText('backup/older/big.safetensors').first().waitFor();
    assert.deepEqual(await seriousFindings(page), []);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save report (CSV)' }).click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\r\n');
    assert.equal(lines.length, 5);
    assert.equal(lines.filter((line) => line.startsWith('done,')).length, 3);

    assert.equal(readFileSync(changed, 'utf8'), 'A'.repeat(300_000));
    const left = [
      ['local', 'checkpoints/big.safetensors'],
      ['lake', 'checkpoints/big.safetensors'],
    ] as const;
    assert.equal(left.filter(([side, path]) => existsSync(join(program.rootOf(side), path))).length, 1);
    assert.equal(existsSync(join(program.rootOf('local'), 'loras/middle.safetensors')), true);
    assert.equal(existsSync(join(program.rootOf('local'), `loras/${longFolder}/middle.safetensors`)), false);
    assert.equal(existsSync(join(program.rootOf('local'), 'loras/only.pt')), true);
    assert.deepEqual(complaints, []);

    await page.reload();
    await page.getByRole('heading', { name: /^Done/ }).waitFor();
    await page.context().close();
  });

  it('has good news where nothing is stored twice; names of one file are no duplicates', {
    skip: process.platform === 'win32',
  }, async () => {
    await using program = await startProgram({ 'loras/a.pt': { local: { text: 'one' } } });
    linkSync(join(program.rootOf('local'), 'loras/a.pt'), join(program.rootOf('local'), 'loras/b.pt'));
    const { page, complaints } = await openPage(browser);
    await enter(page, program.url);
    await page.getByRole('row').first().waitFor();
    await page.goto(`${program.origin}/dedupe`);
    await page.getByRole('button', { name: 'Look for duplicates' }).click();
    await page.getByRole('heading', { name: 'No duplicates. Nothing is stored twice.' }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
