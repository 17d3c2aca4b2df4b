import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { AbsolutePath } from '../../src/core/paths/absolute-path.ts';
import { giveNamesBack } from '../../src/features/queue/dedupe-ends.ts';
import { QueuedTask } from '../../src/features/queue/queued-task.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import { AliasedFileSystem } from '../support/aliased-file-system.ts';
import { hashAll } from '../support/index-facts.ts';
import { copyDefaults, createTestQueue, mirrorAll, type TestQueue, turns } from '../support/queue.ts';
import { contentsOf } from '../support/transfer-lab.ts';

const pathsIn = (fs: MemoryFileSystem, root: string): string[] => [...contentsOf(fs, root).keys()].sort();

async function rejects(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (thrown) => thrown instanceof AppError && thrown.code === code);
}

/** Time passes while the queue works, by which it knows what it has begun before. */
function passTime({ journal, clock }: TestQueue): void {
  const { saveSteps } = journal;
  Object.assign(journal, {
    async saveSteps(...args: Parameters<typeof saveSteps>) {
      clock.advance(5);
      await saveSteps(...args);
    },
  });
}

describe('a folder that something shows under two paths', () => {
  const aliases = [
    { liesAboutIds: true, remembers: true },
    { liesAboutIds: true, remembers: false },
    { liesAboutIds: false, remembers: true },
  ];
  for (const options of aliases) {
    test(`a move that is tried again does not take the source for its own copy: ${JSON.stringify(options)}`, async () => {
      const memory = new MemoryFileSystem();
      memory.file('/local/old.pt', { size: 4_000 });
      const fs = new AliasedFileSystem(memory, '/lake', '/local', options);
      const queue = await createTestQueue({ fs });
      passTime(queue);
      memory.file('/local/new.pt', { size: 5_000 });
      await queue.refresh('local');
      const { task } = await queue.api.queueMove({
        ...copyDefaults,
        srcSide: 'local',
        srcRelPath: 'new.pt',
        dstSide: 'lake',
      });
      assert.equal((await queue.ended(task)).error?.code, 'TARGET_EXISTS');
      await queue.api.retryTasks({});
      assert.equal((await queue.ended(task)).error?.code, 'TARGET_EXISTS');
      assert.deepEqual(pathsIn(memory, '/local'), ['new.pt', 'old.pt']);
    });
  }

  test('a copy that lies there from an earlier attempt still ends a move', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/local');
    fs.mount('/lake');
    fs.file('/local/a.pt', { size: 4_000, content: 'same' });
    const queue = await createTestQueue({ fs });
    passTime(queue);
    await queue.api.pauseQueue({});
    const wish = { ...copyDefaults, srcSide: 'local', srcRelPath: 'a.pt', dstSide: 'lake' };
    const { task } = await queue.api.queueMove(wish);
    fs.file('/lake/a.pt', { size: 4_000, content: 'other' });
    await queue.api.resumeQueue({});
    assert.equal((await queue.ended(task)).error?.code, 'TARGET_EXISTS');
    fs.remove('/lake/a.pt');
    fs.file('/lake/a.pt', { size: 4_000, content: 'same' });
    await queue.api.retryTasks({});
    assert.equal((await queue.ended(task)).state, 'done');
    assert.deepEqual([pathsIn(fs, '/local'), pathsIn(fs, '/lake')], [[], ['a.pt']]);
  });
});

describe('locations that turn out to overlap', () => {
  for (const [local, lake] of [
    ['/link', '/data'],
    ['/data', '/link'],
    ['/link', '/data/sub'],
  ]) {
    test(`${local} and ${lake}, where /link leads to /data/sub: nothing is transferred, and above all nothing deleted`, async () => {
      const fs = new MemoryFileSystem();
      fs.file('/data/sub/inner.pt', { size: 10 });
      fs.file('/data/outer.pt', { size: 11 });
      fs.link('/link', '/data/sub');
      const queue = await createTestQueue({ fs, roots: { local: local ?? '', lake: lake ?? '' } });
      await rejects('LOCATION_NESTED', queue.api.planMirror(mirrorAll));
      const all = { ...copyDefaults, srcSide: 'local', srcRelPath: '', dstSide: 'lake' };
      await rejects('LOCATION_NESTED', queue.api.queueMove(all));
      await rejects('LOCATION_NESTED', queue.api.queueCopy(all));
      assert.deepEqual(pathsIn(fs, '/data'), ['outer.pt', 'sub/inner.pt']);
    });
  }

  test('a plan that was made before they did is not carried out', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/lake/sub/a.pt', { size: 10 });
    fs.file('/lake/b.pt', { size: 11 });
    fs.file('/elsewhere/sub2/c.pt', { size: 12 });
    fs.link('/local', '/elsewhere');
    const queue = await createTestQueue({ fs });
    const { planId } = await queue.api.planMirror(mirrorAll);
    fs.remove('/local');
    fs.link('/local', '/lake/sub');
    const task = await queue.api.executeMirror({ planId });
    const outcome = await queue.api.waitForTask({ id: task.id, onHold: 'fail' });
    assert.equal(outcome.task.state, 'failed');
    assert.deepEqual(pathsIn(fs, '/lake'), ['b.pt', 'sub/a.pt']);
  });
});

describe('what has to be so right before a file goes', () => {
  function drives(volume: MemoryVolumeOptions = {}): MemoryFileSystem {
    const fs = new MemoryFileSystem();
    fs.mount('/local', volume);
    fs.mount('/lake', volume);
    for (const name of ['a', 'b']) fs.file(`/local/${name}.pt`, { size: 4_000, content: name });
    for (const name of ['x', 'y']) fs.file(`/lake/${name}.pt`, { size: 4_000, content: name });
    return fs;
  }

  test('a source whose copy was removed while the queue stood still is kept, and moved when that is tried again', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { saveSteps } = queue.journal;
    const { task } = await queue.api.queueMove({
      ...copyDefaults,
      srcSide: 'local',
      srcRelPath: 'a.pt',
      dstSide: 'lake',
    });
    Object.assign(queue.journal, {
      async saveSteps(...args: Parameters<typeof saveSteps>) {
        await saveSteps(...args);
        if (args[1].some(({ way }) => way === 'copied')) fs.remove('/lake/a.pt');
      },
    });
    assert.equal((await queue.ended(task)).error?.code, 'FILE_CHANGED');
    assert.deepEqual(pathsIn(fs, '/local'), ['a.pt', 'b.pt']);
    Object.assign(queue.journal, { saveSteps });
    await queue.api.retryTasks({});
    assert.equal((await queue.ended(task)).state, 'done');
    assert.deepEqual([pathsIn(fs, '/local'), pathsIn(fs, '/lake')], [['b.pt'], ['a.pt', 'x.pt', 'y.pt']]);
  });

  test('a file is no extra of a mirror once the source has something there, whether the index knows it or not', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { planId } = await queue.api.planMirror(mirrorAll);
    fs.file('/local/x.pt', { size: 9, content: 'another' });
    const { id } = await queue.api.executeMirror({ planId });
    const { task, skipped } = await queue.api.waitForTask({ id, onHold: 'wait' });
    assert.deepEqual(
      [task.state, skipped.map(({ relPath, code }) => `${relPath} ${code}`)],
      ['done', ['x.pt PLAN_STALE']],
    );
    assert.deepEqual(pathsIn(fs, '/lake'), ['a.pt', 'b.pt', 'x.pt']);
    await turns();
  });
});

describe('the last copy of a content', () => {
  /** One content on both sides under different paths, and one that only the lake has. */
  async function hashedDrives(options: Partial<Parameters<typeof createTestQueue>[0]> = {}) {
    const fs = new MemoryFileSystem();
    fs.mount('/local');
    fs.mount('/lake');
    fs.file('/local/loras/a.pt', { size: 4_000, content: 'both' });
    fs.file('/lake/old/a.pt', { size: 4_000, content: 'both' });
    fs.file('/lake/only.pt', { size: 3_000, content: 'only' });
    const queue = await createTestQueue({ fs, ...options });
    for (const id of ['local', 'lake']) await hashAll(queue, id);
    return { fs, queue };
  }

  test('a mirror says which of its deletes take it', async () => {
    const { queue } = await hashedDrives();
    const { plan } = await queue.api.planMirror(mirrorAll);
    assert.deepEqual([plan.buckets.delete?.files, plan.lastCopies], [2, { files: 1, bytes: 3_000 }]);
  });

  test('two deletes, each planned while the other file was there, leave one', async () => {
    const { fs, queue } = await hashedDrives();
    await queue.api.pauseQueue({});
    const here = await queue.api.planDelete({ side: 'local', relPath: 'loras/a.pt', sidecars: false });
    const there = await queue.api.planDelete({ side: 'lake', relPath: 'old/a.pt', sidecars: false });
    assert.deepEqual([here.lastCopies.files, there.lastCopies.files], [0, 0]);
    for (const { planId } of [here, there]) await queue.api.executePlan({ planId });
    await queue.api.resumeQueue({});
    const [first, second] = await Promise.all(
      [here, there].map(({ planId: id }) => queue.api.waitForTask({ id, onHold: 'wait' })),
    );
    assert.equal(first?.task.state, 'done');
    assert.deepEqual([second?.task.state, second?.failed[0]?.code], ['failed', 'PLAN_STALE']);
    assert.deepEqual([pathsIn(fs, '/local'), pathsIn(fs, '/lake')], [[], ['old/a.pt', 'only.pt']]);
  });

  test('what was named as the last copy goes as confirmed', async () => {
    const { fs, queue } = await hashedDrives();
    const plan = await queue.api.planDelete({ side: 'lake', relPath: 'only.pt', sidecars: false });
    assert.equal(plan.lastCopies.files, 1);
    assert.equal((await queue.ended(await queue.api.executePlan({ planId: plan.planId }))).state, 'done');
    assert.deepEqual(pathsIn(fs, '/lake'), ['old/a.pt']);
  });

  test('the same file under a second path is no other copy', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/data/sub/a.pt', { size: 10 });
    fs.file('/data/b.pt', { size: 11 });
    fs.link('/link', '/data/sub');
    const queue = await createTestQueue({ fs, roots: { local: '/link', lake: '/data' } });
    for (const id of ['local', 'lake']) await hashAll(queue, id);
    const plan = await queue.api.planDelete({ side: 'lake', relPath: 'sub/a.pt', sidecars: false });
    assert.equal(plan.lastCopies.files, 1);
  });
});

test('a move onto a file that is there says that its source stays', async () => {
  const fs = new MemoryFileSystem();
  for (const root of ['/local', '/lake']) fs.file(`${root}/a.pt`, { size: 10, content: 'same', mtimeNs: 1n });
  const queue = await createTestQueue({ fs });
  const { planId } = await queue.api.planCopy({
    ...copyDefaults,
    move: true,
    srcSide: 'local',
    srcRelPath: 'a.pt',
    dstSide: 'lake',
  });
  const { steps } = await queue.api.taskSteps({ id: planId, fromN: 0, limit: 10 });
  assert.match(steps[0]?.message ?? '', /is there already.*it was not moved, and its source stays\.$/);
});

test('an undo leaves no folder of its own behind, and takes none that holds something', async () => {
  const fs = new MemoryFileSystem();
  for (const name of ['a', 'b', 'c']) fs.file(`/local/${name}.pt`, { size: 10, content: name });
  fs.folder('/lake');
  const queue = await createTestQueue({ fs, undo: ['local'] });
  const remove = async (relPath: string) =>
    queue.ended((await queue.api.queueDelete({ side: 'local', relPath, sidecars: false })).task);
  const [first, second] = [await remove('a.pt'), await remove('b.pt')];
  await queue.api.undoTask({ id: first.id });
  assert.deepEqual(pathsIn(fs, '/local'), [`.weightroom-undo/${second.id}/0.deleted`, 'a.pt', 'c.pt']);
  await queue.api.undoTask({ id: second.id });
  assert.deepEqual(
    fs
      .list('/local')
      .map(({ name }) => name)
      .sort(),
    ['a.pt', 'b.pt', 'c.pt'],
  );
});

test('a name that waits to be given back is not taken for given where its location lies elsewhere now', async () => {
  const fs = new MemoryFileSystem();
  fs.folder('/lake');
  fs.file('/local/a.pt', { size: 10 });
  const queue = await createTestQueue({ fs });
  const { planId } = await queue.api.planDelete({ side: 'local', relPath: 'a.pt', sidecars: false });
  const [step] = await queue.journal.steps(planId, { fromN: 0, limit: 1 });
  assert.ok(step);
  const record = { ...queue.queue.require(planId).record(), id: 'dedupe01', kind: 'dedupe' as const };
  await queue.journal.addTask(record, [{ ...step, bucket: 'dedupe', state: 'running' }]);
  const task = new QueuedTask(record, queue.clock);
  assert.equal(await giveNamesBack(task, queue), true);
  const local = queue.slot('local');
  local.definition = { ...local.definition, path: '/elsewhere' as AbsolutePath };
  assert.equal(await giveNamesBack(task, queue), false);
});
