import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { ChangingFileSystem } from '../../src/core/ports/changing-file-system.ts';
import type { FilePlace, TransferOrder } from '../../src/core/ports/transfer-files.ts';
import { createNodeChangingFileSystem } from '../../src/platform/filesystem/node-changing-file-system.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { copyOf, deleteOf, digestOf, endOf, run, stagedPath, stageIn } from '../support/transfer-lab.ts';

/** Two locations and a folder outside of them that must never change or be read. */
interface Ground {
  readonly home: string;
  readonly real: ChangingFileSystem;
  at(...names: string[]): string;
  place(location: 'local' | 'lake', relPath: string): FilePlace;
}

const secret = 'nobody may read or change this';

function onGround(check: (ground: Ground) => void): void {
  const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-transfer-')));
  const at = (...names: string[]): string => path.join(home, ...names);
  try {
    for (const folder of ['local/loras', 'lake/loras', 'outside']) fs.mkdirSync(at(folder), { recursive: true });
    fs.writeFileSync(at('local/loras/a.bin'), Buffer.alloc(5_500, 'model'));
    fs.writeFileSync(at('outside/a.bin'), secret);
    check({
      home,
      real: createNodeChangingFileSystem(),
      at,
      place: (location, relPath) => ({ location, root: at(location), relPath }),
    });
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

function orderOf({ real, place }: Ground, kind: 'copy' | 'delete' | 'stage' | 'restore'): TransferOrder {
  const from = place('local', 'loras/a.bin');
  if (kind === 'copy') return copyOf(real, 'loras/a.bin', { from, to: place('lake', 'loras/new/a.bin') });
  const expected = factsOf(from);
  if (kind === 'restore') {
    return { op: 'restore', n: 1, from: place('local', stagedPath('1')), to: from, expected };
  }
  return deleteOf(real, 'loras/a.bin', { at: from, expected, stage: kind === 'stage' ? stageIn('1') : null });
}

function factsOf({ root, relPath }: FilePlace) {
  const { size, mtimeNs, ino } = fs.statSync(path.join(root, relPath), { bigint: true });
  return { size: Number(size), mtimeNs, fileId: ino };
}

describe('transfers on the real file system', () => {
  test('a file is copied, deleted into staging, put back, and deleted', () => {
    onGround((ground) => {
      const { real, at } = ground;
      const bytes = fs.readFileSync(at('local/loras/a.bin'));
      assert.match(endOf(real, orderOf(ground, 'copy')), /^(stream|clone)$/);
      assert.deepEqual(fs.readFileSync(at('lake/loras/new/a.bin')), bytes);
      const [source, copy] = [fs.statSync(at('local/loras/a.bin')), fs.statSync(at('lake/loras/new/a.bin'))];
      assert.ok(Math.abs(source.mtimeMs - copy.mtimeMs) < 0.002);
      const restore = orderOf(ground, 'restore');
      assert.equal(endOf(real, orderOf(ground, 'stage')), 'rename');
      assert.deepEqual(fs.readFileSync(at('local', stagedPath('1'))), bytes);
      assert.equal(endOf(real, restore), 'rename');
      assert.deepEqual(fs.readFileSync(at('local/loras/a.bin')), bytes);
      assert.equal(endOf(real, orderOf(ground, 'delete')), 'none');
      assert.deepEqual(fs.readdirSync(at('local/loras')), []);
    });
  });

  test('a copy is read back, and one that was cut short is gone on with', () => {
    onGround(({ real, at, place }) => {
      const bytes = fs.readFileSync(at('local/loras/a.bin'));
      fs.writeFileSync(at('lake/loras/.a.bin.task1234.part'), bytes.subarray(0, 2_345));
      const from = place('local', 'loras/a.bin');
      const to = place('lake', 'loras/a.bin');
      const order = copyOf(real, 'loras/a.bin', { from, to, isResumed: true, verify: 'readback' });
      assert.equal(endOf(real, order), 'stream');
      assert.deepEqual(fs.readFileSync(at('lake/loras/a.bin')), bytes);
      assert.deepEqual(fs.readdirSync(at('lake/loras')), ['a.bin']);
    });
  });

  test('the same file by another path is no copy', { skip: process.platform === 'win32' }, () => {
    onGround(({ real, at, place }) => {
      fs.linkSync(at('local/loras/a.bin'), at('lake/loras/a.bin'));
      const [from, to] = [place('local', 'loras/a.bin'), place('lake', 'loras/a.bin')];
      assert.equal(endOf(real, copyOf(real, 'loras/a.bin', { from, to, isResumed: true })), 'TARGET_EXISTS');
      assert.equal(fs.statSync(at('lake/loras/a.bin')).nlink, 2);
    });
  });
});

/** What an attacker, or a careless script, puts in the place of a folder while it is worked in. */
const swaps: readonly (readonly [string, string])[] = [
  ['the folder of the source', 'local/loras'],
  ['the folder of the target', 'lake/loras'],
  ['the new folder of the target', 'lake/loras/new'],
  ['the staging folder', 'local/.weightroom-undo'],
  ['the folder in the staging folder', 'local/.weightroom-undo/task1234'],
];

describe('folders that become links to elsewhere while they are worked in', {
  skip: process.platform === 'win32',
}, () => {
  for (const kind of ['copy', 'delete', 'stage', 'restore'] as const) {
    for (const [title, swapped] of swaps) {
      test(`${kind}: ${title}, at any call: what lies elsewhere is neither changed nor copied`, () => {
        let hasEnded = false;
        for (let swapAt = 1; !hasEnded; swapAt += 1) {
          onGround((ground) => {
            hasEnded = tryWithSwap(ground, { kind, swapped, swapAt });
          });
        }
      });
    }
  }
});

interface Swap {
  readonly kind: 'copy' | 'delete' | 'stage' | 'restore';
  readonly swapped: string;
  readonly swapAt: number;
}

function tryWithSwap(ground: Ground, { kind, swapped, swapAt }: Swap): boolean {
  const { real, at } = ground;
  const order = orderOf(ground, kind);
  if (kind === 'restore') run(real, [orderOf(ground, 'stage')]);
  for (const folder of ['loras', 'new', 'task1234']) fs.mkdirSync(at('outside', folder));
  for (const name of ['loras/a.bin', 'new/a.bin', '1', 'task1234/1']) fs.writeFileSync(at('outside', name), secret);
  const before = everythingIn(at('outside'));
  let isSwapped = false;
  const faulty = new FaultyFileSystem(real, {
    onCall: ({ number }) => {
      if (number !== swapAt) return;
      isSwapped = true;
      if (!fs.existsSync(at(swapped))) return;
      fs.renameSync(at(swapped), at('moved'));
      fs.symlinkSync(at('outside'), at(swapped));
    },
  });
  run(faulty, [order]);
  assert.deepEqual(everythingIn(at('outside')), before, `swapped at call ${swapAt}`);
  for (const [name, content] of everythingIn(at('.'))) {
    if (!name.startsWith('outside'))
      assert.notEqual(content, digestOf(Buffer.from(secret)), `${name}, swapped at call ${swapAt}`);
  }
  return !isSwapped;
}

/** Links are not followed. */
function everythingIn(folder: string, below = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    if (entry.isFile()) found.set(name, digestOf(fs.readFileSync(path.join(folder, name))));
    if (entry.isDirectory()) for (const [inner, content] of everythingIn(folder, name)) found.set(inner, content);
  }
  return found;
}
