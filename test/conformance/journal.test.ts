import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { type StepState, stepBuckets, stepStates } from '../../src/contract/queue-words.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { Journal, JournalStep, StepBucket, StepChange } from '../../src/core/ports/journal.ts';
import { createThreadedJournal } from '../../src/platform/sqlite/threaded-journal.ts';
import { journalStep, journalSteps, journalTask } from '../support/journal-rows.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';

const entry = path.join(import.meta.dirname, '../../src/app/entries/journal-thread.ts');

const kinds: readonly {
  readonly title: string;
  readonly isKept: boolean;
  readonly open: (folder: string) => Journal;
}[] = [
  {
    title: 'SQLite in a thread',
    isKept: true,
    open: (folder) => createThreadedJournal({ entry, file: path.join(folder, 'journal.db') }),
  },
  { title: 'memory', isKept: false, open: () => createMemoryJournal() },
];

const all = { fromN: 0, limit: 1_000_000 };
const change = (n: number, changes: Partial<StepChange> = {}): StepChange => ({
  n,
  state: 'done',
  attempts: 1,
  code: null,
  message: null,
  way: 'stream',
  extra: null,
  ...changes,
});
const rejectsWith = (promise: Promise<unknown>, code: string) =>
  assert.rejects(promise, (thrown) => thrown instanceof AppError && thrown.code === code);
/** Bytes that a read gives may be of another class of the same kind. */
const plain = (steps: readonly JournalStep[]) =>
  steps.map((step) => ({ ...step, blake3: step.blake3 && Uint8Array.from(step.blake3) }));

for (const { title, isKept, open } of kinds) {
  const inJournal = (
    scenario: string,
    check: (journal: Journal, reopen: () => Promise<Journal>) => Promise<void>,
  ): void => {
    test(scenario, async () => {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-journal-'));
      let journal = open(home);
      const reopen = async (): Promise<Journal> => {
        await journal.close();
        journal = open(home);
        return journal;
      };
      try {
        await check(journal, reopen);
      } finally {
        await journal.close();
        fs.rmSync(home, { recursive: true, force: true });
      }
    });
  };

  describe(`Journal, ${title}: tasks`, () => {
    inJournal('is empty and not paused at first', async (journal) => {
      assert.deepEqual(await journal.loadTasks(), []);
      assert.equal(await journal.isPaused(), false);
      assert.deepEqual(await journal.steps('aaaaaaaa', all), []);
      assert.deepEqual(await journal.countSteps('aaaaaaaa'), []);
      assert.equal(await journal.moveSteps('aaaaaaaa', ['waiting'], 'done'), 0);
    });

    inJournal('gives back what was added, in the order of the queue', async (journal) => {
      const tasks = [
        journalTask('bbbbbbbb', { position: -2.5, kind: 'delete', dst: null, details: '{"what":"é 😀 \\n"}' }),
        journalTask('aaaaaaaa', { position: 3, kind: 'mirror', state: 'failed', startedMs: 5, finishedMs: 1.7e12 }),
        journalTask('cccccccc', { position: 3, createdMs: 1_800_000_000_000 }),
      ];
      for (const task of [...tasks].reverse()) await journal.addTask(task, []);
      assert.deepEqual(await journal.loadTasks(), tasks);
    });

    inJournal('saves a task, and several with a new order', async (journal) => {
      const [a, b] = [journalTask('aaaaaaaa'), journalTask('bbbbbbbb', { position: 2 })];
      await journal.addTask(a, []);
      await journal.addTask(b, []);
      await journal.saveTask({ ...a, state: 'waiting', details: '{"x":1}' });
      const order = [
        { ...b, position: 1, state: 'running' as const, startedMs: 9 },
        { ...a, position: 2 },
      ];
      await journal.saveTasks(order);
      assert.deepEqual(await journal.loadTasks(), order);
      await journal.saveTasks([]);
      assert.deepEqual(await journal.loadTasks(), order);
    });

    inJournal('a task is added once', async (journal) => {
      const task = journalTask('aaaaaaaa');
      await journal.addTask(task, journalSteps(2));
      await rejectsWith(journal.addTask({ ...task, state: 'done' }, journalSteps(5)), 'INTERNAL');
      assert.deepEqual(await journal.loadTasks(), [task]);
      assert.equal((await journal.steps(task.id, all)).length, 2);
    });

    inJournal('a task that was removed does not come back by being saved', async (journal) => {
      const [a, b] = [journalTask('aaaaaaaa'), journalTask('bbbbbbbb', { position: 2 })];
      await journal.addTask(b, []);
      await rejectsWith(journal.saveTask(a), 'TASK_NOT_FOUND');
      await rejectsWith(journal.saveSteps(a, []), 'TASK_NOT_FOUND');
      await rejectsWith(journal.addSteps(a.id, []), 'TASK_NOT_FOUND');
      await rejectsWith(journal.saveTasks([{ ...b, position: 7 }, a]), 'TASK_NOT_FOUND');
      assert.deepEqual(await journal.loadTasks(), [b]);
    });

    inJournal('removing tasks removes their steps and nothing else', async (journal) => {
      for (const id of ['aaaaaaaa', 'bbbbbbbb', 'cccccccc']) await journal.addTask(journalTask(id), journalSteps(3));
      await journal.removeTasks(['aaaaaaaa', 'neverwas', 'cccccccc']);
      assert.deepEqual(await journal.loadTasks(), [journalTask('bbbbbbbb')]);
      await journal.addTask(journalTask('aaaaaaaa'), []);
      assert.deepEqual(await journal.steps('aaaaaaaa', all), []);
      assert.deepEqual(await journal.countSteps('aaaaaaaa'), []);
      assert.equal((await journal.steps('bbbbbbbb', all)).length, 3);
    });

    inJournal('pauses and goes on', async (journal) => {
      await journal.setPaused(true);
      assert.equal(await journal.isPaused(), true);
      await journal.setPaused(false);
      assert.equal(await journal.isPaused(), false);
    });
  });

  describe(`Journal, ${title}: steps`, () => {
    const task = journalTask('aaaaaaaa');

    inJournal('gives back what was added, with ids and times beyond 2^53, in the order of n', async (journal) => {
      const steps: readonly JournalStep[] = [
        journalStep(0, { fileId: 2n ** 64n - 2n, mtimeNs: -1_500_000_000n, size: 5e12 }),
        journalStep(1, {
          bucket: 'move',
          from: 'other',
          toRelPath: "it's\n😀 é.bin",
          blake3: new Uint8Array(32).fill(255),
        }),
        journalStep(2, { bucket: 'skipped', state: 'told', code: 'LINK_LOOP', message: '“a” is not followed.' }),
        journalStep(9, { bucket: 'delete', state: 'failed', attempts: 3, way: 'staged', fileId: 2n ** 63n }),
      ];
      await journal.addTask(task, steps.slice(2));
      await journal.addSteps(task.id, steps.slice(0, 2));
      assert.deepEqual(plain(await journal.steps(task.id, all)), steps);
      assert.deepEqual(plain(await journal.steps(task.id, { fromN: 1, limit: 2 })), steps.slice(1, 3));
      assert.deepEqual(await journal.steps(task.id, { fromN: 10, limit: 2 }), []);
    });

    inJournal('finds by state and bucket what looking at each would find', async (journal) => {
      const steps = Array.from({ length: 600 }, (_, n) =>
        journalStep(n, {
          bucket: stepBuckets[(n * 7 + Math.floor(n / 13)) % stepBuckets.length]!,
          state: stepStates[(n * 5 + Math.floor(n / 11)) % stepStates.length]!,
        }),
      );
      await journal.addTask(task, steps);
      await journal.addTask(journalTask('bbbbbbbb'), steps);
      const states: readonly (readonly StepState[] | undefined)[] = [
        undefined,
        [],
        ['failed'],
        ['told', 'waiting', 'running'],
        stepStates,
      ];
      const buckets: readonly (readonly StepBucket[] | undefined)[] = [undefined, [], ['extra', 'copy'], stepBuckets];
      for (const someStates of states) {
        for (const someBuckets of buckets) {
          for (const [fromN, limit] of [
            [0, 1_000],
            [250, 7],
          ] as const) {
            const expected = steps
              .filter(
                ({ n, state, bucket }) =>
                  n >= fromN && (someStates ?? [state]).includes(state) && (someBuckets ?? [bucket]).includes(bucket),
              )
              .slice(0, limit);
            const query = {
              fromN,
              limit,
              ...(someStates ? { states: someStates } : {}),
              ...(someBuckets ? { buckets: someBuckets } : {}),
            };
            assert.deepEqual(await journal.steps(task.id, query), expected, JSON.stringify(query));
          }
        }
      }
    });

    inJournal('counts files and bytes of each bucket and state', async (journal) => {
      await journal.addTask(task, [
        journalStep(0, { size: 4e15 }),
        journalStep(1, { size: 4e15 }),
        journalStep(2, { bucket: 'move', state: 'done', size: 0 }),
        journalStep(3, { state: 'done', size: 5 }),
      ]);
      assert.deepEqual(await journal.countSteps(task.id), [
        { bucket: 'copy', state: 'done', files: 1, bytes: 5 },
        { bucket: 'copy', state: 'waiting', files: 2, bytes: 8e15 },
        { bucket: 'move', state: 'done', files: 1, bytes: 0 },
      ]);
    });

    inJournal('saves several steps and their task, or none of it', async (journal) => {
      await journal.addTask(task, journalSteps(3));
      const running = { ...task, state: 'running' as const };
      const failure = change(2, { state: 'failed', attempts: 2, code: 'IO_FAILED', message: 'Broken.', way: null });
      await journal.saveSteps(running, [change(0), failure]);
      const expected = [{ ...journalStep(0), ...change(0) }, journalStep(1), { ...journalStep(2), ...failure }];
      assert.deepEqual(await journal.steps(task.id, all), expected);
      assert.deepEqual(await journal.loadTasks(), [running]);
      await rejectsWith(journal.saveSteps({ ...task, state: 'done' }, [change(1), change(3)]), 'INTERNAL');
      assert.deepEqual(await journal.steps(task.id, all), expected);
      assert.deepEqual(await journal.loadTasks(), [running]);
    });

    inJournal('a number is taken once; a call that brings it again adds nothing', async (journal) => {
      await journal.addTask(task, journalSteps(2));
      await rejectsWith(journal.addSteps(task.id, [journalStep(2), journalStep(1)]), 'INTERNAL');
      await rejectsWith(journal.addSteps(task.id, [journalStep(5), journalStep(5)]), 'INTERNAL');
      assert.deepEqual(await journal.steps(task.id, all), journalSteps(2));
    });

    inJournal('moves all steps of some states, of one task, and says how many', async (journal) => {
      await journal.addTask(task, [
        ...journalSteps(3),
        journalStep(3, { state: 'running', attempts: 2 }),
        journalStep(4, { state: 'done' }),
      ]);
      await journal.addTask(journalTask('bbbbbbbb'), journalSteps(1));
      assert.equal(await journal.moveSteps(task.id, ['waiting', 'running'], 'cancelled'), 4);
      assert.equal(await journal.moveSteps(task.id, [], 'waiting'), 0);
      const steps = await journal.steps(task.id, all);
      assert.deepEqual(
        steps.map(({ state, attempts }) => [state, attempts]),
        [...Array.from({ length: 3 }, () => ['cancelled', 0]), ['cancelled', 2], ['done', 0]],
      );
      assert.deepEqual(await journal.steps('bbbbbbbb', all), journalSteps(1));
    });

    inJournal('more steps than go in one message, there and back', async (journal) => {
      const added = journal.addTask(task, journalSteps(5_001));
      const saved = journal.saveSteps(task, [change(5_000)]);
      const steps = await journal.steps(task.id, all);
      await Promise.all([added, saved]);
      assert.deepEqual(steps, [...journalSteps(5_000), { ...journalStep(5_000), ...change(5_000) }]);
    });

    inJournal('hashes that are views into a large block', async (journal) => {
      const block = Uint8Array.from({ length: 32 * 100 }, (_, k) => k % 251);
      const steps = journalSteps(100).map((step) => ({
        ...step,
        blake3: block.subarray(step.n * 32, step.n * 32 + 32),
      }));
      await journal.addTask(task, steps);
      assert.deepEqual(plain(await journal.steps(task.id, all)), plain(steps));
    });
  });

  describe(`Journal, ${title}: order and close`, () => {
    const task = journalTask('aaaaaaaa');

    inJournal('calls take effect in the order they were made, without waiting in between', async (journal) => {
      const calls = [
        journal.addTask(task, journalSteps(2)),
        journal.saveSteps({ ...task, state: 'running' }, [change(0)]),
        journal.addSteps(task.id, journalSteps(2_500, 2)),
        journal.moveSteps(task.id, ['waiting'], 'cancelled'),
        journal.addSteps(task.id, [journalStep(2_502)]),
        journal.removeTasks([task.id]),
        journal.addTask(task, journalSteps(4)),
        journal.moveSteps(task.id, ['waiting'], 'running'),
      ];
      const [steps, tasks] = await Promise.all([journal.steps(task.id, all), journal.loadTasks()]);
      const [, , , moved, , , , again] = await Promise.all(calls);
      assert.deepEqual([moved, again], [2_501, 4]);
      assert.deepEqual(
        steps,
        journalSteps(4).map((step) => ({ ...step, state: 'running' })),
      );
      assert.deepEqual(tasks, [task]);
    });

    inJournal('of calls that wait together only those fail that cannot be done', async (journal) => {
      const outcomes = await Promise.allSettled([
        journal.addTask(task, journalSteps(2)),
        journal.addSteps(task.id, [journalStep(2), journalStep(0)]),
        journal.saveTask(journalTask('bbbbbbbb')),
        journal.setPaused(true),
        journal.addSteps(task.id, [journalStep(2)]),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
      );
      assert.deepEqual(await journal.steps(task.id, all), journalSteps(3));
      assert.equal(await journal.isPaused(), true);
    });

    inJournal('what was asked before close is answered, what is asked afterwards is not', async (journal) => {
      const saved = journal.addTask(task, journalSteps(4_500));
      const steps = journal.steps(task.id, all);
      const closed = journal.close();
      await rejectsWith(journal.loadTasks(), 'CANCELLED');
      await closed;
      await saved;
      assert.equal((await steps).length, 4_500);
      await rejectsWith(journal.setPaused(true), 'CANCELLED');
      await journal.close();
    });

    if (isKept) {
      inJournal('all is there when it is opened again', async (journal, reopen) => {
        await journal.addTask({ ...task, state: 'running' }, journalSteps(3));
        await journal.saveSteps(task, [change(1)]);
        await journal.setPaused(true);
        const before = await journal.steps(task.id, all);
        const again = await reopen();
        assert.deepEqual(await again.loadTasks(), [task]);
        assert.deepEqual(await again.steps(task.id, all), before);
        assert.equal(await again.isPaused(), true);
      });
    }
  });
}
