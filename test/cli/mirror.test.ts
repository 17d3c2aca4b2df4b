import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiHandlers } from '../../src/contract/api.ts';
import type { MirrorPlan } from '../../src/contract/mirror.ts';
import type { TaskPlan } from '../../src/contract/queue.ts';
import { runFake } from './fake-host.ts';
import { location } from './fixtures.ts';
import { conflict, failure, plan, step, task, transferring } from './task-fixtures.ts';

const words = (line: string) => line.split(' ');
const none = { files: 0, bytes: 0 };
const copy = { files: 2, bytes: 3_000 };
const extra = { files: 1, bytes: 500 };

const mirrored = (changes: Partial<TaskPlan> = {}): MirrorPlan => ({
  planId: 'plan0001',
  summary: {
    copy,
    delete: none,
    conflicts: { files: 1, bytes: 1_000 },
    unverified: none,
    moved: none,
    extras: extra,
    skipped: none,
  },
  plan: plan({ kind: 'mirror', buckets: { copy, conflict: { files: 1, bytes: 1_000 }, extra }, ...changes }),
  deleteExtras: true,
  deletesAllowed: false,
  onConflict: 'skip',
  elapsedMs: 3,
});

const steps = [
  step('loras/a.safetensors'),
  step('vae/x.pt', { n: 1, size: 2_000 }),
  step('loras/old.pt', { n: 2, bucket: 'delete', size: 700 }),
  conflict,
];

function mirroring(order: string[] = [], changes: Partial<TaskPlan> = {}): Partial<ApiHandlers> {
  return {
    ...transferring({ steps, ended: task({ kind: 'mirror', skipped: 1 }), skipped: [conflict] }, order),
    planMirror: async ({ srcSide, srcRelFolder, dstSide, deleteExtras, onConflict }) => {
      order.push(`mirror ${srcSide} ${srcRelFolder} ${dstSide} ${deleteExtras} ${onConflict}`);
      return mirrored(changes);
    },
    readMirrorPlan: async () => mirrored(changes),
  };
}

test('mirror plan --json reads the folder on both sides and prints id and summary', async () => {
  const order: string[] = [];
  const { status, stdout, stderr, intent } = await runFake(
    words('mirror plan --folder loras --delete-extras --on-conflict stop --json'),
    { api: mirroring(order) },
  );
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.deepEqual(intent, { willRead: true });
  assert.deepEqual(order, ['refresh local loras', 'refresh lake loras', 'mirror local loras lake true stop']);
  const { planId, summary, plan: planned, elapsedMs: _elapsedMs, ...rest } = mirrored();
  assert.deepEqual(JSON.parse(stdout), {
    planId,
    summary,
    from: 'local',
    to: 'lake',
    ...rest,
    sidecars: 0,
    lastCopies: none,
    space: planned.space,
    confirm: null,
    confirmReason: null,
    problems: [],
  });
});

test('mirror plan --json --entries lists every step with its reason', async () => {
  const { stdout } = await runFake(words('mirror plan --no-refresh --json --entries'), { api: mirroring() });
  const { entries, planId } = JSON.parse(stdout);
  assert.equal(planId, 'plan0001');
  assert.deepEqual(entries[1], { bucket: 'copy', state: 'done', relPath: 'vae/x.pt', size: 2_000 });
  assert.deepEqual(entries[3], {
    bucket: 'conflict',
    state: 'told',
    relPath: 'loras/b.safetensors',
    size: 1_000,
    code: 'TARGET_EXISTS',
    message: conflict.message,
  });
});

test('mirror plan for people shows buckets, space, what stays and the next step', async () => {
  const { stdout } = await runFake(words('mirror plan --no-refresh --delete-extras'), { api: mirroring() });
  assert.match(stdout, /2 files {2}2\.93 KiB {2}copy to lake/);
  assert.match(stdout, /1 file +500 B {2}only on lake, stays there/);
  assert.match(stdout, /lake does not allow deleting, so its extra files stay\./);
  assert.match(stdout, /! loras\/b\.safetensors {2}TARGET_EXISTS/);
  assert.match(stdout, /weightroom mirror execute plan0001\n$/);
});

test('mirror execute --yes --json tells copied and deleted apart', async () => {
  const order: string[] = [];
  const { status, stdout, intent } = await runFake(words('mirror execute plan0001 --yes --json'), {
    api: mirroring(order),
  });
  assert.equal(status, 0);
  assert.equal(intent?.runsQueue, 'own');
  assert.deepEqual(order, ['execute plan0001', 'wait task0001 fail']);
  assert.deepEqual(JSON.parse(stdout), {
    copied: copy,
    deleted: { files: 1, bytes: 700 },
    skipped: [{ relPath: conflict.relPath, reason: conflict.message, code: 'TARGET_EXISTS', bucket: 'conflict' }],
    failed: [],
    taskId: 'task0001',
  });
});

test('mirror execute leaves the plan as it is while a drive is away: 7, and the plan can still be carried out', async () => {
  const order: string[] = [];
  const offline = { kind: 'offline', reason: 'missing', message: 'Lake does not exist.', sinceMs: 1 } as const;
  const api = {
    ...mirroring(order),
    checkLocation: async ({ id }: { id: string }) => location(id, { state: offline }),
  };
  const { status, stderr } = await runFake(words('mirror execute plan0001 --yes'), { api });
  assert.equal(status, 7);
  assert.match(stderr, /^error: Lake does not exist\.\nhint: Nothing was changed\./);
  assert.deepEqual(order, []);
});

test('mirror execute with failures ends with 3', async () => {
  const api = {
    ...mirroring(),
    waitForTask: async () => ({ task: task({ state: 'failed', failed: 1 }), failed: [failure], skipped: [] }),
  };
  const { status, stdout } = await runFake(words('mirror execute plan0001 --yes --json'), { api });
  assert.equal(status, 3);
  assert.equal(JSON.parse(stdout).failed[0].code, 'IO_FAILED');
});

test('mirror execute asks; a plan that is not confirmed is kept', async () => {
  const order: string[] = [];
  const api = mirroring(order);
  const asked = await runFake(words('mirror execute plan0001'), { api, answers: ['no'] });
  assert.equal(asked.status, 130);
  assert.match(asked.stderr, /copy to lake\n(.*\n)*Carry out plan plan0001, local to lake\? \[y\/N\] /);
  const nobody = await runFake(words('mirror execute plan0001'), { api });
  assert.equal(nobody.status, 6);
  const braked = mirroring(order, { confirm: 'DELETE 90', confirmReason: 'This deletes 90 of the 100 files.' });
  const word = await runFake(words('mirror execute plan0001 --yes --json'), { api: braked });
  assert.equal(word.status, 6);
  assert.deepEqual(order, []);
  const typed = await runFake(['mirror', 'execute', 'plan0001', '--confirm', 'DELETE 90', '--json'], { api: braked });
  assert.equal(typed.status, 0);
  assert.deepEqual(order, ['execute plan0001 DELETE 90', 'wait task0001 fail']);
});

test('mirror execute --dry-run shows the plan again and keeps it', async () => {
  const order: string[] = [];
  const { status, stdout } = await runFake(words('mirror execute plan0001 --dry-run --json'), {
    api: mirroring(order),
  });
  assert.equal(status, 0);
  const { dryRun, planId, leftAlone } = JSON.parse(stdout);
  assert.deepEqual([dryRun, planId, leftAlone.length], [true, 'plan0001', 1]);
  assert.deepEqual(order, []);
});
