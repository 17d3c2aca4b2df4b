import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError, cancelled } from '../../src/core/errors/app-error.ts';
import type { CopyOrder } from '../../src/core/ports/transfer-files.ts';
import { partName } from '../../src/core/transfers/part-name.ts';
import type { RawCall } from '../../src/platform/memory/fault-injection.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import {
  again,
  blake3Of,
  bytesOf,
  codeOf,
  contentsOf,
  copyOf,
  createLab,
  digestOf,
  endOf,
  inLake,
  inLocal,
  isPart,
  lakeRoot,
  localRoot,
  run,
} from '../support/transfer-lab.ts';

const at = 'loras/style.safetensors';
const source = `${localRoot}/${at}`;
const target = `${lakeRoot}/${at}`;
const part = `${lakeRoot}/loras/.style.safetensors.task1234.part`;
const size = 10_500;
const mtimeNs = 1_700_000_000_123_456_000n;

function labWithFile(volumes: Parameters<typeof createLab>[0] = {}) {
  const lab = createLab(volumes);
  lab.memory.file(source, { size, mtimeNs });
  return lab;
}

const namesIn = (memory: MemoryFileSystem): string[] => [...contentsOf(memory, lakeRoot).keys()];

/** The memory file system, and how often an operation was called on it. */
function counting(memory: MemoryFileSystem, op: RawCall['op']): { faulty: FaultyFileSystem; count: () => number } {
  let calls = 0;
  const faulty = new FaultyFileSystem(memory, {
    onCall: (call) => {
      if (call.op === op) calls += 1;
    },
  });
  return { faulty, count: () => calls };
}

/** Calls `meddle` right before the n-th call of an operation on the memory file system. */
function meddling(memory: MemoryFileSystem, op: RawCall['op'], nth: number, meddle: () => void): FaultyFileSystem {
  let seen = 0;
  return new FaultyFileSystem(memory, {
    onCall: (call) => {
      if (call.op !== op) return;
      seen += 1;
      if (seen === nth) meddle();
    },
  });
}

describe('a copy', () => {
  test('has the bytes and the time of its source, and reports what it is', () => {
    const { memory } = labWithFile();
    const order = copyOf(memory, at);
    const { reports } = run(memory, [order]);
    const done = reports.at(-1);
    assert.ok(done?.type === 'done');
    const { size: newSize, mtimeNs: newTime, fileId, device, links } = memory.lstat(target);
    assert.deepEqual(done.after, { size: newSize, mtimeNs: newTime, fileId, device, links });
    assert.deepEqual([newSize, newTime, links], [size, mtimeNs, 1]);
    assert.deepEqual([done.way, done.isDurable], ['stream', true]);
    assert.deepEqual(done.blake3, blake3Of(memory, source));
    assert.deepEqual(bytesOf(memory, target), bytesOf(memory, source));
    assert.deepEqual(namesIn(memory), [at]);
    const moved = reports.reduce((sum, report) => sum + (report.type === 'moved-on' ? report.bytes : 0), 0);
    assert.equal(moved, size);
  });

  test('survives a power cut from the moment it is reported', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { memory } = labWithFile();
      assert.equal(endOf(memory, copyOf(memory, at)), 'stream');
      memory.powerCut(seed);
      assert.deepEqual(contentsOf(memory, lakeRoot), new Map([[at, digestOf(bytesOf(memory, source))]]));
      assert.equal(memory.lstat(target).mtimeNs, mtimeNs);
    }
  });

  const sizes = [0, 1, 999, 1_000, 1_001, 2_000];
  test(`of any size: ${sizes.join(', ')} bytes, blocks of 1,000`, () => {
    const { memory } = createLab();
    const orders = sizes.map((bytes) => {
      memory.file(`${localRoot}/${bytes}.bin`, { size: bytes });
      return copyOf(memory, `${bytes}.bin`);
    });
    run(memory, orders);
    assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
  });

  test('shares blocks where the drive can, and takes over the known hash', () => {
    for (const blake3 of [null, new Uint8Array(32).fill(7)]) {
      const { memory } = labWithFile({ together: true, local: { reflink: true } });
      const { reports } = run(memory, [copyOf(memory, at, { blake3 })]);
      const done = reports.at(-1);
      assert.ok(done?.type === 'done');
      assert.deepEqual([done.way, done.blake3, done.isDurable], ['clone', blake3, true]);
      assert.equal(memory.lstat(target).mtimeNs, mtimeNs);
      assert.deepEqual(bytesOf(memory, target), bytesOf(memory, source));
      memory.powerCut(1);
      assert.deepEqual(bytesOf(memory, target), bytesOf(memory, source));
    }
  });

  test('is not stopped by an empty file that a drive left when it refused to share blocks', () => {
    const { memory } = createLab({ together: true, local: { reflink: true } });
    memory.file(source, { size: 0, mtimeNs });
    const refused = new AppError('UNSUPPORTED', 'not here');
    const leaving = new FaultyFileSystem(memory, { faults: [{ op: 'clone', fail: refused, isDone: true }] });
    assert.equal(endOf(leaving, copyOf(memory, at)), 'stream');
    assert.deepEqual(namesIn(memory), [at]);
  });

  test('asks a drive once whether it can share blocks', () => {
    const { memory } = createLab();
    const { faulty, count } = counting(memory, 'clone');
    const orders = ['a', 'b', 'c'].map((name) => {
      memory.file(`${localRoot}/${name}`, { size: 10 });
      return copyOf(memory, name);
    });
    run(faulty, orders);
    run(faulty, [copyOf(memory, 'a', { to: inLake('d') })]);
    assert.equal(count(), 1);
  });

  test('to a drive that promises nothing says so', () => {
    const { memory } = labWithFile({ lake: { syncs: 'unknown' } });
    const { reports } = run(memory, [copyOf(memory, at)]);
    const done = reports.at(-1);
    assert.ok(done?.type === 'done');
    assert.equal(done.isDurable, false);
  });

  test('stores the time that the drive kept', () => {
    const { memory } = labWithFile({ lake: { timeGranularityNs: 2_000_000_000n } });
    const { reports } = run(memory, [copyOf(memory, at)]);
    const done = reports.at(-1);
    assert.ok(done?.type === 'done');
    assert.equal(done.after?.mtimeNs, 1_700_000_000_000_000_000n);
  });

  test('of a link has the bytes of what it leads to', () => {
    const { memory } = labWithFile();
    memory.link(`${localRoot}/alias.safetensors`, at);
    memory.link(`${localRoot}/styles`, 'loras');
    for (const relPath of ['alias.safetensors', 'styles/style.safetensors']) {
      assert.equal(endOf(memory, copyOf(memory, relPath)), 'stream');
      assert.deepEqual(bytesOf(memory, `${lakeRoot}/${relPath}`), bytesOf(memory, source));
      assert.equal(memory.lstat(`${lakeRoot}/${relPath}`).kind, 'file');
    }
  });

  for (const [title, volume] of [
    ['without hard links', { hardLinks: false }],
    ['with times of 2 s and letters that do not count', { caseSensitive: false, timeGranularityNs: 2_000_000_000n }],
    ['without file ids', { fileIds: 'none', hardLinks: false }],
  ] as const satisfies readonly (readonly [string, MemoryVolumeOptions])[]) {
    test(`to a drive ${title}`, () => {
      const { memory } = labWithFile({ lake: volume });
      assert.equal(endOf(memory, copyOf(memory, at)), 'stream');
      assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
      assert.equal(endOf(memory, copyOf(memory, at)), 'TARGET_EXISTS');
    });
  }

  test('of a file with the longest name', () => {
    const { memory } = createLab();
    const names = ['x'.repeat(255), `${'x'.repeat(254)}y`, 'é'.repeat(127), '😀'.repeat(63)];
    for (const name of names) memory.file(`${localRoot}/${name}`, { size: 1_500 });
    run(
      memory,
      names.map((name) => copyOf(memory, name)),
    );
    assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
    const parts = names.map((name) => partName(name, 'task1234'));
    assert.equal(new Set(parts).size, names.length);
    for (const name of parts) assert.ok(Buffer.byteLength(name) <= 255 && isPart(name), name);
  });

  test('waits for the drive every 64 MiB, and reports what is on it', () => {
    const { memory } = createLab();
    const big = 130 * 1024 * 1024;
    memory.file(`${localRoot}/big.bin`, { bytes: new Uint8Array(big).fill(3) });
    const { faulty, count } = counting(memory, 'syncData');
    const { reports } = run(faulty, [copyOf(memory, 'big.bin')]);
    const moved = reports.flatMap((report) => (report.type === 'moved-on' ? [report.bytes] : []));
    assert.equal(moved.length, 3);
    assert.equal(
      moved.reduce((sum, bytes) => sum + bytes, 0),
      big,
    );
    assert.equal(count(), 2);
    assert.equal(memory.lstat(`${lakeRoot}/big.bin`).size, big);
  });
});

describe('a copy replaces nothing', () => {
  const takers: readonly (readonly [string, (memory: MemoryFileSystem) => void])[] = [
    ['a file', (memory) => memory.file(target, { size: 3 })],
    ['an empty file', (memory) => memory.file(target)],
    ['the very bytes', (memory) => memory.file(target, { size, content: source, mtimeNs })],
    ['a folder', (memory) => memory.folder(target)],
    ['a link to nowhere', (memory) => memory.link(target, 'gone')],
    ['a pipe', (memory) => memory.special(target)],
  ];
  for (const [title, take] of takers) {
    test(`where ${title} has the name before`, () => {
      const { memory } = labWithFile();
      take(memory);
      const before = [contentsOf(memory, lakeRoot), memory.lstat(target)];
      assert.equal(endOf(memory, copyOf(memory, at)), 'TARGET_EXISTS');
      assert.deepEqual([contentsOf(memory, lakeRoot), memory.lstat(target)], before);
    });

    for (const op of ['read', 'sync', 'move'] as const) {
      test(`where ${title} takes the name at the moment of: ${op}`, () => {
        const { memory } = labWithFile();
        const faulty = meddling(memory, op, 1, () => take(memory));
        assert.equal(endOf(faulty, copyOf(memory, at)), 'TARGET_EXISTS');
        assert.equal(memory.lstat(part.replace(/\/[^/]*$/, '')).kind, 'folder');
        assert.deepEqual(namesIn(memory).filter(isPart), []);
      });
    }
  }

  test('that a drive takes for the same name', () => {
    for (const name of ['STYLE.safetensors', 'Style.SafeTensors']) {
      const { memory } = labWithFile({ lake: { caseSensitive: false } });
      memory.file(`${lakeRoot}/loras/${name}`, { size: 3 });
      const before = contentsOf(memory, lakeRoot);
      assert.equal(endOf(memory, copyOf(memory, at)), 'TARGET_EXISTS');
      assert.deepEqual(contentsOf(memory, lakeRoot), before);
    }
  });

  test('of two twins that are copied together one arrives, whole', () => {
    for (const small of [true, false]) {
      const { memory } = createLab({ lake: { caseSensitive: false } });
      const bytes = small ? 500 : 5 * 1024 * 1024;
      memory.file(`${localRoot}/A.bin`, { size: bytes });
      memory.file(`${localRoot}/a.bin`, { size: bytes });
      const { ends } = run(memory, [copyOf(memory, 'A.bin'), copyOf(memory, 'a.bin')]);
      assert.deepEqual([...ends.values()].sort(), ['TARGET_EXISTS', 'stream']);
      assert.deepEqual(namesIn(memory), ['A.bin']);
      assert.deepEqual(bytesOf(memory, `${lakeRoot}/A.bin`), bytesOf(memory, `${localRoot}/A.bin`));
    }
  });

  test('not even an unfinished file that it did not begin', () => {
    const { memory } = labWithFile();
    memory.file(part, { size: 7 });
    const before = contentsOf(memory, lakeRoot);
    assert.equal(endOf(memory, copyOf(memory, at)), 'TARGET_EXISTS');
    assert.deepEqual(contentsOf(memory, lakeRoot), before);
  });
});

describe('a source that is not what was planned', () => {
  const before: readonly (readonly [string, string, (memory: MemoryFileSystem) => void])[] = [
    ['has another size', 'FILE_CHANGED', (memory) => memory.file(source, { size: 5, mtimeNs })],
    ['has another time', 'FILE_CHANGED', (memory) => memory.setTime(source, mtimeNs + 1_000n)],
    [
      'is another file of equal size and time',
      'FILE_CHANGED',
      (memory) => {
        memory.remove(source);
        memory.file(source, { size, mtimeNs });
      },
    ],
    ['is gone', 'FILE_NOT_FOUND', (memory) => memory.remove(source)],
    [
      'is a pipe',
      'SPECIAL_FILE',
      (memory) => {
        memory.remove(source);
        memory.special(source);
      },
    ],
  ];
  for (const [title, code, change] of before) {
    test(`${title}: nothing is made`, () => {
      const { memory } = labWithFile();
      const order = copyOf(memory, at);
      change(memory);
      assert.equal(endOf(memory, order), code);
      assert.deepEqual(namesIn(memory), []);
    });
  }

  const during: readonly (readonly [string, (memory: MemoryFileSystem) => void])[] = [
    ['grows', (memory) => memory.file(source, { size: size + 1, mtimeNs })],
    ['shrinks', (memory) => memory.file(source, { size: 100, mtimeNs })],
    ['gets another time', (memory) => memory.setTime(source, 5n)],
    ['gets other bytes, and its time back', (memory) => memory.file(source, { size, mtimeNs, content: 'other' })],
    ['is renamed', (memory) => memory.rename(source, `${source}.old`)],
    [
      'is replaced',
      (memory) => {
        memory.rename(source, `${source}.old`);
        memory.file(source, { size, mtimeNs });
      },
    ],
    ['is removed', (memory) => memory.remove(source)],
  ];
  for (const [title, change] of during) {
    for (const nth of [1, 5, 12]) {
      test(`${title} at read ${nth}: the copy is removed`, () => {
        const { memory } = labWithFile();
        const order = copyOf(memory, at);
        const code = endOf(
          meddling(memory, 'read', nth, () => change(memory)),
          order,
        );
        assert.ok(['FILE_CHANGED', 'FILE_NOT_FOUND'].includes(code), code);
        assert.deepEqual(namesIn(memory), []);
      });
    }
  }

  test('changes while its blocks are shared: the clone is removed', () => {
    const { memory } = labWithFile({ together: true, local: { reflink: true } });
    const order = copyOf(memory, at);
    const faulty = meddling(memory, 'clone', 1, () => memory.file(source, { size, mtimeNs, content: 'other' }));
    assert.equal(endOf(faulty, order), 'FILE_CHANGED');
    assert.deepEqual(namesIn(memory), []);
  });

  test('a file without a lasting id is known by size and time', () => {
    const { memory } = labWithFile({ local: { fileIds: 'none' } });
    assert.equal(endOf(memory, copyOf(memory, at)), 'stream');
  });

  test('other bytes at the same size and time: no copy where the hash is known', () => {
    for (const [verify, end] of [
      ['source', 'CONTENT_CHANGED'],
      ['readback', 'CONTENT_CHANGED'],
      ['none', 'stream'],
    ] as const) {
      const { memory } = labWithFile();
      const order = copyOf(memory, at, { verify, blake3: blake3Of(memory, source) });
      memory.patch(source, 700, Uint8Array.of(1, 2, 3));
      assert.equal(endOf(memory, order), end);
      assert.deepEqual(namesIn(memory), end === 'stream' ? [at] : []);
    }
  });
});

describe('reading back', () => {
  test('finds bytes that the drive did not keep', () => {
    const { memory } = labWithFile();
    const faulty = meddling(memory, 'openReadBack', 1, () => memory.patch(part, 5_000, Uint8Array.of(1, 2, 3)));
    assert.equal(endOf(faulty, copyOf(memory, at, { verify: 'readback' })), 'COPY_DIFFERS');
    assert.deepEqual(namesIn(memory), []);
  });

  test('passes what is right, streamed and cloned', () => {
    for (const reflink of [false, true]) {
      const { memory } = labWithFile({ together: true, local: { reflink } });
      const blake3 = blake3Of(memory, source);
      const end = endOf(memory, copyOf(memory, at, { verify: 'readback', blake3 }));
      assert.equal(end, reflink ? 'clone' : 'stream');
    }
  });

  test('a clone is made only where there is a hash to compare with', () => {
    const { memory } = labWithFile({ together: true, local: { reflink: true } });
    assert.equal(endOf(memory, copyOf(memory, at, { verify: 'readback' })), 'stream');
  });
});

describe('what stops a copy', () => {
  test('a full drive: the unfinished file is removed, what was there stays', () => {
    const { memory } = labWithFile({ lake: { totalBytes: 12_000 } });
    memory.file(`${lakeRoot}/old.bin`, { size: 3_000 });
    const before = contentsOf(memory, lakeRoot);
    const { reports } = run(memory, [copyOf(memory, at)]);
    const failed = reports.at(-1);
    assert.ok(failed?.type === 'failed');
    assert.deepEqual([failed.code, failed.location], ['NO_SPACE', 'lake']);
    assert.deepEqual(contentsOf(memory, lakeRoot), before);
  });

  test('a read-only drive, and a read error, name their side', () => {
    const { memory, faulty } = labWithFile();
    memory.setReadOnly(lakeRoot, true);
    const order = copyOf(memory, at);
    const lake = run(faulty, [order]).reports.at(-1);
    memory.setReadOnly(lakeRoot, false);
    faulty.setFaults([{ op: 'read', fail: 'EIO' }]);
    const local = run(faulty, [order]).reports.at(-1);
    assert.ok(lake?.type === 'failed' && local?.type === 'failed');
    assert.deepEqual([lake.code, lake.location], ['READ_ONLY', 'lake']);
    assert.deepEqual([local.code, local.location], ['IO_FAILED', 'local']);
    assert.deepEqual(namesIn(memory), []);
  });

  test('cancelled at any moment: nothing of it is left', () => {
    for (let stopAt = 1; stopAt < 40; stopAt += 1) {
      const { memory } = labWithFile();
      memory.file(`${localRoot}/second.bin`, { size: 3_000 });
      let breaths = 0;
      const breathe = (): void => {
        breaths += 1;
        if (breaths === stopAt) throw cancelled('The copy');
      };
      const { thrown, ends } = run(memory, [copyOf(memory, at), copyOf(memory, 'second.bin')], { breathe });
      if (thrown === null) {
        assert.ok(stopAt > 10);
        return;
      }
      assert.equal(codeOf(thrown), 'CANCELLED');
      assert.deepEqual([namesIn(memory), ends.size], [[], 0]);
    }
    assert.fail('it never ended');
  });

  test('a drive that is gone: the run ends and names it, the unfinished file stays and is gone on with', () => {
    for (const location of ['local', 'lake'] as const) {
      const { memory } = labWithFile();
      const order = copyOf(memory, at);
      const op = location === 'local' ? 'read' : 'write';
      const { thrown, ends } = run(
        meddling(memory, op, 6, () => memory.unmount(`/${location}`)),
        [order],
      );
      assert.equal(codeOf(thrown), 'LOCATION_OFFLINE');
      assert.deepEqual([(thrown as { location?: string }).location, ends.size], [location, 0]);
      memory.remount(`/${location}`);
      assert.equal(memory.lstat(part).size, 5_000);
      const { faulty, count } = counting(memory, 'write');
      assert.equal(endOf(faulty, again(order)), 'stream');
      assert.equal(count(), 6, 'only what was missing is written');
      assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
    }
  });

  test('a root that is not there is a drive that is offline', () => {
    const { memory } = labWithFile();
    const order = copyOf(memory, at);
    memory.unmount('/lake');
    memory.remove('/lake/models');
    assert.equal(codeOf(run(memory, [order]).thrown), 'LOCATION_OFFLINE');
  });

  test('a root that becomes another drive in the middle of a run ends it', () => {
    const { memory } = createLab();
    const orders = ['a', 'b', 'c'].map((name) => {
      memory.file(`${localRoot}/${name}`, { size: 10 });
      return copyOf(memory, name);
    });
    const faulty = meddling(memory, 'createFile', 1, () => {
      memory.unmount('/lake');
      memory.folder(lakeRoot);
    });
    assert.equal(codeOf(run(faulty, orders).thrown), 'LOCATION_OFFLINE');
    assert.deepEqual(namesIn(memory), []);
  });
});

describe('a copy that was begun before', () => {
  const resumed = (memory: MemoryFileSystem, options: Partial<CopyOrder> = {}): CopyOrder =>
    copyOf(memory, at, { isResumed: true, ...options });
  const whole = (memory: MemoryFileSystem): void =>
    assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
  const cutOff = (memory: MemoryFileSystem, length: number): Uint8Array => bytesOf(memory, source).slice(0, length);

  test('and left nothing starts anew', () => {
    const { memory } = labWithFile();
    assert.equal(endOf(memory, resumed(memory)), 'stream');
    whole(memory);
  });

  for (const length of [0, 1, 1_000, 4_321, size]) {
    test(`and left the first ${length} bytes goes on`, () => {
      const { memory } = labWithFile();
      memory.file(part, { bytes: cutOff(memory, length) });
      const { reports } = run(memory, [resumed(memory)]);
      const done = reports.at(-1);
      assert.ok(done?.type === 'done');
      assert.deepEqual(done.blake3, blake3Of(memory, source));
      assert.equal(memory.lstat(target).mtimeNs, mtimeNs);
      whole(memory);
    });
  }

  for (const [title, make] of [
    ['zeros, as a power cut leaves them', (bytes: Uint8Array) => bytes.fill(0)],
    ['one wrong byte', (bytes: Uint8Array) => bytes.fill(~(bytes[4_500] ?? 0), 4_500, 4_501)],
    ['more bytes than there are', (bytes: Uint8Array) => Uint8Array.of(...bytes, 1, 2, 3)],
    ['a wrong end', (bytes: Uint8Array) => bytes.fill(9, 9_990)],
  ] as const) {
    test(`and left ${title} is right in the end`, () => {
      const { memory } = labWithFile();
      memory.file(part, { bytes: make(cutOff(memory, size)) });
      assert.equal(endOf(memory, resumed(memory)), 'stream');
      whole(memory);
    });
  }

  test('and was published is found', () => {
    for (const blake3 of [null, 'known'] as const) {
      const { memory } = labWithFile();
      memory.file(target, { size, content: source });
      const known = blake3 && blake3Of(memory, source);
      const { reports } = run(memory, [resumed(memory, { blake3: known })]);
      const done = reports.at(-1);
      assert.ok(done?.type === 'done');
      assert.deepEqual([done.way, done.isDurable, done.blake3], ['found', true, blake3Of(memory, source)]);
      whole(memory);
    }
  });

  test('and was published under both names is found, and loses the other name', () => {
    const { memory } = labWithFile();
    memory.file(target, { size, content: source });
    memory.hardLink(part, target);
    assert.equal(endOf(memory, resumed(memory)), 'found');
    whole(memory);
    assert.equal(memory.lstat(target).links, 1);
  });

  test('where another file has the name by now: that one stays, the unfinished one goes', () => {
    for (const other of [{ size, content: 'other' }, { size: 5 }, { size: 0 }]) {
      const { memory } = labWithFile();
      memory.file(target, other);
      memory.file(part, { bytes: cutOff(memory, 3_000) });
      const digest = digestOf(bytesOf(memory, target));
      assert.equal(endOf(memory, resumed(memory)), 'TARGET_EXISTS');
      assert.deepEqual(contentsOf(memory, lakeRoot), new Map([[at, digest]]));
    }
  });

  test('on a drive without hard links, killed between the empty file and the rename', () => {
    const { memory } = labWithFile({ lake: { hardLinks: false } });
    memory.file(part, { bytes: cutOff(memory, size) });
    memory.file(target);
    assert.equal(endOf(memory, resumed(memory)), 'stream');
    whole(memory);
  });

  test('whose name has an empty file of somebody else by now, on a drive with hard links: that one stays', () => {
    const { memory } = labWithFile();
    memory.file(part, { bytes: cutOff(memory, size) });
    memory.file(target);
    const before = memory.lstat(target);
    assert.equal(endOf(memory, resumed(memory)), 'TARGET_EXISTS');
    assert.deepEqual([namesIn(memory), memory.lstat(target)], [[at], before]);
  });

  test('and whose published file somebody renamed does not write into that', () => {
    const { memory } = labWithFile();
    memory.file(`${lakeRoot}/loras/renamed.bin`, { bytes: cutOff(memory, size).fill(1, 5_000) });
    memory.hardLink(part, `${lakeRoot}/loras/renamed.bin`);
    const renamed = digestOf(bytesOf(memory, part));
    assert.equal(endOf(memory, resumed(memory)), 'stream');
    assert.deepEqual(
      [...contentsOf(memory, lakeRoot)].sort(),
      [
        ['loras/renamed.bin', renamed],
        [at, digestOf(bytesOf(memory, source))],
      ].sort(),
    );
  });

  test('whose source changed meanwhile ends, and the unfinished file stays for tidying', () => {
    const { memory } = labWithFile();
    const order = resumed(memory);
    memory.file(part, { size: 100 });
    memory.setTime(source, 5n);
    assert.equal(endOf(memory, order), 'FILE_CHANGED');
    const tidy = { op: 'tidy', n: 0, at: inLake(at), what: { kind: 'part', tag: 'task1234' } } as const;
    assert.equal(endOf(memory, tidy), 'none');
    assert.deepEqual(namesIn(memory), []);
  });
});

describe('copies that are carried out together', () => {
  function labWithMany(count: number) {
    const lab = createLab();
    const orders = Array.from({ length: count }, (_, n) => {
      const relPath = `f${n % 3}/${n}.bin`;
      lab.memory.file(`${localRoot}/${relPath}`, { size: 100 + n });
      return copyOf(lab.memory, relPath);
    });
    return { ...lab, orders };
  }

  test('all arrive, each reported once', () => {
    const { memory, orders } = labWithMany(150);
    const { ends, reports } = run(memory, orders);
    assert.deepEqual(
      [...ends.keys()],
      orders.map(({ n }) => n),
    );
    assert.equal(reports.filter(({ type }) => type === 'done').length, 150);
    assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
  });

  test('are not reported before they would survive a power cut', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      for (let stopAt = 1; stopAt <= 12; stopAt += 1) {
        const { memory, orders } = labWithMany(12);
        const told = new Set<number>();
        const stop = new Error('power');
        const { thrown } = run(memory, orders, {
          onReport: (report) => {
            if (report.type !== 'done') return;
            told.add(report.n);
            if (told.size === stopAt) throw stop;
          },
        });
        assert.equal(thrown, stop);
        memory.powerCut(seed);
        for (const { n, to, from } of orders) {
          if (!told.has(n)) continue;
          assert.deepEqual(
            bytesOf(memory, `${to.root}/${to.relPath}`),
            bytesOf(memory, `${from.root}/${from.relPath}`),
          );
        }
      }
    }
  });

  test('wait for a folder once for each of their steps', () => {
    const { memory, orders } = labWithMany(60);
    const { faulty, count } = counting(memory, 'syncFolder');
    run(faulty, orders);
    assert.equal(count(), 3 + 3 + 3, 'three were made, have unfinished files, have finished ones');
  });

  test('one that fails takes nobody with it', () => {
    for (const op of ['openRead', 'createFile', 'write', 'sync', 'move', 'lstat'] as const) {
      const { memory, orders } = labWithMany(10);
      const faulty = new FaultyFileSystem(memory);
      faulty.setFaults([{ op, path: (path) => path.includes('4.bin'), fail: 'EIO' }]);
      const { ends } = run(faulty, orders);
      assert.deepEqual(
        [...ends.values()].filter((end) => end !== 'stream'),
        ['IO_FAILED'],
        op,
      );
      const arrived = namesIn(memory);
      assert.equal(arrived.length, 9, op);
      assert.ok(
        arrived.every((name) => !isPart(name) && !name.includes('4.bin')),
        op,
      );
    }
  });
});

describe('folders of the target', () => {
  test('are made as needed, and are as durable as the file', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { memory } = createLab();
      memory.file(`${localRoot}/a/b/c/d.bin`, { size: 10 });
      assert.equal(endOf(memory, copyOf(memory, 'a/b/c/d.bin')), 'stream');
      memory.powerCut(seed);
      assert.deepEqual(contentsOf(memory, lakeRoot), contentsOf(memory, localRoot));
    }
  });

  test('may be links inside the location, and not out of it', () => {
    const { memory } = labWithFile();
    memory.folder(`${lakeRoot}/real`);
    memory.link(`${lakeRoot}/inside`, 'real');
    memory.folder('/lake/outside');
    memory.link(`${lakeRoot}/out`, '../outside');
    memory.link(`${lakeRoot}/up`, '..');
    memory.link(`${lakeRoot}/dead`, 'nothing');
    const to = (relPath: string) => copyOf(memory, at, { to: inLake(relPath) });
    assert.equal(endOf(memory, to('inside/new/a.bin')), 'stream');
    assert.equal(memory.lstat(`${lakeRoot}/real/new/a.bin`).size, size);
    for (const relPath of ['out/a.bin', 'out/new/a.bin', 'up/a.bin', 'up/new/deep/a.bin', 'up/outside/a.bin']) {
      assert.equal(endOf(memory, to(relPath)), 'LINK_ESCAPES', relPath);
    }
    assert.equal(endOf(memory, to('dead/a.bin')), 'FILE_NOT_FOUND');
    assert.deepEqual(contentsOf(memory, '/lake/outside'), new Map());
    assert.deepEqual(
      memory
        .list('/lake')
        .map(({ name }) => name)
        .sort(),
      ['models', 'outside'],
    );
  });

  test('are not made where a file is in the way', () => {
    const { memory } = labWithFile();
    memory.file(`${lakeRoot}/loras`, { size: 3 });
    const before = contentsOf(memory, lakeRoot);
    assert.equal(endOf(memory, copyOf(memory, at)), 'TARGET_EXISTS');
    assert.deepEqual(contentsOf(memory, lakeRoot), before);
  });

  test('another program may make one at the same moment', () => {
    const { memory } = labWithFile();
    const faulty = meddling(memory, 'makeFolder', 1, () => memory.folder(`${lakeRoot}/loras`));
    assert.equal(endOf(faulty, copyOf(memory, at)), 'stream');
  });

  test('a link out of the source’s location is not copied', () => {
    const { memory } = createLab();
    memory.file('/local/secret.bin', { size: 10 });
    memory.link(`${localRoot}/l.bin`, '../secret.bin');
    memory.link(`${localRoot}/up`, '..');
    for (const relPath of ['l.bin', 'up/secret.bin']) {
      assert.equal(endOf(memory, copyOf(memory, relPath, { from: inLocal(relPath) })), 'LINK_ESCAPES');
    }
    assert.deepEqual(namesIn(memory), []);
  });
});

describe('twins: two names that the target takes for one', () => {
  for (const fileIds of ['stable', 'none'] as const) {
    for (const together of [64, 1]) {
      test(`tried again, ${together} at a time, file ids ${fileIds}: neither goes on with the unfinished file of the other`, () => {
        const { memory } = createLab({ lake: { caseSensitive: false, fileIds } });
        memory.file(`${localRoot}/A.bin`, { size: 3_000, content: 'upper' });
        memory.file(`${localRoot}/a.bin`, { size: 10, content: 'lower' });
        const orders = ['A.bin', 'a.bin'].map((relPath) => again(copyOf(memory, relPath)));
        const { ends, thrown } = run(memory, orders, { together });
        assert.equal(thrown, null);
        assert.deepEqual([...ends.values()].sort(), ['TARGET_EXISTS', 'stream']);
        const [content] = contentsOf(memory, lakeRoot).values();
        assert.equal(content, contentsOf(memory, localRoot).get('A.bin'));
      });
    }
  }
});
