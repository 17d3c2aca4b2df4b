import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until } from '../program/server.ts';
import { enter, launchBrowser, openPage, seriousFindings, skipReason, type WatchedPage } from './browser.ts';
import { library } from './library.ts';
import { type Program, startProgram } from './program.ts';

describe('columns and layout of the compare page', { skip: skipReason }, () => {
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

  beforeEach(async () => {
    await watched?.page.context().close();
    watched = await openPage(browser);
    page = watched.page;
    await enter(page, program.url);
    await page.getByRole('row').filter({ hasText: 'conflict.ckpt' }).waitFor();
  });

  const pane = (name: string) => page.getByRole('grid', { name: `Files on ${name}` });
  const line = (label: string) => page.getByRole('separator', { name: `Width of ${label}`, exact: true });
  const namesIn = (name: string) =>
    pane(name)
      .locator('.path-text')
      .evaluateAll((paths) =>
        paths.map((path) => path.closest<HTMLElement>('[role=gridcell]')?.dataset.tip?.split('/').at(-1)),
      );

  it('shows a list per side, each with its own files, order and row', async () => {
    await page.keyboard.press('v');
    await pane('Local').getByText('conflict.ckpt').waitFor();
    assert.deepEqual(await namesIn('Local'), ['conflict.ckpt', 'touched.safetensors', 'only-local.safetensors']);
    assert.equal((await namesIn('Lake')).includes('only-local.safetensors'), false);

    const before = await namesIn('Lake');
    await pane('Lake').getByRole('button', { name: 'Sort by Size on Lake' }).click();
    await page.waitForURL(/sortB=-size-b/);
    // A row that is clicked in the old order is current where it was in that.
    await until(
      'the lake is in its new order',
      () => namesIn('Lake'),
      (names) => names.join() !== before.join(),
    );
    assert.equal((await namesIn('Local'))[0], 'conflict.ckpt');

    await pane('Lake').getByText('only-lake-two').click();
    await page.waitForURL(/pane=b/);
    await page.reload();
    await page.locator('[data-side=b] [role=row][data-focused]').filter({ hasText: 'only-lake-two' }).waitFor();
    assert.deepEqual(watched.complaints, []);
  });

  it('goes from side to side with the arrow keys, and remembers the layout', async () => {
    await page.keyboard.press('v');
    await pane('Lake').focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('[data-side=a] [role=row][data-focused]').filter({ hasText: 'conflict.ckpt' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-side=b] [role=row][data-focused]').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.goto(`${program.origin}/sync`);
    await pane('Lake').waitFor();
    await page.getByRole('button', { name: 'A list per side' }).click();
    await page.getByRole('grid', { name: 'Local and Lake, row by row' }).waitFor();
  });

  it('resizes a column with keys and with the pointer, keeps the width, and gives the usual one back', async () => {
    const width = async () => Number(await line('Size on Local').getAttribute('aria-valuenow'));
    const usual = await width();
    await line('Size on Local').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await width(), usual + 16);
    const cell = page.getByRole('gridcell').first();
    assert.equal(Math.round((await cell.boundingBox())?.width ?? 0), usual + 16);

    const box = await line('Size on Lake').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x - 40, box.y + 4, { steps: 4 });
    await page.mouse.up();
    assert.equal(await line('Size on Lake').getAttribute('aria-valuenow'), String(usual + 40));

    await page.reload();
    await page.getByRole('row').filter({ hasText: 'conflict.ckpt' }).waitFor();
    assert.equal(await width(), usual + 16);
    await line('Size on Local').dblclick();
    assert.equal(await width(), usual);
    assert.deepEqual(watched.complaints, []);
  });

  it('writes a path as one text only where it has room, and else never cuts its end', async () => {
    const paths = () =>
      page.locator('.diff-row .path-text').evaluateAll((texts) =>
        texts.map((text) => {
          const cell = text.closest<HTMLElement>('[role=gridcell]');
          const { right = 0 } = cell?.getBoundingClientRect() ?? {};
          const end = (text.lastElementChild ?? text).getBoundingClientRect().right;
          return {
            isWhole: text.matches('.path-whole'),
            isInside: text.getBoundingClientRect().right <= right && end <= right,
          };
        }),
      );
    const wholeOf = (all: Awaited<ReturnType<typeof paths>>) => all.filter(({ isWhole }) => isWhole).length;
    const wide = await paths();
    assert.ok(wholeOf(wide) >= 3);
    assert.ok(wide.every(({ isInside }) => isInside));
    await page.setViewportSize({ width: 800, height: 700 });
    const narrow = await until('paths are drawn for the narrow column', paths, (all) => wholeOf(all) < wholeOf(wide));
    assert.ok(narrow.every(({ isInside }) => isInside));
  });

  it('sorts by a column with the keyboard alone', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=state/);
    await page.locator('[role=columnheader][aria-sort=ascending]').filter({ hasText: 'State' }).waitFor();
  });

  it('opens the menu of the current row with the keyboard, and the details have the keyboard then', async () => {
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Show details' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.sync-details:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=grid]:focus').waitFor();
  });

  it('asks for the folder of a row on the side that has it, and says where there is none', async () => {
    const asked: unknown[] = [];
    await page.route('**/api/open-folder', (route) => {
      asked.push(route.request().postDataJSON());
      return route.fulfill({ json: { opened: '/' } });
    });
    await page.getByRole('row').filter({ hasText: 'only-local' }).click({ button: 'right' });
    const onLake = page.getByRole('menuitem', { name: 'Open folder on Lake' });
    assert.match((await onLake.textContent()) ?? '', /missing there/);
    assert.equal(await onLake.getAttribute('aria-disabled'), 'true');
    await page.getByRole('menuitem', { name: 'Open folder on Local' }).click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    assert.deepEqual(asked, [{ location: 'local', relPath: 'loras/flux/only-local.safetensors' }]);
  });
});
