import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isIgnoredFile, isIgnoredFolder } from '../../src/core/catalog/ignore-rules.ts';
import { PackedFolder } from '../../src/core/catalog/packed-folder.ts';
import { openScan, scanTree } from '../../src/core/catalog/scan-tree.ts';
import { createGlobMatcher } from '../../src/platform/filesystem/glob-matcher.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';

describe('folders', () => {
  for (const name of [
    '.git',
    '.weightroom-undo',
    '.cache',
    '.',
    '$RECYCLE.BIN',
    '$Recycle.Bin',
    'System Volume Information',
    'lost+found',
    '@eaDir',
    '#recycle',
    '#snapshot',
    '__MACOSX',
  ]) {
    test(`“${name}” is left out`, () => assert.equal(isIgnoredFolder(name), true));
  }
  for (const name of ['loras', 'recycle', 'a.b', '__macosx2', 'lost', 'models.old', '_', ' .git']) {
    test(`“${name}” is read`, () => assert.equal(isIgnoredFolder(name), false));
  }
});

describe('files', () => {
  for (const name of [
    'Thumbs.db',
    'THUMBS.DB',
    'desktop.ini',
    '.DS_Store',
    'ehthumbs.db',
    '.directory',
    '.localized',
    '._model.safetensors',
    '.weightroom',
    '.weightroom-marker',
    '.model.safetensors.k3x9.part',
  ]) {
    test(`“${name}” is left out`, () => assert.equal(isIgnoredFile(name), true));
  }
  for (const name of [
    'model.safetensors',
    '.hidden.safetensors',
    '.gitattributes',
    'model.part',
    '.part',
    'thumbs.db.bin',
    'put_checkpoints_here',
    'a._b',
  ]) {
    test(`“${name}” is listed`, () => assert.equal(isIgnoredFile(name), false));
  }
});

describe('globs of the settings', () => {
  const fs = new MemoryFileSystem();
  for (const path of [
    'a.tmp',
    'loras/a.tmp',
    'loras/b.bin',
    'loras/old/c.bin',
    'loras/old/deep/d.bin',
    'vae/old/e.bin',
  ])
    fs.file(`/m/${path}`, { size: 1 });

  function scan(globs: readonly string[]): string[] {
    const context = openScan(fs, '/m', '', createGlobMatcher(globs));
    const paths: string[] = [];
    for (const { folders } of scanTree(context, { folder: '', recursive: true })) {
      for (const { relPath, files } of folders) {
        for (const name of new PackedFolder(new Uint8Array(files ?? [])).names())
          paths.push(relPath === '' ? name : `${relPath}/${name}`);
      }
    }
    return paths.sort();
  }

  const cases: readonly (readonly [globs: readonly string[], left: readonly string[]])[] = [
    [[], ['a.tmp', 'loras/a.tmp', 'loras/b.bin', 'loras/old/c.bin', 'loras/old/deep/d.bin', 'vae/old/e.bin']],
    [['*.tmp'], ['loras/b.bin', 'loras/old/c.bin', 'loras/old/deep/d.bin', 'vae/old/e.bin']],
    [['old'], ['a.tmp', 'loras/a.tmp', 'loras/b.bin']],
    [['loras/old'], ['a.tmp', 'loras/a.tmp', 'loras/b.bin', 'vae/old/e.bin']],
    [['loras/**'], ['a.tmp', 'vae/old/e.bin']],
    [
      ['*.tmp', '**/deep/**'],
      ['loras/b.bin', 'loras/old/c.bin', 'vae/old/e.bin'],
    ],
  ];
  for (const [globs, left] of cases) test(globs.join(' ') || 'none', () => assert.deepEqual(scan(globs), left));
});
