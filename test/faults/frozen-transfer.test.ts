import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AppError } from '../../src/core/errors/app-error.ts';
import type { CopyOrder, TransferFiles, TransferReport } from '../../src/core/ports/transfer-files.ts';
import {
  createHostedTransferFiles,
  type HostedTransferFilesOptions,
} from '../../src/platform/processes/hosted-transfer-files.ts';
import { atEnd, makePlace } from '../program/program.ts';
import { type FaultMount, frozen, mountFaulty, skipWithoutFuse } from './fault-mount.ts';

const entry = fileURLToPath(new URL('../../src/app/entries/transfer-host.ts', import.meta.url));
const mebibyte = 1024 * 1024;

interface Freezable {
  readonly files: TransferFiles;
  readonly drive: FaultMount;
  /** A copy from a plain folder to the drive, or the other way round. */
  copy(way: 'to-drive' | 'from-drive' | 'beside', name: string): CopyOrder;
  file(name: string, size: number): void;
  localFile(name: string): string;
}

/** A plain folder and a drive that can freeze; every file lies on both under names of their own. */
async function makeFreezable(t: TestContext, options: Partial<HostedTransferFilesOptions> = {}): Promise<Freezable> {
  const { folder, local } = makePlace(t);
  const drive = await mountFaulty(t, folder, 'drive');
  const files = createHostedTransferFiles({ entry, silenceDeadlineMs: 2_000, startDeadlineMs: 60_000, ...options });
  atEnd(t, () => files.close());
  const backing = { local, drive: drive.backing, other: path.join(folder, 'other') };
  fs.mkdirSync(backing.other);
  const roots = { ...backing, drive: drive.mountPoint };
  const sides = {
    'to-drive': ['local', 'drive'],
    'from-drive': ['drive', 'local'],
    beside: ['local', 'other'],
  } as const;
  return {
    files,
    drive,
    file(name, size) {
      for (const side of ['local', 'drive'] as const) writeSparse(path.join(backing[side], `${side}-${name}`), size);
    },
    localFile: (name) => path.join(local, `local-${name}`),
    copy(way, name) {
      const [from, to] = sides[way];
      const { size, mtimeNs, ino } = fs.statSync(path.join(backing[from], `${from}-${name}`), { bigint: true });
      return {
        op: 'copy',
        n: 1,
        from: { location: from, root: roots[from], relPath: `${from}-${name}` },
        to: { location: to, root: roots[to], relPath: `copy-of-${name}` },
        expected: { size: Number(size), mtimeNs, fileId: ino },
        blake3: null,
        verify: 'source',
        tag: 'task',
        isResumed: false,
      };
    },
  };
}

/** A mark in every mebibyte, and holes between them: quick to make, and no two blocks are equal. */
function writeSparse(file: string, size: number): void {
  const descriptor = fs.openSync(file, 'wx');
  for (let at = 0; at < size; at += mebibyte) fs.writeSync(descriptor, `${at} of ${file}`, at);
  fs.ftruncateSync(descriptor, size);
  fs.closeSync(descriptor);
}

async function isOffline(run: Promise<void>): Promise<void> {
  await assert.rejects(run, (thrown: AppError) => {
    assert.equal(thrown.code, 'LOCATION_OFFLINE', thrown.message);
    assert.equal(thrown.location, 'drive');
    assert.match(thrown.message, /drive” took too long/);
    return true;
  });
}

/** Longest turn of the program's event loop, measured until it is asked for. */
function watchLoop(): () => number {
  let longest = 0;
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }, 20);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/** Resolves with the first report of progress. */
function whenMoved() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, take: (_: readonly TransferReport[]): void => resolve() };
}

describe('transfers with a drive that stops answering', { skip: skipWithoutFuse, concurrency: 4 }, () => {
  for (const way of ['to-drive', 'from-drive'] as const) {
    test(`${way}, frozen before it begins: offline, and the program goes on`, async (t) => {
      const { files, drive, copy, file } = await makeFreezable(t);
      file('a', 1_000);
      const [order, beside] = [copy(way, 'a'), copy('beside', 'a')];
      drive.faults(frozen);
      const longestTurn = watchLoop();
      const done: TransferReport[] = [];
      const dead = isOffline(files.run([order], () => assert.fail('nothing is reported')));
      await files.run([beside], (reports) => done.push(...reports));
      assert.equal(done.at(-1)?.type, 'done', 'other drives go on');
      await dead;
      await isOffline(files.run([order], () => {}));
      t.diagnostic(`longest turn of the loop ${Math.round(longestTurn())} ms`);

      drive.faults();
      const after: TransferReport[] = [];
      for (let attempt = 0; after.length === 0 && attempt < 100; attempt += 1) {
        await files.run([order], (reports) => after.push(...reports)).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.equal(
        after.at(-1)?.type,
        'done',
        JSON.stringify(after.at(-1), (_, value) => String(value)),
      );
    });
  }

  test('in the middle of writing: the drive is named, its unfinished file is gone on with', async (t) => {
    const { files, drive, copy, file, localFile } = await makeFreezable(t);
    file('a', 200 * mebibyte);
    const moved = whenMoved();
    drive.faults({ on: 'write', what: { delayMs: 1 } });
    const run = files.run([copy('to-drive', 'a')], moved.take);
    await moved.promise;
    drive.faults({ on: 'write', what: 'freeze' });
    await isOffline(run);
    drive.faults();
    assert.ok(fs.existsSync(path.join(drive.backing, '.copy-of-a.task.part')));
    const reports: TransferReport[] = [];
    for (let attempt = 0; reports.length === 0 && attempt < 100; attempt += 1) {
      await files.run([{ ...copy('to-drive', 'a'), isResumed: true }], (some) => reports.push(...some)).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(reports.at(-1)?.type, 'done');
    const made = fs.readFileSync(path.join(drive.backing, 'copy-of-a'));
    assert.ok(fs.readFileSync(localFile('a')).equals(made));
  });

  test('in the middle of reading: the drive is named', async (t) => {
    const { files, drive, copy, file } = await makeFreezable(t);
    file('a', 200 * mebibyte);
    const moved = whenMoved();
    drive.faults({ on: 'read', what: { delayMs: 1 } });
    const run = files.run([copy('from-drive', 'a')], moved.take);
    await moved.promise;
    drive.faults({ on: 'read', what: 'freeze' });
    await isOffline(run);
  });

  test('a drive that takes long to store what was written is not dead', async (t) => {
    const { files, drive, copy, file } = await makeFreezable(t, { silenceDeadlineMs: 1_500 });
    file('a', mebibyte);
    drive.faults({ on: 'fsync', what: { delayMs: 4_000 } });
    const reports: TransferReport[] = [];
    await files.run([copy('to-drive', 'a')], (some) => reports.push(...some));
    assert.equal(reports.at(-1)?.type, 'done');
  });

  test('one that never comes back from storing is offline in the end', async (t) => {
    const { files, drive, copy, file } = await makeFreezable(t, { flushDeadlineMs: 3_000 });
    file('a', mebibyte);
    drive.faults({ on: 'fsync', what: 'freeze' });
    await isOffline(files.run([copy('to-drive', 'a')], () => assert.fail('nothing is reported')));
  });

  test('cancelled and closed while it is frozen: ends without waiting for the drive', async (t) => {
    const { files, drive, copy, file } = await makeFreezable(t, { silenceDeadlineMs: 600_000 });
    file('a', 1_000);
    const order = copy('to-drive', 'a');
    drive.faults(frozen);
    const stop = new AbortController();
    const run = files.run([order], () => {}, { signal: stop.signal });
    setTimeout(() => stop.abort(), 1_000);
    await assert.rejects(run, { code: 'CANCELLED' });
    drive.faults();
    await files.run([copy('beside', 'a')], () => {});
    drive.faults(frozen);
    const [again] = await Promise.allSettled([
      files.run([copy('from-drive', 'a')], () => {}),
      new Promise((resolve) => setTimeout(resolve, 500)).then(() => files.close()),
    ]);
    assert.equal(again.status, 'rejected');
  });
});
