import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { CompareView } from '../../src/core/catalog/compare-view.ts';
import { LocationIndex } from '../../src/core/catalog/location-index.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { probeRoot } from '../../src/core/locations/probe-root.ts';
import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { scanInto } from '../support/index-tree.ts';
import { steadyPacer } from '../support/time.ts';
import { foldersOf } from '../support/view-rows.ts';

function fails(code: ErrorCode, call: () => unknown): void {
  assert.throws(call, (thrown) => thrown instanceof AppError && thrown.code === code);
}

function read(fs: RawFileSystem, path: string, position = 0, length = 64): string {
  const file = fs.openRead(path);
  const bytes = new Uint8Array(length);
  const count = file.read(bytes, position);
  file.close();
  return Buffer.from(bytes.subarray(0, count)).toString('hex');
}

const names = (fs: RawFileSystem, path: string): string[] =>
  fs
    .list(path)
    .map(({ name }) => name)
    .sort();

describe('made-up bytes', () => {
  test('follow from seed and content name, and from nothing else', () => {
    const fs = new MemoryFileSystem({ seed: 7 });
    fs.file('/a', { size: 100, content: 'model' });
    fs.file('/x/b', { size: 100, content: 'model', mtimeNs: 5n });
    fs.file('/c', { size: 100, content: 'other' });
    fs.file('/d', { size: 100 });
    const again = new MemoryFileSystem({ seed: 7 });
    again.file('/d', { size: 100 });
    const otherSeed = new MemoryFileSystem({ seed: 8 });
    otherSeed.file('/d', { size: 100 });
    assert.equal(read(fs, '/a'), read(fs, '/x/b'));
    assert.notEqual(read(fs, '/a'), read(fs, '/c'));
    assert.equal(read(fs, '/d'), read(again, '/d'));
    assert.notEqual(read(fs, '/d'), read(otherSeed, '/d'));
  });

  test('are the same in whatever pieces they are read, also far beyond 4 GiB', () => {
    const fs = new MemoryFileSystem();
    const size = 400_000_000_003;
    fs.file('/big', { size });
    for (const start of [0, 1, 4_294_967_290, 17_179_869_180, size - 33]) {
      let pieces = '';
      for (let at = start; at < start + 33; at += 3) pieces += read(fs, '/big', at, 3);
      assert.equal(read(fs, '/big', start, 33), pieces);
    }
    assert.notEqual(
      read(fs, '/big', 0, 32),
      read(fs, '/big', 17_179_869_184, 32),
      'nothing repeats where a counter wraps',
    );
  });

  test('a patch changes bytes and neither size nor time nor identity', () => {
    const fs = new MemoryFileSystem();
    fs.file('/a', { bytes: Uint8Array.of(1, 2, 3, 4, 5) });
    const before = fs.lstat('/a');
    fs.patch('/a', 3, Uint8Array.of(9, 9, 9));
    assert.deepEqual(fs.lstat('/a'), before);
    assert.equal(read(fs, '/a'), '0102030909');
  });
});

describe('names', () => {
  test('without case: every spelling finds the file, the first one stays', () => {
    const fs = new MemoryFileSystem({ volume: { caseSensitive: false } });
    fs.file('/M/Model.bin', { size: 5 });
    fs.file('/m/MODEL.BIN', { size: 7 });
    assert.deepEqual(names(fs, '/m'), ['Model.bin']);
    assert.equal(fs.lstat('/M/model.BIN').size, 7);
    assert.equal(fs.realPath('/m/model.bin'), '/M/Model.bin');
    fs.rename('/m/model.bin', '/m/model.BIN');
    assert.deepEqual(names(fs, '/m'), ['model.BIN']);
    assert.equal(probeRoot(fs, '/m').caseSensitive, false);
  });

  test('without Unicode forms: composed and decomposed are one', () => {
    const fs = new MemoryFileSystem({ volume: { unicodeSensitive: false } });
    fs.file('/é', { size: 1 });
    assert.equal(fs.lstat('/e\u0301').size, 1);
    fails('FILE_NOT_FOUND', () => fs.lstat('/É'));
  });

  test('with case: two files', () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a');
    fs.file('/m/A');
    assert.deepEqual(names(fs, '/m'), ['A', 'a']);
    assert.equal(probeRoot(fs, '/m').caseSensitive, true);
  });

  test('twins that are hard links of one file are no proof that case does not count', () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a');
    fs.hardLink('/m/A', '/m/a');
    assert.equal(probeRoot(fs, '/m').caseSensitive, true);
  });

  test('longer than the drive allows, or such that the system rewrites them, cannot be made', () => {
    const fs = new MemoryFileSystem();
    fails('NAME_TOO_LONG', () => fs.file(`/${'é'.repeat(128)}`));
    fs.file(`/${'é'.repeat(127)}`);
    const windows = new MemoryFileSystem({ platform: 'win32' });
    windows.file(`C:\\${'é'.repeat(255)}`);
    for (const name of ['con.txt', 'a:b', 'x.', 'x ', 'a?b']) fails('INVALID_PATH', () => windows.file(`C:\\${name}`));
  });
});

describe('Windows', () => {
  test('drives, shares and the long form of paths', () => {
    const fs = new MemoryFileSystem({ platform: 'win32' });
    fs.mount('D:\\', { fileSystem: 'exfat' });
    fs.mount('\\\\nas\\models\\', { fileSystem: 'smb' });
    fs.file('c:\\AI\\Models\\a.bin', { size: 1 });
    fs.file('D:\\b.bin', { size: 2 });
    fs.file('\\\\nas\\models\\loras\\c.bin', { size: 3 });
    assert.equal(fs.lstat('C:/ai/models/A.BIN').size, 1);
    assert.equal(fs.lstat('\\\\?\\C:\\AI\\Models\\a.bin').size, 1);
    assert.equal(fs.lstat('\\\\?\\UNC\\NAS\\Models\\loras\\c.bin').size, 3);
    assert.equal(fs.realPath('c:\\ai\\MODELS\\a.bin'), 'C:\\AI\\Models\\a.bin');
    const devices = ['C:\\', 'D:\\', '\\\\nas\\models'].map((path) => fs.stat(path).device);
    assert.equal(new Set(devices).size, 3);
    assert.equal(fs.volume('\\\\nas\\models\\loras').fileSystem, 'smb');
    assert.equal(probeRoot(fs, 'C:\\AI\\Models').caseSensitive, false);
    fs.unmount('D:\\');
    fails('FILE_NOT_FOUND', () => fs.lstat('D:\\b.bin'));
    fails('FILE_NOT_FOUND', () => fs.lstat('E:\\'));
    fails('INVALID_PATH', () => fs.lstat('relative\\a.bin'));
  });
});

describe('times', () => {
  for (const [title, granularityNs, stored] of [
    ['a nanosecond', 1n, 1_700_000_001_234_567_891n],
    ['100 ns as on NTFS', 100n, 1_700_000_001_234_567_800n],
    ['a second', 1_000_000_000n, 1_700_000_001_000_000_000n],
    ['two seconds as on FAT', 2_000_000_000n, 1_700_000_000_000_000_000n],
  ] as const) {
    test(`are kept to ${title}`, () => {
      const fs = new MemoryFileSystem({ volume: { timeGranularityNs: granularityNs } });
      fs.file('/a', { mtimeNs: 1_700_000_001_234_567_891n });
      assert.equal(fs.lstat('/a').mtimeNs, stored);
      fs.setTime('/a', 1_700_000_001_234_567_891n);
      assert.equal(fs.lstat('/a').mtimeNs, stored);
      fs.setTime('/a', -1n);
      assert.equal(fs.lstat('/a').mtimeNs, granularityNs === 1n ? -1n : -granularityNs);
    });
  }
});

describe('volumes', () => {
  test('a mounted one hides the folder below, has its own device, rules and space, and goes again', () => {
    const fs = new MemoryFileSystem({ volume: { totalBytes: 1_000 } });
    fs.file('/mnt/usb/below.txt', { size: 1 });
    fs.mount('/mnt/usb', { fileSystem: 'vfat', caseSensitive: false, totalBytes: 50, device: 99n });
    assert.deepEqual(names(fs, '/mnt/usb'), []);
    assert.equal(fs.stat('/mnt/usb').device, 99n);
    assert.deepEqual(names(fs, '/mnt'), ['usb']);
    const facts = probeRoot(fs, '/mnt/usb');
    assert.deepEqual([facts.isMountPoint, facts.isEmpty, facts.fileSystem, facts.freeBytes], [true, true, 'vfat', 50]);

    fs.file('/mnt/usb/A', { size: 30 });
    assert.equal(fs.volume('/mnt/usb/a').freeBytes, 20);
    fails('NO_SPACE', () => fs.file('/mnt/usb/b', { size: 21 }));
    fails('UNSUPPORTED', () => fs.rename('/mnt/usb/A', '/elsewhere'));
    fails('UNSUPPORTED', () => fs.hardLink('/elsewhere', '/mnt/usb/A'));
    const open = fs.openRead('/mnt/usb/A');

    fs.unmount('/mnt/usb');
    assert.deepEqual(names(fs, '/mnt/usb'), ['below.txt']);
    assert.equal(probeRoot(fs, '/mnt/usb').isMountPoint, false);
    fails('LOCATION_OFFLINE', () => open.read(new Uint8Array(1), 0));
    fs.remount('/mnt/usb');
    assert.equal(fs.lstat('/mnt/usb/a').size, 30);
    assert.equal(open.read(new Uint8Array(1), 0), 1);
  });

  test('space is counted once for hard links, and comes back when the last name goes', () => {
    const fs = new MemoryFileSystem({ volume: { totalBytes: 100 } });
    fs.file('/d/a', { size: 60 });
    fs.hardLink('/d/b', '/d/a');
    assert.equal(fs.volume('/').freeBytes, 40);
    fs.remove('/d/a');
    assert.equal(fs.volume('/').freeBytes, 40);
    fs.remove('/d');
    assert.equal(fs.volume('/').freeBytes, 100);
  });

  test('without support for links, and read-only', () => {
    const fs = new MemoryFileSystem({ volume: { symbolicLinks: false, hardLinks: false } });
    fs.file('/a');
    fails('ACCESS_DENIED', () => fs.link('/l', 'a'));
    fails('ACCESS_DENIED', () => fs.hardLink('/l', '/a'));
    fs.setReadOnly('/', true);
    for (const change of [
      () => fs.file('/b'),
      () => fs.file('/a', { size: 1 }),
      () => fs.remove('/a'),
      () => fs.rename('/a', '/b'),
      () => fs.folder('/f'),
    ])
      fails('READ_ONLY', change);
    assert.equal(fs.volume('/').readOnly, true);
    assert.deepEqual(names(fs, '/'), ['a']);
  });
});

describe('a library of 500 GB in 100,000 files', () => {
  test('is made, scanned, compared and scanned again', async () => {
    const fs = new MemoryFileSystem();
    for (let n = 0; n < 100_000; n += 1) {
      const path = `loras/set-${n % 1_000}/model-${n}.safetensors`;
      fs.file(`/a/${path}`, { size: 5_000_000 });
      if (n % 2 === 0) fs.file(`/b/${path}`, { size: 5_000_000 });
    }
    const a = new LocationIndex('a');
    const b = new LocationIndex('b');
    scanInto(a, fs, '/a');
    scanInto(b, fs, '/b');
    assert.deepEqual(a.totals(), { files: 100_000, bytes: 5e11, folders: 1_002, hashedFiles: 0 });
    const view = new CompareView(a, b, { caseSensitive: true, unicodeSensitive: true });
    await view.update(steadyPacer);
    assert.deepEqual(foldersOf(view).get(''), { 'only-a': [50_000, 2.5e11], 'same-probable': [50_000, 2.5e11] });
    const { version } = a;
    scanInto(a, fs, '/a');
    assert.equal(a.version, version, 'an unchanged tree changes nothing in the index');
  });
});
