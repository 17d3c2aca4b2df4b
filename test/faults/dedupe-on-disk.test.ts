import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DedupeAction, DedupeOrder, FilePlace } from '../../src/core/ports/transfer-files.ts';
import { createNodeChangingFileSystem } from '../../src/platform/filesystem/node-changing-file-system.ts';
import { type DedupeOutcome, dedupeOf, leaked, runDedupe } from '../support/dedupe-lab.ts';

const disk = createNodeChangingFileSystem();
const MiB = 1024 * 1024;
const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
const child = fileURLToPath(new URL('./dedupe-child.ts', import.meta.url));

const undoings = new WeakMap<TestContext, (() => unknown)[]>();

/** What is done after the test, the last thing first. */
function undoing(t: TestContext): (() => unknown)[] {
  const known = undoings.get(t);
  if (known) return known;
  const calls: (() => unknown)[] = [];
  undoings.set(t, calls);
  t.after(() => {
    for (const call of calls.reverse()) call();
  });
  return calls;
}

/** A folder of its own, gone with the test, and what was mounted in it before. */
function folderOf(t: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'dedupe-')));
  undoing(t).push(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function sh(command: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8' });
}

/** false: it cannot be mounted here, and the test was skipped with the reason. */
function mount(t: TestContext, at: string, ...args: readonly string[]): boolean {
  fs.mkdirSync(at, { recursive: true });
  const { status, stderr } = sh('mount', ...args, at);
  if (status !== 0) {
    t.skip(`cannot mount: ${stderr.trim()}`);
    return false;
  }
  undoing(t).push(() => sh('umount', at).status === 0 || sh('umount', '-l', at));
  return true;
}

/** A drive of 300 MB in a file. */
function drive(t: TestContext, kind: 'ext4' | 'btrfs' | 'xfs' | 'vfat'): string | null {
  if (!isLinuxRoot) {
    t.skip('only root mounts drives');
    return null;
  }
  const folder = folderOf(t);
  const image = path.join(folder, 'image');
  fs.closeSync(fs.openSync(image, 'w'));
  fs.truncateSync(image, 300 * MiB);
  const made = sh(`mkfs.${kind}`, ...(kind === 'ext4' || kind === 'vfat' ? [] : ['-f']), image);
  if (made.status !== 0) {
    t.skip(`no mkfs.${kind} here${made.stderr ? `: ${made.stderr.trim()}` : ''}`);
    return null;
  }
  const root = path.join(folder, 'root');
  return mount(t, root, '-o', 'loop', image) ? root : null;
}

const at = (root: string, relPath: string): FilePlace => ({ location: 'local', root, relPath });

function write(root: string, relPath: string, seed: number, size = 3 * MiB + 17): string {
  const file = path.join(root, relPath);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, Buffer.alloc(size, `${seed} some words that are repeated`));
  return file;
}

function freeOf(root: string): number {
  const { bfree, bsize } = fs.statfsSync(root);
  return bfree * bsize;
}

function settle(root: string): void {
  sh('sync', '-f', root);
}

function planned(root: string, action: DedupeAction, options: Partial<DedupeOrder> = {}): DedupeOrder {
  return dedupeOf(disk, at(root, 'copies/a.bin'), at(root, 'kept/a.bin'), { action, ...options });
}

function pair(root: string): void {
  write(root, 'kept/a.bin', 1);
  const copy = write(root, 'copies/a.bin', 1);
  fs.utimesSync(copy, 1_600_000_000, 1_600_000_000);
}

function assertDone({ done, failed, thrown }: DedupeOutcome): void {
  assert.deepEqual([thrown, failed.map(({ message }) => message), done.length], [null, [], 1]);
}

const equal = (one: string, other: string): boolean => fs.readFileSync(one).equals(fs.readFileSync(other));

describe('duplicates on real drives', { skip: process.platform !== 'linux' && 'for Linux' }, () => {
  for (const action of ['delete', 'hardlink', 'symlink'] as const) {
    test(`${action} in the temporary folder`, (t) => {
      const root = folderOf(t);
      pair(root);
      assertDone(runDedupe(disk, [planned(root, action)]));
      const copy = path.join(root, 'copies/a.bin');
      const kept = path.join(root, 'kept/a.bin');
      if (action === 'delete') assert.equal(fs.existsSync(copy), false);
      else assert.ok(equal(copy, kept));
      if (action === 'hardlink') assert.equal(fs.statSync(copy).ino, fs.statSync(kept).ino);
      if (action === 'symlink') assert.equal(fs.readlinkSync(copy), '../kept/a.bin');
      assert.deepEqual(leaked(disk, [root]), []);
    });
  }

  for (const kind of ['ext4', 'btrfs', 'xfs', 'vfat'] as const) {
    for (const action of ['delete', 'hardlink', 'reflink', 'symlink'] as const) {
      test(`${kind}, ${action}: what is told to come free comes free, to a block`, (t) => {
        const root = drive(t, kind);
        if (root === null) return;
        pair(root);
        // A file with holes takes less than its size says.
        fs.truncateSync(write(root, 'copies/sparse.bin', 2, 4096), 8 * MiB);
        fs.truncateSync(write(root, 'kept/sparse.bin', 2, 4096), 8 * MiB);
        settle(root);
        const free = freeOf(root);
        const sparse = dedupeOf(disk, at(root, 'copies/sparse.bin'), at(root, 'kept/sparse.bin'), { action });
        const outcome = runDedupe(disk, [planned(root, action), sparse]);
        if (outcome.failed.length > 0) {
          const codes = outcome.failed.map(({ code }) => code);
          assert.deepEqual(
            [outcome.done, codes, kind === 'vfat' || action === 'reflink'],
            [[], ['UNSUPPORTED', 'UNSUPPORTED'], true],
          );
          assert.ok(equal(path.join(root, 'copies/a.bin'), path.join(root, 'kept/a.bin')));
        } else if (action !== 'delete')
          assert.ok(equal(path.join(root, 'copies/a.bin'), path.join(root, 'kept/a.bin')));
        settle(root);
        const { bsize } = fs.statfsSync(root);
        // btrfs frees data later and counts its own trees as well.
        const slack = kind === 'btrfs' ? 64 * bsize : 4 * bsize;
        if (kind === 'btrfs') sh('btrfs', 'filesystem', 'sync', root);
        const delta = freeOf(root) - free;
        if (kind !== 'btrfs')
          assert.ok(Math.abs(delta - outcome.freedBytes) <= slack, `${delta} for ${outcome.freedBytes}`);
        if (action === 'reflink' && outcome.done.length > 0) {
          assert.equal(fs.statSync(path.join(root, 'copies/a.bin')).mtimeMs, 1_600_000_000_000);
          assert.notEqual(
            fs.statSync(path.join(root, 'copies/a.bin')).ino,
            fs.statSync(path.join(root, 'kept/a.bin')).ino,
          );
        }
        assert.deepEqual(leaked(disk, [root]), []);
      });
    }
  }

  test('hard links: the first name frees nothing, the last all', (t) => {
    const root = folderOf(t);
    pair(root);
    fs.linkSync(path.join(root, 'copies/a.bin'), path.join(root, 'copies/b.bin'));
    const first = runDedupe(disk, [planned(root, 'delete')]);
    assert.equal(first.freedBytes, 0);
    const last = runDedupe(disk, [dedupeOf(disk, at(root, 'copies/b.bin'), at(root, 'kept/a.bin'))]);
    assert.ok(last.freedBytes >= 3 * MiB);
    fs.linkSync(path.join(root, 'kept/a.bin'), path.join(root, 'copies/c.bin'));
    const same = runDedupe(disk, [dedupeOf(disk, at(root, 'copies/c.bin'), at(root, 'kept/a.bin'))]);
    assert.deepEqual(
      same.failed.map(({ code }) => code),
      ['SAME_FILE'],
    );
  });

  test('one file through a bind mount', (t) => {
    if (!isLinuxRoot) return t.skip('only root mounts');
    const root = folderOf(t);
    pair(root);
    if (!mount(t, path.join(root, 'twin'), '--bind', path.join(root, 'kept'))) return;
    for (const action of ['delete', 'hardlink', 'symlink'] as const) {
      const order = dedupeOf(disk, at(root, 'twin/a.bin'), at(root, 'kept/a.bin'), { action });
      assert.deepEqual(
        runDedupe(disk, [order]).failed.map(({ code }) => code),
        ['SAME_FILE'],
      );
    }
    assert.ok(fs.existsSync(path.join(root, 'kept/a.bin')));
    assertDone(runDedupe(disk, [dedupeOf(disk, at(root, 'copies/a.bin'), at(root, 'twin/a.bin'))]));
    assert.ok(fs.existsSync(path.join(root, 'kept/a.bin')));
  });

  test('one file through a linked folder, and through a linked name', (t) => {
    const root = folderOf(t);
    pair(root);
    fs.symlinkSync('kept', path.join(root, 'twin'));
    fs.symlinkSync('a.bin', path.join(root, 'kept/b.bin'));
    const { blake3 } = planned(root, 'delete');
    for (const relPath of ['twin/a.bin', 'kept/b.bin']) {
      const forward = dedupeOf(disk, at(root, relPath), at(root, 'kept/a.bin'), { blake3 });
      const back = dedupeOf(disk, at(root, 'kept/a.bin'), at(root, relPath), { blake3 });
      for (const order of [forward, back]) {
        const { done, failed } = runDedupe(disk, [order]);
        assert.deepEqual([done.length, failed.length], [0, 1]);
        assert.ok(['UNSUPPORTED', 'FILE_CHANGED', 'SAME_FILE'].includes(failed[0]?.code ?? ''), failed[0]?.code);
      }
    }
    assert.ok(fs.existsSync(path.join(root, 'kept/a.bin')));
  });

  test('other bytes at the same size and time, whatever is known; “facts” sees it by the time that cannot be set', (t) => {
    const root = folderOf(t);
    for (const check of ['facts', 'hash', 'bytes'] as const) {
      pair(root);
      const hashedAfterMs = Date.now() - 60_000;
      const order = planned(root, 'delete', { check, hashedAfterMs });
      const copy = path.join(root, 'copies/a.bin');
      const { atimeNs, mtimeNs } = fs.statSync(copy, { bigint: true });
      const descriptor = fs.openSync(copy, 'r+');
      fs.writeSync(descriptor, 'other', 1_000_000);
      fs.closeSync(descriptor);
      fs.utimesSync(copy, Number(atimeNs) / 1e9, Number(mtimeNs) / 1e9);
      assert.deepEqual(
        runDedupe(disk, [order]).failed.map(({ code }) => code),
        ['CONTENT_CHANGED'],
        check,
      );
    }
  });
});

describe('a program that is killed while it removes duplicates', {
  skip: process.platform === 'win32' && 'not for Windows',
}, () => {
  for (const action of ['delete', 'hardlink', 'symlink'] as const) {
    test(`${action}: nothing is lost at any moment, and the next one ends it`, async (t) => {
      const root = folderOf(t);
      const count = 24;
      for (let cycle = 0; cycle < 4; cycle += 1) {
        fs.rmSync(root, { recursive: true, force: true });
        fs.mkdirSync(root, { recursive: true });
        for (let n = 0; n < count; n += 1) {
          write(root, `kept/${n}.bin`, n, 20_000);
          write(root, `copies/${n}.bin`, n, 20_000);
        }
        const going = spawn(process.execPath, [child, root, action, String(count)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const wanted = 1 + ((cycle * 17) % (count - 5));
        let seen = 0;
        going.stdout.on('data', (lines: Buffer) => {
          seen += lines.filter((byte) => byte === 10).length;
          if (seen >= wanted) going.kill('SIGKILL');
        });
        await once(going, 'close');
        for (let n = 0; n < count; n += 1) assert.equal(fs.statSync(path.join(root, `kept/${n}.bin`)).size, 20_000);
        const ended = spawnSync(process.execPath, [child, root, action, String(count), 'resume'], { encoding: 'utf8' });
        assert.equal(ended.status, 0, ended.stderr);
        assert.doesNotMatch(ended.stdout, /failed/);
        assert.deepEqual(leaked(disk, [root]), []);
        for (let n = 0; n < count; n += 1) {
          const [copy, kept] = [path.join(root, `copies/${n}.bin`), path.join(root, `kept/${n}.bin`)];
          assert.ok(fs.readFileSync(kept).includes(`${n} some words`));
          if (action === 'delete') assert.equal(fs.existsSync(copy), false);
          else assert.ok(equal(copy, kept));
        }
      }
    });
  }
});
