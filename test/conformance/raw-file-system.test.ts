import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { memoryTree, realTree, type TestTree, type TreeKind, windowsMemoryTree } from './trees.ts';

const kinds: readonly TreeKind[] = [
  { title: 'the real file system', create: () => realTree() },
  { title: 'the file system in memory', create: memoryTree },
  { title: 'the file system in memory, as on Windows', create: windowsMemoryTree },
];
const noLinks = 'no symbolic links are made here';
const noon = 1_700_000_000_000_000_000n;
const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => (i * 7) & 255);

/** Windows says of a name that is too long that there is no such file. */
const tooLong = ({ isWindows }: TestTree): readonly ErrorCode[] =>
  isWindows ? ['NAME_TOO_LONG', 'FILE_NOT_FOUND'] : ['NAME_TOO_LONG'];

function fails(code: ErrorCode | readonly ErrorCode[], call: () => unknown): void {
  assert.throws(call, (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.ok([code].flat().includes(thrown.code), thrown.code);
    assert.match(thrown.message, /\.$/, 'a sentence');
    return true;
  });
}

for (const kind of kinds) {
  const inTree = (title: string, check: (tree: TestTree, context: TestContext) => void): void => {
    test(title, (context) => {
      const tree = kind.create();
      try {
        check(tree, context);
      } finally {
        tree.dispose();
      }
    });
  };

  describe(`RawFileSystem, ${kind.title}: list`, () => {
    inTree('names looked at from inside a folder have the facts that their paths have', (tree) => {
      tree.file('f1.bin', { bytes });
      tree.folder('sub');
      const { fs, root, at } = tree;
      const entered = fs.enter?.(root) ?? null;
      if (entered === null) return;
      try {
        assert.deepEqual(entered.lstat('f1.bin'), fs.lstat(at('f1.bin')));
        assert.deepEqual(entered.lstat('sub'), fs.lstat(at('sub')));
        fails('FILE_NOT_FOUND', () => entered.lstat('gone'));
      } finally {
        entered.leave();
      }
      assert.equal(fs.enter?.(at('gone')) ?? null, null);
      assert.equal(fs.enter?.(at('f1.bin')) ?? null, null);
    });

    inTree('tells names and kinds of what is in a folder, and of nothing below', (tree) => {
      tree.file('loras/a.bin', { bytes });
      tree.file('z.bin');
      tree.folder('empty');
      if (tree.canLink) {
        tree.link('to-file', 'z.bin');
        tree.link('to-folder', 'loras');
        tree.link('to-nothing', 'gone');
      }
      if (!tree.isWindows) tree.pipe('pipe');
      const listed = new Map(tree.fs.list(tree.root).map(({ name, kind: what }) => [name, what]));
      const expected = {
        empty: 'folder',
        loras: 'folder',
        ...(tree.canLink ? { 'to-file': 'link', 'to-folder': 'link', 'to-nothing': 'link' } : {}),
        'z.bin': 'file',
        ...(tree.isWindows ? {} : { pipe: 'special' }),
      };
      assert.deepEqual(Object.fromEntries(listed), expected);
      assert.deepEqual(tree.fs.list(tree.at('empty')), []);
    });

    inTree('the first names are some of all, as many as asked for, with their kinds', (tree) => {
      for (let n = 0; n < 10; n += 1) tree.file(`f${n}.bin`);
      tree.folder('sub');
      const all = new Map(tree.fs.list(tree.root).map(({ name, kind: what }) => [name, what]));
      for (const limit of [1, 3, 10]) {
        const first = tree.fs.firstNames(tree.root, limit);
        assert.equal(first.length, limit);
        assert.equal(new Set(first.map(({ name }) => name)).size, limit);
        for (const { name, kind: what } of first) assert.equal(all.get(name), what);
      }
      const sorted = (names: Iterable<string>): string[] => [...names].sort();
      for (const limit of [11, 64]) {
        const names = tree.fs.firstNames(tree.root, limit).map(({ name }) => name);
        assert.deepEqual(sorted(names), sorted(all.keys()));
      }
      assert.deepEqual(tree.fs.firstNames(tree.at('sub'), 5), []);
      fails('FILE_NOT_FOUND', () => tree.fs.firstNames(tree.at('gone'), 5));
      fails('FILE_NOT_FOUND', () => tree.fs.firstNames(tree.at('f1.bin'), 5));
    });

    inTree('follows a link to a folder', (tree, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('loras/a.bin');
      tree.link('l', 'loras');
      assert.deepEqual(
        tree.fs.list(tree.at('l')).map(({ name }) => name),
        ['a.bin'],
      );
    });

    inTree('gives names back letter for letter', (tree) => {
      const names = [
        'é',
        'e\u0301',
        '\uFEFFbom',
        '😀.bin',
        'a b',
        ' a',
        'アニメ',
        "it's",
        '#%&',
        ...(tree.isWindows ? [] : ['a:b', 'a\\b', 'x.', 'new\nline', '*?']),
      ];
      for (const name of names) tree.file(`odd/${name}`, { bytes });
      assert.deepEqual(
        tree.fs
          .list(tree.at('odd'))
          .map(({ name }) => name)
          .sort(),
        [...names].sort(),
      );
      for (const name of names)
        assert.equal(tree.fs.lstat(`${tree.at('odd')}${tree.isWindows ? '\\' : '/'}${name}`).size, 1_000);
    });

    inTree('a name that is no UTF-8 is listed with U+FFFD and its bytes, and cannot be addressed', (tree, context) => {
      if (tree.isWindows) return context.skip('Windows has no such names');
      tree.folder('odd');
      tree.invalidName('odd');
      tree.file('odd/good\uFFFD.bin', { bytes });
      assert.equal(tree.fs.lstat(tree.at('odd/good\uFFFD.bin')).size, 1_000, 'U+FFFD itself may be in a name');
      tree.rename('odd/good\uFFFD.bin', 'elsewhere.bin');
      assert.deepEqual(tree.fs.list(tree.at('odd')), [{ name: 'bad\uFFFD(ff).bin', kind: 'file' }]);
      assert.deepEqual(tree.fs.firstNames(tree.at('odd'), 5), tree.fs.list(tree.at('odd')));
      fails('FILE_NOT_FOUND', () => tree.fs.lstat(tree.at('odd/bad\uFFFD(ff).bin')));
      fails('FILE_NOT_FOUND', () => tree.fs.openRead(tree.at('odd/bad\uFFFD(ff).bin')));
    });

    inTree('says what is wrong', (tree) => {
      tree.file('a.bin');
      fails('FILE_NOT_FOUND', () => tree.fs.list(tree.at('gone')));
      fails('FILE_NOT_FOUND', () => tree.fs.list(tree.at('a.bin')));
      fails('FILE_NOT_FOUND', () => tree.fs.list(tree.at('a.bin/below')));
      fails(tooLong(tree), () => tree.fs.list(tree.at('n'.repeat(256))));
    });

    inTree('refuses a folder that may not be read', (tree, context) => {
      if (!tree.canDenyReading) return context.skip('this user may read everything');
      tree.file('closed/a.bin');
      tree.setReadable('closed', false);
      fails('ACCESS_DENIED', () => tree.fs.list(tree.at('closed')));
      fails('ACCESS_DENIED', () => tree.fs.lstat(tree.at('closed/a.bin')));
      tree.setReadable('closed', true);
      assert.equal(tree.fs.list(tree.at('closed')).length, 1);
    });
  });

  describe(`RawFileSystem, ${kind.title}: lstat, stat and realPath`, () => {
    inTree('tell size and time of a file, to the nanosecond', (tree) => {
      for (const mtimeNs of [noon + 123_456_789n, noon, 1n, -1_500_000_000n]) {
        tree.file('a.bin', { bytes, mtimeNs });
        const stat = tree.fs.lstat(tree.at('a.bin'));
        assert.equal(stat.kind, 'file');
        assert.equal(stat.size, 1_000);
        if (!tree.isWindows) assert.equal(stat.mtimeNs, mtimeNs);
        assert.deepEqual(tree.fs.stat(tree.at('a.bin')), stat);
      }
    });

    inTree('a link is a link to lstat, and what it leads to for stat', (tree, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('a.bin', { bytes });
      tree.link('l', 'a.bin');
      tree.link('absolute', tree.at('a.bin'));
      assert.equal(tree.fs.lstat(tree.at('l')).kind, 'link');
      assert.deepEqual(tree.fs.stat(tree.at('l')), tree.fs.stat(tree.at('a.bin')));
      assert.equal(tree.fs.realPath(tree.at('l')), tree.at('a.bin'));
      assert.equal(tree.fs.realPath(tree.at('absolute')), tree.at('a.bin'));
    });

    inTree('links in the middle of a path are followed by both', (tree, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('real/deep/a.bin', { bytes });
      tree.link('l', 'real');
      tree.link('real/up', '../real/deep');
      assert.equal(tree.fs.lstat(tree.at('l/deep/a.bin')).size, 1_000);
      assert.equal(tree.fs.lstat(tree.at('l/up/a.bin')).size, 1_000);
      assert.equal(tree.fs.realPath(tree.at('l/up/a.bin')), tree.at('real/deep/a.bin'));
    });

    inTree('a link that leads nowhere is not found, one that leads round is a loop', (tree, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.link('nowhere', 'gone');
      tree.link('round', 'about');
      tree.link('about', 'round');
      for (const call of ['stat', 'realPath', 'list'] as const) {
        fails('FILE_NOT_FOUND', () => tree.fs[call](tree.at('nowhere')));
        fails('LINK_LOOP', () => tree.fs[call](tree.at('round')));
      }
      assert.equal(tree.fs.lstat(tree.at('round')).kind, 'link');
    });

    inTree('a file keeps its identity when it is renamed or written; another one has another', (tree) => {
      tree.file('a.bin', { bytes });
      tree.file('b.bin', { bytes });
      const { fileId, device } = tree.fs.lstat(tree.at('a.bin'));
      const other = tree.fs.lstat(tree.at('b.bin'));
      assert.notEqual(other.fileId, fileId);
      assert.equal(other.device, device);
      tree.rename('a.bin', 'deep/c.bin');
      tree.file('deep/c.bin', { bytes: bytes.subarray(5) });
      assert.equal(tree.fs.lstat(tree.at('deep/c.bin')).fileId, fileId);
      fails('FILE_NOT_FOUND', () => tree.fs.lstat(tree.at('a.bin')));
    });

    inTree('hard links are one file with two names', (tree) => {
      tree.file('a.bin', { bytes });
      tree.hardLink('b.bin', 'a.bin');
      const stat = tree.fs.lstat(tree.at('a.bin'));
      assert.equal(stat.links, 2);
      assert.deepEqual(tree.fs.lstat(tree.at('b.bin')), stat);
      tree.remove('a.bin');
      assert.equal(tree.fs.lstat(tree.at('b.bin')).links, 1);
    });

    inTree('folders and other things have their kind', (tree) => {
      tree.folder('f');
      assert.equal(tree.fs.lstat(tree.at('f')).kind, 'folder');
      assert.equal(tree.fs.stat(tree.root).kind, 'folder');
      if (tree.isWindows) return;
      tree.pipe('pipe');
      assert.equal(tree.fs.lstat(tree.at('pipe')).kind, 'special');
    });

    inTree('say what is wrong', (tree) => {
      tree.file('a.bin');
      for (const call of ['lstat', 'stat', 'realPath', 'openRead'] as const) {
        fails('FILE_NOT_FOUND', () => tree.fs[call](tree.at('gone')));
        fails('FILE_NOT_FOUND', () => tree.fs[call](tree.at('a.bin/below')));
        fails(tooLong(tree), () => tree.fs[call](tree.at('n'.repeat(256))));
      }
      tree.file('n'.repeat(255));
      assert.equal(tree.fs.lstat(tree.at('n'.repeat(255))).kind, 'file');
    });
  });

  describe(`RawFileSystem, ${kind.title}: openRead`, () => {
    inTree('reads any part of a file, and nothing behind its end', (tree) => {
      tree.file('a.bin', { bytes });
      const file = tree.fs.openRead(tree.at('a.bin'));
      const target = new Uint8Array(100);
      for (const position of [0, 1, 450, 900]) {
        assert.equal(file.read(target, position), 100);
        assert.deepEqual(target, bytes.slice(position, position + 100));
      }
      assert.equal(file.read(target, 950), 50);
      assert.deepEqual(target.subarray(0, 50), bytes.subarray(950));
      assert.equal(file.read(target, 1_000), 0);
      assert.equal(file.read(target, 5_000), 0);
      file.close();
    });

    inTree('an empty file and one beyond 4 GiB', (tree) => {
      tree.file('empty.bin');
      tree.file('big.bin', { size: 5_000_000_000 });
      const target = new Uint8Array(10);
      const empty = tree.fs.openRead(tree.at('empty.bin'));
      assert.equal(empty.read(target, 0), 0);
      empty.close();
      const big = tree.fs.openRead(tree.at('big.bin'));
      assert.equal(big.stat().size, 5_000_000_000);
      assert.equal(big.read(target, 4_999_999_995), 5);
      assert.equal(big.read(target, 5_000_000_000), 0);
      big.close();
    });

    inTree('what is open stays itself when its name goes or changes hands', (tree, context) => {
      if (tree.isWindows) return context.skip('Windows does not let go of the name of an open file');
      tree.file('a.bin', { bytes });
      const file = tree.fs.openRead(tree.at('a.bin'));
      const before = file.stat();
      assert.equal(file.realPath(), tree.at('a.bin'));
      tree.rename('a.bin', 'b.bin');
      tree.file('a.bin', { bytes: bytes.subarray(0, 3) });
      tree.remove('b.bin');
      assert.equal(file.stat().fileId, before.fileId);
      assert.equal(file.read(new Uint8Array(1_000), 0), 1_000);
      file.close();
    });

    inTree('tells where an open file really lies', (tree, context) => {
      if (!tree.canLink) return context.skip(noLinks);
      tree.file('real/a.bin', { bytes });
      tree.link('l', 'real');
      const file = tree.fs.openRead(tree.at('l/a.bin'));
      assert.equal(file.realPath(), tree.at('real/a.bin'));
      file.close();
    });

    inTree('sees changes of an open file', (tree) => {
      tree.file('a.bin', { bytes, mtimeNs: noon });
      const file = tree.fs.openRead(tree.at('a.bin'));
      tree.file('a.bin', { bytes: bytes.subarray(0, 10), mtimeNs: noon + 5_000_000_000n });
      const { size, mtimeNs } = file.stat();
      assert.deepEqual([size, mtimeNs], [10, noon + 5_000_000_000n]);
      assert.equal(file.read(new Uint8Array(100), 0), 10);
      file.close();
    });

    inTree('takes regular files only, and never waits for the other end of a pipe', (tree) => {
      tree.folder('f');
      fails('SPECIAL_FILE', () => tree.fs.openRead(tree.at('f')));
      if (tree.isWindows) return;
      tree.pipe('pipe');
      fails('SPECIAL_FILE', () => tree.fs.openRead(tree.at('pipe')));
    });

    inTree('does not follow a link in the last place', (tree, context) => {
      if (tree.isWindows) return context.skip('there is no O_NOFOLLOW');
      tree.file('a.bin', { bytes });
      tree.link('l', 'a.bin');
      fails('LINK_LOOP', () => tree.fs.openRead(tree.at('l')));
    });

    inTree('refuses a file that may not be read', (tree, context) => {
      if (!tree.canDenyReading) return context.skip('this user may read everything');
      tree.file('closed.bin', { bytes });
      tree.setReadable('closed.bin', false);
      fails('ACCESS_DENIED', () => tree.fs.openRead(tree.at('closed.bin')));
      assert.equal(tree.fs.lstat(tree.at('closed.bin')).size, 1_000);
    });
  });

  describe(`RawFileSystem, ${kind.title}: volume`, () => {
    inTree('tells name and space of the volume', (tree) => {
      const { fileSystem, freeBytes, totalBytes } = tree.fs.volume(tree.root);
      assert.match(fileSystem, /^[a-z0-9._-]+$/);
      assert.ok(freeBytes !== null && totalBytes !== null && freeBytes >= 0 && freeBytes <= totalBytes);
      fails('FILE_NOT_FOUND', () => tree.fs.volume(tree.at('gone')));
    });

    inTree('tells one folder from another, and the same every time', (tree, context) => {
      if (process.env.UNDER_WINE) return context.skip('Wine tells the last change for the time a folder was made');
      tree.folder('a');
      tree.folder('b');
      const identityOf = (relPath: string): string => tree.fs.volume(tree.at(relPath)).identity;
      const before = identityOf('a');
      tree.file('a/x.bin', { bytes });
      assert.equal(identityOf('a'), before);
      if (before !== '') assert.notEqual(identityOf('b'), before);
    });
  });
}
