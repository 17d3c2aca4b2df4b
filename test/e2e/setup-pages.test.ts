import assert from 'node:assert/strict';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { enter, launchBrowser, openPage, seriousFindings, skipReason } from './browser.ts';
import { startProgram } from './program.ts';

const noLocations = { LOCAL_MODELS_ROOT: '', LAKE_MODELS_ROOT: '' };

function makeFolder(): string {
  return fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'weightroom-setup-')));
}

/** A home folder with an install in it, and a second folder beside it. */
function makeHome(): { readonly home: string; readonly models: string; readonly lake: string } {
  const home = makeFolder();
  const models = join(home, 'ComfyUI', 'models');
  const lake = join(home, 'Archive', 'all models');
  for (const folder of ['checkpoints', 'loras']) {
    fs.mkdirSync(join(models, folder), { recursive: true });
    fs.mkdirSync(join(lake, folder), { recursive: true });
  }
  fs.writeFileSync(join(home, 'ComfyUI', 'main.py'), '');
  fs.writeFileSync(join(models, 'loras', 'mine.safetensors'), 'x');
  return { home, models, lake };
}

/** A file with a header whose every text is an attack. */
function hostileModel(epochs: string): string {
  const attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const json = JSON.stringify({
    __metadata__: { [attack]: attack, ss_num_epochs: epochs, ss_output_name: `${attack}\u202Egnp` },
    [attack]: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
  });
  // Padded to 256 × n bytes: the eight bytes of the length are then ASCII, and the file can be written as text.
  const bytes = Math.ceil(Buffer.byteLength(json) / 256) * 256;
  const length = String.fromCharCode(0, bytes / 256, 0, 0, 0, 0, 0, 0);
  return `${length}${json}${' '.repeat(bytes - Buffer.byteLength(json))}\0\0\0\0`;
}

describe('setting Weightroom up', { skip: skipReason }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('finds an install, takes a second folder from the picker, and compares: by keyboard alone', async (t) => {
    const { home, models, lake } = makeHome();
    t.after(() => fs.rmSync(home, { recursive: true, force: true }));
    await using program = await startProgram({}, { ...noLocations, HOME: home });
    const { page, complaints } = await openPage(browser);
    await enter(page, program.url);
    await page.getByRole('link', { name: 'Look on this machine' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Use ${models} as Local`, exact: true }).waitFor();
    await page.getByText('Nothing will be moved or changed.').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Local' }).inputValue(), models);

    await page.getByRole('button', { name: 'Browse…' }).nth(1).focus();
    await page.keyboard.press('Enter');
    const folders = page.getByRole('listbox');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Path' }).fill(home);
    await page.keyboard.press('Enter');
    await page.getByRole('listbox', { name: `Folders in ${home}`, exact: true }).waitFor();
    await folders.focus();
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.getByRole('listbox', { name: `Folders in ${join(home, 'Archive')}`, exact: true }).waitFor();
    await page.keyboard.press('Backspace');
    await page.getByRole('listbox', { name: `Folders in ${home}`, exact: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('option', { name: 'all models' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('listbox', { name: `Folders in ${lake}`, exact: true }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press('Control+Enter');
    assert.equal(await page.getByRole('textbox', { name: /^Lake/ }).inputValue(), lake);
    assert.deepEqual(await seriousFindings(page), []);

    await page.getByRole('button', { name: 'Use these two folders' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('row').filter({ hasText: 'mine.safetensors' }).waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('leads from the demo library to one’s own folders', async (t) => {
    const { home } = makeHome();
    t.after(() => fs.rmSync(home, { recursive: true, force: true }));
    await using program = await startProgram({}, { ...noLocations, HOME: home, TMPDIR: home });
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await page.getByRole('link', { name: 'Look on this machine' }).click();
    await page.getByRole('button', { name: 'Show me a demo library first' }).click();
    await page.getByText('This is a demo library.').waitFor();
    await page.getByRole('link', { name: 'Use my own folders' }).click();
    await page.getByRole('button', { name: 'Use this folder', exact: true }).click();
    await page.getByText('Add a second location to compare Local with').waitFor();
    await page.context().close();
  });

  it('changes settings at their fields, refuses bad ones there, and shows what is fixed and why', async () => {
    await using program = await startProgram({}, { ...noLocations, HASH_WORKERS: '3' });
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await page.goto(`${program.origin}/settings`);
    const workers = page.getByRole('textbox', { name: 'HASH_WORKERS' });
    await workers.waitFor();
    assert.equal(await workers.isDisabled(), true);
    await page.getByText('The environment sets it. Change or remove the variable HASH_WORKERS there.').waitFor();
    const jobs = page.getByRole('textbox', { name: 'QUEUE_CONCURRENCY' });
    await jobs.fill('99');
    assert.equal(await page.getByRole('button', { name: 'Save 1 change' }).isDisabled(), true);
    await jobs.fill('2');
    await page.getByRole('textbox', { name: 'LAKE_MODELS_ROOT' }).fill('relative/folder');
    await page.getByRole('button', { name: 'Save 2 changes' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /LAKE_MODELS_ROOT is “relative\/folder”/ })
      .waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('button', { name: 'Undo the change of LAKE_MODELS_ROOT' }).click();
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByText('1 setting applies after a restart.').waitFor();
    await page.reload();
    assert.equal(await jobs.inputValue(), '2');
    await page.getByRole('button', { name: 'Use the default of QUEUE_CONCURRENCY' }).click();
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByRole('button', { name: 'Use the default of QUEUE_CONCURRENCY' }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('shows what headers say and where they differ; what is in them never runs', async () => {
    const name = 'loras/hostile.safetensors';
    await using program = await startProgram({
      [name]: { local: { text: hostileModel('10') }, lake: { text: hostileModel('20') } },
      'vae/page.safetensors': { local: { text: '<!doctype html><title>login</title>' } },
    });
    const { page, complaints } = await openPage(browser);
    await enter(page, program.url);
    await page.goto(`${program.origin}/sync?show=all`);
    await page.getByRole('row').filter({ hasText: 'hostile.safetensors' }).click();
    const details = page.getByRole('region', { name: 'In the file' });
    if (!(await details.isVisible())) await page.keyboard.press('Enter');
    await details.getByText('1 difference in the headers').waitFor();
    await details.getByText('ss_num_epochs').first().waitFor();
    await details.locator('summary').first().click();
    assert.match((await details.textContent()) ?? '', /<script>document\.title=1<\/script>/);
    assert.equal(await details.locator('script, img').count(), 0);
    assert.notEqual(await page.title(), '1');
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('row').filter({ hasText: 'page.safetensors' }).click();
    await details.getByText('the content is a web page').waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('lists problems with cause and advice, filters them, and leads to the row', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const folder = makeFolder();
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    fs.mkdirSync(join(folder, 'loras'));
    fs.writeFileSync(join(folder, 'loras', 'fine.safetensors'), 'x');
    fs.symlinkSync('gone', join(folder, 'loras', 'broken.safetensors'));
    fs.symlinkSync('/etc/hostname', join(folder, 'loras', 'outside.safetensors'));
    await using program = await startProgram({}, { LOCAL_MODELS_ROOT: folder });
    const { page } = await openPage(browser);
    await enter(page, program.url);
    await page.getByRole('row').filter({ hasText: 'fine.safetensors' }).waitFor();
    await page.goto(`${program.origin}/problems`);
    await page.getByText('Remove the link, or bring back what it led to.').waitFor();
    await page.getByRole('link', { name: 'Link leads outside 1' }).click();
    await page.getByText('1 problem: what happened').waitFor();
    await page.getByRole('searchbox', { name: 'Filter problems' }).fill('nothing like it');
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('link', { name: 'loras/broken.safetensors' }).click();
    await page.getByRole('row').filter({ hasText: 'fine.safetensors' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('folder'), 'loras');
    await page.context().close();
  });

  it('shows every part of the interface, in both themes and all densities', async () => {
    await using program = await startProgram({ 'a/b.pt': { local: { text: 'x' } } });
    const { page, complaints } = await openPage(browser, { reducedMotion: 'reduce' });
    await enter(page, program.url);
    await page.goto(`${program.origin}/design`);
    for (const theme of ['Dark', 'Light']) {
      await page.getByRole('radio', { name: theme }).check();
      for (const rows of ['Compact', 'Comfortable']) {
        await page.getByRole('radio', { name: rows }).check();
        assert.deepEqual(await seriousFindings(page), [], `${theme}, ${rows}`);
      }
    }
    await page.getByRole('button', { name: 'Open a menu' }).click();
    await page.getByRole('menuitem', { name: /Copy the path/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Ask a question' }).click();
    assert.equal(
      await page.getByRole('button', { name: 'Cancel' }).evaluate((node) => node === document.activeElement),
      true,
    );
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press('Escape');
    await page.getByRole('tree').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
