import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth } from '../../src/cli/output/width.ts';
import type { ApiHandlers } from '../../src/contract/api.ts';
import type { Task } from '../../src/contract/queue.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { runFake } from './fake-host.ts';
import { failure, queueOf, step, task } from './task-fixtures.ts';

const words = (line: string) => line.split(' ');
const waiting = task({
  id: 'wait0001',
  state: 'waiting',
  done: { files: 0, bytes: 0 },
  startedMs: null,
  finishedMs: null,
});
const offline = { code: 'LOCATION_OFFLINE', message: 'Lake cannot be reached.', untilMs: null };

test('queue list --json is paused, totals and every task, page by page', async () => {
  const tasks = Array.from({ length: 2_500 }, (_, k) => task({ id: k.toString(36).padStart(8, '0') }));
  const asked: number[] = [];
  const { status, stdout, stderr } = await runFake(words('queue list --json'), {
    api: {
      queue: async ({ offset, limit }) => {
        asked.push(limit);
        return { ...queueOf(tasks), tasks: tasks.slice(offset, offset + limit) };
      },
    },
  });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  const document = JSON.parse(stdout);
  assert.deepEqual(Object.keys(document), ['paused', 'totals', 'tasks', 'total']);
  assert.deepEqual(document.tasks, tasks);
  assert.deepEqual([document.paused, document.totals.finished, document.total], [false, 2_500, 2_500]);
  assert.ok(asked.every((limit) => limit <= 1_000));
});

test('queue list for people shows state, share, subject and reason, within the terminal', async () => {
  const tasks: Task[] = [
    task({ id: 'run00001', state: 'running', done: { files: 1, bytes: 1_000 } }),
    { ...waiting, hold: offline },
    task({ id: 'fail0001', state: 'failed', failed: 1, error: { code: 'IO_FAILED', message: 'A read error.' } }),
    task({ id: 'del00001', kind: 'delete', src: 'lake', dst: null, what: '', undoUntilMs: 1_700_000_000_000 }),
  ];
  const { stdout } = await runFake(words('queue list'), {
    api: { queue: async () => queueOf(tasks, { paused: true }) },
  });
  assert.match(stdout, /^Paused\. 1 task runs, 1 waits: 0 files, 0 B left\. 2 have ended, 1 with failures\.$/m);
  assert.match(stdout, /run00001 {2}running +1\/2 +2\.93 KiB {2}copy loras\/a\.safetensors local → lake/);
  assert.match(stdout, /wait0001 {2}stands still .*Lake cannot be reached\./);
  assert.match(stdout, /fail0001 {2}failed .*A read error\./);
  assert.match(stdout, /del00001 {2}done .*delete 2 files from lake +undo until 2023-/);
  const narrow = await runFake(words('queue list'), { api: { queue: async () => queueOf(tasks) }, columns: 70 });
  for (const row of narrow.stdout.split('\n').slice(1)) assert.ok(displayWidth(row) <= 70, row);
});

test('queue list says so where something waits that nobody carries out', async () => {
  const idle = /Nothing is carried out while no server runs: weightroom queue run/;
  const api = { queue: async () => queueOf([waiting]) };
  assert.match((await runFake(words('queue list'), { api })).stdout, idle);
  assert.doesNotMatch((await runFake(words('queue list'), { api, mode: 'server' })).stdout, idle);
});

const changes: readonly (readonly [string, keyof ApiHandlers, unknown])[] = [
  ['queue pause', 'pauseQueue', {}],
  ['queue resume', 'resumeQueue', {}],
  ['queue cancel', 'cancelTasks', { all: false }],
  ['queue cancel --all', 'cancelTasks', { all: true }],
  ['queue cancel task0001 task0002', 'cancelTasks', { ids: ['task0001', 'task0002'], all: false }],
  ['queue retry', 'retryTasks', {}],
  ['queue retry task0001', 'retryTasks', { ids: ['task0001'] }],
  ['queue remove task0001', 'removeTasks', { ids: ['task0001'] }],
  ['queue reorder task0001', 'reorderTask', { id: 'task0001', before: null }],
  ['queue reorder task0001 --before task0002', 'reorderTask', { id: 'task0001', before: 'task0002' }],
  ['queue clear', 'clearFinished', {}],
];
for (const [line, endpoint, expected] of changes) {
  test(`${line} asks for that and shows the queue`, async () => {
    let asked: unknown;
    const queue = queueOf([waiting]);
    const api = {
      [endpoint]: async (input: unknown) => {
        asked = input;
        return queue;
      },
    };
    const json = await runFake([...words(line), '--json'], { api });
    assert.equal(json.status, 0);
    assert.deepEqual(asked, expected);
    assert.deepEqual(JSON.parse(json.stdout), queue);
    assert.equal(json.intent, undefined);
    const text = await runFake(words(line), { api });
    assert.match(text.stdout, /0 tasks run, 1 waits/);
    assert.match(text.stdout, /weightroom queue run\n$/);
    const served = await runFake(words(line), { api, mode: 'server' });
    assert.doesNotMatch(served.stdout, /queue run/);
  });
}

test('queue undo puts back what it can and ends with 3 when something is in the way', async () => {
  const api = {
    undoTask: async () => ({ restored: 1, failed: [failure], task: task({ kind: 'delete', dst: null }) }),
  };
  const { status, stdout, intent } = await runFake(words('queue undo task0001 --json'), { api });
  assert.equal(status, 3);
  assert.equal(intent?.runsQueue, 'own');
  const { restored, failed } = JSON.parse(stdout);
  assert.equal(restored, 1);
  assert.deepEqual(failed[0].relPath, 'loras/c.safetensors');
});

test('queue steps lists them with their filters; a wrong id leaves stdout empty', async () => {
  const pages = [
    [step('a.pt'), step('b.pt', { n: 1, state: 'failed', code: 'NO_SPACE', message: 'Full.' })],
    [step('c.pt', { n: 2 })],
  ];
  const asked: unknown[] = [];
  const api: Partial<ApiHandlers> = {
    taskSteps: async ({ id, fromN, buckets, states }) => {
      if (id !== 'task0001') throw new AppError('TASK_NOT_FOUND', 'There is no such task.');
      asked.push([fromN, buckets, states]);
      return { steps: pages[fromN === 0 ? 0 : 1] ?? [], nextN: fromN === 0 ? 2 : null };
    },
  };
  const { stdout } = await runFake(words('queue steps task0001 --buckets copy --states done,failed --json'), { api });
  assert.deepEqual(asked[1], [2, ['copy'], ['done', 'failed']]);
  assert.deepEqual(
    JSON.parse(stdout).steps.map(({ relPath, state, code }: Record<string, string>) => [relPath, state, code]),
    [
      ['a.pt', 'done', undefined],
      ['b.pt', 'failed', 'NO_SPACE'],
      ['c.pt', 'done', undefined],
    ],
  );
  assert.match((await runFake(words('queue steps task0001'), { api })).stdout, /copy {2}failed +1000 B|Full\./);
  const wrong = await runFake(words('queue steps task0009 --json'), { api });
  assert.deepEqual([wrong.status, wrong.stdout], [4, '']);
});

/** A queue that shows one state after the other, the last one for good. */
function stages(...all: readonly (readonly Task[])[]): Partial<ApiHandlers> {
  let at = 0;
  return {
    queue: async ({ show }) => {
      const tasks = all[Math.min(at, all.length - 1)] ?? [];
      if (show === 'active') at += 1;
      const isShown = ({ state }: Task) => (state === 'running' || state === 'waiting') === (show === 'active');
      const shown = tasks.filter(isShown);
      return { ...queueOf(tasks), tasks: shown, total: shown.length };
    },
  };
}

test('queue run ends when the queue is empty and tells what ended meanwhile', async () => {
  const ended = task({ id: 'wait0001', finishedMs: Date.now() + 60_000 });
  const before = task({ id: 'old00001', finishedMs: 5 });
  const { status, stdout, intent } = await runFake(words('queue run --json'), {
    api: stages([waiting, before], [{ ...waiting, state: 'running' }, before], [ended, before]),
  });
  assert.equal(status, 0);
  assert.deepEqual(intent, { willRead: true, runsQueue: 'all' });
  assert.deepEqual(JSON.parse(stdout), { done: 1, failed: 0, cancelled: 0, left: 0, tasks: [ended] });
});

test('queue run waits for another try, and ends with 3 when only a drive could help', async () => {
  const retry = { ...waiting, hold: { code: 'RETRY', message: 'Busy.', untilMs: 5 } };
  const held = { ...waiting, hold: offline };
  const behind = { ...waiting, id: 'wait0002' };
  const { status, stdout } = await runFake(words('queue run'), { api: stages([retry, behind], [held, behind]) });
  assert.equal(status, 3);
  assert.match(stdout, /^0 tasks done, 0 failed, 2 left\.$/m);
  assert.match(stdout, /Lake cannot be reached\./);
});

test('queue run of a paused queue is refused with 5', async () => {
  const { status, stderr } = await runFake(words('queue run'), {
    api: { queue: async () => queueOf([waiting], { paused: true }) },
  });
  assert.equal(status, 5);
  assert.match(stderr, /paused.*\n.*queue resume/);
});

test('Ctrl+C in queue run leaves the queue as it is', async () => {
  let interrupt = () => {};
  const { status, stderr, openEngines } = await runFake(
    words('queue run'),
    {
      api: {
        cancelTasks: async () => assert.fail('nothing is cancelled'),
        queue: async () => {
          interrupt();
          return queueOf([{ ...waiting, state: 'running' }]);
        },
      },
    },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.deepEqual({ status, openEngines }, { status: 130, openEngines: 0 });
  assert.match(stderr, /What was not finished stays in it: weightroom queue run/);
});
