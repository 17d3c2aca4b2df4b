import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { relPathOf } from '../../src/core/catalog/compare-rows.ts';
import { blake3Of, ContentIndex } from '../../src/core/catalog/content-index.ts';
import { createFolderHashes, setHash, setHashFailed } from '../../src/core/catalog/folder-hashes.ts';
import { LocationIndex } from '../../src/core/catalog/location-index.ts';
import { PackedFolder, packFolder } from '../../src/core/catalog/packed-folder.ts';
import { runs } from '../support/runs.ts';
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

test('is what a plain search through the index finds, after any changes, grown and thinned out', async () => {
  const contents = 40;
  const hashOf = (content: number) => new Uint8Array(32).fill(content % 3).with(31, content) as Uint8Array<ArrayBuffer>;
  const names = Array.from({ length: 400 }, (_, k) => `${k}`.padStart(3, '0'));
  const facts = names.map((name) => ({
    name,
    kind: 'file' as const,
    size: 1,
    mtimeNs: 0n,
    fileId: 1n,
    links: 1,
    device: 0,
  }));
  const packed = [0, 1, 60, 400].map((count) => new PackedFolder(packFolder(facts.slice(0, count))));
  const changes = fc.array(
    fc.record({
      relPath: fc.constantFrom('', 'a', 'a/b', 'c', 'd', 'e', 'f', 'g'),
      files: fc.constantFrom(...packed),
      seed: fc.nat(1_000),
      isHashed: fc.boolean(),
      isDeleted: fc.boolean(),
      isLookedAt: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const index = new LocationIndex('local');
      const found = new ContentIndex(index);
      const pending: Promise<void>[] = [];
      for (const { relPath, files, seed, isHashed, isDeleted, isLookedAt } of list) {
        const hashes = isHashed ? createFolderHashes(files.count) : null;
        for (let i = 0; hashes !== null && i < files.count; i += 1)
          if ((i + seed) % 5 !== 0) setHash(hashes, i, hashOf((i * seed) % contents));
        if (isDeleted) index.delete(relPath);
        else index.set({ relPath, files, hashes });
        if (isLookedAt) pending.push(found.update(restlessPacer));
        else await new Promise(setImmediate);
      }
      await found.update(restlessPacer);
      await Promise.all(pending);
      for (let content = 0; content < contents; content += 1) {
        const wanted = hashOf(content);
        const expected = index
          .inOrder()
          .flatMap((folder) => folder.files.names().map((_, i) => ({ folder, i })))
          .filter((file) => blake3Of(file)?.every((byte, k) => byte === wanted[k]));
        assert.deepEqual(found.find(wanted).map(relPathOf).sort(), expected.map(relPathOf).sort());
      }
    }),
    { numRuns: runs(60) },
  );
});

test('what comes while an update runs finds room, however much it is', async () => {
  const facts = Array.from({ length: 700 }, (_, k) => ({
    ...{ name: `${k}`, kind: 'file' as const, size: 1, mtimeNs: 0n, fileId: 1n, links: 1, device: 0 },
  }));
  const files = new PackedFolder(packFolder(facts));
  const hashes = createFolderHashes(files.count);
  for (let i = 0; i < files.count; i += 1) setHash(hashes, i, lookAlike(1));
  const index = new LocationIndex('local');
  index.set({ relPath: 'first', files, hashes });
  const contents = new ContentIndex(index);
  const updating = contents.update(restlessPacer);
  await Promise.resolve();
  for (const relPath of ['second', 'third', 'fourth', 'fifth']) index.set({ relPath, files, hashes });
  await updating;
  assert.equal(contents.find(lookAlike(1)).length, 5 * files.count);
});
