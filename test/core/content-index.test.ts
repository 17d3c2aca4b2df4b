import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relPathOf } from '../../src/core/catalog/compare-rows.ts';
import { ContentIndex } from '../../src/core/catalog/content-index.ts';
import { createFolderHashes, setHash, setHashFailed } from '../../src/core/catalog/folder-hashes.ts';
import { LocationIndex } from '../../src/core/catalog/location-index.ts';
import { PackedFolder, packFolder } from '../../src/core/catalog/packed-folder.ts';
import { restlessPacer } from '../support/time.ts';

/** A hash that begins like all others: only its end tells it apart. */
function lookAlike(end: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(32).fill(7).with(31, end) as Uint8Array<ArrayBuffer>;
}

test('files are found by their whole hash, however much of it agrees with others', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const files = new PackedFolder(
    packFolder(names.map((name) => ({ name, kind: 'file', size: 1, mtimeNs: 0n, fileId: 1n, links: 1, device: 0 }))),
  );
  const hashes = createFolderHashes(names.length);
  setHash(hashes, 0, lookAlike(1));
  setHash(hashes, 1, lookAlike(2));
  setHash(hashes, 2, lookAlike(1));
  setHashFailed(hashes, 3);
  const index = new LocationIndex('local');
  index.set({ relPath: 'x', files, hashes });
  index.set({ relPath: 'y', files, hashes: null });
  const contents = new ContentIndex(index);
  await contents.update(restlessPacer);
  assert.deepEqual(contents.find(lookAlike(1)).map(relPathOf), ['x/a', 'x/c']);
  assert.deepEqual(contents.find(lookAlike(2)).map(relPathOf), ['x/b']);
  assert.deepEqual(contents.find(lookAlike(3)), []);
  assert.deepEqual(contents.find(new Uint8Array(32)), [], 'a failed or unknown hash is no hash of zeros');

  const relearnt = createFolderHashes(names.length);
  setHash(relearnt, 4, lookAlike(1));
  index.set({ relPath: 'x', files, hashes: relearnt });
  index.set({ relPath: 'z', files, hashes });
  await contents.update(restlessPacer);
  assert.deepEqual(contents.find(lookAlike(1)).map(relPathOf).sort(), ['x/e', 'z/a', 'z/c']);
  assert.deepEqual(contents.find(lookAlike(2)).map(relPathOf), ['z/b']);
  index.delete('z');
  await contents.update(restlessPacer);
  assert.deepEqual(contents.find(lookAlike(1)).map(relPathOf), ['x/e'], 'what went is not found any more');
});
