import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KeeperChoice } from '../../src/core/dedupe/choose-keepers.ts';
import type { DuplicateGroup } from '../../src/core/dedupe/duplicate-group.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { DedupeAction } from '../../src/core/ports/transfer-files.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { duplicatesIn, filesBelow, keepAt } from '../support/duplicate-library.ts';
import { pathsOf } from '../support/index-facts.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { createTestQueue, type TestQueue, turns } from '../support/queue.ts';

const roots = { local: '/local', lake: '/lake' };

function drives(): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  fs.mount('/local', { reflink: true });
  fs.mount('/lake');
  fs.file('/local/checkpoints/flux.safetensors', { size: 5_000, content: 'flux' });
  fs.file('/local/old/flux.safetensors', { size: 5_000, content: 'flux', mtimeNs: 1_600_000_000_000_000_000n });
  fs.file('/lake/flux.safetensors', { size: 5_000, content: 'flux' });
  fs.file('/local/loras/a.safetensors', { size: 700, content: 'a' });
  fs.file('/local/loras/b.safetensors', { size: 700, content: 'a' });
  fs.hardLink('/local/loras/b again.safetensors', '/local/loras/b.safetensors');
  fs.file('/lake/only.safetensors', { size: 700, content: 'only' });
  return fs;
}

const freeOf = (fs: MemoryFileSystem): number =>
  (fs.volume('/local').freeBytes ?? 0) + (fs.volume('/lake').freeBytes ?? 0);

const plan = (action: DedupeAction = 'delete') => ({ scanId: 'scan0001', action });

function execute(
  queue: TestQueue,
  groups: readonly DuplicateGroup[],
  choices: readonly KeeperChoice[],
  action?: DedupeAction,
) {
  return queue.dedupe({ plan: plan(action), groups, choices, paranoid: false });
}

async function prepared(fs = drives()) {
  const groups = duplicatesIn(fs, roots);
  const queue = await createTestQueue({ fs, deletable: [] });
  return { fs, queue, groups, choices: keepAt(groups, 0), free: freeOf(fs) };
}

function indexIsDisk({ slot }: TestQueue, fs: MemoryFileSystem): void {
  for (const id of ['local', 'lake']) {
    const onDisk = filesBelow(fs, `/${id}`).map((path) => path.slice(id.length + 2));
    const indexed = pathsOf(slot(id).index).filter((path) => fs.lstat(`/${id}/${path}`).kind === 'file');
    assert.deepEqual([...indexed].sort(), onDisk.sort(), `index of ${id}`);
  }
}

describe('duplicates in the queue', () => {
  for (const action of ['delete', 'hardlink', 'symlink', 'reflink'] as const) {
    test(`${action}, whatever the locations allow: history, index and free space agree`, async () => {
      const { fs, queue, groups, choices, free } = await prepared();
      const inLocal = choices.map((choice) => ({
        ...choice,
        victims: choice.victims.filter(
          ({ index }) => action === 'delete' || groups[choice.group]?.files[index]?.location === 'local',
        ),
      }));
      const task = await queue.ended(await execute(queue, groups, inLocal, action));
      const victims = inLocal.flatMap((choice) => choice.victims).length;
      assert.deepEqual(
        [task.kind, task.state, task.done.files, task.skipped, task.failed],
        ['dedupe', 'done', victims, 0, 0],
      );
      if (action !== 'reflink') assert.equal(task.reclaimedBytes, freeOf(fs) - free);
      assert.ok(task.reclaimedBytes > 0);
      assert.equal(task.reclaimedIsEstimate, undefined);
      indexIsDisk(queue, fs);
      const { steps } = await queue.api.taskSteps({ id: task.id, fromN: 0, limit: 100 });
      assert.equal(steps.length, victims);
      for (const step of steps) {
        assert.deepEqual(
          [step.bucket, step.state, step.way],
          ['dedupe', 'done', action === 'delete' ? 'deleted' : action],
        );
        assert.ok(
          step.keeper && step.blake3?.length === 64 && step.endedMs !== undefined && step.freedBytes !== undefined,
        );
        assert.equal(fs.lstat(`/${step.keeper.location}/${step.keeper.relPath}`).size, step.size);
      }
      await queue.refresh('local');
      await queue.refresh('lake');
      indexIsDisk(queue, fs);
    });
  }

  test('where files may share blocks, what came free is told as an estimate', async () => {
    const { queue, groups, choices } = await prepared();
    const { facts } = queue.slot('local');
    assert.ok(facts);
    Object.assign(facts, { fileSystem: 'btrfs' });
    Object.assign(queue.registry, { look: async () => {} });
    const task = await queue.ended(await execute(queue, groups, choices));
    assert.deepEqual([task.state, task.reclaimedIsEstimate], ['done', true]);
  });

  test('what is odd is skipped with its reason, and the others are done', async () => {
    const { fs, queue, groups, choices, free } = await prepared();
    fs.setTime('/local/old/flux.safetensors', 9n);
    const task = await queue.ended(await execute(queue, groups, choices));
    assert.deepEqual([task.state, task.skipped, task.failed], ['done', 1, 0]);
    assert.equal(fs.lstat('/local/old/flux.safetensors').size, 5_000);
    assert.equal(task.reclaimedBytes, freeOf(fs) - free);
    const { steps } = await queue.api.taskSteps({ id: task.id, states: ['skipped'], fromN: 0, limit: 10 });
    assert.deepEqual(
      steps.map(({ relPath, code }) => [relPath, code]),
      [['old/flux.safetensors', 'FILE_CHANGED']],
    );
  });

  test('a location that goes away holds the task, which goes on when it is back', async () => {
    const inner = drives();
    const fs = new FaultyFileSystem(inner);
    const groups = duplicatesIn(inner, roots);
    const queue = await createTestQueue({ fs });
    const free = freeOf(inner);
    fs.setFaults([{ op: 'move', path: (path) => path.includes('/lake/'), fail: 'ENOTCONN' }]);
    const task = await execute(queue, groups, keepAt(groups, 0));
    await turns();
    const held = queue.queue.require(task.id).describe();
    assert.deepEqual([held.state, held.hold?.code], ['waiting', 'LOCATION_OFFLINE']);
    assert.equal(inner.lstat('/lake/flux.safetensors').size, 5_000);
    fs.setFaults([]);
    await queue.pass(120_000);
    const ended = await queue.ended(task);
    assert.deepEqual([ended.state, ended.skipped, ended.failed], ['done', 0, 0]);
    assert.equal(ended.reclaimedBytes, freeOf(inner) - free);
  });

  test('one that was cancelled in the middle of a file leaves its name to it', async () => {
    const inner = drives();
    const groups = duplicatesIn(inner, roots);
    const before = filesBelow(inner, '/local');
    const fs = new FaultyFileSystem(inner);
    const queue = await createTestQueue({ fs });
    fs.setFaults([{ op: 'remove', path: (path) => path.endsWith('-old.part'), fail: 'hang' }]);
    const task = await execute(queue, groups, keepAt(groups, 0));
    await turns();
    fs.setFaults([]);
    await queue.api.cancelTasks({ all: true });
    assert.equal((await queue.ended(task)).state, 'cancelled');
    assert.deepEqual(filesBelow(inner, '/local').sort(), before.sort());
  });

  test('a journal that names one file as victim and as keeper removes neither', async () => {
    const { fs, queue, groups, choices } = await prepared();
    await queue.api.pauseQueue({});
    const task = await execute(queue, groups, choices);
    const steps = await queue.journal.steps(task.id, { fromN: 0, limit: 100 });
    const forged = steps.map((step) => {
      const extra = JSON.parse(step.extra ?? '') as { keeper: { relPath: string; location: string } };
      const { relPath } = steps.find((other) => other !== step && other.size === step.size) ?? step;
      return { ...step, extra: JSON.stringify({ ...extra, keeper: { ...extra.keeper, location: 'local', relPath } }) };
    });
    await queue.journal.saveSteps(queue.queue.require(task.id).record(), forged);
    await queue.api.resumeQueue({});
    const ended = await queue.ended(task);
    assert.equal(ended.reclaimedBytes, 0);
    for (const { files } of groups) for (const { location, relPath } of files) fs.lstat(`/${location}/${relPath}`);
  });

  const forgeries: readonly (readonly [
    string,
    (choice: KeeperChoice, all: readonly KeeperChoice[]) => KeeperChoice,
  ])[] = [
    [
      'all files of a group are marked',
      (choice) => ({ ...choice, victims: [...choice.victims, { index: 0, keeper: 0 }] }),
    ],
    ['nothing is kept', (choice) => ({ ...choice, keep: [] })],
    ['the keeper is not in the group', (choice) => ({ ...choice, keep: [99], victims: [{ index: 1, keeper: 99 }] })],
    [
      'the keeper is a victim',
      (choice) => ({ ...choice, victims: choice.victims.map(({ index }) => ({ index, keeper: index })) }),
    ],
    ['the group does not exist', (choice) => ({ ...choice, group: 99 })],
    ['the group is a fraction', (choice) => ({ ...choice, group: 0.5 })],
    ['a victim is not in the group', (choice) => ({ ...choice, victims: [{ index: 99, keeper: 0 }] })],
    ['a victim is named twice', (choice) => ({ ...choice, victims: [...choice.victims, ...choice.victims] })],
  ];
  for (const [title, forge] of forgeries) {
    test(`refused: ${title}`, async () => {
      const { fs, queue, groups, choices } = await prepared();
      const before = filesBelow(fs, '/');
      const [first, ...rest] = choices;
      await assert.rejects(
        execute(queue, groups, [forge(first!, choices), ...rest]),
        (thrown) => thrown instanceof AppError && thrown.code === 'INVALID_INPUT',
      );
      assert.deepEqual(filesBelow(fs, '/'), before);
      assert.deepEqual((await queue.api.queue({ show: 'all', offset: 0, limit: 10 })).tasks, []);
    });
  }

  test('refused: a file that stays for one group and goes for another, by path and by id', async () => {
    const { queue, groups, choices } = await prepared();
    const [first] = groups;
    const swapped = { ...first!, files: [...first!.files].reverse() };
    for (const files of [swapped.files, swapped.files.map((file) => ({ ...file, relPath: `${file.relPath}2` }))]) {
      const both = [...choices, { ...choices[0]!, group: groups.length }];
      await assert.rejects(execute(queue, [...groups, { ...swapped, files }], both), /stays for one group/);
    }
  });

  test('the program ends in the middle: the next one finishes it, once', async () => {
    const inner = drives();
    const groups = duplicatesIn(inner, roots);
    const free = freeOf(inner);
    const fs = new FaultyFileSystem(inner);
    const journal = createMemoryJournal();
    const first = await createTestQueue({ fs, journal });
    fs.setFaults([{ op: 'remove', path: (path) => path.endsWith('-old.part'), nth: 2, fail: 'hang' }]);
    const { id } = await execute(first, groups, keepAt(groups, 0));
    await turns();
    fs.setFaults([]);
    const second = await createTestQueue({ fs, journal });
    const ended = (await second.api.waitForTask({ id, onHold: 'wait' })).task;
    assert.deepEqual([ended.state, ended.skipped, ended.failed], ['done', 0, 0]);
    assert.equal(ended.reclaimedBytes, freeOf(inner) - free);
    indexIsDisk(second, inner);
  });
});
