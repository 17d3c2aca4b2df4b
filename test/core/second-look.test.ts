import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashKeyOf } from '../../src/core/catalog/hash-key.ts';
import { findFile } from '../../src/core/catalog/location-index.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { FaultyFileSystem, type RawCall } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import { AliasedFileSystem } from '../support/aliased-file-system.ts';
import { createTestDedupe } from '../support/dedupe.ts';
import { dedupeOf, runDedupe } from '../support/dedupe-lab.ts';
import { duplicatesIn, filesBelow, keepAt } from '../support/duplicate-library.ts';
import { define } from '../support/engine.ts';
import { hashAll } from '../support/index-facts.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { copyDefaults, createTestQueue, type TestQueue, turns } from '../support/queue.ts';
import {
  again,
  blake3Of,
  bytesOf,
  contentsOf,
  copyOf,
  createLab,
  endOf,
  inLocal,
  lakeRoot,
  localRoot,
  run,
} from '../support/transfer-lab.ts';

const roots = { local: '/local', lake: '/lake' };
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
    const journal = createMemoryJournal();
    const queue = await createTestQueue({ fs, journal });
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
    return { fs, journal, queue, execute, rot };
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

  test('proves nothing where a removal that was planned before is carried out by the next run', async () => {
    const { fs, journal, queue, execute, rot } = await rotten();
    await queue.api.pauseQueue({});
    const task = await execute();
    const next = await createTestQueue({ fs, journal });
    rot();
    await next.api.resumeQueue({});
    await next.ended(task);
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

describe('a drive that is not mounted any more, where the folder it was mounted on is still there', () => {
  test('is noticed between two batches of a move: nothing is put into that folder, no source goes', async () => {
    const inner = new MemoryFileSystem();
    inner.mount('/local');
    inner.mount('/lake');
    inner.file('/lake/there.pt', { size: 5 });
    const names = Array.from({ length: 300 }, (_, k) => `${String(k).padStart(3, '0')}.pt`);
    for (const name of names) inner.file(`/local/loras/${name}`, { size: 10, content: name });
    let removed = 0;
    const fs = new FaultyFileSystem(inner, {
      onCall: ({ op, path }) => {
        if (op !== 'remove' || !path.startsWith('/local/')) return;
        removed += 1;
        if (removed === 256) inner.unmount('/lake');
      },
    });
    const queue = await createTestQueue({ fs });
    const wish = { ...copyDefaults, srcSide: 'local', srcRelPath: 'loras', dstSide: 'lake' };
    const { task } = await queue.api.queueMove(wish);
    await turns();
    assert.deepEqual(inner.list('/lake'), []);
    assert.equal(pathsIn(inner, '/local').length, 44);
    const held = queue.queue.require(task?.id ?? '').describe();
    assert.deepEqual([held.state, held.hold?.code], ['waiting', 'LOCATION_OFFLINE']);
    inner.remount('/lake');
    await queue.registry.look(queue.slot('lake'));
    await queue.pass(120_000);
    assert.equal((await queue.ended(task)).state, 'done');
    assert.deepEqual([pathsIn(inner, '/local').length, pathsIn(inner, '/lake').length], [0, 301]);
  });

  /** The drive goes when the duplicate has been moved aside. */
  async function cutShort() {
    const inner = new MemoryFileSystem();
    inner.mount('/local');
    inner.mount('/lake');
    inner.file('/local/a.pt', { size: 700, content: 'a' });
    inner.file('/lake/a.pt', { size: 700, content: 'a' });
    inner.file('/lake/b.pt', { size: 10 });
    const groups = duplicatesIn(inner, roots);
    let isGone = false;
    const fs = new FaultyFileSystem(inner, {
      onCall({ op, path }: RawCall) {
        if (isGone || op !== 'remove' || !path.endsWith('-old.part')) return;
        isGone = true;
        inner.unmount('/lake');
      },
    });
    const journal = createMemoryJournal();
    const queue = await createTestQueue({ fs, journal });
    const kept = groups[0]?.files.findIndex(({ location }) => location === 'local') ?? -1;
    const plan = { scanId: 'scan0001', action: 'delete' } as const;
    const task = await queue.dedupe({ plan, groups, choices: keepAt(groups, kept), paranoid: false });
    await turns();
    assert.equal(queue.queue.require(task.id).describe().hold?.code, 'LOCATION_OFFLINE');
    return { inner, fs, journal, queue, task };
  }

  test('keeps the name of a file that was moved aside for when it is back, also where the task was cancelled', async () => {
    const { inner, fs, journal, queue } = await cutShort();
    await queue.api.cancelTasks({ all: true });
    await turns();
    inner.remount('/lake');
    await createTestQueue({ fs, journal });
    await turns();
    assert.deepEqual(pathsIn(inner, '/lake'), ['a.pt', 'b.pt']);
  });

  test('a task that has to give a name back is not cleared from the list', async () => {
    const { inner, fs, journal, queue, task } = await cutShort();
    fs.setFaults([{ path: (path) => path.startsWith('/lake'), fail: 'ENOTCONN' }]);
    await queue.api.cancelTasks({ all: true });
    await queue.api.clearFinished({});
    await assert.rejects(queue.api.removeTasks({ ids: [task.id] }), /name back/);
    fs.setFaults([]);
    inner.remount('/lake');
    await createTestQueue({ fs, journal });
    await turns();
    assert.deepEqual(pathsIn(inner, '/lake'), ['a.pt', 'b.pt']);
  });

  test('what was staged by a delete that was cancelled gets its name back when it is mounted again', async () => {
    const inner = new MemoryFileSystem();
    inner.folder('/local');
    inner.mount('/lake');
    inner.file('/lake/a.pt', { size: 700, content: 'a' });
    inner.file('/lake/b.pt', { size: 10 });
    let isGone = false;
    const fs = new FaultyFileSystem(inner, {
      onCall({ op, path }: RawCall) {
        if (isGone || op !== 'syncFolder' || !path.includes('.weightroom-undo/')) return;
        isGone = true;
        inner.unmount('/lake');
      },
    });
    const journal = createMemoryJournal();
    const queue = await createTestQueue({ fs, journal, undo: ['lake'] });
    await queue.api.queueDelete({ side: 'lake', relPath: 'a.pt', sidecars: false });
    await turns();
    // Nobody has looked at it yet.
    queue.slot('lake').state = { kind: 'checking' };
    await queue.api.cancelTasks({ all: true });
    await turns();
    inner.remount('/lake');
    await createTestQueue({ fs, journal, undo: ['lake'] });
    await turns();
    assert.deepEqual(pathsIn(inner, '/lake'), ['a.pt', 'b.pt']);
  });
});

describe('a drive that says once that it could not store something, and then that it did', () => {
  const keeper = inLocal('keep.pt');
  const path = `${localRoot}/keep.pt`;

  /** Linux counts pages that it failed to write as written: what a file holds shows only past the cache. */
  function failsOnce() {
    const { memory } = createLab();
    memory.file(path, { size: 4_000, content: 'same' });
    for (const name of ['v1.pt', 'v2.pt']) memory.file(`${localRoot}/${name}`, { size: 4_000, content: 'same' });
    let isEvicted = false;
    const evict = (): void => {
      if (!isEvicted) memory.patch(path, 0, new Uint8Array(1_000));
      isEvicted = true;
    };
    const faulty = new FaultyFileSystem(memory, {
      faults: [{ op: 'sync', path, nth: 1, fail: 'EIO' }],
      onCall: (call) => {
        if (call.op === 'openReadBack' && call.path === path) evict();
      },
    });
    const orders = ['v1.pt', 'v2.pt'].map((name) => dedupeOf(memory, inLocal(name), keeper));
    return { memory, faulty, orders, evict };
  }
  const good = (memory: MemoryFileSystem): boolean =>
    filesBelow(memory, localRoot).some((at) => at !== path && memory.lstat(at).size === 4_000);

  test('the only duplicate of such a keeper stays, at the second attempt as well', () => {
    const { memory, faulty, orders, evict } = failsOnce();
    const [order] = orders;
    assert.ok(order);
    memory.remove(`${localRoot}/v2.pt`);
    assert.equal(runDedupe(faulty, [order]).failed[0]?.code, 'IO_FAILED');
    assert.equal(runDedupe(faulty, [again(order) as typeof order]).failed[0]?.code, 'CONTENT_CHANGED');
    evict();
    assert.ok(good(memory));
  });

  test('the other duplicates of such a keeper stay', () => {
    const { memory, faulty, orders, evict } = failsOnce();
    const { failed } = runDedupe(faulty, orders);
    assert.deepEqual(
      failed.map(({ code }) => code),
      ['IO_FAILED', 'CONTENT_CHANGED'],
    );
    evict();
    assert.equal(filesBelow(memory, localRoot).length, 3);
  });

  test('a copy that is gone on with is compared with what is on the drive', () => {
    const { memory } = createLab();
    memory.file(`${localRoot}/a.pt`, { size: 10_000, content: 'a' });
    const part = `${lakeRoot}/.a.pt.task1234.part`;
    let isCached = true;
    let isRewritten = false;
    const evict = (at: string): void => {
      if (isCached && !isRewritten) memory.patch(at, 0, new Uint8Array(1_000));
      isCached = false;
    };
    const faulty = new FaultyFileSystem(memory, {
      faults: [{ op: 'sync', path: part, nth: 1, fail: 'EHOSTDOWN' }],
      onCall: (call) => {
        if (call.path !== part) return;
        if (call.op === 'openReadBack') evict(part);
        if (call.op === 'write' && memory.lstat(part).size >= 10_000) isRewritten = true;
      },
    });
    const order = copyOf(memory, 'a.pt');
    assert.notEqual(run(faulty, [order]).thrown, null);
    assert.equal(endOf(faulty, again(order)), 'stream');
    evict(`${lakeRoot}/a.pt`);
    assert.deepEqual(bytesOf(memory, `${lakeRoot}/a.pt`), bytesOf(memory, `${localRoot}/a.pt`));
  });
});

test('a source that is changed between its copy and its end stays, whatever its time says', async () => {
  const fs = new MemoryFileSystem();
  fs.mount('/lake');
  fs.file('/local/a.pt', { size: 4_000, content: 'a' });
  const { mtimeNs } = fs.lstat('/local/a.pt');
  const queue = await createTestQueue({ fs });
  const { saveSteps } = queue.journal;
  Object.assign(queue.journal, {
    async saveSteps(...args: Parameters<typeof saveSteps>) {
      await saveSteps(...args);
      if (args[1].some(({ way }) => way === 'copied')) fs.file('/local/a.pt', { size: 4_000, content: 'b', mtimeNs });
    },
  });
  const wish = { ...copyDefaults, srcSide: 'local', srcRelPath: 'a.pt', dstSide: 'lake' };
  const { task } = await queue.api.queueMove(wish);
  assert.equal((await queue.ended(task)).error?.code, 'FILE_CHANGED');
  assert.deepEqual(pathsIn(fs, '/local'), ['a.pt']);
});

test('two names of one file are moved together', async () => {
  const fs = new MemoryFileSystem();
  fs.mount('/lake');
  fs.file('/local/x/a.pt', { size: 4_000, content: 'a' });
  fs.hardLink('/local/x/b.pt', '/local/x/a.pt');
  const queue = await createTestQueue({ fs });
  const { task } = await queue.api.queueMove({ ...copyDefaults, srcSide: 'local', srcRelPath: 'x', dstSide: 'lake' });
  assert.equal((await queue.ended(task)).state, 'done');
  assert.deepEqual([pathsIn(fs, '/local'), pathsIn(fs, '/lake')], [[], ['x/a.pt', 'x/b.pt']]);
});

test('a source whose bytes are not those that were hashed is not taken for a copy that lies at the target', () => {
  const { memory } = createLab();
  memory.file(`${localRoot}/a.pt`, { size: 4_000, content: 'a' });
  memory.file(`${lakeRoot}/a.pt`, { size: 4_000, content: 'a' });
  const blake3 = blake3Of(memory, `${localRoot}/a.pt`);
  memory.patch(`${localRoot}/a.pt`, 5, new Uint8Array([1, 2, 3]));
  assert.equal(endOf(memory, copyOf(memory, 'a.pt', { blake3, isResumed: true })), 'TARGET_EXISTS');
});

test('the other copy of what is deleted is looked at on its drive, whatever the index says', async () => {
  const fs = new MemoryFileSystem();
  fs.folder('/lake');
  for (const name of ['a', 'b']) fs.file(`/local/${name}.pt`, { size: 4_000, content: 'same' });
  const queue = await createTestQueue({ fs });
  await hashAll(queue, 'local');
  const plan = await queue.api.planDelete({ side: 'local', relPath: 'a.pt', sidecars: false });
  assert.equal(plan.lastCopies.files, 0);
  fs.remove('/local/b.pt');
  const ended = await queue.ended(await queue.api.executePlan({ planId: plan.planId }));
  assert.deepEqual([ended.state, ended.error?.code], ['failed', 'PLAN_STALE']);
  assert.deepEqual(pathsIn(fs, '/local'), ['a.pt']);
});

describe('another path of the file that goes is no other copy of it', () => {
  const lastCopies = async (queue: TestQueue, relPath: string): Promise<number> => {
    for (const id of ['local', 'lake']) await hashAll(queue, id);
    const plan = await queue.api.planDelete({ side: 'local', relPath, sidecars: false });
    return plan.lastCopies.files;
  };

  test('through a link to its folder', async () => {
    const fs = new MemoryFileSystem();
    fs.folder('/lake');
    fs.file('/local/sub/a.pt', { size: 10 });
    fs.link('/local/link', '/local/sub');
    assert.equal(await lastCopies(await createTestQueue({ fs }), 'sub/a.pt'), 1);
  });

  test('through a folder of another location that is mounted on it', async () => {
    const memory = new MemoryFileSystem();
    memory.folder('/lake/sub');
    memory.file('/lake/b.pt', { size: 11 });
    memory.file('/local/sub/a.pt', { size: 10 });
    const fs = new AliasedFileSystem(memory, '/lake/sub', '/local/sub', { liesAboutIds: false, remembers: false });
    assert.equal(await lastCopies(await createTestQueue({ fs }), 'sub/a.pt'), 1);
  });

  test('a hard link that stays is one, in this location and in another', async () => {
    for (const other of ['/local/b.pt', '/lake/b.pt']) {
      const fs = new MemoryFileSystem();
      fs.folder('/lake');
      fs.file('/local/a.pt', { size: 10 });
      fs.hardLink(other, '/local/a.pt');
      assert.equal(await lastCopies(await createTestQueue({ fs }), 'a.pt'), 0, other);
    }
  });
});

test('what was found where a location lay before is no reason to delete anything where it lies now', async () => {
  const fs = new MemoryFileSystem();
  for (const root of ['/local', '/lake', '/backup']) {
    fs.mount(root, { fileIds: 'none' });
    fs.file(`${root}/a.pt`, { size: 4_000, content: 'same' });
  }
  const queue = await createTestQueue({ fs });
  const dedupe = createTestDedupe(queue);
  const scan = { sides: ['local', 'lake'], folder: '', minBytes: 1, variants: false, wait: true };
  const { scanId } = await dedupe.scanDuplicates(scan);
  const keepSelections = [{ group: 0, keep: [0], skip: false }];
  const plan = () => dedupe.planDedupe({ scanId, rules: [], keepSelections, action: 'delete' });
  assert.equal((await plan()).total.files, 1);
  queue.registry.close('lake');
  queue.registry.open(define('lake', '/backup'));
  await queue.refresh('lake');
  await assert.rejects(plan(), (thrown) => thrown instanceof AppError && thrown.code === 'SCAN_STATE');
});

test('deleted files can be put back for a day, whatever the clock says meanwhile', async () => {
  const fs = new MemoryFileSystem();
  fs.folder('/lake');
  for (const name of ['a', 'b']) fs.file(`/local/${name}.pt`, { size: 10, content: name });
  const queue = await createTestQueue({ fs, undo: ['local'] });
  const { nowMs } = queue.clock;
  const { task } = await queue.api.queueDelete({ side: 'local', relPath: 'a.pt', sidecars: false });
  const { id } = await queue.ended(task);
  await queue.pass(60_000);
  Object.assign(queue.clock, { nowMs: () => nowMs() + 400 * dayMs });
  await queue.pass(60_000);
  await queue.pass(60_000);
  assert.equal((await queue.api.undoTask({ id })).restored, 1);
  assert.deepEqual(pathsIn(fs, '/local'), ['a.pt', 'b.pt']);
});

test('a file is no extra of a mirror once the source has it in a folder that is spelled otherwise', async () => {
  const fs = new MemoryFileSystem();
  fs.mount('/local');
  fs.mount('/lake', { caseSensitive: false });
  fs.file('/local/loras/a.pt', { size: 10, content: 'a' });
  fs.file('/lake/Loras/a.pt', { size: 10, content: 'a' });
  fs.file('/lake/Loras/x.pt', { size: 11, content: 'x' });
  const queue = await createTestQueue({ fs });
  const wish = { srcSide: 'local', srcRelFolder: '', dstSide: 'lake', deleteExtras: true, onConflict: 'skip' } as const;
  const { planId, summary } = await queue.api.planMirror(wish);
  assert.equal(summary.delete.files, 1);
  fs.file('/local/loras/x.pt', { size: 12, content: 'another' });
  const { id } = await queue.api.executeMirror({ planId });
  const { task } = await queue.api.waitForTask({ id, onHold: 'wait' });
  assert.equal(task.state, 'done');
  assert.deepEqual(pathsIn(fs, '/lake'), ['Loras/a.pt', 'Loras/x.pt']);
});

describe('a file that takes the name of one that is being deleted, and cannot go back there', () => {
  const at = '/local/a.pt';

  async function replaced(fail: string, isKilled: boolean) {
    const inner = new MemoryFileSystem();
    inner.folder('/lake');
    for (const name of ['a', 'b', 'c']) inner.file(`/local/${name}.pt`, { size: 10, content: name });
    let isReplaced = false;
    const fs = new FaultyFileSystem(inner, {
      onCall: ({ op, path }) => {
        if (op !== 'move' || path !== at || isReplaced) return;
        isReplaced = true;
        inner.remove(at);
        inner.file(at, { size: 77 });
      },
    });
    const journal = createMemoryJournal();
    const queue = await createTestQueue({ fs, journal, undo: ['local'] });
    const back = (path: string): boolean => path.endsWith('0.deleted');
    fs.setFaults([{ op: isKilled ? 'lstat' : 'move', path: back, fail }]);
    const { task } = await queue.api.queueDelete({ side: 'local', relPaths: ['a.pt', 'b.pt'], sidecars: false });
    await turns();
    if (!isKilled) return { inner, queue, task };
    fs.setFaults([{ op: 'move', path: back, fail: 'EIO' }]);
    const next = await createTestQueue({ fs, journal, undo: ['local'] });
    return { inner, queue: next, task };
  }

  for (const [title, fail, isKilled] of [
    ['is told', 'EIO', false],
    ['is told where the program was killed meanwhile', 'hang', true],
  ] as const) {
    test(`${title}, and does not go with what was deleted`, async () => {
      const { inner, queue, task } = await replaced(fail, isKilled);
      const outcome = await queue.api.waitForTask({ id: task?.id ?? '', onHold: 'wait' });
      assert.match(outcome.failed[0]?.message ?? '', /is kept as “.weightroom-undo/);
      await queue.pass(60_000);
      await queue.pass(25 * 3_600_000);
      await queue.pass(60_000);
      const left = filesBelow(inner, '/local');
      assert.deepEqual(
        left.map((path) => inner.lstat(path).size),
        [10, 77],
      );
    });
  }
});
