import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findFiles } from '../../src/core/catalog/find-files.ts';
import { parseSearchQuery } from '../../src/core/catalog/search-query.ts';
import type { RawDirent, RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import { createCompareViews } from '../../src/features/sync/compare-views.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import { createTestEngine, type TestEngine } from '../support/engine.ts';
import { hashAll, hashesOf, pathsOf } from '../support/index-facts.ts';
import { steadyPacer } from '../support/time.ts';
import { rowsOf } from '../support/view-rows.ts';

const second = 1_000_000_000n;
/** An odd second: FAT keeps the even one before it. */
const noon = 1_700_000_001n * second + 123_456_700n;

/** What Windows mounts: how each kind of drive tells names, times and files apart. */
const kinds: Readonly<Record<string, MemoryVolumeOptions>> = {
  ntfs: { fileSystem: 'ntfs', timeGranularityNs: 100n },
  exfat: { fileSystem: 'exfat', timeGranularityNs: 2n * second, fileIds: 'changing', hardLinks: false },
  'smb of a NAS': { fileSystem: 'smb', timeGranularityNs: 100n, symbolicLinks: false },
  'smb without file ids': { fileSystem: 'smb', timeGranularityNs: second, fileIds: 'none', symbolicLinks: false },
  // As Samba with `case sensitive = yes`, or a folder that WSL made.
  'smb where case counts': { fileSystem: 'smb', timeGranularityNs: 100n, caseSensitive: true },
};
const roots = ['D:\\', 'D:\\AI\\models', '\\\\nas\\lake\\', '\\\\nas\\lake\\AI\\models'] as const;

const below = (root: string, relPath: string): string =>
  `${root.endsWith('\\') ? root : `${root}\\`}${relPath.replaceAll('/', '\\')}`;

interface Place {
  readonly fs: MemoryFileSystem;
  readonly engine: TestEngine;
  local(relPath: string, file?: Parameters<MemoryFileSystem['file']>[1]): void;
  lake(relPath: string, file?: Parameters<MemoryFileSystem['file']>[1]): void;
}

/** `C:\Models` on NTFS beside a root on another drive. */
function twoDrives(volume: MemoryVolumeOptions = {}, lakeRoot: string = 'D:\\'): Place {
  const fs = new MemoryFileSystem({ platform: 'win32', volume: kinds.ntfs! });
  fs.mount(lakeRoot.startsWith('\\\\') ? '\\\\nas\\lake' : 'D:\\', volume);
  fs.folder('C:\\Models');
  fs.folder(lakeRoot);
  return {
    fs,
    engine: createTestEngine({ fs, roots: { local: 'C:\\Models', lake: lakeRoot } }),
    local: (relPath, file) => fs.file(below('C:\\Models', relPath), { mtimeNs: noon, content: relPath, ...file }),
    lake: (relPath, file) => fs.file(below(lakeRoot, relPath), { mtimeNs: noon, content: relPath, ...file }),
  };
}

async function refreshBoth(engine: TestEngine): Promise<void> {
  for (const id of ['local', 'lake']) assert.equal((await engine.refresh(id)).outcome, 'done', id);
}

async function statesOf(engine: TestEngine): Promise<Record<string, string>> {
  const view = await createCompareViews(steadyPacer).view(engine.slot('local'), engine.slot('lake'));
  return Object.fromEntries(rowsOf(view).map(({ shown, state }) => [shown, state]));
}

for (const [kind, volume] of Object.entries(kinds)) {
  for (const root of roots) {
    describe(`${kind} at ${root}`, () => {
      test('is read, compared, hashed, searched and verified', async () => {
        const { fs, engine, local, lake } = twoDrives(volume, root);
        const deep = `${Array.from({ length: 8 }, (_, n) => `${n}${'x'.repeat(80)}`).join('/')}/deep.gguf`;
        for (const put of [local, lake]) {
          put('loras/Flux/ink.safetensors', { size: 70_000 });
          put('vae/アニメ塗り.pt', { size: 900 });
          put(deep, { size: 33 });
          put('desktop.ini', { size: 1 });
          put('$RECYCLE.BIN/S-1-5/gone.safetensors', { size: 5 });
          put('System Volume Information/tracking.log', { size: 5 });
        }
        local('only-here.bin', { size: 1 });
        lake('loras/edited.pt', { size: 10, content: 'red' });
        local('loras/edited.pt', { size: 10, content: 'blue', mtimeNs: noon + 60n * second });
        await refreshBoth(engine);
        assert.deepEqual(engine.slot('lake').stored.problems, []);
        const quick = {
          [deep]: 'same-probable',
          'loras/Flux/ink.safetensors': 'same-probable',
          'loras/edited.pt': 'unverified',
          'only-here.bin': 'only-a',
          'vae/アニメ塗り.pt': 'same-probable',
        };
        assert.deepEqual(await statesOf(engine), quick);

        for (const id of ['local', 'lake']) assert.deepEqual((await hashAll(engine, id, { sha256: true })).failed, []);
        const settled = Object.fromEntries(
          Object.entries(quick).map(([path, state]) => [path, state === 'same-probable' ? 'same-verified' : state]),
        );
        assert.deepEqual(await statesOf(engine), { ...settled, 'loras/edited.pt': 'conflict' });

        await refreshBoth(engine);
        assert.ok([...hashesOf(engine.slot('lake').index).values()].every((hash) => hash !== null));
        const found = await findFiles([engine.slot('lake').index], parseSearchQuery('INK', 0), steadyPacer);
        assert.deepEqual(
          found.page(0, 9).map(({ folder, i }) => `${folder.relPath}/${folder.files.name(i)}`),
          ['loras/Flux/ink.safetensors'],
        );

        fs.patch(below(root, 'vae/アニメ塗り.pt'), 17, Uint8Array.of(1, 2, 3));
        const verified = await hashAll(engine, 'lake', { verify: true });
        assert.deepEqual(
          verified.changed.map(({ relPath }) => relPath),
          ['vae/アニメ塗り.pt'],
        );
      });

      test('that is gone is offline and keeps its index, and is itself again when it comes back', async () => {
        const { fs, engine, lake } = twoDrives(volume, root);
        for (let n = 0; n < 4; n += 1) lake(`loras/${n}.pt`, { size: 10 + n });
        await refreshBoth(engine);
        await hashAll(engine, 'lake');
        const before = hashesOf(engine.slot('lake').index);
        const mounted = root.startsWith('\\\\') ? '\\\\nas\\lake' : 'D:\\';
        fs.unmount(mounted);
        assert.equal((await engine.refresh('lake')).outcome, 'offline');
        assert.deepEqual(hashesOf(engine.slot('lake').index), before);
        fs.remount(mounted);
        assert.equal((await engine.refresh('lake')).outcome, 'done');
        assert.deepEqual(hashesOf(engine.slot('lake').index), before);
      });
    });
  }
}

describe('letters', () => {
  test('a name in other letters on the other drive is a clash, and becomes nothing else by hashing', async () => {
    const { engine, local, lake } = twoDrives();
    local('LoRAs/Ink.safetensors', { size: 5, content: 'ink' });
    lake('loras/ink.SAFETENSORS', { size: 5, content: 'ink' });
    await refreshBoth(engine);
    assert.deepEqual(await statesOf(engine), { 'LoRAs/Ink.safetensors': 'case-clash' });
    for (const id of ['local', 'lake']) await hashAll(engine, id);
    assert.deepEqual(await statesOf(engine), { 'LoRAs/Ink.safetensors': 'case-clash' });
  });

  test('two files of a share where case counts are one name on NTFS', async () => {
    const { engine, local, lake } = twoDrives(kinds['smb where case counts'], '\\\\nas\\lake\\');
    local('a.pt', { size: 5 });
    lake('a.pt', { size: 5 });
    lake('A.pt', { size: 6 });
    await refreshBoth(engine);
    assert.deepEqual(Object.values(await statesOf(engine)).toSorted(), ['case-clash', 'case-clash']);
  });

  test('a file that is renamed to other letters is that file under its new name, with its hash', async () => {
    const { fs, engine, local } = twoDrives();
    local('loras/ink.pt', { size: 5 });
    await engine.refresh('local');
    await hashAll(engine, 'local');
    const [hash] = hashesOf(engine.slot('local').index).values();
    fs.rename('C:\\Models\\loras\\ink.pt', 'C:\\Models\\loras\\INK.pt');
    await engine.refresh('local');
    assert.deepEqual([...hashesOf(engine.slot('local').index)], [['loras/INK.pt', hash]]);
  });

  test('a folder asked for in other letters is refreshed as the drive spells it', async () => {
    const { engine, local } = twoDrives();
    local('LoRAs/Flux/a.pt', { size: 5 });
    assert.equal((await engine.refresh('local', { folder: 'loras/FLUX' })).outcome, 'done');
    assert.deepEqual(pathsOf(engine.slot('local').index), ['LoRAs/Flux/a.pt']);
  });

  test('an empty drive counts as one where letters do not count', async () => {
    const { engine } = twoDrives();
    await refreshBoth(engine);
    assert.equal(engine.slot('lake').stored.caseSensitive, false);
  });
});

describe('times', () => {
  test('what FAT rounds to two seconds is still probably the same; more is not', async () => {
    const { engine, local, lake } = twoDrives(kinds.exfat);
    for (const put of [local, lake]) put('rounded.pt', { size: 5 });
    local('later.pt', { size: 5, mtimeNs: noon + 4n * second });
    lake('later.pt', { size: 5 });
    await refreshBoth(engine);
    assert.deepEqual(await statesOf(engine), { 'later.pt': 'unverified', 'rounded.pt': 'same-probable' });
  });
});

describe('names that Linux left on the drive and Windows cannot use', () => {
  const names = ['trailing.', 'space ', 'con', 'aux.safetensors', 'lpt¹.pt', 'a:b', 'what?', '\uD800.pt'];

  /** A drive that lists more than can be made on it from Windows. */
  function withMore(fs: MemoryFileSystem, kind: RawDirent['kind']): RawFileSystem {
    const more = names.map((name) => ({ name, kind }));
    const list = (path: string): readonly RawDirent[] =>
      path.endsWith('\\loras') ? [...more, ...fs.list(path)] : fs.list(path);
    return {
      platform: fs.platform,
      list,
      firstNames: (path, limit) => list(path).slice(0, limit),
      lstat: (path) => fs.lstat(path),
      stat: (path) => fs.stat(path),
      realPath: (path) => fs.realPath(path),
      openRead: (path) => fs.openRead(path),
      volume: (path) => fs.volume(path),
    };
  }

  for (const kind of ['file', 'folder'] as const) {
    test(`as a ${kind} each is a problem with its reason, and its neighbours are read`, async () => {
      const { fs, local } = twoDrives();
      local('loras/fine.pt', { size: 5 });
      const engine = createTestEngine({ fs: withMore(fs, kind), roots: { local: 'C:\\Models' } });
      assert.equal((await engine.refresh('local')).outcome, 'done');
      assert.deepEqual(pathsOf(engine.slot('local').index), ['loras/fine.pt']);
      const { problems } = engine.slot('local').stored;
      assert.deepEqual(
        problems.map(({ relPath, code }) => [relPath, code]).toSorted(),
        names.map((name) => [`loras/${name}`, 'INVALID_PATH']).toSorted(),
      );
      for (const { message, hint } of problems) {
        assert.match(message, /^“loras\/.+” .+, so programs on Windows cannot use it\.$/);
        assert.match(hint ?? '', /Rename/);
      }
      assert.deepEqual((await hashAll(engine, 'local')).failed, []);
    });
  }
});
