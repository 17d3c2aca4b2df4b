import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { syncEndpoints } from '../../src/contract/sync.ts';
import { ContentIndex } from '../../src/core/catalog/content-index.ts';
import { findFiles } from '../../src/core/catalog/find-files.ts';
import { findMoves } from '../../src/core/catalog/moves.ts';
import { parseSearchQuery } from '../../src/core/catalog/search-query.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { createIndexingFeature } from '../../src/features/indexing/indexing-feature.ts';
import { createRefreshRuns } from '../../src/features/indexing/refresh-runs.ts';
import { createCompareViews } from '../../src/features/sync/compare-views.ts';
import { createSyncFeature } from '../../src/features/sync/sync-feature.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { createTestEngine, type TestEngine } from '../support/engine.ts';
import { hashAll, hashesOf, pathsOf } from '../support/index-facts.ts';
import { createMemoryCatalogStore } from '../support/memory-catalog-store.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';

const noon = 1_700_000_000_000_000_000n;

/** Ten files in three folders. */
function library(): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  for (let n = 0; n < 4; n += 1) fs.file(`/m/loras/style-${n}.safetensors`, { size: 100 + n, mtimeNs: noon });
  for (let n = 0; n < 3; n += 1) fs.file(`/m/vae/vae-${n}.safetensors`, { size: 200 + n, mtimeNs: noon });
  for (let n = 0; n < 3; n += 1) fs.file(`/m/checkpoints/xl/base-${n}.ckpt`, { size: 300 + n, mtimeNs: noon });
  return fs;
}

function syncOf({ registry, clock }: TestEngine): ReturnType<typeof createSyncFeature> {
  const views = createCompareViews(steadyPacer);
  return createSyncFeature({ registry, views, clock, pacer: steadyPacer, isPending: () => false, instance: 'test' });
}

async function statesOf(sync: ReturnType<typeof syncOf>, a: string, b: string): Promise<[string, string[]]> {
  const { version, rows } = await sync.diff(syncEndpoints.diff.input.parse({ a, b }));
  return [version, rows.map(({ relPath, state }) => `${relPath}: ${state}`)];
}

describe('verifying files that cannot be read', () => {
  for (const [fail, code] of Object.entries({ ENOENT: 'FILE_NOT_FOUND', EIO: 'IO_FAILED' })) {
    test(`${code} for each of them: known hashes stay, in the catalog as well`, async () => {
      const fs = new FaultyFileSystem(library());
      const engine = createTestEngine({ fs, roots: { local: '/m' } });
      await engine.refresh('local');
      await hashAll(engine, 'local');
      const known = hashesOf(engine.slot('local').index);
      assert.ok([...known.values()].every((hash) => hash !== null));
      fs.setFaults([{ op: 'openRead', fail }]);
      const result = await hashAll(engine, 'local', { verify: true });
      assert.deepEqual([...new Set(result.failed.map((failure) => failure.code))], [code]);
      assert.equal(result.failed.length, 10);
      assert.deepEqual(hashesOf(engine.slot('local').index), known);
      const again = createTestEngine({ fs, roots: { local: '/m' }, catalog: engine.catalog }).slot('local');
      await again.loaded;
      assert.deepEqual(hashesOf(again.index), known);
    });
  }
});

describe('a location that waits for an answer about missing files', () => {
  for (const folder of ['vae', 'loras', 'checkpoints', 'checkpoints/xl']) {
    test(`reading “${folder}” alone drops nothing and the question stays`, async () => {
      const fs = library();
      const engine = createTestEngine({ fs, roots: { local: '/m' } });
      await engine.refresh('local');
      fs.remove('/m/loras');
      for (const n of [0, 1]) fs.remove(`/m/vae/vae-${n}.safetensors`);
      assert.equal((await engine.refresh('local')).outcome, 'attention');
      fs.remove('/m/checkpoints/xl/base-0.ckpt');
      assert.equal((await engine.refresh('local', { folder })).outcome, 'attention');
      const { state, index } = engine.slot('local');
      assert.equal(state.kind === 'attention' && state.reason, 'shrunken');
      assert.equal(pathsOf(index).length, 10);
      assert.equal((await engine.refresh('local', { acceptLoss: true })).files, 3);
    });
  }
});

describe('another drive in the place of a location', () => {
  test('all names gone, the same file ids with other sizes: nothing was moved, so nothing is dropped', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/mnt/usb', {});
    for (let n = 0; n < 6; n += 1) fs.file(`/mnt/usb/old-${n}.bin`, { size: 50 + n, mtimeNs: noon });
    const engine = createTestEngine({ fs, roots: { usb: '/mnt/usb' } });
    await engine.refresh('usb');
    const { fileId } = fs.lstat('/mnt/usb/old-3.bin');
    fs.unmount('/mnt/usb');
    fs.mount('/mnt/usb', {});
    for (let n = 0; n < 6; n += 1) fs.file(`/mnt/usb/new-${n}.bin`, { size: 900 + n, mtimeNs: noon });
    assert.equal(fs.lstat('/mnt/usb/new-3.bin').fileId, fileId);
    assert.equal((await engine.refresh('usb')).outcome, 'attention');
    const paths = pathsOf(engine.slot('usb').index);
    assert.equal(paths.filter((path) => path.startsWith('old-')).length, 6);
    assert.equal(engine.slot('usb').stored.missingFiles, 6);
  });

  test('the same names, sizes, times and ids: nothing is called verified on the strength of the old drive', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/mnt/usb', {});
    for (const name of ['a', 'b'])
      for (const root of ['/m', '/mnt/usb']) fs.file(`${root}/${name}.bin`, { size: 50, mtimeNs: noon, content: name });
    const engine = createTestEngine({ fs, roots: { local: '/m', usb: '/mnt/usb' } });
    for (const id of ['local', 'usb']) {
      await engine.refresh(id);
      await hashAll(engine, id);
    }
    const sync = syncOf(engine);
    assert.deepEqual((await statesOf(sync, 'local', 'usb'))[1], ['a.bin: same-verified', 'b.bin: same-verified']);
    fs.unmount('/mnt/usb');
    fs.mount('/mnt/usb', {});
    for (const name of ['a', 'b']) fs.file(`/mnt/usb/${name}.bin`, { size: 50, mtimeNs: noon, content: `not ${name}` });
    await engine.refresh('usb');
    assert.deepEqual((await statesOf(sync, 'local', 'usb'))[1], ['a.bin: same-probable', 'b.bin: same-probable']);
    const again = createTestEngine({ fs, roots: { usb: '/mnt/usb' }, catalog: engine.catalog });
    await again.slot('usb').loaded;
    assert.deepEqual([...hashesOf(again.slot('usb').index).values()], [null, null]);
  });
});

test('a pair that is looked at again after four others shows what changed, under another version', async () => {
  const fs = new MemoryFileSystem();
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const id of ids) fs.file(`/${id}/x.bin`, { size: 50, mtimeNs: noon });
  const engine = createTestEngine({ fs, roots: Object.fromEntries(ids.map((id) => [id, `/${id}`])) });
  for (const id of ids) await engine.refresh(id);
  const sync = syncOf(engine);
  const [version, before] = await statesOf(sync, 'a', 'b');
  assert.deepEqual(before, ['x.bin: same-probable']);
  for (const other of ['c', 'd', 'e', 'f']) await statesOf(sync, 'a', other);
  fs.file('/b/x.bin', { size: 51, mtimeNs: noon });
  await engine.refresh('b');
  const [versionNow, now] = await statesOf(sync, 'a', 'b');
  assert.deepEqual(now, ['x.bin: conflict']);
  assert.notEqual(versionNow, version);
});

test('three thousand copies of one content on each side find a partner each', async () => {
  const fs = new MemoryFileSystem();
  for (let n = 0; n < 3_000; n += 1) {
    fs.file(`/a/here/a-${n}.bin`, { size: 8, content: 'one' });
    fs.file(`/b/there/b-${n}.bin`, { size: 8, content: 'one' });
  }
  const engine = createTestEngine({ fs, roots: { a: '/a', b: '/b' } });
  for (const id of ['a', 'b']) {
    await engine.refresh(id);
    await hashAll(engine, id);
  }
  const views = createCompareViews(steadyPacer);
  const { fromA, fromB } = await findMoves(await views.view(engine.slot('a'), engine.slot('b')), steadyPacer);
  assert.equal(fromA.size, 3_000);
  for (const [onA, onB] of fromA) assert.equal(fromB.get(onB), onA);
});

describe('cancelling the hashing', () => {
  for (const [title, isPaused] of [
    ['while it is paused', true],
    ['right after it was asked for', false],
  ] as const) {
    test(`${title}: nothing is hashed and the run ends, cancelled for all`, async () => {
      const engine = createTestEngine({ fs: library(), roots: { local: '/m' } });
      await engine.refresh('local');
      if (isPaused) engine.hashing.pause(true);
      const run = hashAll(engine, 'local');
      engine.hashing.cancel();
      const { failed } = await run;
      assert.equal(failed.filter(({ code }) => code === 'CANCELLED').length, 10);
      assert.ok([...hashesOf(engine.slot('local').index).values()].every((hash) => hash === null));
      assert.equal(engine.hashing.status().state, 'idle');
      assert.equal((await hashAll(engine, 'local')).hashed, 10, 'and it can be asked for again');
    });
  }
});

describe('reading a folder that does not exist', () => {
  for (const gone of ['/m/checkpoints/xl', '/m/checkpoints']) {
    test(`${gone} was removed: its rows go and the location stays online`, async () => {
      const fs = library();
      const engine = createTestEngine({ fs, roots: { local: '/m' } });
      await engine.refresh('local');
      fs.remove(gone);
      assert.equal((await engine.refresh('local', { folder: 'checkpoints/xl' })).outcome, 'done');
      assert.deepEqual(engine.slot('local').state, { kind: 'online' });
      const kept = pathsOf(engine.slot('local').index).filter((path) => !path.startsWith('checkpoints/'));
      assert.equal(kept.length, 7);
      assert.equal(engine.slot('local').index.totals().files, 7);
    });
  }
});

test('a search of files cannot ask for the state of a comparison', async () => {
  const engine = createTestEngine({ fs: library(), roots: { local: '/m' } });
  await engine.refresh('local');
  const isRefused = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'INVALID_INPUT';
  const query = parseSearchQuery('vae state:conflict', 0);
  await assert.rejects(findFiles([engine.slot('local').index], query, steadyPacer), isRefused);
  const { listEntries } = createIndexingFeature({
    ...engine,
    runs: createRefreshRuns({ ...engine, ignoreGlobs: [], createAbort: () => new AbortController() }),
    pacer: steadyPacer,
    modelExtensions: [],
    isPending: () => false,
    contents: async ({ index }) => {
      const contents = new ContentIndex(index);
      await contents.update(steadyPacer);
      return contents;
    },
    checkedRelPath: (relPath) => relPath,
    absolutePath: (_slot, relPath) => relPath,
    isIgnored: () => false,
  });
  await assert.rejects(listEntries({ query: '', filters: 'state:only-a', limit: 10 }), isRefused);
  assert.equal((await listEntries({ query: 'vae', filters: '', limit: 10 })).total, 3);
});

describe('a catalog that is full when a location is first read', () => {
  for (const expected of ['NO_SPACE', 'cancelled']) {
    test(`the refresh ends with ${expected} and leaves nothing unhandled`, async () => {
      const full = new AppError('NO_SPACE', 'The catalog cannot grow: the drive is full.');
      const catalog = createMemoryCatalogStore({ failing: (name) => (name === 'saveFolders' ? full : null) });
      const stop = new AbortController();
      const fs = new FaultyFileSystem(library(), {
        onCall: ({ op, path }) => {
          if (expected === 'cancelled' && op === 'list' && path === '/m/vae') stop.abort();
        },
      });
      const engine = createTestEngine({
        fs,
        roots: { local: '/m' },
        catalog,
        pacer: restlessPacer,
        foldersPerBatch: 1,
      });
      const unhandled: unknown[] = [];
      const note = (reason: unknown): void => void unhandled.push(reason);
      process.on('unhandledRejection', note);
      const refresh = engine.refresh('local', { stop }).then(({ outcome }) => outcome);
      const ended = await refresh.catch((thrown: unknown) => (thrown === full ? 'NO_SPACE' : thrown));
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', note);
      assert.equal(ended, expected);
      assert.deepEqual(unhandled, []);
    });
  }
});
