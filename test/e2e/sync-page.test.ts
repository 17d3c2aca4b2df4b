import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, rowPaths, skipReason, type WatchedPage } from './browser.ts';
import { hostileName, library } from './library.ts';
import { type Program, startProgram } from './program.ts';

const conflictTip = 'Warning: same relative path but different content (hash mismatch). Manual resolution required.';

describe('the compare page', { skip: skipReason }, () => {
  let program: Program;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    program = await startProgram(library);
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await program[Symbol.asyncDispose]();
  });

  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  const chip = (name: RegExp) => page.getByRole('group', { name: 'States shown' }).getByRole('button', { name });

  beforeEach(async () => {
    await watched?.page.context().close();
    watched = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    page = watched.page;
    await enter(page, program.url);
    await row('conflict.ckpt').waitFor();
  });

  const nothingWentWrong = () => assert.deepEqual(watched.complaints, []);

  it('opens with the token of the address, takes it out, and shows what differs', async () => {
    assert.equal(new URL(page.url()).pathname, '/sync');
    assert.equal(new URL(page.url()).hash, '');
    assert.deepEqual(await rowPaths(page), [
      'checkpoints/conflict.ckpt',
      'checkpoints/sdxl/touched.safetensors',
      'loras/only-lake-two.safetensors',
      'loras/flux/only-lake-detail.safetensors',
      'loras/flux/only-local.safetensors',
      `vae/${hostileName}`,
    ]);
    assert.match((await chip(/^differences/).textContent()) ?? '', /6$/);
    assert.match((await chip(/^only Local/).textContent()) ?? '', /1$/);
    assert.match((await chip(/^only Lake/).textContent()) ?? '', /3$/);
    nothingWentWrong();
  });

  it('says of each row in words how the sides compare', async () => {
    await row('conflict.ckpt').getByText('conflict', { exact: true }).waitFor();
    await row('only-local.safetensors').getByText('only Local').waitFor();
    await row('touched.safetensors').getByText('not verified').waitFor();
    await chip(/^all/).click();
    await row('same.safetensors').getByText('probably same').waitFor();
  });

  it('warns of a conflict and offers no way to overwrite it', async () => {
    await row('conflict.ckpt').locator('.state').hover();
    await page.getByRole('tooltip').getByText(conflictTip, { exact: true }).waitFor();
    await row('conflict.ckpt').click({ button: 'right' });
    const items = await page.getByRole('menuitem').allInnerTexts();
    assert.deepEqual(items, [
      'Show details',
      'Open folder on Local',
      'Open folder on Lake',
      'Copy to Lake\nLake has other content here; nothing is ever overwritten',
      'Copy to Local\nLocal has other content here; nothing is ever overwritten',
      'Delete on Local …\nLocal does not allow deleting',
      'Delete on Lake …\nLake does not allow deleting',
      'Copy full path on Local',
      'Copy full path on Lake',
      'Copy relative path',
      'Hash now',
    ]);
    await page.getByRole('menuitem', { name: 'Copy relative path' }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'checkpoints/conflict.ckpt');
  });

  it('is used by keyboard alone: search, rows, details, and back', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('lake detail');
    await row('only-local.safetensors').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: 'only-lake-detail.safetensors' }).waitFor();
    await details.getByText('On Lake, missing on Local.').waitFor();
    await page.keyboard.press('Escape');
    await row('conflict.ckpt').waitFor();
    assert.equal(await page.getByLabel('Search both sides').inputValue(), '');
  });

  it('selects by keyboard and copies the paths of all selected rows', async () => {
    await page.getByRole('grid').focus();
    for (const keys of ['Home', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(keys);
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('Control+a');
    await page.getByText('All 6 rows of this filter selected').waitFor();
    await page.getByRole('button', { name: 'Copy paths' }).click();
    await page.getByText('6 paths copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.split('\n').length, 6);
  });

  it('keeps the keyboard in the rows when the layout changes, and selects all from anywhere on the page', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('v');
    await page.getByRole('grid', { name: 'Files on Lake' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'grid');
    await page.keyboard.press('v');
    await page.getByRole('grid', { name: 'Local and Lake, row by row' }).waitFor();
    await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : null));
    await page.keyboard.press('Control+a');
    await page.getByText('All 6 rows of this filter selected').waitFor();
    assert.equal(await page.evaluate(() => getSelection()?.toString()), '');
    await page.getByLabel('Search both sides').fill('flux');
    await page.getByLabel('Search both sides').press('Control+a');
    await page.keyboard.type('x');
    assert.equal(await page.getByLabel('Search both sides').inputValue(), 'x');
  });

  it('says why a key does nothing', async () => {
    await row('conflict.ckpt').locator('.path-text').click();
    await page.keyboard.press('c');
    await page.getByText('Lake has other content here; nothing is ever overwritten.').first().waitFor();
  });

  it('moves neither the folders nor what is pointed at when a folder is chosen', async () => {
    const folder = page.getByRole('treeitem', { name: 'loras' });
    const before = await folder.boundingBox();
    await folder.click();
    await page.getByRole('navigation', { name: 'Folder shown' }).waitFor();
    assert.deepEqual(await folder.boundingBox(), before);
  });

  it('offers to leave a search that is not understood, and to look among all files when nothing is found', async () => {
    const search = page.getByLabel('Search both sides');
    await search.fill('size>banana');
    await page.getByText('“size>banana” is not a size.').waitFor();
    await page.getByRole('button', { name: 'Clear search' }).last().click();
    await row('conflict.ckpt').waitFor();
    await search.fill('same.safetensors');
    await page.getByRole('button', { name: 'Search all 7 files' }).click();
    await row('same.safetensors').waitFor();
  });

  it('keeps folder, filter, search and row in the address', async () => {
    await page.getByRole('treeitem', { name: 'loras' }).click();
    await chip(/^only Lake/).click();
    await page.keyboard.press('/');
    await page.keyboard.type('two');
    await row('only-lake-detail').waitFor({ state: 'detached' });
    await row('only-lake-two').click();
    await page.waitForURL(/row=/);
    const address = new URL(page.url());
    assert.equal(address.searchParams.get('folder'), 'loras');
    assert.equal(address.searchParams.get('show'), 'only-b');
    assert.equal(address.searchParams.get('q'), 'two');
    await page.reload();
    await page.locator('[role=row][data-focused]').filter({ hasText: 'only-lake-two' }).waitFor();
    assert.deepEqual(await rowPaths(page), ['loras/only-lake-two.safetensors']);
    assert.equal(await page.getByLabel('Search both sides').inputValue(), 'two');
  });

  it('shows a new file after a refresh, without a reload, and keeps the current row', async () => {
    await row('only-lake-two').click();
    await program.put('lake', 'checkpoints/arrived.safetensors', { text: 'new' });
    await page.getByRole('button', { name: 'Refresh Lake', exact: true }).click();
    await row('arrived.safetensors').getByText('only Lake').waitFor();
    await page.locator('[role=row][data-focused]').filter({ hasText: 'only-lake-two' }).waitFor();
    await program.drop('lake', 'checkpoints/arrived.safetensors');
    await page.getByRole('button', { name: 'Refresh Lake', exact: true }).click();
    await row('arrived.safetensors').waitFor({ state: 'detached' });
  });

  it('shows hostile names as text', async () => {
    const shown = (await page.locator('.path-text').filter({ hasText: 'img' }).textContent()) ?? '';
    assert.match(shown, /<img src=x onerror=.*>‹U\+202E›gnp\.safetensors$/);
    assert.equal(await page.locator('.path-text img').count(), 0);
    assert.match(await page.title(), /Weightroom/);
    nothingWentWrong();
  });

  it('runs every command from the palette by name', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('theme dark');
    await page.keyboard.press('Enter');
    await page.locator('html[data-theme=dark]').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    nothingWentWrong();
  });

  it('hashes what is not verified and says that it is the same', async () => {
    await page.getByRole('button', { name: /^Verify 1$/ }).click();
    await row('touched.safetensors').waitFor({ state: 'detached' });
    await chip(/^same/).click();
    await row('touched.safetensors').getByText('same', { exact: true }).waitFor();
  });
});
