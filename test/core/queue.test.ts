import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import { refreshSlot } from '../../src/features/indexing/refresher.ts';
import { changeOf } from '../../src/features/queue/step-changes.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { hashAll, pathsOf } from '../support/index-facts.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { copyDefaults, createTestQueue, mirrorAll, type TestQueue, turns } from '../support/queue.ts';

const MiB = 1024 * 1024;

/** Two locations on volumes of their own. */
function drives(options: { lakeBytes?: number } = {}): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  fs.mount('/local');
  fs.mount('/lake', options.lakeBytes === undefined ? {} : { totalBytes: options.lakeBytes });
  fs.file('/local/loras/a.safetensors', { size: 3 * MiB });
  fs.file('/local/loras/a.civitai.info', { size: 40 });
  fs.file('/local/loras/a.preview.png', { size: 400 });
  fs.file('/local/loras/deep/b.safetensors', { size: 9 * MiB });
  fs.file('/local/vae/v.pt', { size: 10 });
  fs.file('/lake/vae/v.pt', { size: 11 });
  fs.file('/lake/extra/x.ckpt', { size: 20 });
  fs.file('/lake/extra/y.ckpt', { size: 21 });
  return fs;
}

function treeOf(fs: MemoryFileSystem, folder: string): readonly string[] {
  return fs
    .list(folder)
    .flatMap(({ name, kind }) => {
      const path = `${folder}/${name}`;
      return kind === 'folder' ? treeOf(fs, path) : [path];
    })
    .sort();
}

async function rejects(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (thrown) => thrown instanceof AppError && thrown.code === code);
}

function indexIsDisk({ slot }: TestQueue, fs: MemoryFileSystem): void {
  for (const id of ['local', 'lake']) {
    const onDisk = treeOf(fs, `/${id}`)
      .filter((path) => !path.includes('/.'))
      .map((path) => path.slice(id.length + 2));
    assert.deepEqual([...pathsOf(slot(id).index)].sort(), onDisk, `index of ${id}`);
  }
}

describe('copy', () => {
  test('a model brings its sidecars; the copy is in the index with its hash, and the source learns its own', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const task = await queue.ended(await queue.copy(['loras/a.safetensors']));
    assert.deepEqual([task.state, task.done.files, task.failed], ['done', 3, 0]);
    assert.equal(fs.stat('/lake/loras/a.safetensors').size, 3 * MiB);
    assert.equal(fs.stat('/lake/loras/a.civitai.info').size, 40);
    indexIsDisk(queue, fs);
    for (const id of ['local', 'lake']) assert.equal(queue.slot(id).index.totals().hashedFiles, 3, id);
  });

  test('a folder is copied with all that is below; what is there is left alone and told', async () => {
    const fs = drives();
    fs.file('/lake/loras/a.safetensors', { size: 5, content: 'other' });
    const queue = await createTestQueue({ fs });
    const before = fs.stat('/lake/loras/a.safetensors');
    const { task, plan } = await queue.api.queueCopy({
      ...copyDefaults,
      srcSide: 'local',
      srcRelPath: 'loras',
      dstSide: 'lake',
    });
    assert.deepEqual([plan.buckets.copy?.files, plan.buckets.conflict?.files], [3, 1]);
    const outcome = await queue.api.waitForTask({ id: task!.id, onHold: 'wait' });
    assert.equal(outcome.task.state, 'done');
    assert.deepEqual(
      outcome.skipped.map(({ relPath, code }) => [relPath, code]),
      [['loras/a.safetensors', 'TARGET_EXISTS']],
    );
    assert.deepEqual(fs.stat('/lake/loras/a.safetensors'), before);
    indexIsDisk(queue, fs);
  });

  test('a file that appears at the target after the plan is not overwritten', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const plan = await queue.api.planCopy({
      ...copyDefaults,
      move: false,
      srcSide: 'local',
      srcRelPath: 'vae',
      dstSide: 'lake',
    });
    assert.equal(plan.buckets.copy, undefined);
    const other = await queue.api.planCopy({
      ...copyDefaults,
      move: false,
      srcSide: 'local',
      srcRelPath: 'loras/deep/b.safetensors',
      dstSide: 'lake',
    });
    fs.file('/lake/loras/deep/b.safetensors', { size: 1, content: 'mine' });
    const task = await queue.ended(await queue.api.executePlan({ planId: other.planId }));
    assert.deepEqual([task.state, task.error?.code], ['failed', 'TARGET_EXISTS']);
    assert.equal(fs.stat('/lake/loras/deep/b.safetensors').size, 1);
  });

  test('a source that changed since the plan is not copied', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    fs.file('/local/loras/deep/b.safetensors', { size: 8 });
    const task = await queue.ended(await queue.copy(['loras/deep/b.safetensors']));
    assert.equal(task.error?.code, 'FILE_CHANGED');
    assert.deepEqual(
      treeOf(fs, '/lake').filter((path) => path.includes('/b.')),
      [],
    );
  });

  test('content the target holds elsewhere is offered, and copied from there when asked', async () => {
    const fs = drives();
    fs.file('/lake/elsewhere/same.safetensors', { size: 3 * MiB, content: '/local/loras/a.safetensors' });
    const queue = await createTestQueue({ fs });
    await hashAll(queue, 'local');
    await hashAll(queue, 'lake');
    const wish = {
      ...copyDefaults,
      sidecars: false,
      srcSide: 'local',
      srcRelPath: 'loras/a.safetensors',
      dstSide: 'lake',
    };
    const plan = await queue.api.planCopy({ ...wish, move: false });
    assert.deepEqual(plan.elsewhere, { files: 1, bytes: 3 * MiB });
    const { task } = await queue.api.queueCopy({ ...wish, insideTarget: true });
    assert.equal((await queue.ended(task)).state, 'done');
    const { steps } = await queue.api.taskSteps({ id: task!.id, fromN: 0, limit: 10 });
    assert.deepEqual(
      [steps[0]?.from, steps[0]?.relPath, steps[0]?.toRelPath],
      ['lake', 'elsewhere/same.safetensors', 'loras/a.safetensors'],
    );
    indexIsDisk(queue, fs);
  });

  test('a target that is too small refuses the plan before anything is written', async () => {
    const fs = drives({ lakeBytes: 4 * MiB });
    const queue = await createTestQueue({ fs });
    await rejects('NO_SPACE', queue.copy(['loras']));
    assert.deepEqual((await queue.api.queue({ show: 'all', offset: 0, limit: 10 })).tasks, []);
  });

  test('a drive that fills up holds the task, which goes on when there is space', async () => {
    const fs = drives({ lakeBytes: 20 * MiB });
    const queue = await createTestQueue({ fs });
    await queue.api.pauseQueue({});
    const task = await queue.copy(['loras/deep/b.safetensors']);
    fs.file('/lake/fill.bin', { size: 15 * MiB });
    await queue.api.resumeQueue({});
    await turns();
    const held = queue.queue.require(task!.id).describe();
    assert.deepEqual([held.state, held.hold?.code, held.failed], ['waiting', 'NO_SPACE', 0]);
    fs.remove('/lake/fill.bin');
    await queue.pass(70_000);
    assert.equal((await queue.ended(task)).state, 'done');
  });

  test('an error that may pass is tried again after a pause, one that does not is not', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs, retryCount: 2 });
    fs.setFaults([{ op: 'read', path: (path) => path.endsWith('b.safetensors'), nth: 1, fail: 'EIO' }]);
    const task = await queue.copy(['loras/deep/b.safetensors', 'loras/a.safetensors']);
    await turns();
    const held = queue.queue.require(task!.id).describe();
    assert.deepEqual(
      [held.state, held.hold?.code, held.done.files],
      ['waiting', 'RETRY', 3],
      'the others are done meanwhile',
    );
    await queue.pass(60_000);
    assert.deepEqual(
      [(await queue.ended(task)).state, inner.stat('/lake/loras/deep/b.safetensors').size],
      ['done', 9 * MiB],
    );
    fs.setFaults([{ op: 'read', path: (path) => path.endsWith('v.pt'), fail: 'EIO' }]);
    inner.remove('/lake/vae/v.pt');
    await queue.refresh('lake');
    const failing = await queue.copy(['vae/v.pt']);
    for (let k = 0; k < 4; k += 1) {
      await turns();
      await queue.pass(100_000);
    }
    const failed = await queue.ended(failing);
    assert.deepEqual([failed.state, failed.failed, failed.error?.code], ['failed', 1, 'IO_FAILED']);
    fs.setFaults([]);
    await queue.api.retryTasks({});
    assert.equal((await queue.ended(failing)).state, 'done');
  });

  test('a timer that rings a moment too early does not cost the next try', async () => {
    const fs = new FaultyFileSystem(drives());
    const queue = await createTestQueue({ fs });
    fs.setFaults([{ op: 'read', path: (path) => path.endsWith('b.safetensors'), nth: 1, fail: 'EIO' }]);
    const task = await queue.copy(['loras/deep/b.safetensors']);
    await turns();
    const { hold } = queue.queue.require(task!.id).describe();
    await queue.pass(hold!.untilMs! - queue.clock.nowMs() - 1);
    assert.equal(queue.queue.require(task!.id).state, 'waiting', 'its time has not come');
    await queue.pass(1);
    assert.equal(queue.queue.require(task!.id).state, 'done');
  });

  test('a drive that goes away holds the task, which goes on by itself when it is back', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs });
    let writes = 0;
    fs.setFaults([{ op: 'write', path: (path) => path.includes('/lake/') && ++writes > 2, fail: 'ENOTCONN' }]);
    const task = await queue.copy(['loras/deep/b.safetensors']);
    await turns();
    const held = queue.queue.require(task!.id).describe();
    assert.deepEqual([held.state, held.hold?.code], ['waiting', 'LOCATION_OFFLINE']);
    fs.setFaults([]);
    await queue.registry.look(queue.slot('lake'));
    await queue.pass(120_000);
    assert.equal((await queue.ended(task)).state, 'done');
    indexIsDisk(queue, inner);
    assert.deepEqual(
      treeOf(inner, '/lake').filter((path) => path.endsWith('.part')),
      [],
    );
  });

  test('a folder without its drive is not written into', async () => {
    const fs = drives();
    fs.remove('/lake/vae');
    fs.remove('/lake/extra');
    const queue = await createTestQueue({ fs });
    fs.unmount('/lake');
    const task = await queue.copy(['vae/v.pt']);
    await turns();
    assert.equal(queue.queue.require(task!.id).describe().hold?.code, 'LOCATION_OFFLINE');
    assert.deepEqual(treeOf(fs, '/lake'), []);
    fs.mount('/lake', { fileSystem: 'xfs' });
    await queue.registry.look(queue.slot('lake'));
    await queue.pass(120_000);
    assert.deepEqual(treeOf(fs, '/lake'), [], 'another drive is not the one that was read');
    fs.unmount('/lake');
  });

  test('who does not want to wait for a drive gets the reason with every file', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs });
    fs.setFaults([{ op: 'write', path: (path) => path.includes('/lake/'), fail: 'ENOTCONN' }]);
    const task = await queue.copy(['loras/deep/b.safetensors']);
    const { task: ended, failed } = await queue.api.waitForTask({ id: task!.id, onHold: 'fail' });
    assert.equal(ended.state, 'failed');
    assert.deepEqual(
      failed.map(({ code }) => code),
      ['LOCATION_OFFLINE'],
    );
  });
});

describe('the queue', () => {
  test('pauses between chunks and over a restart, cancels, reorders, clears', async () => {
    const fs = drives();
    const journal = createMemoryJournal();
    const queue = await createTestQueue({ fs, journal });
    await queue.api.pauseQueue({});
    const [first, second, third] = [
      await queue.copy(['loras/a.civitai.info']),
      await queue.copy(['loras/a.preview.png']),
      await queue.copy(['loras/deep/b.safetensors']),
    ];
    await turns();
    const order = async () =>
      (await queue.api.queue({ show: 'active', offset: 0, limit: 10 })).tasks.map(({ id }) => id);
    assert.deepEqual(await order(), [first!.id, second!.id, third!.id]);
    await queue.api.reorderTask({ id: third!.id, before: first!.id });
    assert.deepEqual(await order(), [third!.id, first!.id, second!.id]);
    await queue.api.reorderTask({ id: third!.id, before: null });
    assert.deepEqual(await order(), [first!.id, second!.id, third!.id]);
    await queue.api.cancelTasks({ ids: [second!.id], all: false });
    await queue.queue.close();

    const again = await createTestQueue({ fs, journal });
    assert.equal((await again.api.queue({ show: 'all', offset: 0, limit: 10 })).paused, true);
    await turns();
    assert.deepEqual(
      treeOf(fs, '/lake').filter((path) => path.includes('loras')),
      [],
    );
    await again.api.resumeQueue({});
    assert.equal((await again.ended(third)).state, 'done');
    const ended = await again.api.queue({ show: 'finished', offset: 0, limit: 10 });
    assert.deepEqual(ended.tasks.map(({ state }) => state).sort(), ['cancelled', 'done', 'done']);
    assert.deepEqual((await again.api.clearFinished({})).tasks, []);
  });

  test('only what a command itself asks for is carried out where it runs alone', async () => {
    const fs = drives();
    const journal = createMemoryJournal();
    const server = await createTestQueue({ fs, journal });
    await server.api.pauseQueue({});
    const waiting = await server.copy(['loras/a.civitai.info']);
    await server.queue.close();
    await journal.setPaused(false);
    const command = await createTestQueue({ fs, journal, runs: 'own' });
    assert.equal((await command.ended(await command.copy(['loras/a.preview.png']))).state, 'done');
    assert.equal(command.queue.require(waiting!.id).state, 'waiting');
  });
});

describe('delete and move', () => {
  test('a location that does not allow it refuses, for delete, move and mirror alike', async () => {
    const queue = await createTestQueue({ fs: drives(), deletable: [] });
    await rejects(
      'DELETE_NOT_ALLOWED',
      queue.api.queueDelete({ side: 'lake', relPath: 'extra/x.ckpt', sidecars: false }),
    );
    await rejects(
      'DELETE_NOT_ALLOWED',
      queue.api.queueMove({ ...copyDefaults, srcSide: 'local', srcRelPath: 'vae', dstSide: 'lake' }),
    );
    const { summary } = await queue.api.planMirror(mirrorAll);
    assert.deepEqual([summary.delete.files, summary.extras.files], [0, 2]);
  });

  test('a move leaves the file at the target only, and the index knows', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { task } = await queue.api.queueMove({
      ...copyDefaults,
      srcSide: 'local',
      srcRelPath: 'loras',
      dstSide: 'lake',
    });
    assert.equal((await queue.ended(task)).state, 'done');
    assert.deepEqual(treeOf(fs, '/local'), ['/local/vae/v.pt']);
    assert.equal(treeOf(fs, '/lake').filter((path) => path.includes('/loras/')).length, 4);
    indexIsDisk(queue, fs);
  });

  test('what a killed program had moved is no loss that a person must confirm', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const local = queue.slot('local');
    const before = [...local.index.inOrder()];
    const { task } = await queue.api.queueMove({
      ...copyDefaults,
      srcSide: 'local',
      srcRelPath: 'loras',
      dstSide: 'lake',
    });
    await queue.ended(task);
    // As the catalog has it when the program is killed before it hears of the end.
    for (const folder of before) local.index.set(folder);
    const refresh = (replays: boolean) =>
      refreshSlot(
        local,
        { folder: '', acceptLoss: false, stop: new AbortController() },
        {
          ...queue,
          ignoreGlobs: [],
          ...(replays ? { replayRemovals: (slot, missing) => queue.queue.replayRemovals(slot, missing) } : {}),
        },
      );
    assert.equal((await refresh(false)).outcome, 'attention');
    local.stored = { ...local.stored, missingFiles: 0, scannedAtMs: 0 };
    assert.equal((await refresh(true)).outcome, 'done');
    indexIsDisk(queue, fs);
  });

  test('nor is what a killed program was removing when nobody had heard of it yet', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const lake = queue.slot('lake');
    const before = [...lake.index.inOrder()];
    const { task } = await queue.api.queueDelete({ side: 'lake', relPath: 'extra', sidecars: false });
    const ended = await queue.ended(task);
    for (const folder of before) lake.index.set(folder);
    const refreshAs = async (state: 'waiting' | 'running') => {
      lake.stored = { ...lake.stored, missingFiles: 0, scannedAtMs: 0 };
      const steps = await queue.journal.steps(ended.id, { fromN: 0, limit: 10 });
      const [record] = (await queue.journal.loadTasks()).filter(({ id }) => id === ended.id);
      const changes = steps.map((step) => ({ ...changeOf(step, { state }), way: null }));
      await queue.journal.saveSteps(record!, changes);
      return refreshSlot(
        lake,
        { folder: '', acceptLoss: false, stop: new AbortController() },
        { ...queue, ignoreGlobs: [], replayRemovals: (slot, missing) => queue.queue.replayRemovals(slot, missing) },
      );
    };
    assert.equal((await refreshAs('waiting')).outcome, 'attention');
    assert.equal((await refreshAs('running')).outcome, 'done');
    indexIsDisk(queue, fs);
  });

  test('a delete names what has no other known copy, removes the files and the folders it emptied', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const plan = await queue.api.planDelete({ side: 'lake', relPath: 'extra', sidecars: false });
    assert.deepEqual([plan.buckets.delete, plan.lastCopies.files], [{ files: 2, bytes: 41 }, 2]);
    assert.equal((await queue.ended(await queue.api.executePlan({ planId: plan.planId }))).state, 'done');
    assert.deepEqual(
      fs.list('/lake').map(({ name }) => name),
      ['vae'],
    );
    indexIsDisk(queue, fs);
  });

  test('a plan counts the folders that go too, and can be of empty ones alone', async () => {
    const fs = drives();
    fs.folder('/lake/hollow/inner');
    const queue = await createTestQueue({ fs });
    const plan = (relPath: string) => queue.api.planDelete({ side: 'lake', relPath, sidecars: false });
    assert.equal((await plan('extra')).folders, 1);
    assert.equal((await plan('extra/x.ckpt')).folders, 0);
    const { planId, folders, buckets } = await plan('hollow');
    assert.deepEqual([folders, buckets], [2, {}]);
    assert.equal((await queue.ended(await queue.api.executePlan({ planId }))).state, 'done');
    assert.deepEqual(
      fs
        .list('/lake')
        .map(({ name }) => name)
        .sort(),
      ['extra', 'vae'],
    );
  });

  test('a file that is not as it was planned stays', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const plan = await queue.api.planDelete({ side: 'lake', relPath: 'extra', sidecars: false });
    fs.file('/lake/extra/x.ckpt', { size: 99, content: 'new' });
    const task = await queue.ended(await queue.api.executePlan({ planId: plan.planId }));
    assert.deepEqual([task.state, task.done.files, task.error?.code], ['failed', 1, 'FILE_CHANGED']);
    assert.deepEqual(treeOf(fs, '/lake/extra'), ['/lake/extra/x.ckpt']);
  });

  test('with undo, files come back as they were; a path taken meanwhile is not touched', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs, undo: ['lake'] });
    const before = fs.stat('/lake/extra/y.ckpt');
    const { task } = await queue.api.queueDelete({ side: 'lake', relPath: 'extra', sidecars: false });
    const ended = await queue.ended(task);
    assert.ok(ended.undoUntilMs !== null);
    await rejects('TASK_STATE', queue.api.removeTasks({ ids: [task!.id] }));
    fs.file('/lake/extra/x.ckpt', { size: 1, content: 'newer' });
    const undone = await queue.api.undoTask({ id: task!.id });
    assert.deepEqual([undone.restored, undone.failed.map(({ code }) => code)], [1, ['TARGET_EXISTS']]);
    assert.equal(fs.stat('/lake/extra/x.ckpt').size, 1);
    const { size, mtimeNs } = fs.stat('/lake/extra/y.ckpt');
    assert.deepEqual([size, mtimeNs], [before.size, before.mtimeNs]);
  });

  test('deleting more than half of a location takes a typed word', async () => {
    const fs = drives();
    for (let n = 0; n < 40; n += 1) fs.file(`/lake/many/f${n}.pt`, { size: 5 });
    const queue = await createTestQueue({ fs });
    const { confirm, planId } = await queue.api.planDelete({ side: 'lake', relPath: 'many', sidecars: false });
    assert.equal(confirm, 'DELETE 40');
    await rejects('CONFIRMATION_NEEDED', queue.api.executePlan({ planId }));
    await rejects('CONFIRMATION_NEEDED', queue.api.executePlan({ planId, confirm: 'yes' }));
    assert.equal((await queue.ended(await queue.api.executePlan({ planId, confirm: 'DELETE 40' }))).done.files, 40);
  });
});

describe('mirror', () => {
  test('copies what is missing, deletes what is too much, leaves conflicts', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { summary, planId } = await queue.api.planMirror(mirrorAll);
    assert.deepEqual(
      [summary.copy.files, summary.delete.files, summary.conflicts.files, summary.extras.files],
      [4, 2, 1, 0],
    );
    const task = await queue.ended(await queue.api.executeMirror({ planId }));
    assert.deepEqual([task.state, task.done.files], ['done', 6]);
    assert.equal(fs.stat('/lake/vae/v.pt').size, 11);
    const names = (side: string) => treeOf(fs, side).map((path) => path.slice(side.length));
    assert.deepEqual(names('/lake'), names('/local'));
    indexIsDisk(queue, fs);
  });

  test('a stale step is skipped and told, never forced', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { planId } = await queue.api.planMirror(mirrorAll);
    fs.file('/lake/loras/a.safetensors', { size: 7, content: 'theirs' });
    fs.file('/lake/extra/x.ckpt', { size: 77, content: 'newer' });
    fs.file('/local/extra/y.ckpt', { size: 21 });
    await queue.refresh('local');
    const task = await queue.api.executeMirror({ planId });
    const { task: ended, skipped } = await queue.api.waitForTask({ id: task.id, onHold: 'wait' });
    assert.equal(ended.state, 'done');
    assert.deepEqual(skipped.map(({ relPath, code }) => `${relPath} ${code}`).sort(), [
      'extra/x.ckpt FILE_CHANGED',
      'extra/y.ckpt PLAN_STALE',
      'loras/a.safetensors TARGET_EXISTS',
      'vae/v.pt TARGET_EXISTS',
    ]);
    assert.equal(fs.stat('/lake/extra/x.ckpt').size, 77);
    assert.equal(fs.stat('/lake/extra/y.ckpt').size, 21);
  });

  test('an empty source deletes nothing, an offline one plans nothing', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { planId } = await queue.api.planMirror(mirrorAll);
    fs.remove('/local/loras');
    fs.remove('/local/vae');
    const task = await queue.api.executeMirror({ planId });
    await queue.api.waitForTask({ id: task.id, onHold: 'fail' });
    assert.equal(fs.stat('/lake/extra/x.ckpt').size, 20);
    fs.unmount('/local');
    fs.remove('/local');
    await rejects('LOCATION_OFFLINE', queue.api.planMirror(mirrorAll));
  });

  test('files that were only moved come from the target itself', async () => {
    const fs = drives();
    fs.file('/lake/old-place/b.safetensors', { size: 9 * MiB, content: '/local/loras/deep/b.safetensors' });
    const queue = await createTestQueue({ fs });
    await hashAll(queue, 'local');
    await hashAll(queue, 'lake');
    const { summary, planId } = await queue.api.planMirror(mirrorAll);
    assert.equal(summary.moved.files, 1);
    const task = await queue.ended(await queue.api.executeMirror({ planId }));
    assert.equal(task.state, 'done');
    assert.equal(fs.stat('/lake/loras/deep/b.safetensors').size, 9 * MiB);
    assert.throws(() => fs.stat('/lake/old-place/b.safetensors'));
  });

  test('where the source could not be read, nothing at the target counts as too much', async () => {
    const fs = drives();
    fs.file('/local/extra/secret.ckpt', { size: 1 });
    fs.setReadable('/local/extra', false);
    const queue = await createTestQueue({ fs });
    const { summary } = await queue.api.planMirror(mirrorAll);
    assert.deepEqual([summary.delete.files, summary.extras.files], [0, 2]);
  });

  test('its deletes can be undone where the target keeps them', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs, undo: ['lake'] });
    const { planId } = await queue.api.planMirror(mirrorAll);
    const task = await queue.ended(await queue.api.executeMirror({ planId }));
    assert.deepEqual([task.state, fs.list('/lake/extra').length], ['done', 0]);
    assert.equal((await queue.api.undoTask({ id: task.id })).restored, 2);
    assert.deepEqual(treeOf(fs, '/lake/extra'), ['/lake/extra/x.ckpt', '/lake/extra/y.ckpt']);
  });

  test('a target that does not tell letters apart keeps the spelling of its folders, and twins are never copied', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/local');
    fs.mount('/lake', { caseSensitive: false, fileSystem: 'exfat' });
    fs.file('/local/Loras/new.pt', { size: 3 });
    fs.file('/local/vae/A.pt', { size: 3 });
    fs.file('/local/vae/a.pt', { size: 4 });
    fs.file('/local/vae/a:b.pt', { size: 4 });
    fs.file('/lake/loras/old.pt', { size: 5 });
    const queue = await createTestQueue({ fs });
    const { summary, planId } = await queue.api.planMirror({ ...mirrorAll, deleteExtras: false });
    assert.deepEqual([summary.copy.files, summary.conflicts.files, summary.skipped.files], [1, 2, 1]);
    assert.equal((await queue.ended(await queue.api.executeMirror({ planId }))).state, 'done');
    assert.deepEqual(treeOf(fs, '/lake'), ['/lake/loras/new.pt', '/lake/loras/old.pt']);
    assert.deepEqual([...pathsOf(queue.slot('lake').index)].sort(), ['loras/new.pt', 'loras/old.pt']);
  });

  test('a plan of which a killed program stored only a part is not executed', async () => {
    const fs = drives();
    for (let n = 0; n < 1_500; n += 1) fs.file(`/local/many/f${n}.pt`, { size: 1 });
    const journal = createMemoryJournal();
    const killed = await createTestQueue({ fs, journal: { ...journal, addSteps: () => new Promise(() => {}) } });
    const { planId } = await killed.api.planMirror(mirrorAll);
    const again = await createTestQueue({ fs, journal });
    await rejects('PLAN_STALE', again.api.executeMirror({ planId }));
    assert.deepEqual(treeOf(fs, '/lake').length, 3);
  });

  test('with “stop” a conflict keeps the whole mirror from beginning', async () => {
    const queue = await createTestQueue({ fs: drives() });
    const { planId } = await queue.api.planMirror({ ...mirrorAll, onConflict: 'stop' });
    await rejects('TASK_STATE', queue.api.executeMirror({ planId }));
  });
});
