import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldersToRead } from '../../src/cli/commands/refresh-concerned.ts';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import type { TaskPlan } from '../../src/contract/queue.ts';
import { AppError, cancelled } from '../../src/core/errors/app-error.ts';
import { type FakeHostOptions, runFake } from './fake-host.ts';
import { location, twoLocations } from './fixtures.ts';
import { conflict, failure, plan, queueOf, step, task, transferring } from './task-fixtures.ts';

const words = (line: string) => line.split(' ');

test('copy --json reads the folders concerned, plans, carries out and counts', async () => {
  const order: string[] = [];
  const { status, stdout, stderr, intent, openEngines } = await runFake(
    words('copy loras/a.safetensors vae/x.pt --json'),
    { api: transferring({}, order) },
  );
  assert.deepEqual({ status, stderr, openEngines }, { status: 0, stderr: '', openEngines: 0 });
  assert.deepEqual(intent, { willRead: true, runsQueue: 'own' });
  assert.deepEqual(JSON.parse(stdout), {
    done: 2,
    skipped: 0,
    failed: [],
    bytes: 3_000,
    taskId: 'task0001',
    skippedFiles: [],
  });
  assert.deepEqual(order.toSorted(), [
    'execute plan0001',
    'plan copy local lake loras/a.safetensors vae/x.pt',
    'refresh lake loras/a.safetensors',
    'refresh lake vae/x.pt',
    'refresh local loras/a.safetensors',
    'refresh local vae/x.pt',
    'wait task0001 fail',
  ]);
});

test('copy with failures ends with 3 and lists each with code and sentence', async () => {
  const api = transferring({
    ended: task({ state: 'failed', done: { files: 1, bytes: 1_000 }, failed: 1, skipped: 1 }),
    failed: [failure],
    skipped: [conflict],
  });
  const json = await runFake(words('copy loras --from lake --to local --json'), { api });
  assert.equal(json.status, 3);
  const document = JSON.parse(json.stdout);
  assert.deepEqual([document.done, document.skipped, document.bytes], [1, 1, 1_000]);
  assert.deepEqual(document.failed, [
    { relPath: 'loras/c.safetensors', code: 'IO_FAILED', message: 'The drive reported a read error.' },
  ]);
  const text = await runFake(words('copy loras --from lake --to local'), { api });
  assert.equal(text.status, 3);
  assert.match(text.stdout, /^Copied 1 file, 0\.98 KiB in 2\.00 s \(1\.46 KiB\/s\)\.$/m);
  assert.match(text.stdout, /✗ loras\/c\.safetensors {2}IO_FAILED\n {2}The drive reported a read error\./);
  assert.match(text.stdout, /! loras\/b\.safetensors {2}TARGET_EXISTS/);
  assert.match(text.stdout, /weightroom queue retry task0001/);
});

test('copy of what is there already queues nothing and says why', async () => {
  const order: string[] = [];
  const there = step('loras/a.safetensors', {
    bucket: 'skipped',
    state: 'told',
    code: 'TARGET_EXISTS',
    message: 'It is there already.',
  });
  const api = transferring(
    { planned: plan({ buckets: { skipped: { files: 1, bytes: 1_000 } } }), steps: [there] },
    order,
  );
  const { status, stdout } = await runFake(words('copy loras/a.safetensors --json --no-refresh'), { api });
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(stdout), {
    done: 0,
    skipped: 1,
    failed: [],
    bytes: 0,
    taskId: null,
    skippedFiles: [
      {
        relPath: 'loras/a.safetensors',
        reason: 'It is there already.',
        code: 'TARGET_EXISTS',
        bucket: 'skipped',
      },
    ],
  });
  assert.deepEqual(order.slice(1), ['drop plan0001']);
});

test('a location that was never read is read as a whole, other ones by their folders', async () => {
  const order: string[] = [];
  const unread = location('lake', { index: { ...location('lake').index, scannedAtMs: null } });
  await runFake(words('copy loras/a.safetensors --json'), {
    api: {
      ...transferring({}, order),
      listLocations: async () => ({ locations: [location('local'), unread] }),
    },
  });
  assert.deepEqual(order.filter((call) => call.startsWith('refresh')).toSorted(), [
    'refresh lake ',
    'refresh local loras/a.safetensors',
  ]);
});

const folderCases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['loras/a.pt'], ['loras/a.pt']],
  [['loras/a.pt', 'loras/b.pt'], ['loras']],
  [
    ['loras', 'loras/flux/a.pt', 'vae/x.pt'],
    ['loras', 'vae/x.pt'],
  ],
  [['a.pt', 'b.pt', 'loras/x.pt'], ['']],
  [Array.from({ length: 17 }, (_, k) => `f${k}/x.pt`), ['']],
  [[''], ['']],
];
for (const [relPaths, folders] of folderCases) {
  test(`${relPaths.slice(0, 3).join(', ')} is covered by reading ${folders.join(', ') || 'everything'}`, () => {
    assert.deepEqual(foldersToRead(relPaths), folders);
  });
}

test('move plans a move; the word that a location asks for is handed on', async () => {
  const order: string[] = [];
  const planned = plan({
    kind: 'move',
    buckets: { move: { files: 2, bytes: 3_000 } },
    confirm: 'DELETE',
    confirmReason: 'Local asks for a typed confirmation.',
  });
  const api = transferring({ planned, ended: task({ kind: 'move' }) }, order);
  const refused = await runFake(words('move loras --no-refresh --json'), { api });
  assert.equal(refused.status, 6);
  const { error } = errorBodySchema.parse(JSON.parse(refused.stderr));
  assert.deepEqual([error.code, error.hint], ['CONFIRMATION_NEEDED', 'If that is right, add `--confirm "DELETE"`.']);
  const done = await runFake(words('move loras --no-refresh --json --confirm DELETE'), { api });
  assert.equal(done.status, 0);
  assert.equal(JSON.parse(done.stdout).sourcesKept, 0);
  assert.deepEqual(order, [
    'plan move local lake loras',
    'drop plan0001',
    'plan move local lake loras',
    'execute plan0001 DELETE',
    'wait task0001 fail',
  ]);
});

test('--dry-run shows the plan with space and reasons, and forgets it', async () => {
  const order: string[] = [];
  const planned = plan({
    buckets: { copy: { files: 2, bytes: 3_000 }, conflict: { files: 1, bytes: 1_000 } },
    sidecars: 1,
    elsewhere: { files: 1, bytes: 2_000 },
  });
  const api = transferring({ planned, steps: [conflict] }, order);
  const json = await runFake(words('copy loras --dry-run --json --no-refresh'), { api });
  assert.equal(json.status, 0);
  const { planId: _planId, ...rest } = planned;
  assert.deepEqual(JSON.parse(json.stdout), {
    dryRun: true,
    ...rest,
    leftAlone: [{ relPath: conflict.relPath, reason: conflict.message, code: 'TARGET_EXISTS', bucket: 'conflict' }],
  });
  const text = await runFake(words('copy loras --dry-run --no-refresh'), { api });
  assert.match(text.stdout, /2 files {2}2\.93 KiB {2}copy to lake/);
  assert.match(text.stdout, /Free on lake: 9\.31 GiB now, 9\.31 GiB afterwards\./);
  assert.match(text.stdout, /1 file of these goes with a model\./);
  assert.match(text.stdout, /Left as they are \(1\)\n! loras\/b\.safetensors/);
  assert.match(text.stdout, /Nothing was changed\.\n$/);
  const once = ['plan copy local lake loras', 'drop plan0001'];
  assert.deepEqual(order, [...once, ...once]);
});

test('a paused queue is told at once where nobody would see it waiting', async () => {
  const api = { ...transferring({}), queue: async () => queueOf([], { paused: true }) };
  const { status, stderr } = await runFake(words('copy loras/a.safetensors'), { api, stderrIsTTY: true });
  assert.equal(status, 5);
  assert.match(stderr, /The queue is paused.*\n.*weightroom queue resume/);
});

const deletion = (changes: Partial<TaskPlan> = {}) =>
  plan({ kind: 'delete', src: 'lake', dst: null, buckets: { delete: { files: 2, bytes: 3_000 } }, ...changes });
const deleted = task({ kind: 'delete', src: 'lake', dst: null, undoUntilMs: 99_000 });
const braked = deletion({ confirm: 'DELETE 120', confirmReason: 'This deletes 120 of the 130 files of “Lake”.' });

const confirmations: readonly (readonly [string, TaskPlan, string, FakeHostOptions['answers'], number, RegExp])[] = [
  ['--yes confirms an ordinary delete', deletion(), '--yes', undefined, 0, /^$/],
  ['without it, nobody to ask', deletion(), '', undefined, 6, /CONFIRMATION_NEEDED|add `--yes`/],
  ['a person says y', deletion(), '', ['y'], 0, /Delete 2 files, 2\.93 KiB, from lake\? \[y\/N\] $/],
  ['a person says nothing', deletion(), '', [''], 130, /Not confirmed, so nothing was changed\./],
  ['a person says no', deletion(), '', ['n'], 130, /Not confirmed/],
  ['--yes does not release a brake', braked, '--yes', undefined, 6, /120 of the 130 files.*\n.*--confirm "DELETE 120"/],
  ['a brake wants its word from a person too', braked, '--yes', ['y'], 130, /Type DELETE 120 to go on: /],
  ['a person types the word', braked, '', ['DELETE 120'], 0, /120 of the 130 files/],
];
for (const [what, planned, option, answers, expected, stderr] of confirmations) {
  test(`delete: ${what}`, async () => {
    const order: string[] = [];
    const argv = words(`delete loras/a.pt --side lake --no-refresh ${option}`.trim());
    const run = await runFake(argv, {
      api: transferring({ planned, ended: deleted }, order),
      ...(answers === undefined ? {} : { answers }),
    });
    assert.equal(run.status, expected);
    assert.match(run.stderr, stderr);
    const last = order.at(-1) ?? '';
    assert.equal(last, expected === 0 ? 'wait task0001 fail' : 'drop plan0001');
  });
}

test('delete --confirm hands the word on; --json never asks', async () => {
  const order: string[] = [];
  const api = transferring({ planned: braked, ended: deleted }, order);
  const argv = ['delete', 'loras', '--side', 'lake', '--no-refresh', '--json'];
  const asked = await runFake(argv, { api, answers: ['DELETE 120'] });
  assert.equal(asked.status, 6);
  const { status, stdout } = await runFake([...argv, '--confirm', 'DELETE 120'], { api });
  assert.equal(status, 0);
  assert.ok(order.includes('execute plan0001 DELETE 120'));
  assert.deepEqual(JSON.parse(stdout), {
    deleted: 2,
    bytes: 3_000,
    skipped: [],
    failed: [],
    undoUntilMs: 99_000,
    taskId: 'task0001',
  });
});

test('a delete that a location does not allow ends with 6 and says how to allow it', async () => {
  const { status, stderr } = await runFake(words('delete loras/a.pt --side lake --yes --no-refresh'), {
    api: {
      ...transferring({}),
      planDelete: async () => {
        throw new AppError('DELETE_NOT_ALLOWED', '“Lake” does not allow deleting.', { hint: 'Allow it.' });
      },
    },
  });
  assert.equal(status, 6);
  assert.match(stderr, /does not allow deleting\.\nhint: Allow it\./);
});

test('a word that is not the one asked for is refused, and a plan that cannot be queued is forgotten', async () => {
  const order: string[] = [];
  const argv = words('delete loras --side lake --no-refresh --json --confirm DELETE');
  const wrong = await runFake(argv, { api: transferring({ planned: braked }, order) });
  assert.equal(wrong.status, 6);
  assert.match(wrong.stderr, /--confirm \\"DELETE 120\\"/);
  const executePlan = async () => {
    throw new AppError('NO_SPACE', 'Lake has too little left.');
  };
  const full = await runFake(words('copy loras --no-refresh'), { api: { ...transferring({}, order), executePlan } });
  assert.equal(full.status, 8);
  assert.deepEqual(order, ['plan delete lake loras', 'drop plan0001', 'plan copy local lake loras', 'drop plan0001']);
});

test('Ctrl+C in this process cancels the task and tells what was done', async () => {
  const calls: string[] = [];
  let interrupt = () => {};
  let end = () => {};
  const { status, stdout, stderr, openEngines } = await runFake(
    words('copy loras --no-refresh'),
    {
      api: {
        ...transferring({}),
        waitForTask: async () => {
          const stopping = new Promise<void>((resolve) => {
            end = resolve;
          });
          interrupt();
          await stopping;
          const stopped = task({ state: 'cancelled', done: { files: 1, bytes: 1_000 } });
          return { task: stopped, failed: [], skipped: [] };
        },
        cancelTasks: async ({ ids }) => {
          calls.push(...(ids ?? []));
          end();
          return queueOf();
        },
      },
    },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.deepEqual(
    { status, stdout, openEngines, calls },
    { status: 130, stdout: '', openEngines: 0, calls: ['task0001'] },
  );
  assert.match(stderr, /1 of 2 files were done, and no unfinished file is left\.\nhint: .*queue retry task0001/);
});

test('Ctrl+C beside a server leaves the task to it and says how to end it', async () => {
  let interrupt = () => {};
  const { status, stderr } = await runFake(
    words('copy loras --no-refresh'),
    {
      mode: 'server',
      api: {
        ...transferring({}),
        cancelTasks: async () => assert.fail('the task goes on'),
        waitForTask: (_input, options) =>
          new Promise((_resolve, reject) => {
            options?.signal?.addEventListener('abort', () => reject(cancelled('The request')));
            interrupt();
          }),
      },
    },
    (handed) => {
      interrupt = handed;
    },
  );
  assert.equal(status, 130);
  assert.match(stderr, /Task task0001 goes on in the running server\.\nhint: .*weightroom queue cancel task0001/);
});

for (const [what, options, onHold] of [
  ['in this process', { stderrIsTTY: true }, 'fail'],
  ['beside a server, for a script', { mode: 'server' }, 'fail'],
  ['beside a server, for a person', { mode: 'server', stderrIsTTY: true }, 'wait'],
] as const) {
  test(`a drive that goes away ends the command or is waited for: ${what}`, async () => {
    const order: string[] = [];
    await runFake(words('copy loras --no-refresh'), { api: transferring({}, order), ...options });
    assert.equal(order.at(-1), `wait task0001 ${onHold}`);
  });
}

test('progress names file, share, speed and time left', async () => {
  const running = task({
    state: 'running',
    done: { files: 1, bytes: 1_024 },
    total: { files: 2, bytes: 2_048 },
    current: 'loras/a.safetensors',
    bytesPerSecond: 512,
    etaSeconds: 2,
  });
  const other = task({ ...running, id: 'task0002', current: 'other' });
  const { totals } = queueOf([running]);
  const { stderr } = await runFake(words('copy loras --no-refresh'), {
    api: transferring({}),
    stderrIsTTY: true,
    events: [{ seq: 1, atMs: 0, type: 'queue.progressed', data: { totals, tasks: [other, running] } }],
  });
  const line = 'Copying 1 of 2 files, 1.00 KiB of 2.00 KiB, 512 B/s, 2.00 s left  loras/a.safetensors';
  assert.equal(stderr, `\r\u001b[2K${line}\r\u001b[2K`);
});

for (const [line, message] of [
  ['copy', /Missing required argument 'relPath'/],
  ['copy loras --to local', /--to: name two different locations/],
  ['copy loras --verify twice', /--verify: give none, source or readback/],
  ['delete loras', /--side: name the location that loses them/],
  ['mirror plan --from lake', /--to: name two different locations/],
  ['mirror plan --on-conflict overwrite', /--on-conflict: give skip or stop/],
  ['mirror execute 1', /planId: is not the id of a task/],
  ['queue steps x', /id: is not the id of a task/],
] as const) {
  test(`${line} is refused with status 2`, async () => {
    const { status, stderr } = await runFake(words(line), { api: twoLocations });
    assert.equal(status, 2);
    assert.match(stderr, message);
  });
}
