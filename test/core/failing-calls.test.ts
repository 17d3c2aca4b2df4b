import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import { type Fault, FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { createTestEngine, type TestEngine } from '../support/engine.ts';
import { hashAll, hashesOf, pathsOf } from '../support/index-facts.ts';
import { createMemoryCatalogStore } from '../support/memory-catalog-store.ts';
import { restlessPacer } from '../support/time.ts';

/** Errors that say nothing about whether a file is there. */
const passing = [
  'EIO',
  'EACCES',
  'ESTALE',
  'EMFILE',
  'EBUSY',
  'ETIMEDOUT',
  'ENOTCONN',
  'ENAMETOOLONG',
  'EINVAL',
] as const;

const throwsAtRoot: ReadonlySet<string> = new Set(['EACCES', 'ENAMETOOLONG', 'EINVAL']);

function library(): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  for (let n = 0; n < 6; n += 1) fs.file(`/m/loras/${n}.safetensors`, { size: 100 + n });
  fs.file('/m/loras/flux/a.safetensors', { size: 7 });
  fs.file('/m/vae/v.safetensors', { size: 9 });
  fs.link('/m/vae/alias.safetensors', 'v.safetensors');
  fs.link('/m/styles', 'loras/flux');
  return fs;
}

async function prepared(): Promise<{ fs: MemoryFileSystem; faulty: FaultyFileSystem; engine: TestEngine }> {
  const fs = library();
  const faulty = new FaultyFileSystem(fs);
  const engine = createTestEngine({ fs: faulty, roots: { local: '/m' } });
  await engine.refresh('local');
  await hashAll(engine, 'local');
  return { fs, faulty, engine };
}

async function callsOf(work: (engine: TestEngine) => Promise<unknown>): Promise<number> {
  const { faulty, engine } = await prepared();
  const before = faulty.calls;
  await work(engine);
  return faulty.calls - before;
}

const wholeLibrary = 10;

describe('a refresh during which one call fails', () => {
  for (const code of passing) {
    const todo = throwsAtRoot.has(code) && 'refreshSlot throws when the root itself answers with such a code';
    test(`${code} at any one call loses no row, and the next refresh is as if nothing had been`, { todo }, async () => {
      const calls = await callsOf((engine) => engine.refresh('local'));
      assert.ok(calls > 20);
      for (let nth = 1; nth <= calls; nth += 1) {
        const { fs, faulty, engine } = await prepared();
        const hashes = hashesOf(engine.slot('local').index);
        assert.equal(hashes.size, wholeLibrary);
        fs.file('/m/vae/new.safetensors', { size: 3 });
        faulty.setFaults([{ nth, fail: code }]);
        const { outcome } = await engine.refresh('local');
        const at = `${code} at call ${nth}, which ended ${outcome}`;
        assert.ok(['done', 'offline', 'attention'].includes(outcome), at);
        const kept = hashesOf(engine.slot('local').index);
        for (const relPath of hashes.keys()) assert.ok(kept.has(relPath), `${relPath} is gone after ${at}`);

        faulty.setFaults([]);
        assert.equal((await engine.refresh('local')).outcome, 'done', at);
        const healed = hashesOf(engine.slot('local').index);
        assert.deepEqual(
          [...healed].filter(([relPath]) => relPath !== 'vae/new.safetensors').sort(),
          [...hashes].sort(),
          at,
        );
        assert.equal(healed.has('vae/new.safetensors'), true);
        assert.deepEqual(engine.slot('local').stored.problems, []);
      }
    });
  }

  test('every call from some point on fails: the drive was pulled out', async () => {
    const calls = await callsOf((engine) => engine.refresh('local'));
    for (let from = 1; from <= calls; from += 1) {
      const { faulty, engine } = await prepared();
      let seen = 0;
      faulty.setFaults([{ path: () => ++seen >= from, fail: 'EIO' }]);
      const { outcome } = await engine.refresh('local');
      // The last calls only ask whether case counts; all files were seen by then.
      assert.ok(outcome === 'offline' || from > calls - 8, `from call ${from} of ${calls} on: ${outcome}`);
      assert.equal(pathsOf(engine.slot('local').index).length, wholeLibrary, `from call ${from} on`);
    }
  });

  test('the root goes while it is read: nothing is lost', async () => {
    const calls = await callsOf((engine) => engine.refresh('local'));
    for (let at = 1; at <= calls; at += 1) {
      const fs = library();
      fs.mount('/mnt/usb', {});
      for (let n = 0; n < 6; n += 1) fs.file(`/mnt/usb/${n}/f.bin`, { size: n });
      let countdown = Number.POSITIVE_INFINITY;
      const faulty = new FaultyFileSystem(fs, {
        onCall: () => {
          countdown -= 1;
          if (countdown === 0) fs.unmount('/mnt/usb');
        },
      });
      const engine = createTestEngine({ fs: faulty, roots: { usb: '/mnt/usb' } });
      await engine.refresh('usb');
      countdown = at;
      await engine.refresh('usb');
      assert.equal(pathsOf(engine.slot('usb').index).length, 6, `unmounted at call ${at}`);
      if (countdown > 0) continue;
      assert.equal((await engine.refresh('usb')).outcome, 'offline');
      fs.remount('/mnt/usb');
      assert.equal((await engine.refresh('usb')).outcome, 'done');
      assert.equal(pathsOf(engine.slot('usb').index).length, 6, `unmounted at call ${at}`);
    }
  });

  test('another drive takes the place of the root while it is read: offline, nothing is lost or mixed', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/mnt/usb', {});
    for (let n = 0; n < 6; n += 1) fs.file(`/mnt/usb/${n}/f.bin`, { size: n });
    let isSwapped = false;
    const faulty = new FaultyFileSystem(fs, {
      onCall: ({ op, path }) => {
        if (!isSwapped || op !== 'list' || path !== '/mnt/usb/3') return;
        fs.unmount('/mnt/usb');
        fs.mount('/mnt/usb', {});
        fs.file('/mnt/usb/3/f.bin', { size: 3 });
      },
    });
    const engine = createTestEngine({ fs: faulty, roots: { usb: '/mnt/usb' } });
    await engine.refresh('usb');
    isSwapped = true;
    assert.equal((await engine.refresh('usb')).outcome, 'offline');
    assert.equal(pathsOf(engine.slot('usb').index).length, 6);
  });

  test('a call that never returns holds the refresh until it is cancelled; nothing is lost', async () => {
    const { faulty, engine } = await prepared();
    faulty.setFaults([{ op: 'list', path: '/m/vae', fail: 'hang' }]);
    const stop = new AbortController();
    const refresh = engine.refresh('local', { stop });
    assert.equal(await Promise.race([refresh, laterTurn('still waiting')]), 'still waiting');
    stop.abort();
    assert.equal((await refresh).outcome, 'cancelled');
    assert.equal(pathsOf(engine.slot('local').index).length, wholeLibrary);
    faulty.setFaults([]);
    assert.equal((await engine.refresh('local')).outcome, 'done');
  });
});

async function laterTurn<T>(value: T): Promise<T> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return value;
}

describe('a refresh that is cancelled', () => {
  test('at any call: nothing is purged, and what is new may be there or not', async () => {
    const calls = await callsOf((engine) => engine.refresh('local'));
    for (let at = 1; at <= calls + 5; at += 1) {
      const fs = library();
      const stop = new AbortController();
      let countdown = Number.POSITIVE_INFINITY;
      const faulty = new FaultyFileSystem(fs, {
        onCall: () => {
          countdown -= 1;
          if (countdown === 0) stop.abort();
        },
      });
      const engine = createTestEngine({ fs: faulty, roots: { local: '/m' }, foldersPerBatch: 1 });
      await engine.refresh('local');
      fs.remove('/m/loras/0.safetensors');
      fs.remove('/m/loras/flux');
      countdown = at;
      const { outcome } = await engine.refresh('local', { stop });
      if (outcome === 'cancelled')
        assert.equal(pathsOf(engine.slot('local').index).length, wholeLibrary, `cancelled at call ${at}`);
      else assert.equal(outcome, 'done');
    }
  });
});

describe('hashing during which calls fail', () => {
  for (const code of [...passing, 'ENOENT'] as const) {
    test(`${code} at any one call fails one file at most, by name, and a second try finishes`, async () => {
      const { faulty: counting, engine: first } = await unhashed();
      const before = counting.calls;
      await hashAll(first, 'local');
      const calls = counting.calls - before;
      for (let nth = 1; nth <= calls; nth += 1) {
        const { faulty, engine } = await unhashed();
        faulty.setFaults([{ nth, fail: code }]);
        const result = await hashAll(engine, 'local');
        // Asking for the root itself fails all of them.
        const isRootCall = result.failed.length === wholeLibrary;
        assert.ok(
          isRootCall ? nth <= 1 : result.failed.length <= 1,
          `${code} at call ${nth} failed ${result.failed.length} files`,
        );
        assert.equal(result.hashed + result.failed.length, wholeLibrary);
        for (const { message } of result.failed) assert.match(message, /\w/);
        faulty.setFaults([]);
        await engine.refresh('local');
        assert.equal((await hashAll(engine, 'local')).failed.length, 0);
        assert.ok([...hashesOf(engine.slot('local').index).values()].every((hash) => hash !== null));
      }
    });
  }

  const meddling: readonly (readonly [
    title: string,
    op: 'read' | 'fstat',
    nth: number,
    meddle: (fs: MemoryFileSystem) => void,
  ])[] = [
    ['grows between stat and read', 'read', 1, (fs) => fs.file('/m/f.bin', { size: 700_001 })],
    ['shrinks between stat and read', 'read', 1, (fs) => fs.file('/m/f.bin', { size: 5 })],
    ['grows between two reads', 'read', 2, (fs) => fs.file('/m/f.bin', { size: 900_000 })],
    ['gets another time while it is read', 'read', 2, (fs) => fs.setTime('/m/f.bin', 1n)],
    [
      'is replaced by another file just before it is opened',
      'fstat',
      1,
      (fs) => fs.file('/m/f.bin', { size: 700_000, mtimeNs: 5n, content: 'new' }),
    ],
  ];
  for (const [title, op, nth, meddle] of meddling) {
    test(`a file that ${title} gets no hash`, async () => {
      const fs = new MemoryFileSystem();
      fs.file('/m/f.bin', { size: 700_000 });
      let seen = 0;
      const faulty = new FaultyFileSystem(fs, {
        onCall: (call) => {
          if (call.op === op) seen += 1;
          if (call.op === op && seen === nth) meddle(fs);
        },
      });
      const engine = createTestEngine({ fs: faulty, roots: { local: '/m' } });
      await engine.refresh('local');
      const result = await hashAll(engine, 'local');
      assert.deepEqual(
        result.failed.map(({ code }) => code),
        ['FILE_CHANGED'],
      );
      assert.deepEqual([...hashesOf(engine.slot('local').index).values()], [null]);
      assert.deepEqual(await engine.catalog.hasHashes(), false);
    });
  }
});

async function unhashed(): Promise<{ faulty: FaultyFileSystem; engine: TestEngine }> {
  const faulty = new FaultyFileSystem(library());
  const engine = createTestEngine({ fs: faulty, roots: { local: '/m' } });
  await engine.refresh('local');
  return { faulty, engine };
}

describe('a catalog that cannot be written', () => {
  const full = new AppError('NO_SPACE', 'The catalog cannot grow: the drive is full.');

  for (const call of ['saveFolders', 'saveLocation', 'recallHashes', 'hasHashes'] as const) {
    test(`${call} fails during a refresh: the caller is told why, and a restart finds all again`, async () => {
      const failing = { now: false };
      const catalog = createMemoryCatalogStore({ failing: (name) => (failing.now && name === call ? full : null) });
      const fs = library();
      const engine = createTestEngine({ fs, roots: { local: '/m' }, catalog, foldersPerBatch: 1 });
      await engine.refresh('local');
      await hashAll(engine, 'local');
      fs.file('/m/loras/new.safetensors', { size: 1 });
      fs.file('/m/vae/new.safetensors', { size: 1 });
      failing.now = true;
      await assert.rejects(engine.refresh('local'), (thrown) => thrown === full);
      failing.now = false;
      await engine.refresh('local');
      const again = createTestEngine({ fs, roots: { local: '/m' }, catalog });
      await again.refresh('local');
      assert.equal(pathsOf(again.slot('local').index).length, wholeLibrary + 2);
      assert.equal(catalog.stored('local').folders.size, again.slot('local').index.totals().folders);
    });
  }

  test('a write that fails while the scan goes on does not end the program', async () => {
    const failing = { now: false };
    const catalog = createMemoryCatalogStore({
      failing: (name) => (failing.now && name === 'saveFolders' ? full : null),
    });
    const fs = library();
    const engine = createTestEngine({ fs, roots: { local: '/m' }, catalog, foldersPerBatch: 1, pacer: restlessPacer });
    await engine.refresh('local');
    for (const folder of ['loras', 'loras/flux', 'vae']) fs.file(`/m/${folder}/new.safetensors`, { size: 1 });
    failing.now = true;
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await assert.rejects(engine.refresh('local'), (thrown) => thrown === full);
      await laterTurn(null);
    } finally {
      process.off('unhandledRejection', note);
    }
    assert.deepEqual(unhandled, []);
  });

  for (const call of ['saveFolders', 'rememberHashes'] as const) {
    test(`${call} fails during hashing: the run ends and names the files`, async () => {
      const failing = { now: false };
      const catalog = createMemoryCatalogStore({ failing: (name) => (failing.now && name === call ? full : null) });
      const engine = createTestEngine({ fs: library(), roots: { local: '/m' }, catalog });
      await engine.refresh('local');
      failing.now = true;
      const result = await hashAll(engine, 'local');
      assert.equal(result.failed.length, wholeLibrary);
      assert.ok(result.failed.every(({ code }) => code === 'NO_SPACE'));
    });
  }
});

/** The kinds of fault themselves. */
describe('faults', () => {
  const fs = new MemoryFileSystem();
  fs.file('/m/a', { size: 4 });
  fs.file('/m/b', { size: 4 });
  const cases: readonly (readonly [title: string, fault: Fault, calls: readonly string[]])[] = [
    ['each call of an operation', { op: 'lstat', fail: 'EIO' }, ['IO_FAILED', 'IO_FAILED', 'IO_FAILED']],
    ['one path', { op: 'lstat', path: '/m/b', fail: 'EACCES' }, ['ok', 'ACCESS_DENIED', 'ok']],
    [
      'the n-th call that fits',
      { op: 'lstat', path: (path) => path !== '/m/b', nth: 2, fail: 'ENOTCONN' },
      ['ok', 'ok', 'LOCATION_OFFLINE'],
    ],
    [
      'an error given as it is',
      { nth: 1, fail: new AppError('NAME_TOO_LONG', 'Too long.') },
      ['NAME_TOO_LONG', 'ok', 'ok'],
    ],
  ];
  for (const [title, fault, expected] of cases) {
    test(title, () => {
      const faulty = new FaultyFileSystem(fs, { faults: [fault] });
      const outcomes = ['/m/a', '/m/b', '/m/a'].map((path) => {
        try {
          faulty.lstat(path);
          return 'ok';
        } catch (thrown) {
          return thrown instanceof AppError ? thrown.code : String(thrown);
        }
      });
      assert.deepEqual(outcomes, expected);
    });
  }
});
