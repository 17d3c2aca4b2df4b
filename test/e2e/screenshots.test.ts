import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { enter, launchBrowser, openPage, skipReason } from './browser.ts';
import { library } from './library.ts';
import { type Program, startProgram, type TestFile } from './program.ts';

/** Kept as an artefact of the run, to be looked at: one folder a size and theme. */
const artefacts = join(import.meta.dirname, '..', '..', 'artefacts', 'screenshots');

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const;

const longName = `${'a-very-long-name-of-a-model-'.repeat(7)}end.safetensors`;
const problemName = 'loras/broken-link.safetensors';

interface View {
  readonly name: string;
  readonly path: string;
  /** Text that tells that the view is complete. */
  readonly shows: string;
  readonly act?: (page: Page) => Promise<unknown>;
  /** Not on a phone, where there is no keyboard or no room for it. */
  readonly wideOnly?: boolean;
}

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

const views: readonly View[] = [
  { name: 'sync', path: '/sync', shows: 'conflict.ckpt' },
  { name: 'sync-all', path: '/sync?show=all', shows: 'same.safetensors' },
  {
    name: 'sync-details',
    path: '/sync',
    shows: 'conflict.ckpt',
    act: async (page) => {
      await row(page, 'conflict.ckpt').click();
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'About the current row' }).waitFor();
    },
  },
  {
    name: 'sync-conflict-tip',
    path: '/sync',
    shows: 'conflict.ckpt',
    wideOnly: true,
    act: async (page) => {
      await row(page, 'conflict.ckpt').getByText('conflict', { exact: true }).hover();
      await page.getByRole('tooltip').waitFor();
    },
  },
  {
    name: 'sync-menu',
    path: '/sync',
    shows: 'conflict.ckpt',
    wideOnly: true,
    act: async (page) => {
      await row(page, 'conflict.ckpt').click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'sync-selection',
    path: '/sync',
    shows: 'conflict.ckpt',
    wideOnly: true,
    act: async (page) => {
      await page.getByRole('grid').focus();
      await page.keyboard.press('Control+a');
      await page.getByText('of this filter selected').waitFor();
    },
  },
  {
    name: 'sync-two-lists',
    path: '/sync',
    shows: 'conflict.ckpt',
    wideOnly: true,
    act: async (page) => {
      await page.keyboard.press('v');
      await page.getByRole('grid', { name: 'Files on Lake' }).waitFor();
    },
  },
  { name: 'sync-nothing-found', path: '/sync?q=nothing-is-called-so', shows: 'Nothing matches' },
  {
    name: 'palette',
    path: '/sync',
    shows: 'conflict.ckpt',
    wideOnly: true,
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').waitFor();
    },
  },
  {
    name: 'shortcuts',
    path: '/sync',
    shows: 'conflict.ckpt',
    wideOnly: true,
    act: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    },
  },
  { name: 'locations', path: '/locations', shows: 'Lake' },
  { name: 'problems', path: '/problems', shows: 'broken-link.safetensors' },
  { name: 'settings', path: '/settings', shows: 'HASH_WORKERS' },
  { name: 'doctor', path: '/doctor', shows: 'Copy report' },
  { name: 'design', path: '/design', shows: 'Buttons' },
];

async function take(page: Page, folder: string, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

function folderOf({ width, height }: { width: number; height: number }, theme: string): string {
  const folder = join(artefacts, `${width}x${height}-${theme}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const here = { text: 'here', ageDays: 3 } satisfies TestFile;
const full = { ...library, [`loras/${longName}`]: { local: here }, [problemName]: { local: here } };

describe('screenshots of every page and state', { skip: skipReason }, () => {
  let program: Program;
  let browser: Browser;

  before(async () => {
    rmSync(artefacts, { recursive: true, force: true });
    program = await startProgram(full);
    await program.breakLink('local', problemName);
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await program[Symbol.asyncDispose]();
  });

  for (const viewport of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`${viewport.width} × ${viewport.height}, ${colorScheme}: nothing sticks out, nothing complains`, async () => {
        const folder = folderOf(viewport, colorScheme);
        const { page, complaints } = await openPage(browser, { viewport, colorScheme });
        await enter(page, program.url);
        for (const { name, path, shows, act, wideOnly } of views) {
          if (wideOnly && viewport.width < 800) continue;
          await page.goto('about:blank');
          await page.goto(program.origin + path);
          await page.getByText(shows).first().waitFor();
          await act?.(page);
          await take(page, folder, name);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= viewport.width, `${name} is ${width} wide`);
          await page.evaluate(() => localStorage.clear());
        }
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }
  }
});

describe('screenshots of what does not go well', { skip: skipReason }, () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });

  after(() => browser.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of sizes) {
      it(`before there are locations (${viewport.width} × ${viewport.height}, ${colorScheme})`, async () => {
        const folder = folderOf(viewport, colorScheme);
        const nothing = { LOCAL_MODELS_ROOT: '', LAKE_MODELS_ROOT: '', HOME: artefacts };
        await using program = await startProgram({}, nothing);
        const { page, complaints } = await openPage(browser, { viewport, colorScheme });
        await enter(page, program.url);
        await page.getByRole('heading', { name: 'Where are your models?' }).waitFor();
        await take(page, folder, 'begin');
        await page.goto(`${program.origin}/first-run`);
        await page.getByText('Nothing will be moved or changed.').waitFor();
        await take(page, folder, 'first-run');
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }

    it(`loading, offline, gone (${colorScheme})`, async () => {
      const viewport = sizes[0];
      const folder = folderOf(viewport, colorScheme);
      await using program = await startProgram(full);
      const { page } = await openPage(browser, { viewport, colorScheme });
      let goOn = (): void => {};
      const held = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      await page.route('**/api/diff*', async (route) => {
        await held;
        await route.continue();
      });
      await enter(page, program.url);
      await page.getByRole('grid').first().waitFor();
      await take(page, folder, 'sync-loading');
      goOn();
      await row(page, 'conflict.ckpt').waitFor();
      const lake = program.rootOf('lake');
      renameSync(lake, `${lake}-away`);
      await page.getByRole('button', { name: 'Refresh Lake', exact: true }).click();
      await page.getByText('offline').first().waitFor();
      await take(page, folder, 'sync-offline');
      await page.goto(`${program.origin}/locations`);
      await page.getByText('offline').first().waitFor();
      await take(page, folder, 'locations-offline');
      renameSync(`${lake}-away`, lake);
      await page.goto(`${program.origin}/sync`);
      await row(page, 'conflict.ckpt').waitFor();
      await program.stop();
      await page.getByText('Weightroom does not answer.').waitFor();
      await take(page, folder, 'sync-gone');
      await page.context().close();
    });
  }

  it('100,000 rows', async () => {
    const viewport = sizes[0];
    await using program = await startProgram({});
    for (let k = 0; k < 100; k += 1) {
      const folder = join(program.rootOf('local'), 'loras', `collection ${k}`);
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < 1000; i += 1) writeFileSync(join(folder, `style ${k}-${i}.safetensors`), '');
    }
    const { page, complaints } = await openPage(browser, { viewport, colorScheme: 'light' });
    await enter(page, program.url);
    await page.getByRole('button', { name: 'Refresh Local', exact: true }).click();
    await page.getByText('100,000').first().waitFor({ timeout: 60_000 });
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await row(page, 'style 99-999.safetensors').waitFor({ timeout: 60_000 });
    await take(page, folderOf(viewport, 'light'), 'sync-100000');
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
