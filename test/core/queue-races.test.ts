import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { AbsolutePath } from '../../src/core/paths/absolute-path.ts';
import type { Journal } from '../../src/core/ports/journal.ts';
import { createRefreshRuns } from '../../src/features/indexing/refresh-runs.ts';
import { IndexKeeper } from '../../src/features/queue/index-keeper.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { pathsOf } from '../support/index-facts.ts';
import { createMemoryCatalogStore } from '../support/memory-catalog-store.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { copyDefaults, createTestQueue, type TestQueue, turns } from '../support/queue.ts';
import { contentsOf } from '../support/transfer-lab.ts';

function drives(): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  fs.mount('/local');
  fs.mount('/lake');
  for (const name of ['a', 'b', 'c']) fs.file(`/local/loras/${name}.pt`, { size: 5 * 1024 * 1024, content: name });
  for (const name of ['x', 'y', 'z']) fs.file(`/lake/extra/${name}.pt`, { size: 20 });
  return fs;
}

async function rejects(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (thrown) => thrown instanceof AppError && thrown.code === code);
}

const pathsIn = (fs: MemoryFileSystem, root: string): string[] => [...contentsOf(fs, root).keys()].sort();
const loras = { ...copyDefaults, srcSide: 'local', srcRelPath: 'loras', dstSide: 'lake' };
const extra = { side: 'lake', relPath: 'extra', sidecars: false };
const stateOf = (queue: TestQueue, id: string) => queue.queue.require(id).state;

/** A journal whose calls of some names wait until they are let go. */
function slowJournal(inner: Journal) {
  const held: (() => void)[] = [];
  let names: readonly string[] = [];
  const journal = Object.fromEntries(
    Object.entries(inner).map(([name, call]) => [
      name,
      typeof call !== 'function'
        ? call
        : async (...args: unknown[]) => {
            if (names.includes(name)) await new Promise<void>((resolve) => held.push(resolve));
            return (call as (...all: unknown[]) => unknown)(...args);
          },
    ]),
  ) as unknown as Journal;
  return {
    journal,
    hold: (...held: readonly string[]) => {
      names = held;
    },
    letGo() {
      names = [];
      for (const resolve of held.splice(0)) resolve();
    },
  };
}

describe('who changes a task at the same time', () => {
  test('a plan that is executed twice at once begins once', async () => {
    const queue = await createTestQueue({ fs: drives() });
    const { planId } = await queue.api.planCopy({ ...loras, move: false });
    const both = await Promise.allSettled([queue.api.executePlan({ planId }), queue.api.executePlan({ planId })]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await queue.ended(queue.queue.require(planId).describe())).done.files, 3);
  });

  test('a plan that could not be written down is not carried out', async () => {
    const fs = drives();
    let isFailing = false;
    const journal = createMemoryJournal({
      failing: (call) => (isFailing && call === 'saveTask' ? new AppError('IO_FAILED', 'no') : null),
    });
    const queue = await createTestQueue({ fs, journal });
    isFailing = true;
    await rejects('IO_FAILED', queue.api.queueCopy(loras));
    isFailing = false;
    await queue.api.resumeQueue({});
    await turns();
    assert.equal(pathsIn(fs, '/lake').length, 3);
    assert.equal(queue.queue.list.active().length, 0);
  });

  test('a waiting task that is being cancelled does not begin meanwhile', async () => {
    const fs = drives();
    const slow = slowJournal(createMemoryJournal());
    const queue = await createTestQueue({ fs, journal: slow.journal });
    await queue.api.pauseQueue({});
    const { task } = await queue.api.queueDelete(extra);
    slow.hold('moveSteps');
    const cancelled = queue.api.cancelTasks({ ids: [task!.id], all: false });
    await queue.api.resumeQueue({});
    await turns(30);
    slow.letGo();
    await cancelled;
    await turns();
    assert.equal(stateOf(queue, task!.id), 'cancelled');
    assert.equal(pathsIn(fs, '/lake').length, 3);
  });

  test('retrying twice at once leaves no step behind', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs, retryCount: 0 });
    fs.setFaults([{ op: 'openRead', path: (path) => path.endsWith('.pt'), fail: 'EIO' }]);
    const { task } = await queue.api.queueCopy(loras);
    assert.equal((await queue.ended(task)).failed, 3);
    await Promise.all([
      queue.api.retryTasks({}),
      queue.api.retryTasks({}),
      turns(3).then(() => queue.api.retryTasks({})),
    ]);
    await turns();
    fs.setFaults([]);
    await queue.api.retryTasks({});
    const ended = await queue.ended(queue.queue.require(task!.id).describe());
    assert.deepEqual([ended.state, ended.done.files, ended.failed], ['done', 3, 0]);
    const open = await queue.journal.steps(task!.id, { fromN: 0, limit: 10, states: ['waiting', 'running', 'failed'] });
    assert.deepEqual(open, []);
  });

  test('a task whose run ends with a pause for another try is cancelled all the same', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs });
    let cancelled: Promise<unknown> = Promise.resolve();
    const stop = queue.events.subscribe(({ type, data }) => {
      if (type === 'queue.progressed' && data.tasks[0]?.done.files === 0 && !hasAsked) {
        hasAsked = true;
        cancelled = queue.api.cancelTasks({ all: true });
      }
    });
    let hasAsked = false;
    fs.setFaults([{ op: 'read', path: (path) => path.endsWith('c.pt'), nth: 1, fail: 'EIO' }]);
    const { task } = await queue.api.queueCopy({ ...loras, srcRelPath: 'loras/c.pt' });
    await turns();
    if (!hasAsked) cancelled = queue.api.cancelTasks({ all: true });
    await cancelled;
    stop();
    assert.equal(stateOf(queue, task!.id), 'cancelled');
    await queue.pass(100_000);
    assert.equal(stateOf(queue, task!.id), 'cancelled');
    assert.equal(pathsIn(inner, '/lake').length, 3);
  });

  test('while the queue is paused a task that waits is cancelled at once, and an undo works', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs, undo: ['lake'] });
    const { task: deleted } = await queue.api.queueDelete({ ...extra, relPath: 'extra/x.pt' });
    await queue.ended(deleted);
    await queue.api.pauseQueue({});
    const { task } = await queue.api.queueDelete(extra);
    await queue.api.cancelTasks({ ids: [task!.id], all: false });
    assert.equal(stateOf(queue, task!.id), 'cancelled');
    assert.equal((await queue.api.undoTask({ id: deleted!.id })).restored, 1);
    assert.equal(pathsIn(fs, '/lake').length, 3);
  });

  test('cancelling one task of a paused queue does not let the others go on', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const first = await queue.api.queueCopy({ ...loras, srcRelPath: 'loras/a.pt' });
    await turns(1);
    await queue.api.pauseQueue({});
    const second = await queue.api.queueDelete(extra);
    await queue.api.cancelTasks({ ids: [first.task!.id], all: false });
    await turns();
    assert.equal(stateOf(queue, second.task!.id), 'waiting');
    assert.ok(pathsIn(fs, '/lake').includes('extra/x.pt'));
  });

  test('two undos at once put each file back once', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs, undo: ['lake'] });
    const { task } = await queue.api.queueDelete(extra);
    await queue.ended(task);
    const [first, second] = await Promise.allSettled([
      queue.api.undoTask({ id: task!.id }),
      queue.api.undoTask({ id: task!.id }),
    ]);
    assert.equal(first.status === 'fulfilled' && first.value.restored, 3);
    assert.equal(second.status, 'rejected');
    assert.equal(pathsIn(fs, '/lake').length, 3);
  });

  test('a task that has begun is not removed, and whoever waits for one that is removed is told', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    fs.unmount('/lake');
    await turns();
    const { task } = await queue.api.queueCopy(loras);
    await turns();
    assert.equal(queue.queue.require(task!.id).hold?.code, 'LOCATION_OFFLINE');
    await rejects('TASK_STATE', queue.api.removeTasks({ ids: [task!.id] }));
    await queue.api.pauseQueue({});
    const { task: waiting } = await queue.api.queueCopy(loras);
    const waited = queue.api.waitForTask({ id: waiting!.id, onHold: 'wait' });
    await turns(2);
    await Promise.all([rejects('TASK_NOT_FOUND', waited), queue.api.removeTasks({ ids: [waiting!.id] })]);
  });
});

describe('what becomes of a task whose world changed', () => {
  test('a location at another path than planned is not written to, nor deleted from', async () => {
    const fs = drives();
    fs.mount('/other');
    fs.file('/other/extra/x.pt', { size: 20, content: '/lake/extra/x.pt' });
    const queue = await createTestQueue({ fs });
    const plan = await queue.api.planCopy({ ...loras, move: false });
    await queue.api.pauseQueue({});
    const { task } = await queue.api.queueDelete(extra);
    const slot = queue.slot('lake');
    slot.definition = { ...slot.definition, path: '/other' as AbsolutePath };
    await rejects('PLAN_STALE', queue.api.executePlan({ planId: plan.planId }));
    await queue.api.resumeQueue({});
    const ended = await queue.ended(task);
    assert.deepEqual([ended.state, ended.error?.code], ['failed', 'PLAN_STALE']);
    assert.deepEqual(pathsIn(fs, '/other'), ['extra/x.pt']);
    assert.equal(pathsIn(fs, '/lake').length, 3);
  });

  test('a location that was removed fails its tasks, and they can be cancelled', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    await queue.api.pauseQueue({});
    const [first, second] = [await queue.api.queueDelete(extra), await queue.api.queueDelete(extra)];
    queue.registry.close('lake');
    await queue.api.cancelTasks({ ids: [first.task!.id], all: false });
    assert.equal(stateOf(queue, first.task!.id), 'cancelled');
    await queue.api.resumeQueue({});
    const ended = await queue.ended(second.task);
    assert.deepEqual([ended.state, ended.error?.code], ['failed', 'LOCATION_NOT_FOUND']);
  });

  test('deletes that were forbidden meanwhile stop, and what was staged before can be undone', async () => {
    const fs = drives();
    const many = 1_500;
    for (let n = 0; n < many; n += 1) fs.file(`/lake/many/f${n}.pt`, { size: 5 });
    for (let n = 0; n < 2 * many; n += 1) fs.file(`/lake/rest/f${n}.pt`, { size: 5 });
    const queue = await createTestQueue({ fs, undo: ['lake'] });
    const slot = queue.slot('lake');
    queue.events.subscribe(({ type, data }) => {
      if (type !== 'queue.progressed' || data.tasks[0]?.done.files !== 1) return;
      slot.definition = { ...slot.definition, allowDelete: false };
    });
    const { task } = await queue.api.queueDelete({ ...extra, relPath: 'many' });
    const ended = await queue.ended(task);
    assert.deepEqual([ended.state, ended.error?.code], ['failed', 'DELETE_NOT_ALLOWED']);
    assert.ok(ended.done.files > 0 && ended.done.files < many, `${ended.done.files} files were staged before`);
    assert.ok(ended.undoUntilMs !== null);
    assert.equal((await queue.api.undoTask({ id: task!.id })).restored, ended.done.files);
    assert.equal(pathsIn(fs, '/lake').filter((path) => path.startsWith('many/')).length, many);
  });

  test('a typed word that the location asks for by now is asked for, of a move too', async () => {
    const queue = await createTestQueue({ fs: drives() });
    const { planId } = await queue.api.planDelete(extra);
    for (const id of ['local', 'lake']) {
      const slot = queue.slot(id);
      slot.definition = { ...slot.definition, typeToDelete: true };
    }
    await rejects('CONFIRMATION_NEEDED', queue.api.executePlan({ planId }));
    assert.equal((await queue.api.planCopy({ ...loras, move: true })).confirm, 'DELETE');
    await rejects('CONFIRMATION_NEEDED', queue.api.queueMove(loras));
    const { task } = await queue.api.queueMove({ ...loras, confirm: 'DELETE' });
    assert.equal((await queue.ended(task)).state, 'done');
  });

  test('“stop” at conflicts holds however the plan is executed', async () => {
    const fs = drives();
    fs.file('/lake/loras/a.pt', { size: 1 });
    const queue = await createTestQueue({ fs });
    const { planId } = await queue.api.planMirror({
      srcSide: 'local',
      srcRelFolder: '',
      dstSide: 'lake',
      deleteExtras: false,
      onConflict: 'stop',
    });
    await rejects('TASK_STATE', queue.api.executePlan({ planId }));
  });
});

describe('standing still', () => {
  test('a drive that answers and fails is tried ever more rarely, whatever else looks at it', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs });
    fs.setFaults([{ op: 'openRead', path: (path) => path.endsWith('.pt'), fail: 'ENOTCONN' }]);
    let tries = 0;
    const { files } = queue;
    const run = files.run.bind(files);
    files.run = (...args) => {
      tries += 1;
      return run(...args);
    };
    await queue.api.queueCopy({ ...loras, srcRelPath: 'loras/a.pt' });
    await queue.api.queueCopy({ ...loras, srcRelPath: 'loras/b.pt' });
    await turns(500);
    assert.ok(tries <= 2, `${tries} tries without a pause`);
    for (let k = 0; k < 60; k += 1) {
      await queue.pass(1_000);
      await queue.registry.look(queue.slot('local'));
    }
    assert.ok(tries >= 8 && tries <= 24, `${tries} tries of two tasks in a minute`);
    fs.setFaults([]);
    await queue.pass(70_000);
    await turns();
    assert.equal(queue.queue.list.active().length, 0);
  });

  test('a process that is killed does not fail the task', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs });
    const { files } = queue;
    const run = files.run.bind(files);
    let kills = 2;
    files.run = async (...args) => {
      kills -= 1;
      if (kills >= 0) throw new AppError('IO_FAILED', 'The process that carries out transfers ended unexpectedly.');
      return run(...args);
    };
    const { task } = await queue.api.queueCopy(loras);
    for (let k = 0; k < 3; k += 1) {
      await turns();
      await queue.pass(10_000);
    }
    const ended = await queue.ended(task);
    assert.deepEqual([ended.state, ended.done.files, ended.failed], ['done', 3, 0]);
  });

  test('deleted files are removed for good although another drive is away', async () => {
    const fs = drives();
    fs.mount('/third');
    fs.file('/third/t.pt', { size: 5 });
    const queue = await createTestQueue({
      fs,
      undo: ['lake', 'third'],
      deletable: ['lake', 'third'],
      roots: { local: '/local', lake: '/lake', third: '/third' },
    });
    await queue.ended((await queue.api.queueDelete({ ...extra, side: 'third', relPath: 't.pt' })).task);
    await queue.ended((await queue.api.queueDelete(extra)).task);
    fs.unmount('/third');
    for (let k = 0; k < 3; k += 1) await queue.pass(13 * 3_600_000);
    assert.deepEqual(pathsIn(fs, '/lake'), []);
  });
});

describe('the index', () => {
  test('a copy into a folder that a refresh had listed before is in the index after it', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { registry, catalog, events, clock, pacer } = queue;
    const slot = queue.slot('lake');
    const runs = createRefreshRuns({
      registry,
      catalog,
      events,
      clock,
      pacer,
      ignoreGlobs: [],
      createAbort: () => new AbortController(),
    });
    const keeper = new IndexKeeper({
      registry,
      catalog,
      events,
      clock,
      startTimer: () => () => {},
      readAgain: async (of, folder) => void (await runs.start(of, folder)),
    });
    const refresh = runs.start(slot, '');
    // As if the folder had been listed before the file came: the index is told of something that a listing undoes.
    fs.file('/lake/extra/new.pt', { size: 7 });
    const { size, mtimeNs, fileId, device, links } = fs.stat('/lake/extra/new.pt');
    keeper.made(slot, 'extra/new.pt', { size, mtimeNs, fileId, device, links }, null);
    keeper.gone(slot, 'extra/x.pt');
    await refresh;
    await keeper.flush();
    await turns();
    assert.deepEqual(pathsOf(slot.index), ['extra/new.pt', 'extra/x.pt', 'extra/y.pt', 'extra/z.pt']);
    keeper.close();
  });

  test('a catalog that cannot be written fails no task', async () => {
    const fs = drives();
    let isFailing = false;
    const catalog = createMemoryCatalogStore({ failing: () => (isFailing ? new AppError('NO_SPACE', 'full') : null) });
    const queue = await createTestQueue({ fs, catalog });
    isFailing = true;
    const { task } = await queue.api.queueMove(loras);
    const ended = await queue.ended(task);
    assert.deepEqual([ended.state, ended.error], ['done', null]);
    const again = await queue.ended((await queue.api.queueDelete(extra)).task);
    assert.deepEqual([again.state, again.error], ['done', null]);
  });

  test('what was done at a location that was closed meanwhile is not written into the index of its successor', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    const { registry, catalog, events, clock } = queue;
    const keeper = new IndexKeeper({
      registry,
      catalog,
      events,
      clock,
      startTimer: () => () => {},
      readAgain: async () => {},
    });
    const slot = queue.slot('lake');
    keeper.gone(slot, 'extra/x.pt');
    registry.close('lake');
    const writes = catalog.writes.length;
    await keeper.flush();
    assert.equal(catalog.writes.length, writes);
    keeper.close();
  });
});

describe('folders and sidecars', () => {
  test('a folder that was moved is gone, with all that was in it', async () => {
    const fs = drives();
    fs.file('/local/loras/deep/er/d.pt', { size: 9 });
    fs.folder('/local/loras/empty');
    const queue = await createTestQueue({ fs });
    await queue.ended((await queue.api.queueMove(loras)).task);
    assert.deepEqual(fs.list('/local'), []);
    assert.deepEqual([...queue.slot('local').index.folderPaths()], ['']);
    assert.equal(pathsIn(fs, '/lake/loras').length, 4);
  });

  test('a folder that something stayed in stays', async () => {
    const fs = drives();
    fs.file('/lake/loras/a.pt', { size: 1 });
    const queue = await createTestQueue({ fs });
    await queue.ended((await queue.api.queueMove(loras)).task);
    assert.deepEqual(pathsIn(fs, '/local'), ['loras/a.pt']);
  });

  test('what two models of one name share stays with the one that stays', async () => {
    const fs = drives();
    for (const name of ['m.safetensors', 'm.ckpt', 'm.preview.png', 'm.ckpt.json', 'm.json']) {
      fs.file(`/lake/models/${name}`, { size: 3, content: name });
    }
    const queue = await createTestQueue({ fs });
    const wish = { ...extra, relPath: 'models/m.ckpt', sidecars: true };
    const { buckets } = await queue.api.planDelete(wish);
    assert.equal(buckets.delete?.files, 2);
    const both = { side: 'lake', relPaths: ['models/m.ckpt', 'models/m.safetensors'], sidecars: true };
    assert.equal((await queue.api.planDelete(both)).buckets.delete?.files, 5);
    const copy = { ...copyDefaults, srcSide: 'lake', srcRelPath: 'models/m.ckpt', dstSide: 'local', move: false };
    assert.equal((await queue.api.planCopy(copy)).buckets.copy?.files, 4);
    const preview = { ...extra, relPath: 'models/m.preview.png', sidecars: true };
    assert.equal((await queue.api.planDelete(preview)).buckets.delete?.files, 1);
  });
});

describe('a long queue', () => {
  test('tasks keep their order, whatever is cancelled, tried again and moved', async () => {
    const fs = drives();
    const queue = await createTestQueue({ fs });
    await queue.api.pauseQueue({});
    const ids: string[] = [];
    for (let n = 0; n < 50; n += 1) ids.push((await queue.api.queueDelete(extra)).task?.id ?? '');
    const order = async () =>
      (await queue.api.queue({ show: 'active', offset: 0, limit: 100 })).tasks.map(({ id }) => id);
    assert.deepEqual(await order(), ids);
    await queue.api.cancelTasks({ ids: ids.slice(10, 20), all: false });
    await queue.api.retryTasks({ ids: ids.slice(15, 20) });
    const wanted = [...ids.slice(0, 10), ...ids.slice(20), ...ids.slice(15, 20)];
    assert.deepEqual(await order(), wanted);
    await queue.api.reorderTask({ id: wanted[40] ?? '', before: wanted[0] ?? '' });
    assert.deepEqual((await order()).slice(0, 2), [wanted[40], wanted[0]]);
    await queue.api.removeTasks({ ids: wanted.slice(0, 5) });
    assert.equal((await order()).length, 40);
    await queue.api.resumeQueue({});
    await turns(2_000);
    assert.deepEqual(await order(), []);
    assert.equal(pathsIn(fs, '/lake').length, 0);
  });
});
