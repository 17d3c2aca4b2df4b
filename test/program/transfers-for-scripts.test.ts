import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { MirrorSummary } from '../../src/contract/mirror.ts';
import type { Queue } from '../../src/contract/queue.ts';
import { type Cleanup, ended, errorOf, makePlace, type Place, run, runJson, spawnProgram } from './program.ts';
import { serve, until } from './server.ts';
import { bytesOf, type FileSpec, fingerprint, writeFile } from './trees.ts';

interface Item {
  readonly relPath: string;
  readonly code?: string;
  readonly message?: string;
  readonly reason?: string;
}

interface Copied {
  readonly done: number;
  readonly skipped: number;
  readonly failed: readonly Item[];
  readonly bytes: number;
  readonly taskId: string | null;
  readonly skippedFiles: readonly Item[];
}

interface Deleted {
  readonly deleted: number;
  readonly bytes: number;
  readonly skipped: readonly Item[];
  readonly failed: readonly Item[];
  readonly undoUntilMs: number | null;
  readonly taskId: string;
}

interface Planned {
  readonly planId: string;
  readonly summary: MirrorSummary;
  readonly confirm: string | null;
  readonly entries?: readonly { readonly relPath: string; readonly bucket: string }[];
}

interface Mirrored {
  readonly copied: { readonly files: number; readonly bytes: number };
  readonly deleted: { readonly files: number; readonly bytes: number };
  readonly skipped: readonly Item[];
  readonly failed: readonly Item[];
}

const model: FileSpec = { relPath: 'loras/flux/detail.safetensors', seed: 1, size: 300_000 };
const preview: FileSpec = { relPath: 'loras/flux/detail.preview.png', seed: 2, size: 900 };
const other: FileSpec = { relPath: 'vae/水墨 [v2].pt', seed: 3, size: 5_000 };
const allowed = { LOCAL_ALLOW_DELETE: 'true', LAKE_ALLOW_DELETE: 'true' };

/** Local has a model with its preview and another one; the lake is empty. */
function modelsPlace(t: Cleanup, env: Readonly<Record<string, string>> = {}): Place {
  const place = makePlace(t);
  for (const file of [model, preview, other]) writeFile(place.local, file);
  return { ...place, env: { ...place.env, ...env } };
}

/** Many files, so that a copy of them can be interrupted somewhere in between. */
function manyPlace(t: Cleanup): { place: Place; names: readonly string[] } {
  const place = makePlace(t);
  const names = Array.from({ length: 1500 }, (_, k) => `many/${k}.bin`);
  for (const [seed, relPath] of names.entries()) writeFile(place.local, { relPath, seed, size: 4_000 });
  return { place, names };
}

/** What lies below a root by now, without what is kept aside to be put back. */
function filesBelow(root: string): readonly string[] {
  const all = fs.readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const relPaths = all.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  return relPaths
    .map((relPath) => relPath.replaceAll('\\', '/'))
    .filter((relPath) => !relPath.startsWith('.weightroom-undo/'))
    .sort();
}

function assertCopied(root: string, { relPath, seed, size }: FileSpec, from: string): void {
  const file = path.join(root, relPath);
  assert.ok(fs.readFileSync(file).equals(bytesOf(seed, size)), relPath);
  assert.equal(fs.statSync(file).mtimeMs, fs.statSync(path.join(from, relPath)).mtimeMs);
}

async function untilFirstFile(folder: string, child: ChildProcess): Promise<void> {
  const list = async () => (fs.existsSync(folder) ? fs.readdirSync(folder).length : 0);
  await until('the copy has begun', list, (count) => count > 0 || child.exitCode !== null);
  assert.equal(child.exitCode, null, 'the copy still runs');
}

describe('copy and move for scripts', () => {
  test('copy brings a file with its sidecars, bytes and time, and leaves the source as it was', async (t) => {
    const place = modelsPlace(t);
    const before = fingerprint(place.local);
    const { taskId, ...copied } = await runJson<Copied>(place, ['copy', model.relPath]);
    assert.match(String(taskId), /^[a-z0-9]{8}$/);
    assert.deepEqual(copied, { done: 2, skipped: 0, failed: [], bytes: 300_900, skippedFiles: [] });
    assert.deepEqual(filesBelow(place.lake), [preview.relPath, model.relPath]);
    for (const file of [model, preview]) assertCopied(place.lake, file, place.local);
    assert.equal(fingerprint(place.local), before);
  });

  test('copy of folders from the lake, without sidecars, read back from the drive', async (t) => {
    const place = modelsPlace(t);
    fs.renameSync(place.local, `${place.local}-2`);
    fs.renameSync(place.lake, place.local);
    fs.renameSync(`${place.local}-2`, place.lake);
    const args = ['--from', 'lake', '--to', 'local', '--no-sidecars', '--verify', 'readback'];
    const alone = await runJson<Copied>(place, ['copy', model.relPath, ...args]);
    assert.deepEqual([alone.done, alone.bytes], [1, 300_000]);
    const both = await runJson<Copied>(place, ['copy', 'loras', 'vae', ...args]);
    assert.deepEqual([both.done, both.skipped, both.bytes], [2, 1, 5_900]);
    for (const file of [model, preview, other]) assertCopied(place.local, file, place.lake);
  });

  test('copy never overwrites: what is there is skipped with the reason, whatever it holds', async (t) => {
    const place = modelsPlace(t);
    writeFile(place.lake, { ...model, seed: 9 });
    writeFile(place.lake, other);
    const before = fingerprint(place.lake);
    const { done, skipped, skippedFiles } = await runJson<Copied>(place, [
      'copy',
      model.relPath,
      other.relPath,
      '--no-sidecars',
    ]);
    assert.deepEqual([done, skipped], [0, 2]);
    assert.deepEqual(skippedFiles.map(({ relPath, code }) => [relPath, code]).toSorted(), [
      [model.relPath, 'TARGET_EXISTS'],
      [other.relPath, 'TARGET_EXISTS'],
    ]);
    assert.ok(skippedFiles.every(({ reason }) => reason));
    assert.equal(fingerprint(place.lake), before);
  });

  test('a file that fails is listed, the others are copied, and the command ends with 3', async (t) => {
    const place = modelsPlace(t);
    await runJson(place, ['index', 'refresh']);
    fs.rmSync(path.join(place.local, model.relPath));
    const { done, failed } = await runJson<Copied>(place, ['copy', 'loras', 'vae', '--no-refresh'], { status: 3 });
    assert.equal(done, 2);
    assert.deepEqual(
      failed.map(({ relPath, code }) => [relPath, code]),
      [[model.relPath, 'FILE_NOT_FOUND']],
    );
    assert.ok(failed[0]?.message);
    assert.deepEqual(filesBelow(place.lake), [preview.relPath, other.relPath]);
  });

  test('--dry-run tells files, bytes and space, and changes nothing', async (t) => {
    const place = modelsPlace(t, allowed);
    const before = [fingerprint(place.local), fingerprint(place.lake)];
    for (const line of ['copy loras vae', 'move loras vae']) {
      const words = line.split(' ');
      const plan = await runJson<{
        dryRun: boolean;
        buckets: Record<string, { files: number; bytes: number }>;
        space: { freeBytes: number; afterBytes: number } | null;
      }>(place, [...words, '--dry-run']);
      assert.equal(plan.dryRun, true);
      assert.deepEqual(plan.buckets, { [words[0] ?? '']: { files: 3, bytes: 305_900 } });
      assert.ok(plan.space === null || plan.space.afterBytes <= plan.space.freeBytes);
    }
    const plan = await runJson<{ buckets: object }>(place, ['delete', 'loras', '--side', 'local', '--dry-run']);
    assert.deepEqual(plan.buckets, { delete: { files: 2, bytes: 300_900 } });
    assert.deepEqual([fingerprint(place.local), fingerprint(place.lake)], before);
    assert.deepEqual((await runJson<Queue>(place, ['queue', 'list'])).tasks, []);
  });

  test('move takes the source away once its copy is there; where deleting is not allowed it ends with 6', async (t) => {
    const place = modelsPlace(t);
    const refused = await run(place, ['move', model.relPath, '--json']);
    assert.deepEqual([refused.status, refused.stdout, errorOf(refused).code], [6, '', 'DELETE_NOT_ALLOWED']);
    assert.deepEqual(filesBelow(place.lake), []);
    const before = fs.statSync(path.join(place.local, model.relPath)).mtimeMs;
    const moved = await runJson<Copied>(place, ['move', model.relPath], { env: allowed });
    assert.deepEqual([moved.done, moved.skipped, moved.failed], [2, 0, []]);
    assert.deepEqual(filesBelow(place.local), [other.relPath]);
    assert.ok(fs.readFileSync(path.join(place.lake, model.relPath)).equals(bytesOf(model.seed, model.size)));
    assert.equal(fs.statSync(path.join(place.lake, model.relPath)).mtimeMs, before);
  });

  test('what cannot begin ends with the status of its kind and an empty stdout', async (t) => {
    const place = modelsPlace(t);
    const cases = [
      [['copy', 'loras/none.pt'], 4, 'ENTRY_NOT_FOUND'],
      [['copy', '../outside.pt'], 2, 'INVALID_PATH'],
      [['copy', 'loras', '--to', 'nowhere'], 4, 'LOCATION_NOT_FOUND'],
      [['copy', 'loras', '--to', 'local'], 2, 'INVALID_INPUT'],
      [['mirror', 'execute', 'aaaaaaaa', '--yes'], 4, 'TASK_NOT_FOUND'],
      [['queue', 'steps', 'aaaaaaaa'], 4, 'TASK_NOT_FOUND'],
    ] as const;
    for (const [args, status, code] of cases) {
      const result = await run(place, [...args, '--json']);
      assert.deepEqual([args, result.status, result.stdout, errorOf(result).code], [args, status, '', code]);
    }
    fs.renameSync(place.lake, `${place.lake}-away`);
    const offline = await run(place, ['copy', 'loras', '--json']);
    assert.deepEqual([offline.status, errorOf(offline).code], [7, 'LOCATION_OFFLINE']);
  });
});

describe('delete for scripts', () => {
  test('delete needs a location that allows it, and --yes where nobody can be asked', async (t) => {
    const place = modelsPlace(t);
    const args = ['delete', model.relPath, '--side', 'local', '--json'];
    const refused = await run(place, [...args, '--yes']);
    assert.deepEqual([refused.status, errorOf(refused).code], [6, 'DELETE_NOT_ALLOWED']);
    const unasked = await run(place, args, { env: allowed });
    assert.deepEqual([unasked.status, unasked.stdout, errorOf(unasked).code], [6, '', 'CONFIRMATION_NEEDED']);
    assert.match(errorOf(unasked).hint ?? '', /--yes/);
    assert.equal(filesBelow(place.local).length, 3);
    const done = await runJson<Deleted>(place, ['delete', model.relPath, '--side', 'local', '--yes'], { env: allowed });
    assert.deepEqual([done.deleted, done.bytes, done.skipped, done.failed], [1, 300_000, [], []]);
    assert.deepEqual(filesBelow(place.local), [preview.relPath, other.relPath]);
  });

  test('a folder goes with what is in it, sidecars go when asked, and a changed file stays', async (t) => {
    const place = modelsPlace(t, allowed);
    const sidecars = await runJson<Deleted>(place, ['delete', model.relPath, '--side', 'local', '--sidecars', '--yes']);
    assert.equal(sidecars.deleted, 2);
    await runJson(place, ['index', 'refresh', 'local']);
    fs.appendFileSync(path.join(place.local, other.relPath), 'more');
    const stale = await run(place, ['delete', 'vae', '--side', 'local', '--yes', '--no-refresh', '--json']);
    assert.equal(stale.status, 3);
    const { failed, skipped } = JSON.parse(stale.stdout) as Deleted;
    assert.deepEqual(
      [...failed, ...skipped].map(({ relPath, code }) => [relPath, code]),
      [[other.relPath, 'FILE_CHANGED']],
    );
    assert.deepEqual(filesBelow(place.local), [other.relPath]);
    assert.equal((await runJson<Deleted>(place, ['delete', 'vae', '--side', 'local', '--yes'])).deleted, 1);
    assert.ok(!fs.existsSync(path.join(place.local, 'vae')), 'the empty folder is gone as well');
  });

  test('more than half of a location needs the typed text beside --yes', async (t) => {
    const place = makePlace(t);
    for (let k = 0; k < 30; k += 1) writeFile(place.lake, { relPath: `old/${k}.bin`, seed: k, size: 100 });
    const args = ['delete', 'old', '--side', 'lake', '--yes'];
    const braked = await run(place, [...args, '--json'], { env: allowed });
    assert.deepEqual([braked.status, errorOf(braked).code], [6, 'CONFIRMATION_NEEDED']);
    assert.match(errorOf(braked).hint ?? '', /--confirm "DELETE 30"/);
    assert.equal(filesBelow(place.lake).length, 30);
    const done = await runJson<Deleted>(place, [...args, '--confirm', 'DELETE 30'], { env: allowed });
    assert.equal(done.deleted, 30);
  });

  test('where undo is on, queue undo puts a delete back', async (t) => {
    const place = modelsPlace(t);
    const nas = path.join(place.folder, 'nas');
    writeFile(nas, model);
    await runJson(place, ['location', 'add', nas, '--id', 'nas', '--allow-delete', '--undo-deletes']);
    const { undoUntilMs, taskId } = await runJson<Deleted>(place, ['delete', 'loras', '--side', 'nas', '--yes']);
    assert.ok(undoUntilMs !== null && undoUntilMs > Date.now());
    assert.ok(!fs.existsSync(path.join(nas, model.relPath)));
    const { restored, failed } = await runJson<{ restored: number; failed: Item[] }>(place, ['queue', 'undo', taskId]);
    assert.deepEqual([restored, failed], [1, []]);
    assert.ok(fs.readFileSync(path.join(nas, model.relPath)).equals(bytesOf(model.seed, model.size)));
  });
});

describe('mirror for scripts', () => {
  /** The lake has one file more, and one that differs. */
  function differing(t: Cleanup, env: Readonly<Record<string, string>> = {}): Place {
    const place = modelsPlace(t, env);
    writeFile(place.lake, { relPath: 'loras/extra.pt', seed: 7, size: 700 });
    writeFile(place.lake, { ...other, seed: 8, size: 5_001 });
    return place;
  }
  const amount = (files: number, bytes: number) => ({ files, bytes });
  const none = amount(0, 0);

  test('plan changes nothing; execute copies what is missing and leaves extras and conflicts', async (t) => {
    const place = differing(t);
    const before = fingerprint(place.lake);
    const plan = await runJson<Planned>(place, ['mirror', 'plan', '--delete-extras', '--entries']);
    const told = { conflicts: amount(1, 5_000), unverified: none, moved: none, extras: amount(1, 700), skipped: none };
    assert.deepEqual(plan.summary, { copy: amount(2, 300_900), delete: none, ...told });
    assert.deepEqual(plan.entries?.map(({ relPath, bucket }) => `${bucket} ${relPath}`).toSorted(), [
      `conflict ${other.relPath}`,
      `copy ${preview.relPath}`,
      `copy ${model.relPath}`,
      'extra loras/extra.pt',
    ]);
    assert.equal(fingerprint(place.lake), before);
    const unasked = await run(place, ['mirror', 'execute', plan.planId, '--json']);
    assert.deepEqual([unasked.status, errorOf(unasked).code], [6, 'CONFIRMATION_NEEDED']);
    const done = await runJson<Mirrored>(place, ['mirror', 'execute', plan.planId, '--yes']);
    assert.deepEqual([done.copied, done.deleted, done.failed], [amount(2, 300_900), none, []]);
    assert.deepEqual(
      done.skipped.map(({ relPath }) => relPath),
      [other.relPath],
    );
    assert.ok(done.skipped[0]?.reason);
    assert.deepEqual(filesBelow(place.lake), ['loras/extra.pt', preview.relPath, model.relPath, other.relPath]);
    assert.equal(fs.statSync(path.join(place.lake, other.relPath)).size, 5_001);
  });

  test('with --delete-extras and permission the extra file goes, in the folder that was named alone', async (t) => {
    const place = differing(t, allowed);
    writeFile(place.lake, { relPath: 'clip/outside.pt', seed: 1, size: 10 });
    const plan = await runJson<Planned>(place, ['mirror', 'plan', '--folder', 'loras', '--delete-extras']);
    assert.deepEqual([plan.summary.copy, plan.summary.delete], [amount(2, 300_900), amount(1, 700)]);
    const done = await runJson<Mirrored>(place, ['mirror', 'execute', plan.planId, '--yes']);
    assert.deepEqual([done.copied, done.deleted], [amount(2, 300_900), amount(1, 700)]);
    assert.deepEqual(filesBelow(place.lake), ['clip/outside.pt', preview.relPath, model.relPath, other.relPath]);
  });

  test('what changed since the plan is skipped and told, never forced', async (t) => {
    const place = differing(t, allowed);
    const { planId } = await runJson<Planned>(place, ['mirror', 'plan', '--delete-extras']);
    fs.appendFileSync(path.join(place.lake, 'loras/extra.pt'), 'more');
    writeFile(place.lake, { ...preview, seed: 77 });
    const { skipped, failed, copied, deleted } = await runJson<Mirrored>(place, ['mirror', 'execute', planId, '--yes']);
    assert.deepEqual([copied.files, deleted.files, failed], [1, 0, []]);
    assert.deepEqual(skipped.map(({ relPath }) => relPath).toSorted(), [
      'loras/extra.pt',
      preview.relPath,
      other.relPath,
    ]);
    assert.ok(fs.readFileSync(path.join(place.lake, preview.relPath)).equals(bytesOf(77, preview.size)));
    assert.equal(fs.statSync(path.join(place.lake, 'loras/extra.pt')).size, 704);
  });

  test('every step of a large plan is there for the command that comes after', async (t) => {
    const place = makePlace(t);
    for (let k = 0; k < 5_000; k += 1) writeFile(place.local, { relPath: `many/${k}.bin`, seed: k, size: 1 });
    const { planId, summary } = await runJson<Planned>(place, ['mirror', 'plan']);
    assert.equal(summary.copy.files, 5_000);
    const { steps } = await runJson<{ steps: Item[] }>(place, ['queue', 'steps', planId]);
    assert.equal(steps.length, 5_000);
  });

  test('--on-conflict stop refuses to be executed while there is one', async (t) => {
    const place = differing(t);
    const { planId } = await runJson<Planned>(place, ['mirror', 'plan', '--on-conflict', 'stop']);
    const result = await run(place, ['mirror', 'execute', planId, '--yes', '--json']);
    assert.deepEqual([result.status, errorOf(result).kind], [5, 'conflict']);
    assert.ok(!fs.existsSync(path.join(place.lake, model.relPath)));
  });
});

describe('the queue for scripts', () => {
  test('queue list shows what ended, queue clear forgets it, a paused queue refuses', async (t) => {
    const place = modelsPlace(t);
    const { taskId } = await runJson<Copied>(place, ['copy', 'vae']);
    const list = await runJson<Queue>(place, ['queue', 'list']);
    assert.deepEqual(
      [list.paused, list.totals.finished, list.tasks.map(({ id, state }) => [id, state])],
      [false, 1, [[taskId, 'done']]],
    );
    const { steps } = await runJson<{ steps: Item[] }>(place, ['queue', 'steps', String(taskId)]);
    assert.deepEqual(
      steps.map(({ relPath }) => relPath),
      [other.relPath],
    );
    assert.equal((await runJson<Queue>(place, ['queue', 'pause'])).paused, true);
    const paused = await run(place, ['copy', 'loras', '--json']);
    assert.deepEqual([paused.status, errorOf(paused).code], [5, 'TASK_STATE']);
    assert.equal((await runJson<Queue>(place, ['queue', 'resume'])).paused, false);
    assert.equal((await runJson<Copied>(place, ['copy', 'loras'])).done, 2);
    assert.deepEqual((await runJson<Queue>(place, ['queue', 'clear'])).tasks, []);
  });

  test('SIGINT cancels the copy: nothing unfinished stays, and queue retry with queue run does the rest', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const { place, names } = manyPlace(t);
    const child = spawnProgram(place, ['copy', 'many']);
    const end = ended(child);
    await untilFirstFile(path.join(place.lake, 'many'), child);
    child.kill('SIGINT');
    const { status, stdout, stderr } = await end;
    assert.deepEqual([status, stdout], [130, '']);
    const [, id = ''] = /weightroom queue retry (\w+)/.exec(stderr) ?? [];
    assert.ok(id, stderr);
    const { tasks } = await runJson<Queue>(place, ['queue', 'list']);
    assert.deepEqual(
      tasks.map((task) => [task.id, task.state]),
      [[id, 'cancelled']],
    );
    assert.deepEqual(
      filesBelow(place.lake).filter((relPath) => !names.includes(relPath)),
      [],
    );
    assert.equal((await runJson<Queue>(place, ['queue', 'retry', id])).totals.waiting, 1);
    const result = await runJson<{ done: number; left: number }>(place, ['queue', 'run']);
    assert.deepEqual([result.done, result.left], [1, 0]);
    assert.deepEqual(filesBelow(place.lake), names.toSorted());
  });

  test('a killed copy is gone on with by queue run, and nothing is there twice or in part', async (t) => {
    const { place, names } = manyPlace(t);
    const child = spawnProgram(place, ['copy', 'many', '--json']);
    const end = ended(child);
    await untilFirstFile(path.join(place.lake, 'many'), child);
    child.kill('SIGKILL');
    await end;
    const result = await runJson<{ done: number; failed: number; tasks: { done: { files: number } }[] }>(place, [
      'queue',
      'run',
    ]);
    assert.deepEqual([result.done, result.failed, result.tasks[0]?.done.files], [1, 0, names.length]);
    assert.deepEqual(filesBelow(place.lake), names.toSorted());
    for (const [seed, relPath] of names.entries()) {
      assert.ok(fs.readFileSync(path.join(place.lake, relPath)).equals(bytesOf(seed, 4_000)), relPath);
    }
  });

  test('beside a server the command hands its work over; SIGINT leaves it there', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const { place, names } = manyPlace(t);
    writeFile(place.local, other);
    const { api } = await serve(t, place);
    assert.equal((await runJson<Copied>(place, ['copy', 'vae'])).done, 1);
    const child = spawnProgram(place, ['copy', 'many', '--json']);
    const end = ended(child);
    await untilFirstFile(path.join(place.lake, 'many'), child);
    child.kill('SIGINT');
    const result = await end;
    assert.equal(result.status, 130);
    assert.match(errorOf(result).message, /goes on in the running server/);
    const queue = await until(
      'the server has copied them',
      () => api.queue({}),
      ({ totals }) => totals.finished === 2,
    );
    assert.deepEqual(
      queue.tasks.map(({ state }) => state),
      ['done', 'done'],
    );
    assert.deepEqual(filesBelow(place.lake), [...names, other.relPath].toSorted());
  });
});
