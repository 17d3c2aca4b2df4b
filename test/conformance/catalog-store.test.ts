import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createFolderHashes, setHash } from '../../src/core/catalog/folder-hashes.ts';
import { packFolder } from '../../src/core/catalog/packed-folder.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import {
  type CatalogStore,
  type HashKey,
  type HashRecord,
  keptScans,
  type StoredFolder,
  type StoredLocation,
} from '../../src/core/ports/catalog-store.ts';
import { createThreadedCatalogStore } from '../../src/platform/sqlite/threaded-catalog-store.ts';
import { atEnd } from '../support/at-end.ts';
import { createMemoryCatalogStore } from '../support/memory-catalog-store.ts';

const entry = fileURLToPath(new URL('../../src/app/entries/catalog-thread.ts', import.meta.url));
const openThreaded = (folder: string): CatalogStore =>
  createThreadedCatalogStore({
    entry,
    file: path.join(folder, 'catalog.db'),
    nowMs: 1,
    onSetAside: (aside) => assert.fail(`set aside as ${aside}`),
  });

const kinds: readonly {
  readonly title: string;
  readonly isKept: boolean;
  readonly open: (folder: string) => CatalogStore;
}[] = [
  { title: 'SQLite in a thread', isKept: true, open: openThreaded },
  { title: 'memory', isKept: false, open: () => createMemoryCatalogStore() },
];

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
const digest = (seed: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(seed);
const folder = (relPath: string, seed: number, hashes: Uint8Array<ArrayBuffer> | null = null): StoredFolder => ({
  relPath,
  files: bytes(1, 2, seed),
  hashes,
});
const packed = (relPath: string, ...sizes: number[]): StoredFolder => ({
  relPath,
  files: packFolder(
    sizes.map((size, k) => ({
      name: `${k}`,
      kind: 'file',
      size,
      mtimeNs: 1n,
      fileId: BigInt(k),
      links: 1,
      device: 0,
    })),
  ),
  hashes: null,
});
const location: StoredLocation = {
  root: '/m',
  scannedAtMs: 1_700_000_000_123,
  caseSensitive: null,
  unicodeSensitive: true,
  wasMountPoint: false,
  volume: '',
  missingFiles: 0,
  problems: [],
};
const hugeId = 2n ** 64n - 2n;
const key: HashKey = {
  device: 2n ** 63n + 5n,
  fileId: hugeId,
  size: 5e11,
  mtimeNs: -1_500_000_000n,
  place: 'local/loras/a.bin',
};
const record: HashRecord = {
  ...key,
  blake3: digest(1),
  sha256: digest(2),
  quickHash: null,
  hashedAtMs: 1_700_000_000_999,
};

interface Loaded {
  readonly stored: StoredLocation | null;
  readonly folders: readonly StoredFolder[];
}

async function load(store: CatalogStore, id = 'local', root = '/m'): Promise<Loaded> {
  const folders: StoredFolder[] = [];
  const stored = await store.load(id, root, (batch) => folders.push(...batch));
  const copies = folders.map(({ relPath, files, hashes }) => ({
    relPath,
    files: bytes(...files),
    hashes: hashes && bytes(...hashes),
  }));
  return { stored, folders: copies.sort((x, y) => (x.relPath < y.relPath ? -1 : 1)) };
}

for (const { title, isKept, open } of kinds) {
  const inStore = (
    scenario: string,
    check: (store: CatalogStore, reopen: () => Promise<CatalogStore>) => Promise<void>,
  ): void => {
    test(scenario, async () => {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-catalog-'));
      let store = open(home);
      const reopen = async (): Promise<CatalogStore> => {
        await store.close();
        store = open(home);
        return store;
      };
      try {
        await check(store, reopen);
      } finally {
        await store.close().catch(() => {});
        fs.rmSync(home, { recursive: true, force: true });
      }
    });
  };

  describe(`CatalogStore, ${title}: locations and folders`, () => {
    inStore('what was never stored is null', async (store) => {
      assert.deepEqual(await load(store), { stored: null, folders: [] });
    });

    inStore('gives back what was stored, byte for byte', async (store) => {
      const problems = [
        { relPath: 'a\uFFFD.bin', code: 'NAME_NOT_UTF8' as const, message: 'Bad.', hint: null },
        { relPath: '', code: 'ACCESS_DENIED' as const, message: '“/m” may not be read.', hint: 'Ask.' },
      ];
      for (const stored of [
        location,
        {
          ...location,
          caseSensitive: false,
          unicodeSensitive: false,
          wasMountPoint: true,
          volume: 'ext4 5 “é”',
          missingFiles: 7,
          scannedAtMs: null,
          problems,
        },
        { ...location, caseSensitive: true },
      ]) {
        await store.saveLocation('local', stored);
        assert.deepEqual((await load(store)).stored, stored);
      }
      const odd = ['', 'loras', 'loras/\uFEFFé e\u0301', 'a\nb', "it's", '😀'].sort();
      const folders = odd.map((relPath, n) => folder(relPath, n, n % 2 === 0 ? null : bytes(9, n)));
      await store.saveFolders('local', folders, []);
      assert.deepEqual((await load(store)).folders, folders);
    });

    inStore('replaces folders of the same path and removes others', async (store) => {
      await store.saveLocation('local', location);
      await store.saveFolders('local', [folder('', 1), folder('a', 2, bytes(1)), folder('b', 3)], []);
      await store.saveFolders('local', [folder('a', 9)], ['b', 'never there']);
      assert.deepEqual((await load(store)).folders, [folder('', 1), folder('a', 9)]);
      await store.saveFolders('local', [], []);
      assert.equal((await load(store)).folders.length, 2);
    });

    inStore('locations do not touch each other', async (store) => {
      for (const id of ['local', 'lake']) {
        await store.saveLocation(id, { ...location, root: `/${id}` });
        await store.saveFolders(id, [folder('same', id.length)], []);
      }
      await store.saveFolders('local', [], ['same']);
      assert.deepEqual((await load(store, 'lake', '/lake')).folders, [folder('same', 4)]);
      await store.forget('lake');
      assert.equal((await load(store, 'lake', '/lake')).stored, null);
      assert.equal((await load(store, 'local', '/local')).stored?.root, '/local');
    });

    inStore('another root has nothing to do with what is stored, and drops it', async (store) => {
      await store.saveLocation('local', location);
      await store.saveFolders('local', [folder('a', 1)], []);
      assert.deepEqual(await load(store, 'local', '/elsewhere'), { stored: null, folders: [] });
      assert.deepEqual(await load(store), { stored: null, folders: [] });
    });

    inStore('folders without a location belong to a refresh that never ended; they are not shown', async (store) => {
      await store.saveFolders('local', [folder('a', 1)], []);
      assert.deepEqual(await load(store), { stored: null, folders: [] });
      await store.saveLocation('local', location);
      assert.deepEqual((await load(store)).folders, []);
    });

    inStore('calls take effect in the order they were made, without waiting in between', async (store) => {
      const calls = [
        store.saveLocation('local', location),
        store.saveFolders('local', [folder('a', 1)], []),
        store.saveFolders('local', [folder('a', 2)], []),
        store.forget('local'),
        store.saveLocation('local', { ...location, missingFiles: 3 }),
        store.saveFolders('local', [folder('b', 4)], []),
      ];
      const loaded = await load(store);
      await Promise.all(calls);
      assert.equal(loaded.stored?.missingFiles, 3);
      assert.deepEqual(loaded.folders, [folder('b', 4)]);
    });

    inStore('keeps what it was given, whatever the caller does with it afterwards', async (store) => {
      const mine = folder('a', 1, bytes(5));
      await store.saveLocation('local', location);
      await store.saveFolders('local', [mine], []);
      mine.files.fill(0);
      mine.hashes?.fill(0);
      assert.deepEqual((await load(store)).folders, [folder('a', 1, bytes(5))]);
    });

    inStore('counts what it is going to load, whatever was replaced, removed or hashed since', async (store) => {
      const count = async (root = '/m') => {
        const counted = await store.count('local', root);
        return counted && { ...counted.totals, root: counted.stored.root };
      };
      assert.equal(await count(), null, 'nothing is stored');
      await store.saveLocation('local', { ...location, missingFiles: 3 });
      assert.deepEqual(await count(), { files: 0, bytes: 0, folders: 0, hashedFiles: 0, root: '/m' });
      const hashes = createFolderHashes(3);
      setHash(hashes, 1, digest(5));
      await store.saveFolders(
        'local',
        [packed('', 7), packed('a', 1, 2 ** 45), packed('b', 10, 20), packed('gone', 4)],
        [],
      );
      await store.saveFolders('local', [{ ...packed('b', 10, 21, 30), hashes }], ['gone']);
      assert.deepEqual(await count(), { files: 6, bytes: 69 + 2 ** 45, folders: 3, hashedFiles: 1, root: '/m' });
      const [counted, loaded] = await Promise.all([store.count('local', '/m'), load(store)]);
      assert.deepEqual(counted?.stored, loaded.stored);
      assert.equal(counted?.totals.folders, loaded.folders.length);
      await store.saveFolders('local', [folder('no packed folder', 9)], []);
      assert.deepEqual(await count(), { files: 6, bytes: 69 + 2 ** 45, folders: 4, hashedFiles: 1, root: '/m' });
      assert.equal(await count('/elsewhere'), null);
      assert.deepEqual(await load(store), { stored: null, folders: [] }, 'and it is dropped, as by load');
    });

    inStore('a thousand folders', async (store) => {
      const folders = Array.from({ length: 1_000 }, (_, n) => folder(`f${String(n).padStart(4, '0')}`, n % 256));
      await store.saveLocation('local', location);
      await store.saveFolders('local', folders, []);
      assert.deepEqual((await load(store)).folders, folders);
    });
  });

  describe(`CatalogStore, ${title}: hash cache`, () => {
    inStore('is empty at first', async (store) => {
      assert.equal(await store.hasHashes(), false);
      assert.deepEqual(await store.recallHashes([key, key]), [null, null]);
      assert.deepEqual(await store.recallHashes([]), []);
    });

    inStore('gives back what was remembered, with ids and times beyond 2^53', async (store) => {
      await store.rememberHashes([record]);
      assert.equal(await store.hasHashes(), true);
      assert.deepEqual(await store.recallHashes([key]), [record]);
    });

    inStore('knows a file only while size, time and identity are all the same', async (store) => {
      await store.rememberHashes([record]);
      const others = [
        { ...key, size: 1 },
        { ...key, mtimeNs: 0n },
        { ...key, fileId: 3n },
        { ...key, device: 1n, place: 'local/other.bin' },
      ];
      assert.deepEqual(await store.recallHashes([others[0] ?? key, key, ...others.slice(1)]), [
        null,
        record,
        null,
        null,
        null,
      ]);
    });

    inStore(
      'knows it under a new name on its device, and in its old place under a new device number',
      async (store) => {
        await store.rememberHashes([record]);
        const renamed = { ...key, place: 'local/new.bin' };
        const remounted = { ...key, device: 77n };
        assert.deepEqual(await store.recallHashes([renamed, remounted]), [
          { ...record, ...renamed },
          { ...record, ...remounted },
        ]);
      },
    );

    inStore('a file has one content at a time: the newer forgets the older', async (store) => {
      await store.rememberHashes([record]);
      const newer = { ...record, size: 9, blake3: digest(7), sha256: null };
      await store.rememberHashes([newer]);
      assert.deepEqual(await store.recallHashes([key, newer]), [null, newer]);
    });

    inStore('what was known of the same bytes stays known; of other bytes it does not', async (store) => {
      await store.rememberHashes([record]);
      await store.rememberHashes([{ ...record, sha256: null, quickHash: digest(3), hashedAtMs: 5 }]);
      assert.deepEqual(await store.recallHashes([key]), [{ ...record, quickHash: digest(3), hashedAtMs: 5 }]);
      await store.rememberHashes([{ ...record, blake3: digest(9), sha256: null, quickHash: null }]);
      assert.deepEqual(await store.recallHashes([key]), [
        { ...record, blake3: digest(9), sha256: null, quickHash: null },
      ]);
    });

    inStore('survives that its location is forgotten', async (store) => {
      await store.saveLocation('local', location);
      await store.rememberHashes([record]);
      await store.forget('local');
      assert.deepEqual(await store.recallHashes([key]), [record]);
    });
  });

  describe(`CatalogStore, ${title}: duplicate scans`, () => {
    const scan = (n: number) => ({ id: `scan${String(n).padStart(4, '0')}`, createdAtMs: n, header: `{"n":${n}}` });

    inStore('keeps scans, newest first, and their parts', async (store) => {
      await store.saveDuplicateScan(scan(1));
      await store.saveDuplicateScan(scan(3));
      await store.saveDuplicateScan({ ...scan(2), header: 'once' });
      await store.saveDuplicateScan(scan(2));
      assert.deepEqual(await store.duplicateScans(), [scan(3), scan(2), scan(1)]);
      await store.saveDuplicatePart('scan0001', 0, 'first');
      await store.saveDuplicatePart('scan0001', 1, 'second');
      await store.saveDuplicatePart('scan0001', 1, 'second, again');
      assert.equal(await store.duplicatePart('scan0001', 0), 'first');
      assert.equal(await store.duplicatePart('scan0001', 1), 'second, again');
      assert.equal(await store.duplicatePart('scan0001', 2), null);
      assert.equal(await store.duplicatePart('scan0002', 0), null);
    });

    inStore('the newest stay, the others go with their parts', async (store) => {
      for (let n = 1; n <= keptScans + 2; n += 1) {
        await store.saveDuplicateScan(scan(n));
        await store.saveDuplicatePart(scan(n).id, 0, `part of ${n}`);
      }
      const kept = await store.duplicateScans();
      assert.equal(kept.length, keptScans);
      assert.deepEqual(kept.at(-1), scan(3));
      assert.equal(await store.duplicatePart('scan0002', 0), null);
      assert.equal(await store.duplicatePart('scan0003', 0), 'part of 3');
    });

    inStore('they outlive the location they were made of', async (store) => {
      await store.saveDuplicateScan(scan(1));
      await store.saveDuplicatePart('scan0001', 0, 'found');
      await store.forget('local');
      assert.equal(await store.duplicatePart('scan0001', 0), 'found');
    });
  });

  describe(`CatalogStore, ${title}: close`, () => {
    inStore('what was asked before is answered, what is asked afterwards is not', async (store) => {
      const saved = store.saveLocation('local', location);
      await store.close();
      await saved;
      await assert.rejects(store.hasHashes(), (thrown) => thrown instanceof AppError && thrown.code === 'CANCELLED');
    });

    if (isKept) {
      inStore('all is there when it is opened again', async (store, reopen) => {
        await store.saveLocation('local', {
          ...location,
          problems: [{ relPath: 'x', code: 'IO_FAILED', message: 'Broken.', hint: null }],
        });
        await store.saveFolders('local', [folder('a', 1, bytes(8))], []);
        await store.rememberHashes([record]);
        const before = await load(store);
        const again = await reopen();
        assert.deepEqual(await load(again), before);
        assert.equal(await again.hasHashes(), true);
        assert.deepEqual(await again.recallHashes([key]), [record]);
      });
    }
  });
}

describe('the thread of the catalog dies', () => {
  for (const [how, code] of [
    ['throws', 'throw new Error("boom")'],
    ['exits', 'process.exit(0)'],
  ] as const) {
    test(`it ${how}: waiting and later calls are rejected with a sentence`, async (t) => {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-catalog-'));
      atEnd(t, () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
      const program = path.join(home, 'dying.mjs');
      const opens = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ type: 'opened', setAside: null });`;
      fs.writeFileSync(program, `${opens} parentPort.on('message', ({ op }) => { if (op !== 'open') ${code}; });`);
      const store = createThreadedCatalogStore({ entry: program, file: 'unused', nowMs: 1, onSetAside: () => {} });
      await store.opened;
      const isSaid = (thrown: unknown) => thrown instanceof AppError && thrown.message.includes('ended unexpectedly');
      await Promise.all([store.hasHashes(), load(store)].map((call) => assert.rejects(call, isSaid)));
      await assert.rejects(store.saveLocation('local', location), isSaid);
      await store.close();
    });
  }
});
