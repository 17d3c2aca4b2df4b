import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import type {
  CopyOrder,
  ExpectedFile,
  FilePlace,
  TransferFiles,
  TransferReport,
} from '../../src/core/ports/transfer-files.ts';
import { createDirectTransferFiles } from '../../src/core/transfers/direct-transfer-files.ts';
import { createNodeChangingFileSystem } from '../../src/platform/filesystem/node-changing-file-system.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { createHostedTransferFiles } from '../../src/platform/processes/hosted-transfer-files.ts';

const hashers = await loadHashers();
const entry = fileURLToPath(new URL('../../src/app/entries/transfer-host.ts', import.meta.url));
const openHosted = (): TransferFiles =>
  createHostedTransferFiles({
    entry,
    silenceDeadlineMs: 60_000,
    startDeadlineMs: 60_000,
    tidyDeadlineMs: 60_000,
  });
const openDirect = (): TransferFiles => createDirectTransferFiles({ fs: createNodeChangingFileSystem(), hashers });

const mebibyte = 1024 * 1024;

/** Two locations in a temporary folder. */
function makePlaces(t: TestContext) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-transfer-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const roots = { local: path.join(folder, 'local'), lake: path.join(folder, 'lake') };
  for (const root of Object.values(roots)) fs.mkdirSync(root);
  const at = (location: keyof typeof roots, relPath: string): string => path.join(roots[location], relPath);
  const place = (location: keyof typeof roots, relPath: string): FilePlace => ({
    location,
    root: roots[location],
    relPath,
  });
  return {
    at,
    place,
    file(relPath: string, size: number): Buffer {
      const bytes = Buffer.alloc(size, `${relPath} ${size} `);
      fs.mkdirSync(path.dirname(at('local', relPath)), { recursive: true });
      fs.writeFileSync(at('local', relPath), bytes);
      return bytes;
    },
    copy: (n: number, relPath: string): CopyOrder => ({
      op: 'copy',
      n,
      from: place('local', relPath),
      to: place('lake', relPath),
      expected: factsOf(at('local', relPath)),
      blake3: null,
      verify: 'source',
      tag: `task${n}`,
      isResumed: false,
    }),
    /** All names in a location. */
    names: (location: keyof typeof roots): string[] =>
      fs
        .readdirSync(roots[location], { recursive: true, encoding: 'utf8' })
        .map((name) => name.replaceAll('\\', '/'))
        .sort(),
  };
}

function factsOf(file: string): ExpectedFile {
  const { size, mtimeNs, ino } = fs.statSync(file, { bigint: true });
  return { size: Number(size), mtimeNs, fileId: ino };
}

function blake3Of(bytes: Uint8Array): string {
  const hasher = hashers.blake3();
  hasher.update(bytes);
  return Buffer.from(hasher.digest()).toString('hex');
}

type Ended = Exclude<TransferReport, { type: 'moved-on' }>;

/** What a run reported, checked against the contract of the reports. */
function gather() {
  const ended = new Map<number, Ended>();
  const moved = new Map<number, number>();
  return {
    ended,
    moved: (n: number): number => moved.get(n) ?? 0,
    take(reports: readonly TransferReport[]): void {
      for (const report of reports) {
        assert.equal(ended.has(report.n), false, `nothing follows the end of ${report.n}`);
        if (report.type === 'moved-on') moved.set(report.n, (moved.get(report.n) ?? 0) + report.bytes);
        else ended.set(report.n, report);
      }
    },
    done(n: number) {
      const report = ended.get(n);
      assert.ok(
        report?.type === 'done',
        JSON.stringify(report, (_, value) => String(value)),
      );
      return report;
    },
    failed(n: number) {
      const report = ended.get(n);
      assert.equal(report?.type, 'failed');
      assert.ok(report?.type === 'failed');
      return report;
    },
  };
}

async function fails(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    return true;
  });
}

/** Resolves when the reports of a run say that the order has moved on. */
function whenMoved() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    promise,
    take(reports: readonly TransferReport[]): void {
      if (reports.some(({ type }) => type === 'moved-on')) resolve();
    },
  };
}

for (const { title, open, isHosted } of [
  { title: 'in a process of its own', open: openHosted, isHosted: true },
  { title: 'inside the program', open: openDirect, isHosted: false },
]) {
  const withFiles = (
    scenario: string,
    check: (places: ReturnType<typeof makePlaces>, files: TransferFiles, t: TestContext) => Promise<void>,
  ): void => {
    test(scenario, async (t) => {
      const places = makePlaces(t);
      const files = open();
      try {
        await check(places, files, t);
      } finally {
        files.close();
      }
    });
  };

  describe(`TransferFiles, ${title}`, () => {
    withFiles('copies files of all sizes, and says what they are now', async (places, files) => {
      const sizes = [0, 1, 70_000, mebibyte, mebibyte + 1, 5 * mebibyte, 40 * mebibyte + 7];
      const contents = sizes.map((size, n) => places.file(`loras/flux/${n}.safetensors`, size));
      const orders = sizes.map((_, n) => places.copy(n, `loras/flux/${n}.safetensors`));
      const reports = gather();
      await files.run(orders, reports.take);
      for (const [n, bytes] of contents.entries()) {
        const copy = places.at('lake', `loras/flux/${n}.safetensors`);
        const { after, blake3, way } = reports.done(n);
        assert.ok(fs.readFileSync(copy).equals(bytes));
        assert.equal(reports.moved(n), bytes.length);
        const { size, mtimeNs, fileId } = factsOf(copy);
        assert.deepEqual([after?.size, after?.mtimeNs, after?.fileId], [size, mtimeNs, fileId]);
        if (way === 'stream') assert.equal(Buffer.from(blake3 ?? []).toString('hex'), blake3Of(bytes));
      }
      assert.deepEqual(
        places.names('lake').filter((name) => name.endsWith('.part')),
        [],
      );
    });

    withFiles('one order that fails does not keep the others', async (places, files) => {
      for (const name of ['a.bin', 'b.bin', 'c.bin', 'd.bin']) places.file(name, 3_000);
      const orders = ['a.bin', 'b.bin', 'c.bin', 'd.bin'].map((name, n) => places.copy(n, name));
      fs.rmSync(places.at('local', 'b.bin'));
      fs.appendFileSync(places.at('local', 'c.bin'), 'more');
      const reports = gather();
      await files.run(orders, reports.take);
      reports.done(0);
      reports.done(3);
      assert.deepEqual([reports.failed(1).code, reports.failed(1).location], ['FILE_NOT_FOUND', 'local']);
      assert.deepEqual([reports.failed(2).code, reports.failed(2).location], ['FILE_CHANGED', 'local']);
      assert.deepEqual(places.names('lake'), ['a.bin', 'd.bin']);
    });

    withFiles('orders of several kinds, in the order given', async (places, files) => {
      places.file('a.bin', 9_000);
      const first = gather();
      await files.run([places.copy(1, 'a.bin')], first.take);
      const expected = factsOf(places.at('lake', 'a.bin'));
      const reports = gather();
      await files.run(
        [
          { op: 'delete', n: 1, at: places.place('lake', 'a.bin'), expected, stage: null, isResumed: false },
          places.copy(2, 'a.bin'),
        ],
        reports.take,
      );
      assert.deepEqual([reports.done(1).after, reports.done(2).after?.size], [null, 9_000]);
    });

    withFiles('many small files, in two runs at the same time', async (places, files) => {
      const names = Array.from({ length: 300 }, (_, n) => `d${n % 7}/f${n}.bin`);
      for (const [n, name] of names.entries()) places.file(name, n * 100);
      const orders = names.map((name, n) => places.copy(n, name));
      const halves = [orders.slice(0, 150), orders.slice(150)];
      const reports = halves.map(gather);
      await Promise.all(halves.map((half, k) => files.run(half, reports[k]!.take)));
      for (const { n } of orders) assert.equal(reports[n < 150 ? 0 : 1]!.done(n).after?.size, n * 100);
    });

    withFiles('orders that follow, many at a time, into folders that all of them need', async (places, files) => {
      const names = Array.from({ length: 700 }, (_, n) => `d${n % 9}/e${n % 4}/f${n}.bin`);
      for (const [n, name] of names.entries()) places.file(name, n);
      const orders = names.map((name, n) => places.copy(n, name));
      const waiting = [orders.slice(150, 400), orders.slice(400)];
      const reports = gather();
      const more = async () => waiting.shift() ?? [];
      await files.run(orders.slice(0, 150), reports.take, { more, sideBySide: 4 });
      for (const { n } of orders) assert.deepEqual([reports.done(n).after?.size, reports.moved(n)], [n, n]);
      const there = places.names('lake');
      assert.deepEqual(
        there.filter((name) => name.endsWith('.bin')),
        names.toSorted(),
      );
      assert.deepEqual(
        there.filter((name) => name.endsWith('.part')),
        [],
      );
    });

    withFiles('copies that were begun before, among others, are not made side by side', async (places, files) => {
      const names = Array.from({ length: 300 }, (_, n) => `f${n}.bin`);
      for (const [n, name] of names.entries()) places.file(name, n);
      const orders = names.map((name, n) => ({ ...places.copy(n, name), isResumed: n >= 200 }));
      const waiting = [orders.slice(200)];
      const reports = gather();
      const more = async () => waiting.shift() ?? [];
      await files.run(orders.slice(0, 200), reports.take, { more, sideBySide: 4 });
      for (const { n } of orders) assert.equal(reports.done(n).after?.size, n);
    });

    withFiles('cancelled while it waits for the orders that follow', async (places, files) => {
      places.file('a.bin', 100);
      const stop = new AbortController();
      const reports = gather();
      const never = Promise.withResolvers<never[]>();
      const take = (some: readonly TransferReport[]): void => {
        reports.take(some);
        if (reports.ended.size > 0) stop.abort();
      };
      const running = files.run([places.copy(1, 'a.bin')], take, { signal: stop.signal, more: () => never.promise });
      await fails('CANCELLED', running);
      reports.done(1);
      never.resolve([]);
      await files.run([{ ...places.copy(2, 'a.bin'), to: places.place('lake', 'b.bin') }], reports.take);
      reports.done(2);
    });

    withFiles('what asking for the orders that follow throws ends the run', async (places, files) => {
      places.file('a.bin', 100);
      const more = () => Promise.reject(new AppError('IO_FAILED', 'The journal cannot be written.'));
      await fails(
        'IO_FAILED',
        files.run([places.copy(1, 'a.bin')], () => {}, { more }),
      );
    });

    withFiles('no orders: nothing to do', async (_, files) => {
      await files.run([], () => assert.fail('nothing is reported'));
    });

    withFiles('waits while paused', async (places, files) => {
      const bytes = places.file('a.bin', 100);
      files.pause(true);
      const reports = gather();
      const running = files.run([places.copy(1, 'a.bin')], reports.take);
      const isOver = await Promise.race([running.then(() => true), new Promise((r) => setTimeout(r, 700, false))]);
      assert.equal(isOver, false);
      assert.deepEqual(places.names('lake'), []);
      files.pause(false);
      await running;
      assert.equal(reports.done(1).after?.size, bytes.length);
    });

    withFiles('cancelled before it begins, and while it is paused', async (places, files) => {
      places.file('a.bin', 100);
      const unexpected = (): void => assert.fail('nothing is reported');
      await fails('CANCELLED', files.run([places.copy(1, 'a.bin')], unexpected, { signal: AbortSignal.abort() }));
      files.pause(true);
      const stop = new AbortController();
      const running = files.run([places.copy(1, 'a.bin')], unexpected, { signal: stop.signal });
      setTimeout(() => stop.abort(), 200);
      await fails('CANCELLED', running);
      files.pause(false);
      assert.deepEqual(places.names('lake'), []);
      const reports = gather();
      await files.run([places.copy(2, 'a.bin')], reports.take);
      reports.done(2);
    });

    withFiles('what the receiver of the reports throws ends the run', async (places, files) => {
      places.file('a.bin', 100);
      const receive = (): void => {
        throw new AppError('NO_SPACE', 'No room for more.');
      };
      await fails('NO_SPACE', files.run([places.copy(1, 'a.bin')], receive));
      const reports = gather();
      fs.rmSync(places.at('lake', 'a.bin'), { force: true });
      await files.run([places.copy(2, 'a.bin')], reports.take);
      reports.done(2);
    });

    withFiles('closed: running and later runs reject', async (places, files) => {
      places.file('a.bin', 100);
      files.pause(true);
      const running = fails(
        'CANCELLED',
        files.run([places.copy(1, 'a.bin')], () => {}),
      );
      files.close();
      await running;
      await fails(
        'CANCELLED',
        files.run([places.copy(1, 'a.bin')], () => {}),
      );
    });
  });

  describe(`TransferFiles, ${title}: in the middle of a file`, { skip: !isHosted && 'it is one turn there' }, () => {
    const large = 400 * mebibyte;
    // Never by sharing blocks, which would be over at once.
    const copyOf = (places: ReturnType<typeof makePlaces>): CopyOrder => ({
      ...places.copy(1, 'a.bin'),
      verify: 'readback',
    });

    withFiles('it stops when paused, and goes on', async (places, files) => {
      places.file('a.bin', large);
      const reports = gather();
      const moved = whenMoved();
      const running = files.run([copyOf(places)], (some) => {
        reports.take(some);
        moved.take(some);
      });
      await moved.promise;
      files.pause(true);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const [part = ''] = places.names('lake');
      const size = fs.statSync(places.at('lake', part)).size;
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(fs.statSync(places.at('lake', part)).size, size, 'nothing is written meanwhile');
      assert.equal(reports.ended.size, 0);
      files.pause(false);
      await running;
      assert.equal(reports.done(1).after?.size, large);
      assert.equal(reports.moved(1), large);
    });

    withFiles('cancelled: nothing of it is left', async (places, files) => {
      places.file('a.bin', large);
      const moved = whenMoved();
      const stop = new AbortController();
      const running = files.run([copyOf(places)], moved.take, { signal: stop.signal });
      await moved.promise;
      stop.abort();
      await fails('CANCELLED', running);
      assert.deepEqual(places.names('lake'), []);
    });

    withFiles('closed: what is unfinished stays, and is gone on with', async (places, files) => {
      const bytes = places.file('a.bin', large);
      const moved = whenMoved();
      const running = files.run([copyOf(places)], moved.take);
      await moved.promise;
      files.close();
      await fails('CANCELLED', running);
      assert.deepEqual(places.names('lake'), ['.a.bin.task1.part']);
      const again = open();
      try {
        const reports = gather();
        await again.run([{ ...copyOf(places), isResumed: true }], reports.take);
        assert.equal(Buffer.from(reports.done(1).blake3 ?? []).toString('hex'), blake3Of(bytes));
        assert.deepEqual(places.names('lake'), ['a.bin']);
      } finally {
        again.close();
      }
    });
  });
}
