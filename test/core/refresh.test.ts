import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeSlot } from '../../src/core/catalog/location-slot.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { createTestEngine, type TestEngine } from '../support/engine.ts';
import { hashAll, hashesOf, pathsOf } from '../support/index-facts.ts';
import { createMemoryCatalogStore, type MemoryCatalogStore } from '../support/memory-catalog-store.ts';

const day = 86_400_000_000_000n;
const noon = 1_700_000_000_000_000_000n;

/** Ten files in three folders. */
function library(): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  for (let n = 0; n < 4; n += 1) fs.file(`/m/loras/style-${n}.safetensors`, { size: 100 + n, mtimeNs: noon });
  for (let n = 0; n < 3; n += 1) fs.file(`/m/vae/vae-${n}.safetensors`, { size: 200 + n, mtimeNs: noon });
  for (let n = 0; n < 3; n += 1) fs.file(`/m/checkpoints/xl/base-${n}.ckpt`, { size: 300 + n, mtimeNs: noon });
  return fs;
}

async function refreshed(fs: MemoryFileSystem): Promise<TestEngine> {
  const engine = createTestEngine({ fs, roots: { local: '/m' } });
  const { outcome } = await engine.refresh('local');
  assert.equal(outcome, 'done');
  return engine;
}

describe('what a refresh keeps', () => {
  test('a location that did not change: nothing is written but the time, and hashes stay', async () => {
    const engine = await refreshed(library());
    await hashAll(engine, 'local');
    const before = hashesOf(engine.slot('local').index);
    assert.ok([...before.values()].every((hash) => hash !== null));
    const writesBefore = engine.catalog.writes.length;
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'done');
    assert.equal(result.files, 10);
    assert.deepEqual(engine.catalog.writes.slice(writesBefore), ['saveLocation']);
    assert.deepEqual(hashesOf(engine.slot('local').index), before);
  });

  const changes: readonly (readonly [title: string, change: (fs: MemoryFileSystem) => void])[] = [
    ['another size', (fs) => fs.file('/m/vae/vae-0.safetensors', { size: 999, mtimeNs: noon })],
    ['another time', (fs) => fs.setTime('/m/vae/vae-0.safetensors', noon + 1n)],
    [
      'another identity',
      (fs) => {
        fs.remove('/m/vae/vae-0.safetensors');
        fs.file('/m/vae/vae-0.safetensors', { size: 200, mtimeNs: noon, content: 'else' });
      },
    ],
  ];
  for (const [title, change] of changes) {
    test(`a file with ${title} loses its hash, its neighbours keep theirs`, async () => {
      const fs = library();
      const engine = await refreshed(fs);
      await hashAll(engine, 'local');
      change(fs);
      await engine.refresh('local');
      const hashes = hashesOf(engine.slot('local').index);
      assert.equal(hashes.get('vae/vae-0.safetensors'), null);
      assert.equal([...hashes.values()].filter((hash) => hash !== null).length, 9);
    });
  }

  test('a renamed file keeps its hash without being read again', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    await hashAll(engine, 'local');
    const hash = hashesOf(engine.slot('local').index).get('vae/vae-1.safetensors');
    fs.rename('/m/vae/vae-1.safetensors', '/m/loras/elsewhere.safetensors');
    await engine.refresh('local');
    const hashes = hashesOf(engine.slot('local').index);
    assert.equal(hashes.get('loras/elsewhere.safetensors'), hash);
    assert.equal(hashes.has('vae/vae-1.safetensors'), false);
  });

  test('a renamed folder is no loss, however many files are in it', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    await hashAll(engine, 'local');
    for (const name of ['loras', 'vae', 'checkpoints']) fs.rename(`/m/${name}`, `/m/moved/${name}`);
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'done');
    assert.equal(result.files, 10);
    assert.ok([...hashesOf(engine.slot('local').index).values()].every((hash) => hash !== null));
  });

  test('the index is there again after a restart, with its hashes', async () => {
    const fs = library();
    const catalog = createMemoryCatalogStore();
    const engine = createTestEngine({ fs, roots: { local: '/m' }, catalog });
    await engine.refresh('local');
    await hashAll(engine, 'local');
    const again = createTestEngine({ fs, roots: { local: '/m' }, catalog });
    await again.slot('local').loaded;
    assert.deepEqual(hashesOf(again.slot('local').index), hashesOf(engine.slot('local').index));
  });

  test('a location is told in numbers before its folders are in memory, and the same ones afterwards', async () => {
    const fs = library();
    const stored = createMemoryCatalogStore();
    const before = createTestEngine({ fs, roots: { local: '/m' }, catalog: stored });
    await before.refresh('local');
    await hashAll(before, 'local');
    const told = describeSlot(before.slot('local')).index;
    assert.ok(told.files > 0 && told.hashedFiles === told.files && told.scannedAtMs !== null);
    const isWanted = Promise.withResolvers<void>();
    const catalog: MemoryCatalogStore = {
      ...stored,
      load: (...args) => isWanted.promise.then(() => stored.load(...args)),
    };
    const slot = createTestEngine({ fs, roots: { local: '/m' }, catalog }).slot('local');
    await slot.counted;
    assert.equal(slot.index.totals().files, 0, 'no folder is in memory yet');
    assert.deepEqual(describeSlot(slot).index, told);
    isWanted.resolve();
    await slot.loaded;
    assert.equal(slot.awaited, null);
    assert.deepEqual(describeSlot(slot).index, told);
  });

  test('an index that cannot be read after it was counted is empty, as it is', async () => {
    const fs = library();
    const stored = createMemoryCatalogStore();
    await createTestEngine({ fs, roots: { local: '/m' }, catalog: stored }).refresh('local');
    const catalog: MemoryCatalogStore = { ...stored, load: () => Promise.reject(new Error('damaged')) };
    const slot = createTestEngine({ fs, roots: { local: '/m' }, catalog }).slot('local');
    await assert.rejects(slot.loaded, /damaged/);
    await slot.counted;
    assert.equal(describeSlot(slot).index.files, 0);
  });

  test('an index that is begun anew finds the hashes of unchanged files in the cache', async () => {
    const fs = library();
    const catalog = createMemoryCatalogStore();
    const engine = createTestEngine({ fs, roots: { local: '/m' }, catalog });
    await engine.refresh('local');
    await hashAll(engine, 'local');
    const before = hashesOf(engine.slot('local').index);
    await catalog.forget('local');
    const again = createTestEngine({ fs, roots: { local: '/m' }, catalog });
    await again.refresh('local');
    assert.deepEqual(hashesOf(again.slot('local').index), before);
  });

  test('another root under the same id starts from nothing', async () => {
    const fs = library();
    fs.file('/other/x.bin', { size: 1 });
    const catalog = createMemoryCatalogStore();
    await createTestEngine({ fs, roots: { local: '/m' }, catalog }).refresh('local');
    const other = createTestEngine({ fs, roots: { local: '/other' }, catalog });
    await other.slot('local').loaded;
    assert.deepEqual(pathsOf(other.slot('local').index), []);
    assert.equal((await other.refresh('local')).outcome, 'done');
    assert.deepEqual(pathsOf(other.slot('local').index), ['x.bin']);
  });
});

describe('when files are missing', () => {
  test('a few deleted files go', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    for (let n = 0; n < 4; n += 1) fs.remove(`/m/loras/style-${n}.safetensors`);
    fs.remove('/m/vae/vae-0.safetensors');
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'done');
    assert.equal(result.files, 5, 'half of them is not more than half');
  });

  test('more than half at once: nothing goes, a person is asked, and their yes lets them go', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    const slot = engine.slot('local');
    fs.remove('/m/loras');
    fs.remove('/m/vae/vae-0.safetensors');
    fs.remove('/m/vae/vae-1.safetensors');
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'attention');
    assert.equal(slot.state.kind, 'attention');
    assert.equal(pathsOf(slot.index).length, 10);
    assert.equal(engine.catalog.stored('local').location?.missingFiles, 6);

    const again = await engine.refresh('local');
    assert.equal(again.outcome, 'attention', 'asking again is no yes');
    assert.equal(pathsOf(slot.index).length, 10);

    const accepted = await engine.refresh('local', { acceptLoss: true });
    assert.equal(accepted.outcome, 'done');
    assert.deepEqual(pathsOf(slot.index), [
      'checkpoints/xl/base-0.ckpt',
      'checkpoints/xl/base-1.ckpt',
      'checkpoints/xl/base-2.ckpt',
      'vae/vae-2.safetensors',
    ]);
    assert.deepEqual(slot.state, { kind: 'online' });
    assert.equal(engine.catalog.stored('local').folders.has('loras'), false);
  });

  test('the question survives a restart', async () => {
    const fs = library();
    const catalog = createMemoryCatalogStore();
    await createTestEngine({ fs, roots: { local: '/m' }, catalog }).refresh('local');
    fs.remove('/m/loras');
    fs.remove('/m/vae');
    await createTestEngine({ fs, roots: { local: '/m' }, catalog }).refresh('local');
    const again = createTestEngine({ fs, roots: { local: '/m' }, catalog });
    const slot = again.slot('local');
    await again.registry.look(slot);
    assert.equal(slot.state.kind, 'attention');
    assert.equal(pathsOf(slot.index).length, 10);
  });

  test('reading another folder answers no question', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    fs.remove('/m/loras');
    fs.remove('/m/vae');
    await engine.refresh('local');
    await engine.refresh('local', { folder: 'checkpoints' });
    assert.equal(engine.slot('local').state.kind, 'attention');
  });

  test('files that come back end the question', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    fs.rename('/m/loras', '/away/loras');
    fs.rename('/m/vae', '/away/vae');
    assert.equal((await engine.refresh('local')).outcome, 'attention');
    fs.rename('/away/loras', '/m/loras');
    fs.rename('/away/vae', '/m/vae');
    assert.equal((await engine.refresh('local')).outcome, 'done');
    assert.deepEqual(engine.slot('local').state, { kind: 'online' });
    assert.equal(pathsOf(engine.slot('local').index).length, 10);
  });

  test('an empty root keeps all rows and asks', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    fs.remove('/m');
    fs.folder('/m');
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'attention');
    assert.equal(pathsOf(engine.slot('local').index).length, 10);
    assert.equal((await engine.refresh('local', { acceptLoss: true })).outcome, 'done');
    assert.deepEqual(pathsOf(engine.slot('local').index), []);
  });

  test('a root that is empty from the start is fine', async () => {
    const fs = new MemoryFileSystem();
    fs.folder('/m');
    const engine = createTestEngine({ fs, roots: { local: '/m' } });
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'done');
    assert.equal(result.files, 0);
  });

  test('an unmounted root is offline, and all is as before when it is back', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/mnt/nas', { fileSystem: 'cifs' });
    fs.file('/mnt/nas/a.safetensors', { size: 5 });
    const engine = createTestEngine({ fs, roots: { lake: '/mnt/nas' } });
    await engine.refresh('lake');
    await hashAll(engine, 'lake');
    const before = hashesOf(engine.slot('lake').index);
    fs.unmount('/mnt/nas');
    assert.equal((await engine.refresh('lake')).outcome, 'offline');
    const { state } = engine.slot('lake');
    assert.equal(state.kind === 'offline' && state.reason, 'unmounted');
    assert.deepEqual(hashesOf(engine.slot('lake').index), before);
    fs.remount('/mnt/nas');
    assert.equal((await engine.refresh('lake')).outcome, 'done');
    assert.deepEqual(hashesOf(engine.slot('lake').index), before);
  });

  for (const fileIds of ['stable', 'none'] as const) {
    test(`a share that is mounted again under another device number keeps its hashes (file ids: ${fileIds})`, async () => {
      const fs = new MemoryFileSystem();
      fs.mount('/mnt/nas', { fileSystem: 'cifs', fileIds });
      for (const content of ['red', 'green']) fs.file(`/mnt/nas/${content}.bin`, { size: 50, mtimeNs: noon, content });
      const catalog = createMemoryCatalogStore();
      const engine = createTestEngine({ fs, roots: { lake: '/mnt/nas' }, catalog });
      await engine.refresh('lake');
      await hashAll(engine, 'lake');
      const before = hashesOf(engine.slot('lake').index);
      fs.unmount('/mnt/nas');
      fs.remount('/mnt/nas', { device: 4_711n });
      assert.equal((await engine.refresh('lake')).outcome, 'done');
      assert.deepEqual(hashesOf(engine.slot('lake').index), before);
      await catalog.forget('lake');
      const again = createTestEngine({ fs, roots: { lake: '/mnt/nas' }, catalog });
      await again.refresh('lake');
      assert.deepEqual(hashesOf(again.slot('lake').index), before, 'from the cache as well');
    });
  }

  test('another drive in the place of the location lends its hashes to nobody', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/mnt/usb', {});
    for (const n of [1, 2, 3]) fs.file(`/mnt/usb/${n}.bin`, { size: 50, mtimeNs: noon, content: `first ${n}` });
    const engine = createTestEngine({ fs, roots: { usb: '/mnt/usb' } });
    await engine.refresh('usb');
    await hashAll(engine, 'usb');
    fs.unmount('/mnt/usb');
    // Same names, sizes, times and file ids: only the volume is another.
    fs.mount('/mnt/usb', {});
    for (const n of [1, 2, 3]) fs.file(`/mnt/usb/${n}.bin`, { size: 50, mtimeNs: noon, content: `second ${n}` });
    await engine.refresh('usb');
    assert.deepEqual([...hashesOf(engine.slot('usb').index).values()], [null, null, null]);
  });

  test('an unmounted drive below the root is a loss that the brake stops', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/own.bin', { size: 1 });
    fs.mount('/m/big', {});
    for (let n = 0; n < 5; n += 1) fs.file(`/m/big/${n}.bin`, { size: 1 });
    const engine = createTestEngine({ fs, roots: { local: '/m' } });
    await engine.refresh('local');
    fs.unmount('/m/big');
    assert.equal((await engine.refresh('local')).outcome, 'attention');
    assert.equal(pathsOf(engine.slot('local').index).length, 6);
  });

  test('so it is when the drive held only a few of the files, and a part of its files may go', async () => {
    const fs = library();
    fs.mount('/m/big', {});
    for (let n = 0; n < 3; n += 1) fs.file(`/m/big/${n}.bin`, { size: 10, mtimeNs: noon });
    const engine = await refreshed(fs);
    fs.remove('/m/big/0.bin');
    assert.equal((await engine.refresh('local')).outcome, 'done');
    fs.unmount('/m/big');
    assert.equal((await engine.refresh('local')).outcome, 'attention');
    assert.equal(pathsOf(engine.slot('local').index).filter((path) => path.startsWith('big/')).length, 2);
    assert.equal((await engine.refresh('local', { folder: 'big' })).outcome, 'attention');
    assert.equal((await engine.refresh('local', { acceptLoss: true })).files, 10);
  });

  test('a root that does not exist is offline, with the reason', async () => {
    const engine = createTestEngine({ fs: new MemoryFileSystem(), roots: { local: '/nowhere' } });
    assert.equal((await engine.refresh('local')).outcome, 'offline');
    const { state } = engine.slot('local');
    assert.equal(state.kind === 'offline' && state.reason, 'missing');
  });
});

describe('reading one folder', () => {
  test('only that folder and what is below it is brought up to date', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    fs.remove('/m/vae/vae-0.safetensors');
    fs.file('/m/loras/new.safetensors', { size: 1 });
    const result = await engine.refresh('local', { folder: 'loras' });
    assert.equal(result.outcome, 'done');
    const paths = pathsOf(engine.slot('local').index);
    assert.ok(paths.includes('loras/new.safetensors'));
    assert.ok(paths.includes('vae/vae-0.safetensors'));
  });

  test('a folder that is gone takes its rows along and leaves the location online', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    fs.remove('/m/vae');
    const result = await engine.refresh('local', { folder: 'vae' });
    assert.equal(result.outcome, 'done');
    assert.deepEqual(engine.slot('local').state, { kind: 'online' });
    assert.equal(pathsOf(engine.slot('local').index).length, 7);
  });

  test('a folder that never existed changes nothing', async () => {
    const engine = await refreshed(library());
    await engine.refresh('local', { folder: 'lroas' });
    assert.deepEqual(engine.slot('local').state, { kind: 'online' });
    assert.equal(pathsOf(engine.slot('local').index).length, 10);
  });

  for (const [typed, unicodeSensitive] of [
    ['LORAS/Été/水墨', true],
    ['loras/ÉTÉ/水墨', true],
    ['loras/E\u0301te\u0301', false],
    ['Loras', true],
  ] as const) {
    test(`${typed} is the folder as the drive spells it, where its letters do not count`, async () => {
      const fs = new MemoryFileSystem({ volume: { caseSensitive: false, unicodeSensitive } });
      fs.file('/m/loras/été/水墨/a.safetensors', { size: 1 });
      fs.file('/m/loras/b.safetensors', { size: 1 });
      const engine = createTestEngine({ fs, roots: { local: '/m' } });
      const spelt = ['loras/b.safetensors', 'loras/été/水墨/a.safetensors'];
      assert.equal((await engine.refresh('local', { folder: typed })).outcome, 'done');
      assert.deepEqual(pathsOf(engine.slot('local').index), spelt, 'before the location was ever read');
      await engine.refresh('local');
      fs.file('/m/loras/été/水墨/c.safetensors', { size: 1 });
      await engine.refresh('local', { folder: typed });
      const now = [...spelt, 'loras/été/水墨/c.safetensors'];
      assert.deepEqual(pathsOf(engine.slot('local').index).toSorted(), now.toSorted());
      assert.deepEqual(engine.slot('local').state, { kind: 'online' });
    });
  }

  test('where case counts, the folder in other letters is another one', async () => {
    const fs = library();
    fs.file('/m/LORAS/a.safetensors', { size: 1 });
    const engine = await refreshed(fs);
    fs.file('/m/LORAS/b.safetensors', { size: 1 });
    fs.file('/m/loras/b.safetensors', { size: 1 });
    await engine.refresh('local', { folder: 'LORAS' });
    const paths = pathsOf(engine.slot('local').index);
    assert.ok(paths.includes('LORAS/b.safetensors') && !paths.includes('loras/b.safetensors'));
  });

  for (const folder of ['.cache', 'loras/.git/objects', '$RECYCLE.BIN', 'vae/@eaDir']) {
    test(`${folder} is left out also when it is asked for by name`, async () => {
      const fs = library();
      fs.file(`/m/${folder}/x.safetensors`, { size: 1 });
      const engine = await refreshed(fs);
      assert.equal((await engine.refresh('local', { folder })).outcome, 'done');
      assert.equal(pathsOf(engine.slot('local').index).length, 10);
    });
  }
});

describe('what cannot be read', () => {
  test('an unreadable folder is a problem and keeps its rows, and those below it', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    fs.setReadable('/m/checkpoints', false);
    fs.remove('/m/vae/vae-0.safetensors');
    const result = await engine.refresh('local');
    assert.equal(result.outcome, 'done');
    assert.equal(result.problems, 1);
    const { problems } = engine.slot('local').stored;
    assert.deepEqual(
      problems.map(({ relPath, code }) => [relPath, code]),
      [['checkpoints', 'ACCESS_DENIED']],
    );
    assert.equal(pathsOf(engine.slot('local').index).length, 9);
    fs.setReadable('/m/checkpoints', true);
    assert.equal((await engine.refresh('local')).problems, 0);
  });

  test('names that are no Unicode, special files and links that lead out or nowhere are listed as problems', async () => {
    const fs = library();
    fs.file('/m/bad\uFFFDname.bin', { size: 1, hasInvalidName: true });
    fs.special('/m/pipe');
    fs.link('/m/out', '/etc');
    fs.link('/m/broken', 'nowhere');
    fs.link('/m/loras/up', '/m');
    fs.link('/m/round', 'round');
    const engine = await refreshed(fs);
    const { problems } = engine.slot('local').stored;
    assert.deepEqual(problems.map(({ relPath, code }) => [relPath, code]).sort(), [
      ['bad\uFFFDname.bin', 'NAME_NOT_UTF8'],
      ['broken', 'LINK_BROKEN'],
      ['loras/up', 'LINK_LOOP'],
      ['out', 'LINK_BROKEN'],
      ['pipe', 'SPECIAL_FILE'],
      ['round', 'LINK_LOOP'],
    ]);
    assert.equal(pathsOf(engine.slot('local').index).length, 10);
  });

  test('a link that leads out of the location is not followed, not even to hash', async () => {
    const fs = library();
    fs.file('/secret/key.txt', { size: 10 });
    fs.link('/m/loras/key.txt', '/secret/key.txt');
    fs.link('/m/all', '/secret');
    const engine = await refreshed(fs);
    assert.deepEqual(
      engine
        .slot('local')
        .stored.problems.map(({ relPath, code }) => [relPath, code])
        .sort(),
      [
        ['all', 'LINK_ESCAPES'],
        ['loras/key.txt', 'LINK_ESCAPES'],
      ],
    );
    assert.equal(pathsOf(engine.slot('local').index).length, 10);
  });

  test('a file that becomes a link to the outside between refresh and hashing gets no hash', async () => {
    const fs = library();
    fs.file('/secret/key.txt', { size: 200, mtimeNs: noon });
    const engine = await refreshed(fs);
    fs.remove('/m/vae/vae-0.safetensors');
    fs.link('/m/vae/vae-0.safetensors', '/secret/key.txt');
    const result = await hashAll(engine, 'local');
    assert.deepEqual(
      result.failed.map(({ relPath, code }) => [relPath, code]),
      [['vae/vae-0.safetensors', 'LINK_ESCAPES']],
    );
  });
});

describe('bit rot', () => {
  test('other bytes under the same size and time are found by verifying, and by nothing else', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    await hashAll(engine, 'local');
    fs.patch('/m/vae/vae-2.safetensors', 17, Uint8Array.of(1, 2, 3));
    await engine.refresh('local');
    assert.equal((await hashAll(engine, 'local')).hashed, 0, 'nothing is read again without being asked for');
    const verified = await hashAll(engine, 'local', { verify: true });
    assert.equal(verified.verified, 9);
    assert.deepEqual(
      verified.changed.map(({ relPath, code }) => [relPath, code]),
      [['vae/vae-2.safetensors', 'CONTENT_CHANGED']],
    );
    const { problems } = engine.slot('local').stored;
    assert.deepEqual(
      problems.map(({ relPath, code }) => [relPath, code]),
      [['vae/vae-2.safetensors', 'CONTENT_CHANGED']],
    );
    await engine.refresh('local');
    assert.equal(engine.slot('local').stored.problems.length, 1, 'a refresh does not forget it');
  });

  test('the report goes when the file is replaced', async () => {
    const fs = library();
    const engine = await refreshed(fs);
    await hashAll(engine, 'local');
    fs.patch('/m/vae/vae-2.safetensors', 17, Uint8Array.of(1, 2, 3));
    await hashAll(engine, 'local', { verify: true });
    fs.file('/m/vae/vae-2.safetensors', { size: 5, mtimeNs: noon + day });
    await engine.refresh('local');
    assert.equal(engine.slot('local').stored.problems.length, 0);
  });
});

describe('drives without file identities', () => {
  test('a hash belongs to its file alone, also when another has the same size and time', async () => {
    const fs = new MemoryFileSystem({ volume: { fileIds: 'none' } });
    fs.file('/m/a.bin', { size: 5, mtimeNs: noon, content: 'red' });
    const engine = createTestEngine({ fs, roots: { local: '/m' } });
    await engine.refresh('local');
    await hashAll(engine, 'local');
    fs.file('/m/b.bin', { size: 5, mtimeNs: noon, content: 'blue' });
    await engine.refresh('local');
    assert.equal(hashesOf(engine.slot('local').index).get('b.bin'), null);
  });

  test('identities that change hands when a drive is plugged in again do not carry hashes to other files', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/mnt/usb', { fileSystem: 'exfat', fileIds: 'changing', caseSensitive: false });
    for (const content of ['red', 'green', 'blue'])
      fs.file(`/mnt/usb/${content}.bin`, { size: 50, mtimeNs: noon, content });
    const engine = createTestEngine({ fs, roots: { usb: '/mnt/usb' } });
    await engine.refresh('usb');
    await hashAll(engine, 'usb');
    const hashes = hashesOf(engine.slot('usb').index);
    fs.unmount('/mnt/usb');
    fs.remount('/mnt/usb');
    await engine.refresh('usb');
    assert.deepEqual(hashesOf(engine.slot('usb').index), hashes);
  });

  test('the brake works there too', async () => {
    const fs = new MemoryFileSystem({ volume: { fileIds: 'none' } });
    for (let n = 0; n < 5; n += 1) fs.file(`/m/old/${n}.bin`, { size: 1 });
    const engine = createTestEngine({ fs, roots: { local: '/m' } });
    await engine.refresh('local');
    fs.remove('/m/old');
    fs.file('/m/new.bin', { size: 9 });
    assert.equal((await engine.refresh('local')).outcome, 'attention');
  });
});
