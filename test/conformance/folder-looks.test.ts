import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { FolderLooks, ListFoldersRequest } from '../../src/core/ports/folder-looks.ts';
import { createHostedFolderLooks } from '../../src/platform/processes/hosted-folder-looks.ts';

const entry = fileURLToPath(new URL('../../src/app/entries/folder-looker.ts', import.meta.url));
const isWindows = process.platform === 'win32';

describe('folder looks in a process of their own', () => {
  let root = '';
  let looks: FolderLooks;
  const at = (...names: string[]): string => path.join(root, ...names);
  const list = (name: string, options: Partial<ListFoldersRequest> = {}) =>
    looks.list({ path: at(name), offset: 0, limit: 100, hidden: false, ...options });

  before(() => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-looks-')));
    for (const folder of [
      'ComfyUI/models/checkpoints',
      'ComfyUI/models/loras/flux',
      'forge/models/Stable-diffusion',
      'forge/models/Lora',
      'portable/ComfyUI/models/checkpoints',
      'portable/ComfyUI/models/vae',
      'portable/python_embeded',
      'empty',
      '.hidden',
      'many/folder 10',
      'many/folder 9',
      'many/folder 1',
    ]) {
      fs.mkdirSync(at(folder), { recursive: true });
    }
    for (const file of ['ComfyUI/main.py', 'forge/webui.py', 'ComfyUI/models/loras/flux/a.safetensors', 'loose.gguf']) {
      fs.writeFileSync(at(file), 'x');
    }
    looks = createHostedFolderLooks({ entry, deadlineMs: 20_000, startDeadlineMs: 60_000 });
  });

  after(() => {
    looks.close();
    fs.rmSync(root, { recursive: true, force: true });
  });

  it('lists folders only, in natural order, and tells what they look like', async () => {
    const { folders, total, looks: own } = await list('');
    assert.deepEqual(
      folders.map(({ name, looks: seen, modelsPath }) => [name, seen, modelsPath && path.relative(root, modelsPath)]),
      [
        ['ComfyUI', 'comfyui', path.join('ComfyUI', 'models')],
        ['empty', null, null],
        ['forge', 'webui', path.join('forge', 'models')],
        ['many', null, null],
        ['portable', 'comfyui', path.join('portable', 'ComfyUI', 'models')],
      ],
    );
    assert.equal(total, 5);
    assert.equal(own, 'models', 'a model lies in it');
    assert.deepEqual(
      (await list('many')).folders.map(({ name }) => name),
      ['folder 1', 'folder 9', 'folder 10'],
    );
  });

  it('gives a part of a long list, with the number of all', async () => {
    const { folders, total } = await list('many', { offset: 1, limit: 1 });
    assert.deepEqual([folders.map(({ name }) => name), total], [['folder 9'], 3]);
  });

  it('shows hidden folders only when asked', async () => {
    assert.ok((await list('', { hidden: true })).folders.some(({ name }) => name === '.hidden'));
  });

  it('counts models below a folder', async () => {
    const survey = await looks.survey(at('ComfyUI'));
    assert.deepEqual([survey.looks, survey.modelFiles, survey.isPartial], ['comfyui', 1, false]);
  });

  it('says which folder is missing', async () => {
    await assert.rejects(list('nowhere'), (thrown) => thrown instanceof AppError && thrown.code === 'FILE_NOT_FOUND');
  });

  it('finds the folder that shows a file, and a folder itself', async () => {
    const file = await looks.folderOf({ root, path: at('ComfyUI/models/loras/flux/a.safetensors') });
    assert.deepEqual(file, { folder: at('ComfyUI/models/loras/flux'), file: 'a.safetensors' });
    assert.deepEqual(await looks.folderOf({ root, path: at('many') }), { folder: at('many'), file: null });
    assert.deepEqual(await looks.folderOf({ root, path: root }), { folder: root, file: null });
  });

  it('follows links to folders and leaves out those that lead nowhere', { skip: isWindows }, async () => {
    fs.mkdirSync(at('linked'));
    fs.symlinkSync(at('ComfyUI'), at('linked', 'comfy'));
    fs.symlinkSync(at('gone'), at('linked', 'broken'));
    fs.symlinkSync(at('loose.gguf'), at('linked', 'file'));
    const { folders } = await list('linked');
    assert.deepEqual(
      folders.map(({ name, isLink, looks: seen }) => [name, isLink, seen]),
      [['comfy', true, 'comfyui']],
    );
  });

  it('never opens a folder that a link puts outside of the location', { skip: isWindows }, async () => {
    fs.mkdirSync(at('inside'));
    fs.symlinkSync(at('many'), at('inside', 'out'));
    await assert.rejects(
      looks.folderOf({ root: at('inside'), path: at('inside', 'out', 'folder 1') }),
      (thrown) => thrown instanceof AppError && thrown.code === 'LINK_ESCAPES',
    );
    // The link itself is shown where it lies.
    assert.deepEqual(await looks.folderOf({ root: at('inside'), path: at('inside', 'out') }), {
      folder: at('inside'),
      file: 'out',
    });
  });

  it('rejects what is asked after it was closed', async () => {
    const closed = createHostedFolderLooks({ entry });
    closed.close();
    await assert.rejects(closed.survey(root), (thrown) => thrown instanceof AppError && thrown.code === 'CANCELLED');
  });
});
