import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashKeyOf } from '../../src/core/catalog/hash-key.ts';
import { findFile } from '../../src/core/catalog/location-index.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import { duplicatesIn, keepAt } from '../support/duplicate-library.ts';
import { hashAll } from '../support/index-facts.ts';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { contentsOf } from '../support/transfer-lab.ts';

const _roots = { local: '/local', lake: '/lake' };
const dayMs = 24 * 3_600_000;
const pathsIn = (fs: MemoryFileSystem, root: string): string[] => [...contentsOf(fs, root).keys()].sort();

/** What the catalog has of a file was read at another time. */
async function hashedAt({ slot, catalog }: TestQueue, location: string, relPath: string, hashedAtMs: number) {
  const file = findFile(slot(location).index, relPath);
  assert.ok(file);
  const [record] = await catalog.recallHashes([hashKeyOf(slot(location), file.folder, file.i)]);
  assert.ok(record);
  await catalog.rememberHashes([{ ...record, hashedAtMs }]);
}

describe('a hash that is older than this run of the program', () => {
  async function rotten(volume: MemoryVolumeOptions = {}) {
    const fs = new MemoryFileSystem({ volume: { reflink: true, ...volume } });
    fs.folder('/lake');
    fs.file('/local/k.pt', { size: 4_000, content: 'same' });
    fs.file('/local/v.pt', { size: 4_000, content: 'same', mtimeNs: 1_600_000_000_000_000_000n });
    const queue = await createTestQueue({ fs });
    await hashAll(queue, 'local');
    const groups = duplicatesIn(fs, { local: '/local' });
    const [group] = groups;
    const kept = group?.files.findIndex(({ relPath }) => relPath === 'k.pt') ?? -1;
    const execute = () =>
      queue.dedupe({
        plan: { scanId: 'scan0001', action: 'delete' },
        groups,
        choices: keepAt(groups, kept),
        paranoid: false,
      });
    const rot = () => fs.patch('/local/k.pt', 10, new Uint8Array([1, 2, 3]));
    return { fs, queue, execute, rot };
  }

  test('is no fresher because the file was copied without being read', async () => {
    const { fs, queue, execute, rot } = await rotten();
    await hashedAt(queue, 'local', 'k.pt', queue.clock.nowMs() - dayMs);
    rot();
    queue.clock.advance(1_000);
    assert.equal((await queue.ended(await queue.copy(['k.pt']))).state, 'done');
    await queue.ended(await execute());
    assert.deepEqual(pathsIn(fs, '/local'), ['k.pt', 'v.pt']);
  });

  test('is not taken for one of this run where the clock was ahead then', async () => {
    const { fs, queue, execute, rot } = await rotten();
    await hashedAt(queue, 'local', 'k.pt', queue.clock.nowMs() + 30 * dayMs);
    rot();
    await queue.ended(await execute());
    assert.deepEqual(pathsIn(fs, '/local'), ['k.pt', 'v.pt']);
  });

  test('proves nothing once the clock was set back', async () => {
    const { fs, queue, execute, rot } = await rotten();
    const { clock } = queue;
    const { nowMs } = clock;
    clock.advance(1_000);
    Object.assign(clock, { nowMs: () => nowMs() - 100 });
    await hashAll(queue, 'local', { verify: true });
    Object.assign(clock, { nowMs: () => nowMs() - dayMs });
    rot();
    await queue.ended(await execute());
    assert.deepEqual(pathsIn(fs, '/local'), ['k.pt', 'v.pt']);
  });

  test('proves nothing on drives that keep no time of the last change', async () => {
    const exfat = { fileSystem: 'exfat', hardLinks: false, symbolicLinks: false, fileIds: 'changing' } as const;
    const { fs, queue, execute, rot } = await rotten(exfat);
    // A program that puts the time of a file back puts back the only one that FAT has.
    rot();
    await queue.ended(await execute());
    assert.deepEqual(pathsIn(fs, '/local'), ['k.pt', 'v.pt']);
  });
});
