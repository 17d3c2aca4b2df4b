import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { createDirectLocationFiles } from '../../src/core/catalog/direct-location-files.ts';
import { PackedFolder } from '../../src/core/catalog/packed-folder.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { probeRoot } from '../../src/core/locations/probe-root.ts';
import type { HashResult, ScanBatch } from '../../src/core/ports/location-files.ts';
import { writeFileAtomically } from '../../src/platform/app-data/atomic-write.ts';
import { driveKindOf } from '../../src/platform/filesystem/drive-kind.ts';
import { createGlobMatcher } from '../../src/platform/filesystem/glob-matcher.ts';
import { createNodeRawFileSystem } from '../../src/platform/filesystem/node-raw-file-system.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { atEnd } from '../program/program.ts';
import { steadyPacer } from '../support/time.ts';

const drive = createNodeRawFileSystem();
const hashers = await loadHashers();
/** Of libuv: open with no sharing, as programs do that write a model. `fs.constants` has no name for it. */
const exclusive = fs.constants.O_RDWR | 0x1000_0000;

/** Of a thread: reads a file until a moment after it is told that somebody wants to replace it. */
const holdUntilAsked = `
  const fs = require('node:fs');
  const { parentPort, workerData: { file, started } } = require('node:worker_threads');
  const descriptor = fs.openSync(file, 'r');
  parentPort.postMessage('open');
  Atomics.wait(started, 0, 0);
  Atomics.wait(started, 0, 1, 50);
  fs.closeSync(descriptor);
`;

function tempFolder(t: TestContext): string {
  const folder = fs.realpathSync.native(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-windows-')));
  atEnd(t, () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function write(root: string, relPath: string, text = relPath): string {
  const file = path.join(root, ...relPath.split('/'));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

function fails(code: ErrorCode, call: () => unknown): void {
  assert.throws(call, (thrown) => thrown instanceof AppError && thrown.code === code);
}

const open = (root: string) =>
  createDirectLocationFiles({ fs: drive, root, hashers, matchGlobs: createGlobMatcher, pacer: steadyPacer });

interface Scanned {
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

async function scan(root: string, folder = ''): Promise<Scanned> {
  const batches: ScanBatch[] = [];
  const request = { folder, recursive: true, ignoreGlobs: [], threads: 1, atOnce: 1 };
  await open(root).scan(request, (batch) => batches.push(batch));
  const files = batches.flatMap(({ folders }) =>
    folders.flatMap(({ relPath, files: packed }) =>
      packed === null
        ? []
        : new PackedFolder(new Uint8Array(packed)).names().map((name) => (relPath ? `${relPath}/${name}` : name)),
    ),
  );
  const problems = batches.flatMap((batch) => batch.problems.map(({ relPath, code }) => `${relPath} ${code}`));
  return { files: files.sort(), problems: problems.sort() };
}

async function hashOf(root: string, relPath: string): Promise<HashResult> {
  const { size, mtimeNs, fileId } = drive.stat(path.join(root, relPath));
  const results: HashResult[] = [];
  const target = { relPath, size, mtimeNs, fileId };
  await open(root).hash({ targets: [target], threads: 1, sha256: true }, (some) => results.push(...some));
  const last = results.at(-1);
  assert.ok(last);
  return last;
}

describe('letters', () => {
  test('upper and lower case are one file, listed as it was made, and the look at a root finds that out', async (t) => {
    const root = tempFolder(t);
    write(root, 'Loras/Flux/Model.SafeTensors');
    assert.equal(drive.lstat(`${root}\\LORAS\\flux\\MODEL.safetensors`).size, 28);
    assert.equal(drive.realPath(`${root}\\LORAS\\flux\\MODEL.safetensors`), `${root}\\Loras\\Flux\\Model.SafeTensors`);
    assert.equal(probeRoot(drive, root).caseSensitive, false);
    assert.deepEqual((await scan(root)).files, ['Loras/Flux/Model.SafeTensors']);
  });

  test('an empty root counts as one where letters do not count', (t) => {
    assert.equal(probeRoot(drive, tempFolder(t)).caseSensitive, false);
  });

  test('a folder in other letters than the drive’s is not scanned under that name', async (t) => {
    const root = tempFolder(t);
    write(root, 'loras/a.bin');
    await assert.rejects(scan(root, 'LORAS'), { code: 'FILE_NOT_FOUND' });
    assert.deepEqual((await scan(root, 'loras')).files, ['loras/a.bin']);
  });

  test('a file that is renamed to other letters alone keeps its identity', (t) => {
    if (process.env.UNDER_WINE) return t.skip('Wine does nothing and says that it did');
    const root = tempFolder(t);
    const file = write(root, 'a.bin');
    const { fileId } = drive.lstat(file);
    fs.renameSync(file, path.join(root, 'A.bin'));
    assert.deepEqual(drive.list(root), [{ name: 'A.bin', kind: 'file' }]);
    assert.equal(drive.lstat(file).fileId, fileId);
  });
});

describe('names', () => {
  test('beyond ASCII they come back letter for letter', async (t) => {
    const root = tempFolder(t);
    const names = ['e\u0301.bin', 'é.bin', 'アニメ塗り.bin', '😀.bin', "it's & (that).bin"].sort();
    for (const name of names) write(root, name);
    assert.deepEqual((await scan(root)).files, names);
  });

  test('what Win32 would rewrite is a problem with a reason, and its neighbours are read', async (t) => {
    const root = tempFolder(t);
    write(root, 'fine.bin');
    const made = ['trailing.', 'space ', 'con', 'nul.txt'].filter((name) => {
      try {
        fs.writeFileSync(`\\\\?\\${root}\\${name}`, 'x');
        return drive.list(root).some((dirent) => dirent.name === name);
      } catch {
        return false;
      }
    });
    if (made.length === 0) return t.skip('this Windows makes no such names');
    const { files, problems } = await scan(root);
    assert.deepEqual(files, ['fine.bin']);
    assert.deepEqual(problems, made.map((name) => `${name} INVALID_PATH`).sort());
  });

  test('paths far beyond 260 characters are scanned, read and hashed', async (t) => {
    const root = tempFolder(t);
    const relPath = [...Array.from({ length: 7 }, (_, n) => `${n}${'x'.repeat(59)}`), 'model.safetensors'].join('/');
    assert.ok(path.join(root, relPath).length > 430);
    write(root, relPath, 'deep');
    assert.deepEqual(await scan(root), { files: [relPath], problems: [] });
    const file = drive.openRead(path.join(root, relPath));
    assert.equal(file.read(new Uint8Array(10), 0), 4);
    file.close();
    assert.equal(drive.firstNames(path.dirname(path.join(root, relPath)), 5).length, 1);
    if (process.env.UNDER_WINE) return t.diagnostic('Wine tells no final path beyond 260 characters, so no hash');
    const result = await hashOf(root, relPath);
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(drive.realPath(path.join(root, relPath)).replace('\\\\?\\', ''), path.join(root, relPath));
  });
});

describe('files that are open elsewhere', () => {
  test('one that is held with no sharing is busy for us, and so is its hash', async (t) => {
    const root = tempFolder(t);
    const file = write(root, 'held.bin');
    const descriptor = fs.openSync(file, exclusive);
    atEnd(t, () => fs.closeSync(descriptor));
    fails('FILE_BUSY', () => drive.openRead(file));
    assert.equal(drive.lstat(file).size, 8, 'what is known without opening it is known');
    assert.deepEqual((await scan(root)).files, ['held.bin']);
    const result = await hashOf(root, 'held.bin');
    assert.equal(result.ok === false && result.code, 'FILE_BUSY');
  });

  test('one that we read can be read by others, and what it is called now is told', (t) => {
    const root = tempFolder(t);
    const path_ = write(root, 'Model.bin');
    const file = drive.openRead(`${root}\\MODEL.BIN`);
    atEnd(t, () => file.close());
    assert.equal(fs.readFileSync(path_, 'utf8'), 'Model.bin');
    assert.equal(file.realPath(), path_);
  });

  test('a settings file that somebody reads is replaced as soon as they are done', async (t) => {
    const root = tempFolder(t);
    const file = write(root, 'settings.json', 'old');
    const started = new Int32Array(new SharedArrayBuffer(4));
    const reader = new Worker(holdUntilAsked, { eval: true, workerData: { file, started } });
    await once(reader, 'message');
    Atomics.store(started, 0, 1);
    Atomics.notify(started, 0);
    writeFileAtomically(file, 'new');
    assert.equal(fs.readFileSync(file, 'utf8'), 'new');
    assert.deepEqual(fs.readdirSync(root), ['settings.json']);
    await once(reader, 'exit');
  });

  test('one that nobody lets go of keeps its old text, and nothing is left beside it', (t) => {
    const root = tempFolder(t);
    const file = write(root, 'settings.json', 'old');
    const descriptor = fs.openSync(file, exclusive);
    assert.throws(() => writeFileAtomically(file, 'new'), { name: 'AppError' });
    fs.closeSync(descriptor);
    assert.equal(fs.readFileSync(file, 'utf8'), 'old');
    assert.deepEqual(fs.readdirSync(root), ['settings.json']);
  });
});

describe('links', () => {
  test('hard links are one file with two names', (t) => {
    const root = tempFolder(t);
    const file = write(root, 'a.bin');
    fs.linkSync(file, path.join(root, 'b.bin'));
    const stat = drive.lstat(file);
    assert.equal(stat.links, 2);
    assert.deepEqual(drive.lstat(path.join(root, 'b.bin')), stat);
    assert.equal(probeRoot(drive, root).caseSensitive, false);
  });
});

describe('drives and shares', () => {
  test('the root of a drive is a root', () => {
    const facts = probeRoot(drive, 'C:\\');
    assert.deepEqual([facts.isMountPoint, facts.isEmpty, facts.caseSensitive], [false, false, false]);
    assert.ok((facts.totalBytes ?? 0) > 0);
  });

  test('a drive or share that is not there is not found, in a sentence', () => {
    for (const root of ['Q:\\models', '\\\\weightroom-nobody\\models']) {
      assert.throws(
        () => probeRoot(drive, root),
        (thrown) => thrown instanceof AppError && ['FILE_NOT_FOUND', 'IO_FAILED'].includes(thrown.code),
      );
    }
  });

  test('a share is read like a drive, from its root and below it', async (t) => {
    const share = process.env.TEST_SHARE;
    const folder = process.env.TEST_SHARE_FOLDER;
    if (!share || !folder) return t.skip('name a share in TEST_SHARE and its folder in TEST_SHARE_FOLDER');
    write(folder, 'Models/loras/A.bin');
    atEnd(t, () => fs.rmSync(path.join(folder, 'Models'), { recursive: true, force: true }));
    assert.equal(driveKindOf(share), 'network');
    for (const root of [`${share}\\`, `${share}\\Models`, `${share.toUpperCase()}\\MODELS`]) {
      const facts = probeRoot(drive, root);
      assert.deepEqual([facts.isMountPoint, facts.isEmpty, facts.caseSensitive], [false, false, false], root);
      const { files, problems } = await scan(root);
      assert.deepEqual(files, [root.endsWith('\\') ? 'Models/loras/A.bin' : 'loras/A.bin']);
      assert.deepEqual(problems, []);
      const result = await hashOf(root, files[0] ?? '');
      assert.ok(result.ok, root);
    }
  });
});

test('BLAKE3 is the native library for Windows, and agrees with WebAssembly', async () => {
  assert.equal(hashers.blake3Kind, 'native', hashers.nativeFailure ?? '');
  const wasm = await loadHashers({ forceWasm: true });
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
  const [one, other] = [hashers.blake3(), wasm.blake3()];
  one.update(bytes);
  other.update(bytes);
  assert.deepEqual(one.digest(), other.digest());
});
