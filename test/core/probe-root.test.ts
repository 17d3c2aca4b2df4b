import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { probeCase, probeRoot } from '../../src/core/locations/probe-root.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';

describe('a root that holds very many names', () => {
  test('is looked at without being listed, before and after a scan', () => {
    const memory = new MemoryFileSystem({ volume: { caseSensitive: false } });
    for (let n = 0; n < 5_000; n += 1) memory.file(`/m/model-${n}.safetensors`);
    const fs = new FaultyFileSystem(memory, { faults: [{ op: 'list', fail: 'hang' }] });
    const { isEmpty, caseSensitive } = probeRoot(fs, '/m');
    assert.deepEqual([isEmpty, caseSensitive], [false, false]);
    assert.equal(probeCase(fs, '/m').caseSensitive, false);
  });
});

describe('whether case counts', () => {
  test('a file with several names proves nothing, and the next name is asked', () => {
    const fs = new MemoryFileSystem();
    for (let n = 0; n < 100; n += 1) fs.file(`/m/${String(n).padStart(3, '0')}.SFT`);
    // Beyond the names that are looked at, and the same file as the first of them.
    fs.hardLink('/m/000.sft', '/m/000.SFT');
    assert.equal(probeRoot(fs, '/m').caseSensitive, true);
  });

  test('names without a letter prove nothing: the file system’s name does, or Windows, or nobody knows', () => {
    const look = (fs: MemoryFileSystem, root: string): boolean | null => {
      fs.file(`${root}${root.endsWith('\\') ? '' : '/'}123`);
      return probeRoot(fs, root).caseSensitive;
    };
    assert.equal(look(new MemoryFileSystem(), '/m'), null);
    const fat = { fileSystem: 'vfat', caseSensitive: false };
    assert.equal(look(new MemoryFileSystem({ volume: fat }), '/m'), false);
    assert.equal(look(new MemoryFileSystem({ platform: 'win32', volume: { fileSystem: 'unknown' } }), 'C:\\'), false);
  });
});

describe('whether something is mounted at the root', () => {
  test('the root of a drive or share has nothing above it', () => {
    const fs = new MemoryFileSystem({ platform: 'win32' });
    fs.mount('\\\\nas\\models');
    fs.folder('\\\\nas\\models\\loras');
    for (const root of ['C:\\', '\\\\nas\\models\\', '\\\\nas\\models', '\\\\nas\\models\\loras']) {
      assert.equal(probeRoot(fs, root).isMountPoint, false, root);
    }
    fs.mount('C:\\mounted');
    assert.equal(probeRoot(fs, 'C:\\mounted').isMountPoint, true);
  });

  test('a folder above that may not be looked at says nothing', () => {
    const memory = new MemoryFileSystem({ platform: 'win32' });
    memory.file('C:\\Users\\you\\models\\a.pt');
    const fs = new FaultyFileSystem(memory, { faults: [{ op: 'stat', path: 'C:\\Users\\you', fail: 'EPERM' }] });
    assert.equal(probeRoot(fs, 'C:\\Users\\you\\models').isMountPoint, false);
    assert.throws(() => probeRoot(fs, 'C:\\Users\\you'), { code: 'ACCESS_DENIED' });
  });
});
