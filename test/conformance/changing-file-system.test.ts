import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { RawFolder, RawNewFile } from '../../src/core/ports/changing-file-system.ts';
import { createNodeChangingFileSystem } from '../../src/platform/filesystem/node-changing-file-system.ts';
import { type NameCalls, plainNameCalls } from '../../src/platform/filesystem/patient-calls.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { memoryTree, realTree, type TestTree, type TreeKind, windowsMemoryTree } from './trees.ts';

/** As FAT answers. */
const withoutHardLinks: NameCalls = {
  ...plainNameCalls,
  link() {
    throw Object.assign(new Error('no hard links'), { code: process.platform === 'win32' ? 'EISDIR' : 'EPERM' });
  },
};

const kinds: readonly TreeKind[] = [
  { title: 'the real file system', create: () => realTree() },
  {
    title: 'the real file system, folders held by path',
    create: () => realTree(createNodeChangingFileSystem({ byPath: true })),
  },
  {
    title: 'the real file system, as if without hard links',
    create: () => realTree(createNodeChangingFileSystem({ calls: withoutHardLinks })),
  },
  { title: 'the file system in memory', create: memoryTree },
  { title: 'the file system in memory, as on Windows', create: windowsMemoryTree },
];
const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) & 255);

function fails(code: ErrorCode | readonly ErrorCode[], call: () => unknown): void {
  assert.throws(call, (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.ok([code].flat().includes(thrown.code), `${thrown.code}: ${thrown.message}`);
    assert.match(thrown.message, /\.$/, 'a sentence');
    assert.doesNotMatch(thrown.message, /\/proc\//);
    return true;
  });
}

const namesIn = (folder: RawFolder): string[] =>
  folder
    .list()
    .map(({ name }) => name)
    .sort();

function contentOf(folder: RawFolder, name: string, open: 'openRead' | 'openReadBack' = 'openRead'): Uint8Array {
  const file = folder[open](name);
  try {
    const target = new Uint8Array(file.stat().size + 10);
    let size = 0;
    for (let count = 1; count > 0; size += count) count = file.read(target.subarray(size, size + 4_000), size);
    return target.slice(0, size);
  } finally {
    file.close();
  }
}

function using<T extends { close(): void }>(thing: T, use: (thing: T) => void): void {
  try {
    use(thing);
  } finally {
    thing.close();
  }
}

for (const kind of kinds) {
  const inFolder = (title: string, check: (folder: RawFolder, tree: TestTree, context: TestContext) => void): void => {
    test(title, (context) => {
      const tree = kind.create();
      try {
        tree.folder('in');
        using(tree.fs.openFolder(tree.at('in')), (folder) => check(folder, tree, context));
      } finally {
        tree.dispose();
      }
    });
  };
  const make = (folder: RawFolder, name: string, content: Uint8Array = bytes): void =>
    using(folder.createFile(name), (file) => file.write(content, 0));

  describe(`ChangingFileSystem, ${kind.title}: folders`, () => {
    inFolder('an open folder knows where it lies and what is in it', (folder, tree) => {
      tree.file('in/a.bin', { bytes });
      tree.folder('in/sub');
      assert.equal(folder.realPath(), tree.at('in'));
      assert.deepEqual(namesIn(folder), ['a.bin', 'sub']);
      assert.deepEqual(folder.lstat('a.bin'), tree.fs.lstat(tree.at('in/a.bin')));
      assert.equal(folder.stat().fileId, tree.fs.stat(tree.at('in')).fileId);
      assert.deepEqual(contentOf(folder, 'a.bin'), bytes);
      fails('FILE_NOT_FOUND', () => folder.lstat('gone'));
      fails('FILE_NOT_FOUND', () => folder.openRead('gone'));
      fails('SPECIAL_FILE', () => folder.openRead('sub'));
    });

    inFolder('only folders are opened, and no links to them', (_, tree) => {
      tree.file('a.bin');
      fails('FILE_NOT_FOUND', () => tree.fs.openFolder(tree.at('gone')));
      fails('FILE_NOT_FOUND', () => tree.fs.openFolder(tree.at('a.bin')));
      if (!tree.canLink) return;
      tree.link('l', 'in');
      fails('LINK_LOOP', () => tree.fs.openFolder(tree.at('l')));
    });

    inFolder('names with separators or dots lead nowhere', (folder, tree) => {
      tree.file('a.bin', { bytes });
      for (const name of ['../a.bin', '..', '.', '', 'x/y', '/etc', 'a\0b']) {
        for (const call of ['lstat', 'openRead', 'openReadBack', 'createFile', 'openWrite', 'remove'] as const) {
          fails('INVALID_PATH', () => folder[call](name));
        }
        fails('INVALID_PATH', () => folder.makeFolder(name));
        fails('INVALID_PATH', () => folder.removeFolder(name));
        make(folder, 'x.bin');
        fails('INVALID_PATH', () => folder.moveNoReplace('x.bin', folder, name));
        folder.remove('x.bin');
      }
      assert.equal(tree.fs.lstat(tree.at('a.bin')).size, bytes.length);
    });

    inFolder('folders are made and removed, one at a time, only when empty', (folder) => {
      folder.makeFolder('sub');
      fails('TARGET_EXISTS', () => folder.makeFolder('sub'));
      make(folder, 'a.bin');
      fails('TARGET_EXISTS', () => folder.makeFolder('a.bin'));
      fails('FILE_NOT_FOUND', () => folder.removeFolder('gone'));
      fails('FILE_NOT_FOUND', () => folder.removeFolder('a.bin'));
      folder.removeFolder('sub');
      assert.deepEqual(namesIn(folder), ['a.bin']);
    });

    inFolder('a folder that holds something is not removed', (folder, tree) => {
      tree.file('in/sub/a.bin');
      fails('FOLDER_NOT_EMPTY', () => folder.removeFolder('sub'));
      assert.deepEqual(namesIn(folder), ['sub']);
    });

    inFolder('an open folder stays itself when its path leads elsewhere', (folder, tree, context) => {
      if (tree.isWindows || kind.title.endsWith('by path')) return context.skip('Windows works by path');
      tree.file('elsewhere/a.bin');
      tree.rename('in', 'moved');
      if (tree.canLink) tree.link('in', 'elsewhere');
      make(folder, 'new.bin');
      assert.equal(tree.fs.lstat(tree.at('moved/new.bin')).size, bytes.length);
      fails('FILE_NOT_FOUND', () => tree.fs.lstat(tree.at('elsewhere/new.bin')));
    });

    inFolder('a folder that was replaced is not worked in', (folder, tree) => {
      tree.file('elsewhere/a.bin', { bytes });
      tree.file('in/a.bin', { bytes });
      tree.rename('in', 'moved');
      tree.rename('elsewhere', 'in');
      const calls = [() => make(folder, 'new.bin'), () => folder.remove('a.bin'), () => folder.makeFolder('sub')];
      for (const call of calls) {
        try {
          call();
        } catch (thrown) {
          assert.ok(thrown instanceof AppError && thrown.code === 'FILE_CHANGED', String(thrown));
        }
      }
      assert.deepEqual(
        tree.fs.list(tree.at('in')).map(({ name }) => name),
        ['a.bin'],
      );
    });

    inFolder('sync promises, or says that it cannot', (folder) => {
      make(folder, 'a.bin');
      assert.ok(['durable', 'unknown'].includes(folder.sync()));
    });
  });

  describe(`ChangingFileSystem, ${kind.title}: files`, () => {
    inFolder('a new file is written at any position, cut, synced and read back', (folder) => {
      using(folder.createFile('a.bin'), (file: RawNewFile) => {
        file.write(bytes.subarray(5_000), 5_000);
        file.write(bytes.subarray(0, 5_000), 0);
        assert.ok(['durable', 'unknown'].includes(file.syncData()));
        assert.equal(file.stat().size, bytes.length);
        const part = new Uint8Array(100);
        assert.equal(file.read(part, 700), 100);
        assert.deepEqual(part, bytes.slice(700, 800));
        file.truncate(9_000);
        assert.ok(['durable', 'unknown'].includes(file.sync()));
      });
      assert.deepEqual(contentOf(folder, 'a.bin'), bytes.slice(0, 9_000));
      assert.deepEqual(contentOf(folder, 'a.bin', 'openReadBack'), bytes.slice(0, 9_000));
    });

    inFolder('what was cut off reads as zeros when the file grows again', (folder) => {
      using(folder.createFile('a.bin'), (file) => {
        file.write(bytes, 0);
        file.truncate(10);
        file.write(bytes.subarray(0, 1), 20);
        file.sync();
      });
      const found = contentOf(folder, 'a.bin');
      assert.deepEqual(found.slice(10, 20), new Uint8Array(10));
      assert.equal(found.length, 21);
    });

    inFolder('a taken name is refused, whatever has it', (folder, tree) => {
      make(folder, 'a.bin');
      folder.makeFolder('sub');
      if (tree.canLink) tree.link('in/dead', 'nowhere');
      for (const name of ['a.bin', 'sub', ...(tree.canLink ? ['dead'] : [])]) {
        fails('TARGET_EXISTS', () => folder.createFile(name));
      }
      assert.deepEqual(contentOf(folder, 'a.bin'), bytes);
    });

    inFolder('a file is gone on with; what is no file, or gone, is not', (folder, tree) => {
      make(folder, 'a.bin');
      folder.makeFolder('sub');
      using(folder.openWrite('a.bin'), (file) => file.write(Uint8Array.of(1, 2), 2));
      assert.deepEqual(contentOf(folder, 'a.bin').slice(0, 5), Uint8Array.of(0, 7, 1, 2, 28));
      fails('FILE_NOT_FOUND', () => folder.openWrite('gone'));
      fails('SPECIAL_FILE', () => folder.openWrite('sub'));
      if (!tree.canLink || process.platform === 'win32') return;
      tree.link('in/l', 'a.bin');
      fails('SPECIAL_FILE', () => folder.openWrite('l'));
    });

    inFolder('time is kept to the microsecond', (folder) => {
      // Node on Windows counts in steps of up to 0.4 µs, and rounds either way.
      const isKept = (mtimeNs: bigint, us: bigint): boolean => {
        const offNs = mtimeNs - us * 1_000n;
        return process.platform === 'win32' ? offNs > -1_000n && offNs < 1_000n : mtimeNs / 1_000n === us;
      };
      make(folder, 'a.bin');
      for (const us of [1_700_000_000_123_456n, 1_700_000_001_000_001n, 1_735_689_599_999_999n, 0n]) {
        using(folder.openWrite('a.bin'), (file) => {
          file.setMtime(us * 1_000n);
          assert.ok(isKept(file.stat().mtimeNs, us), `${us}`);
        });
        assert.ok(isKept(folder.lstat('a.bin').mtimeNs, us), `${us}`);
      }
    });

    inFolder('changes show in the time of the last change of facts', (folder) => {
      make(folder, 'a.bin');
      using(folder.openRead('a.bin'), (file) => {
        const { ctimeNs } = file.stat();
        assert.equal(file.stat().ctimeNs, ctimeNs);
        using(folder.openWrite('a.bin'), (writer) => writer.setMtime(5_000_000_000n));
        assert.notEqual(file.stat().ctimeNs, ctimeNs);
      });
    });

    inFolder('removing takes files and links, and no folders', (folder, tree) => {
      make(folder, 'a.bin');
      folder.makeFolder('sub');
      folder.remove('a.bin');
      fails('FILE_NOT_FOUND', () => folder.remove('a.bin'));
      fails('SPECIAL_FILE', () => folder.remove('sub'));
      if (tree.canLink) {
        tree.file('kept.bin', { bytes });
        tree.link('in/l', '../kept.bin');
        folder.remove('l');
        assert.equal(tree.fs.lstat(tree.at('kept.bin')).size, bytes.length);
      }
      assert.deepEqual(namesIn(folder), ['sub']);
    });

    inFolder('a clone has the bytes and is a file of its own, or nothing is there', (folder) => {
      make(folder, 'a.bin');
      try {
        folder.clone(folder, 'a.bin', 'b.bin');
      } catch (thrown) {
        assert.ok(thrown instanceof AppError);
        assert.equal(thrown.code, 'UNSUPPORTED');
        assert.deepEqual(namesIn(folder), ['a.bin']);
        return;
      }
      assert.deepEqual(contentOf(folder, 'b.bin'), bytes);
      assert.notEqual(folder.lstat('a.bin').fileId, folder.lstat('b.bin').fileId);
    });

    inFolder('a hard link is one more name of the file; it replaces nothing', (folder, tree) => {
      make(folder, 'a.bin');
      tree.folder('other');
      using(tree.fs.openFolder(tree.at('other')), (other) => {
        try {
          other.link(folder, 'a.bin', 'b.bin');
        } catch (thrown) {
          assert.ok(thrown instanceof AppError && thrown.code === 'UNSUPPORTED', String(thrown));
          return assert.deepEqual(namesIn(other), []);
        }
        assert.deepEqual([other.lstat('b.bin').fileId, folder.lstat('a.bin').links], [folder.lstat('a.bin').fileId, 2]);
        fails('TARGET_EXISTS', () => other.link(folder, 'a.bin', 'b.bin'));
        fails('FILE_NOT_FOUND', () => other.link(folder, 'gone', 'c.bin'));
        fails('INVALID_PATH', () => other.link(folder, 'a.bin', '../c.bin'));
      });
    });

    inFolder('a symbolic link leads where it says; it replaces nothing', (folder, tree, context) => {
      if (!tree.canLink) return context.skip('no links here');
      make(folder, 'a.bin');
      folder.symlink('a.bin', 'l.bin');
      assert.equal(folder.lstat('l.bin').kind, 'link');
      assert.equal(tree.fs.realPath(tree.at('in/l.bin')), tree.at('in/a.bin'));
      fails('TARGET_EXISTS', () => folder.symlink('a.bin', 'l.bin'));
      fails('INVALID_PATH', () => folder.symlink('a.bin', '../l.bin'));
    });

    inFolder('a file that is open for reading is made durable, and says what it takes', (folder) => {
      make(folder, 'a.bin');
      using(folder.openRead('a.bin'), (file) => {
        assert.ok(['durable', 'unknown'].includes(file.sync()));
        assert.ok(file.stat().allocatedBytes >= 0);
      });
    });

    inFolder('a clone replaces nothing', (folder) => {
      make(folder, 'a.bin');
      make(folder, 'b.bin', bytes.subarray(0, 5));
      fails(['TARGET_EXISTS', 'UNSUPPORTED'], () => folder.clone(folder, 'a.bin', 'b.bin'));
      assert.deepEqual(contentOf(folder, 'b.bin'), bytes.slice(0, 5));
    });
  });

  describe(`ChangingFileSystem, ${kind.title}: moveNoReplace`, () => {
    inFolder('gives another name, in the same folder and in another; it stays the same file', (folder, tree) => {
      tree.folder('other');
      make(folder, 'a.bin');
      const { fileId } = folder.lstat('a.bin');
      folder.moveNoReplace('a.bin', folder, 'b.bin');
      assert.deepEqual(namesIn(folder), ['b.bin']);
      using(tree.fs.openFolder(tree.at('other')), (other) => {
        folder.moveNoReplace('b.bin', other, 'c.bin');
        assert.deepEqual(namesIn(folder), []);
        assert.deepEqual(contentOf(other, 'c.bin'), bytes);
        const { fileId: now, links } = other.lstat('c.bin');
        assert.deepEqual([now, links], [fileId, 1]);
      });
    });

    inFolder('never replaces, whatever has the name', (folder, tree) => {
      make(folder, 'a.bin');
      make(folder, 'taken.bin', bytes.subarray(0, 7));
      folder.makeFolder('sub');
      if (tree.canLink) tree.link('in/dead', 'nowhere');
      const before = namesIn(folder);
      for (const name of ['taken.bin', 'sub', 'a.bin', ...(tree.canLink ? ['dead'] : [])]) {
        fails('TARGET_EXISTS', () => folder.moveNoReplace('a.bin', folder, name));
      }
      assert.deepEqual(namesIn(folder), before);
      assert.deepEqual(contentOf(folder, 'taken.bin'), bytes.slice(0, 7));
      assert.deepEqual(contentOf(folder, 'a.bin'), bytes);
    });

    inFolder('moves files and links only', (folder, tree) => {
      folder.makeFolder('sub');
      fails('FILE_NOT_FOUND', () => folder.moveNoReplace('gone', folder, 'x'));
      fails('SPECIAL_FILE', () => folder.moveNoReplace('sub', folder, 'x'));
      if (!tree.canLink) return;
      tree.link('in/l', 'nowhere');
      folder.moveNoReplace('l', folder, 'm');
      assert.equal(folder.lstat('m').kind, 'link');
      assert.deepEqual(namesIn(folder), ['m', 'sub']);
    });
  });
}

describe('drives in memory with other rules', () => {
  const inMemory = (options: ConstructorParameters<typeof MemoryFileSystem>[0]) => {
    const memory = new MemoryFileSystem(options);
    memory.folder('/in');
    return { memory, folder: memory.openFolder('/in') };
  };

  test('names that a drive takes for the same are taken', () => {
    const { folder } = inMemory({ volume: { caseSensitive: false, unicodeSensitive: false } });
    folder.createFile('A\u00e9.bin').close();
    for (const name of ['a\u00e9.bin', 'AE\u0301.BIN']) {
      fails('TARGET_EXISTS', () => folder.createFile(name));
      assert.equal(folder.lstat(name).kind, 'file');
    }
  });

  test('a full drive', () => {
    const { folder } = inMemory({ volume: { totalBytes: 100 } });
    using(folder.createFile('a'), (file) => {
      file.write(new Uint8Array(90), 0);
      fails('NO_SPACE', () => file.write(new Uint8Array(20), 90));
      assert.equal(file.stat().size, 90);
      file.truncate(50);
      file.write(new Uint8Array(50), 50);
    });
    folder.remove('a');
    using(folder.createFile('b'), (file) => file.write(new Uint8Array(100), 0));
  });

  test('a read-only drive', () => {
    const { memory, folder } = inMemory({});
    folder.createFile('a').close();
    memory.setReadOnly('/in', true);
    fails('READ_ONLY', () => folder.createFile('b'));
    fails('READ_ONLY', () => folder.openWrite('a'));
    fails('READ_ONLY', () => folder.remove('a'));
    fails('READ_ONLY', () => folder.moveNoReplace('a', folder, 'b'));
  });

  test('without hard links a file still moves, and replaces nothing', () => {
    const { folder } = inMemory({ volume: { hardLinks: false } });
    using(folder.createFile('a'), (file) => file.write(bytes, 0));
    folder.createFile('taken').close();
    fails('TARGET_EXISTS', () => folder.moveNoReplace('a', folder, 'taken'));
    folder.moveNoReplace('a', folder, 'b');
    assert.deepEqual(namesIn(folder), ['b', 'taken']);
    assert.deepEqual(contentOf(folder, 'b'), bytes);
  });

  test('a drive that cannot say whether anything is on it', () => {
    const { folder } = inMemory({ volume: { syncs: 'unknown' } });
    using(folder.createFile('a'), (file) => assert.deepEqual([file.sync(), file.syncData()], ['unknown', 'unknown']));
    assert.equal(folder.sync(), 'unknown');
  });

  test('between drives nothing moves', () => {
    const { memory, folder } = inMemory({});
    memory.mount('/usb');
    folder.createFile('a').close();
    fails('UNSUPPORTED', () => folder.moveNoReplace('a', memory.openFolder('/usb'), 'a'));
    assert.deepEqual(namesIn(folder), ['a']);
  });

  test('blocks are shared where the drive can', () => {
    const { folder } = inMemory({ volume: { reflink: true } });
    using(folder.createFile('a'), (file) => file.write(bytes, 0));
    folder.clone(folder, 'a', 'b');
    using(folder.openWrite('a'), (file) => file.write(Uint8Array.of(9), 0));
    assert.deepEqual(contentOf(folder, 'b'), bytes);
  });

  test('a power cut leaves what was synced, and any part of the rest', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const { memory, folder } = inMemory({});
      using(folder.createFile('safe'), (file) => {
        file.write(bytes, 0);
        file.sync();
      });
      folder.sync();
      using(folder.createFile('unsynced'), (file) => file.write(bytes, 0));
      folder.remove('safe');
      memory.powerCut(seed);
      const after = memory.openFolder('/in');
      const names = namesIn(after);
      if (names.includes('safe')) assert.deepEqual(contentOf(after, 'safe'), bytes);
      const left = names.includes('unsynced') ? contentOf(after, 'unsynced') : null;
      assert.ok(left === null || left.every((byte) => byte === 0), 'what was not synced is zeros or nothing');
      seen.add(names.join());
    }
    assert.deepEqual([...seen].sort(), ['', 'safe', 'safe,unsynced', 'unsynced']);
  });
});

describe('no-replace races on the real file system', () => {
  const racer = fileURLToPath(new URL('./fixtures/name-racer.ts', import.meta.url));

  test('two processes give their files one name, 500 times: exactly one of them gets it', {
    timeout: 120_000,
  }, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-race-'));
    const rounds = 500;
    try {
      const outcomes = await Promise.all(['one', 'two'].map((who) => outcomeOf(folder, who, rounds)));
      const [one, two] = outcomes.map((text) => text.split(''));
      assert.equal(one?.length, rounds);
      for (let round = 0; round < rounds; round += 1) {
        const winners: number = [one?.[round], two?.[round]].filter((mark) => mark === 'W').length;
        assert.equal(winners, 1, `round ${round} had ${winners} winners`);
        const winner: string = one?.[round] === 'W' ? 'one' : 'two';
        assert.equal(fs.readFileSync(path.join(folder, `final-${round}`), 'utf8'), winner);
      }
      assert.ok(one?.includes('W') && one.includes('L'), 'both were fast enough to race');
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  function outcomeOf(folder: string, who: string, rounds: number): Promise<string> {
    const child: ChildProcess = spawn(process.execPath, [racer, folder, who, String(rounds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    return new Promise((resolve) => child.on('close', () => resolve(text.trim())));
  }

  test('no descriptor is left open', { skip: process.platform !== 'linux' && 'there is no /proc' }, () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-open-'));
    const open = (): number => fs.readdirSync('/proc/self/fd').length;
    try {
      const before = open();
      const node = createNodeChangingFileSystem();
      for (let n = 0; n < 20; n += 1) {
        const folder = node.openFolder(root);
        const file = folder.createFile(`f${n}`);
        file.write(bytes, 0);
        file.sync();
        file.close();
        folder.openReadBack(`f${n}`).close();
        folder.moveNoReplace(`f${n}`, folder, `g${n}`);
        assert.throws(() => folder.openWrite('gone'));
        try {
          folder.clone(folder, `g${n}`, `h${n}`);
        } catch {}
        folder.sync();
        folder.close();
      }
      assert.equal(open(), before);
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
  });
});
