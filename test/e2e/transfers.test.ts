import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, seriousFindings, skipReason, type WatchedPage } from './browser.ts';
import { library } from './library.ts';
import { type Program, type Side, startProgram } from './program.ts';

const allowed = { LOCAL_ALLOW_DELETE: 'true' };
const onlyLocal = 'loras/flux/only-local.safetensors';
const onlyLake = 'loras/only-lake-two.safetensors';
const conflict = 'checkpoints/conflict.ckpt';

describe('transfers', { skip: skipReason }, () => {
  let program: Program;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  beforeEach(async () => {
    program = await startProgram(library, allowed);
    watched = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    page = watched.page;
    await enter(page, program.url);
    await row('conflict.ckpt').waitFor();
  });

  afterEach(async () => {
    await page.context().close();
    await program[Symbol.asyncDispose]();
  });

  const pathOf = (side: Side, relPath: string) => join(program.rootOf(side), relPath);
  const isThere = (side: Side, relPath: string) => existsSync(pathOf(side, relPath));
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const pathCell = (name: string): Locator => row(name).locator('.path-text');
  const dialog = () => page.getByRole('dialog');
  const bar = () => page.getByRole('region', { name: 'Queue', exact: true });
  const button = (name: string | RegExp) => page.getByRole('button', { name });

  const arrives = async (side: Side, relPath: string, isExpected = true) => {
    for (let tries = 0; tries < 300 && isThere(side, relPath) !== isExpected; tries += 1) await wait(50);
    assert.equal(isThere(side, relPath), isExpected, `${relPath} on ${side}`);
  };
  const isSame = (relPath: string) =>
    assert.deepEqual(readFileSync(pathOf('local', relPath)), readFileSync(pathOf('lake', relPath)));
  const nothingWentWrong = () => assert.deepEqual(watched.complaints, []);

  it('copies the current row by keyboard to the side that lacks it, and the row is no difference any more', async () => {
    await pathCell('only-local').click();
    await page.keyboard.press('c');
    await arrives('lake', onlyLocal);
    isSame(onlyLocal);
    await row('only-local').waitFor({ state: 'detached' });
    await page.getByText('1 file, 5 B copied Local → Lake.').waitFor();
    nothingWentWrong();
  });

  it('copies from the menu of a row', async () => {
    await pathCell('only-lake-two').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy to Local' }).click();
    await arrives('local', onlyLake);
    isSame(onlyLake);
    nothingWentWrong();
  });

  it('copies by the arrow of a row', async () => {
    await row('only-lake-two').locator('.state-glyph').click();
    await arrives('local', onlyLake);
    nothingWentWrong();
  });

  it('copies a row that is dragged to the other side, and says so before', async () => {
    const from = await pathCell('only-local').boundingBox();
    const rows = await page.getByRole('grid').first().boundingBox();
    assert.ok(from && rows);
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(rows.x + rows.width * 0.75, rows.y + 200, { steps: 5 });
    await page.getByText('Copy 1 file, 5 B, to Lake').waitFor();
    await page.mouse.up();
    await arrives('lake', onlyLocal);
    nothingWentWrong();
  });

  it('offers nothing for a conflict, by menu, key or drag, and says why', async () => {
    const before = readFileSync(pathOf('lake', conflict));
    await pathCell('conflict.ckpt').click({ button: 'right' });
    const copy = page.getByRole('menuitem', { name: /^Copy to Lake/ });
    assert.match((await copy.textContent()) ?? '', /Lake has other content here; nothing is ever overwritten/);
    assert.equal(await copy.getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('Escape');
    const from = await pathCell('conflict.ckpt').boundingBox();
    const rows = await page.getByRole('grid').first().boundingBox();
    assert.ok(from && rows);
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(rows.x + rows.width * 0.75, rows.y + 200, { steps: 5 });
    await page.locator('.drop-zone[data-over]').getByText('nothing is ever overwritten').waitFor();
    await page.mouse.up();
    await page.keyboard.press('c');
    await page.keyboard.press('>');
    assert.equal(await dialog().count(), 0);
    await bar().getByText('Nothing waits').waitFor();
    assert.deepEqual(readFileSync(pathOf('lake', conflict)), before);
    nothingWentWrong();
  });

  it('copies every row of the filter by a plan that says what it does and what it leaves out', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Copy to Local' }).click();
    await dialog().getByText('Every row of the filter').waitFor();
    await dialog()
      .getByRole('button', { name: /^Copy to Local 3 files/ })
      .waitFor();
    await dialog()
      .getByRole('button', { name: /^Conflicts 1 file/ })
      .click();
    await dialog().getByText('nothing is overwritten').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await dialog()
      .getByRole('button', { name: /^Copy 3 files/ })
      .click();
    await arrives('local', onlyLake);
    assert.equal(readFileSync(pathOf('local', conflict), 'utf8'), 'short');
    nothingWentWrong();
  });

  it('deletes after the plan was confirmed, and puts back by Undo', async () => {
    await pathCell('only-local').click();
    await page.keyboard.press('Delete');
    await dialog().getByText('1 of these files has no other known copy').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    assert.ok(isThere('local', onlyLocal), 'the harmless answer has the focus');
    await page.keyboard.press('Delete');
    await dialog()
      .getByRole('button', { name: /^Delete 1 file/ })
      .click();
    await arrives('local', onlyLocal, false);
    await row('only-local').waitFor({ state: 'detached' });
    await button('Undo').first().click();
    await arrives('local', onlyLocal);
    await row('only-local').waitFor();
    nothingWentWrong();
  });

  it('deletes an empty folder by a plan that says so', async () => {
    mkdirSync(pathOf('local', 'hollow'));
    await button('Refresh Local').click();
    await page.getByRole('treeitem', { name: 'hollow' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Delete on Local/ }).click();
    await dialog().getByText('There are no files in it').waitFor();
    await dialog().getByRole('button', { name: 'Delete 1 empty folder', exact: true }).click();
    await arrives('local', 'hollow', false);
    await page.getByText('empty folders removed').first().waitFor();
    nothingWentWrong();
  });

  it('does not delete where that is not allowed, and says so', async () => {
    await pathCell('only-lake-two').click({ button: 'right' });
    const item = page.getByRole('menuitem', { name: /^Delete on Lake/ });
    assert.match((await item.textContent()) ?? '', /Lake does not allow deleting/);
    assert.equal(await item.getAttribute('aria-disabled'), 'true');
    nothingWentWrong();
  });

  it('previews a mirror, and carries out what it showed', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('m');
    await dialog().getByRole('heading', { name: 'Mirror Local to Lake' }).waitFor();
    await dialog()
      .getByRole('button', { name: /^Copy to Lake 1 file/ })
      .waitFor();
    await dialog()
      .getByRole('button', { name: /^Only on Lake 3 files/ })
      .waitFor();
    await dialog().getByText('Lake does not allow deleting').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await dialog().getByRole('button', { name: 'Other way round' }).click();
    await dialog()
      .getByRole('button', { name: /^Copy to Local 3 files/ })
      .waitFor();
    await dialog().getByLabel('Leave what only Local has').click();
    await dialog().getByText('will be gone for good').or(dialog().getByText('can be put back')).waitFor();
    await dialog().getByLabel('Leave what only Local has').click();
    await dialog()
      .getByRole('button', { name: /^Copy 3 files/ })
      .click();
    await arrives('local', onlyLake);
    assert.ok(isThere('local', onlyLocal));
    nothingWentWrong();
  });

  it('stands still while paused, goes on when resumed, and cancels', async () => {
    await page.keyboard.press('p');
    await button('Resume').waitFor();
    await pathCell('only-local').click();
    await page.keyboard.press('c');
    await pathCell('only-lake-two').click();
    await page.keyboard.press('c');
    await page.keyboard.press('q');
    const tasks = page.getByRole('grid', { name: 'Tasks that run or wait' });
    await tasks.getByText('Copy loras/only-lake-two.safetensors').waitFor();
    assert.equal(isThere('lake', onlyLocal), false);
    assert.deepEqual(await seriousFindings(page), []);

    await tasks.focus();
    for (const keys of ['End', 'Alt+ArrowUp']) await page.keyboard.press(keys);
    const first = tasks.getByRole('row').first();
    await first.getByText('only-lake-two').waitFor();
    await tasks.getByRole('row').filter({ hasText: 'only-local' }).getByRole('button').click();
    await tasks.getByText('only-local').waitFor({ state: 'detached' });
    await button('Resume').click();
    await arrives('local', onlyLake);
    await page.getByText('Nothing runs and nothing waits').waitFor();
    assert.equal(isThere('lake', onlyLocal), false);
    nothingWentWrong();
  });

  it('keeps what ended, with what became of each file, over a reload', async () => {
    await pathCell('only-local').click();
    await page.keyboard.press('c');
    await arrives('lake', onlyLocal);
    await page.reload();
    await row('conflict.ckpt').waitFor();
    await button(/^Queue/).click();
    await button(/^Done/).click();
    await page.getByRole('grid', { name: 'Tasks that are done' }).getByText('only-local').click();
    const files = page.getByRole('region', { name: /^Files of/ });
    await files.getByRole('row').filter({ hasText: 'only-local' }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await files.getByRole('button', { name: 'Copy report (JSON)' }).click();
    await page.getByText('Report copied.').waitFor();
    const report: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.match(JSON.stringify(report), /only-local\.safetensors/);
    await button('Clear finished').click();
    await page.getByText('Nothing is done yet').waitFor();
    nothingWentWrong();
  });

  it('says that a side is away instead of copying to it', async () => {
    renameSync(program.rootOf('lake'), `${program.rootOf('lake')}-away`);
    await button('Refresh Lake').click();
    await page.getByText('offline').first().waitFor();
    await pathCell('only-local').click({ button: 'right' });
    const copy = page.getByRole('menuitem', { name: /^Copy to Lake/ });
    assert.match((await copy.textContent()) ?? '', /Lake is offline/);
    await page.keyboard.press('Escape');
    await button('Mirror').waitFor();
    assert.equal(await button('Mirror').isDisabled(), true);
    renameSync(`${program.rootOf('lake')}-away`, program.rootOf('lake'));
  });

  it('fits a phone, with the drawer and every dialog open', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const isNarrow = async (what: string) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, 390, what);
    };
    await button(/Queue|Nothing/)
      .first()
      .click();
    await page.getByText('Nothing runs and nothing waits').waitFor();
    await isNarrow('drawer');
    await page.getByRole('grid').first().focus();
    await page.keyboard.press('m');
    await dialog()
      .getByRole('button', { name: /^Copy 1 file/ })
      .waitFor();
    await isNarrow('mirror');
    assert.deepEqual(await seriousFindings(page), []);
    nothingWentWrong();
  });
});
