import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Step } from '../../src/contract/queue.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { copyDefaults, createTestQueue, type TestQueue } from '../support/queue.ts';
import { contentsOf } from '../support/transfer-lab.ts';

function twoDrives(options: MemoryVolumeOptions = {}): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  fs.mount('/local', options);
  fs.mount('/lake', options);
  return fs;
}

const pathsIn = (fs: MemoryFileSystem, root: string): string[] => [...contentsOf(fs, root).keys()].sort();
const toLake = { ...copyDefaults, srcSide: 'local', dstSide: 'lake' };

async function stepsOf({ api }: TestQueue, id: string): Promise<readonly Step[]> {
  return (await api.taskSteps({ id, fromN: 0, limit: 1000 })).steps;
}

async function mirrored(queue: TestQueue, srcSide: string, dstSide: string) {
  const wish = { srcSide, dstSide, srcRelFolder: '', deleteExtras: true, onConflict: 'skip' as const };
  const { planId, summary } = await queue.api.planMirror(wish);
  const steps = await stepsOf(queue, planId);
  return { planId, summary, lines: steps.map(({ bucket, relPath, code }) => `${bucket} ${relPath} ${code}`).sort() };
}

describe('a file where the other side has a folder', () => {
  for (const volume of [{}, { caseSensitive: false }]) {
    test(`keeps a mirror from deleting what is in the folder: ${JSON.stringify(volume)}`, async () => {
      const fs = twoDrives(volume);
      fs.file('/local/clip/thing', { size: 5 });
      fs.file('/local/other.pt', { size: 6 });
      fs.file('/lake/clip/thing/deep/inside.pt', { size: 7 });
      fs.file('/lake/extra.pt', { size: 8 });
      const queue = await createTestQueue({ fs });
      const { planId, lines, summary } = await mirrored(queue, 'local', 'lake');
      assert.deepEqual(lines, [
        'conflict clip/thing TARGET_EXISTS',
        'copy other.pt null',
        'delete extra.pt null',
        'extra clip/thing/deep/inside.pt TARGET_EXISTS',
      ]);
      assert.deepEqual(summary.extras, { files: 1, bytes: 7 });
      await queue.ended(await queue.api.executeMirror({ planId }));
      assert.deepEqual(pathsIn(fs, '/lake'), ['clip/thing/deep/inside.pt', 'other.pt']);
    });

    test(`is a conflict for all that lies in the folder, in plans of mirror and copy: ${JSON.stringify(volume)}`, async () => {
      const fs = twoDrives(volume);
      fs.file('/local/clip/thing/deep/inside.pt', { size: 7 });
      fs.file('/local/clip/free.pt', { size: 8 });
      fs.file('/lake/clip/thing', { size: 5 });
      const queue = await createTestQueue({ fs });
      const { lines } = await mirrored(queue, 'local', 'lake');
      const inside = 'conflict clip/thing/deep/inside.pt TARGET_EXISTS';
      assert.deepEqual(lines, ['conflict clip/thing TARGET_EXISTS', inside, 'copy clip/free.pt null']);
      const plan = await queue.api.planCopy({ ...toLake, srcRelPath: 'clip', move: false });
      assert.deepEqual(plan.buckets, { copy: { files: 1, bytes: 8 }, conflict: { files: 1, bytes: 7 } });
      assert.match((await stepsOf(queue, plan.planId)).at(-1)?.message ?? '', /“clip\/thing” is a file there/);
    });
  }

  test('says nothing about a folder whose name merely begins like the file', async () => {
    const fs = twoDrives();
    fs.file('/local/clip/thing', { size: 5 });
    fs.file('/local/clip/things/a.pt', { size: 6 });
    fs.file('/lake/clip/thing/inside.pt', { size: 7 });
    fs.file('/lake/clip/things/extra.pt', { size: 8 });
    const { lines } = await mirrored(await createTestQueue({ fs }), 'local', 'lake');
    assert.ok(lines.includes('copy clip/things/a.pt null'));
    assert.ok(lines.includes('delete clip/things/extra.pt null'));
  });
});

test('extras of a source without files stay, and each says why', async () => {
  const fs = twoDrives();
  fs.file('/lake/a.pt', { size: 5 });
  const queue = await createTestQueue({ fs });
  const wish = { srcSide: 'local', dstSide: 'lake', srcRelFolder: '', deleteExtras: true };
  const { planId, summary } = await queue.api.planMirror({ ...wish, onConflict: 'skip' });
  assert.deepEqual([summary.delete.files, summary.extras.files], [0, 1]);
  const [step] = await stepsOf(queue, planId);
  assert.match(step?.message ?? '', /^“a\.pt” stays: “local” has no files to compare it with\.$/);
});

describe('names', () => {
  async function filled(): Promise<{ fs: MemoryFileSystem; queue: TestQueue }> {
    const fs = twoDrives();
    fs.file('/local/loras/a.pt', { size: 5 });
    fs.file('/local/loras/b.pt', { size: 6 });
    return { fs, queue: await createTestQueue({ fs }) };
  }

  test('of several, one that is not there is told first, and the others are copied', async () => {
    const { fs, queue } = await filled();
    const srcRelPaths = ['loras/a.pt', 'gone.pt', 'loras/gone', 'gone.pt'];
    const { plan, task } = await queue.api.queueCopy({ ...toLake, srcRelPaths });
    assert.deepEqual(plan.buckets, { copy: { files: 1, bytes: 5 }, skipped: { files: 2, bytes: 0 } });
    const { done, skipped, failed, state } = await queue.ended(task);
    assert.deepEqual([done.files, skipped, failed, state], [1, 2, 0, 'done']);
    const steps = await stepsOf(queue, plan.planId);
    assert.deepEqual(
      steps.map(({ relPath, code }) => [relPath, code]),
      [
        ['gone.pt', 'ENTRY_NOT_FOUND'],
        ['loras/gone', 'ENTRY_NOT_FOUND'],
        ['loras/a.pt', null],
      ],
    );
    assert.deepEqual(pathsIn(fs, '/lake'), ['loras/a.pt']);
  });

  test('of several, one that is not there is told by a delete as well', async () => {
    const { fs, queue } = await filled();
    const { task } = await queue.api.queueDelete({
      side: 'local',
      relPaths: ['gone.pt', 'loras/a.pt'],
      sidecars: false,
    });
    assert.equal((await queue.ended(task)).done.files, 1);
    assert.deepEqual(pathsIn(fs, '/local'), ['loras/b.pt']);
  });

  test('that are not there at all are nothing to do; one alone is refused', async () => {
    const { queue } = await filled();
    const { plan, task } = await queue.api.queueCopy({ ...toLake, srcRelPaths: ['x', 'y'] });
    assert.deepEqual([task, plan.buckets], [null, { skipped: { files: 2, bytes: 0 } }]);
    await assert.rejects(
      queue.api.queueCopy({ ...toLake, srcRelPaths: ['lor*'] }),
      (thrown) => thrown instanceof AppError && thrown.code === 'ENTRY_NOT_FOUND' && /patterns/.test(thrown.hint ?? ''),
    );
  });

  test('may be written with \\ where nothing is called so', async () => {
    const { fs, queue } = await filled();
    fs.file('/local/loras\\b.pt', { size: 9 });
    await queue.refresh('local');
    await queue.ended(await queue.copy(['loras\\a.pt', 'loras\\b.pt']));
    assert.deepEqual(pathsIn(fs, '/lake'), ['loras/a.pt', 'loras\\b.pt']);
    const { planId } = await queue.api.planMirror({
      srcSide: 'local',
      srcRelFolder: 'loras\\',
      dstSide: 'lake',
      deleteExtras: false,
      onConflict: 'skip',
    });
    assert.deepEqual(
      (await stepsOf(queue, planId)).map(({ relPath }) => relPath),
      ['loras/b.pt'],
    );
  });
});

test('a task that a killed program left running waits for whoever only looks at the queue', async () => {
  const fs = twoDrives();
  fs.file('/local/a.pt', { size: 5 });
  const journal = createMemoryJournal();
  const queue = await createTestQueue({ fs, journal });
  await queue.api.pauseQueue({});
  const task = await queue.copy(['a.pt']);
  const [record] = await journal.loadTasks();
  assert.ok(task && record);
  await journal.saveTask({ ...record, state: 'running', startedMs: 1 });
  await journal.setPaused(false);
  const looking = await createTestQueue({ fs, journal, runs: 'none' });
  const { totals, tasks } = await looking.api.queue({ show: 'all', offset: 0, limit: 10 });
  assert.deepEqual([totals.running, totals.waiting, tasks[0]?.state], [0, 1, 'waiting']);
});
