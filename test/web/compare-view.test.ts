import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CompareRow } from '../../src/contract/sync.ts';
import { compareStates } from '../../src/contract/sync-words.ts';
import { inputOf, viewKey } from '../../src/web/features/sync/diff-view.ts';
import { differingFiles, foldersAbove, treeLines } from '../../src/web/features/sync/folder-tree-nodes.ts';
import { targetOf } from '../../src/web/features/sync/grid-keys.ts';
import { isPicked, noSelection, pickedCount, reduceSelection } from '../../src/web/features/sync/selection.ts';
import { changeSearch, parseSyncSearch, viewOf } from '../../src/web/features/sync/sync-search.ts';
import { whatDiffers } from '../../src/web/features/sync/what-differs.ts';

const pair = { a: 'local', b: 'lake' };
const side = { id: 'x', relPath: 'f', kind: 'file', size: 10, mtimeMs: 0, hash: 'unknown' } as const;
const rowOf = (relPath: string): CompareRow => ({ relPath, state: 'only-a', a: side, b: null });

describe('the address of the compare view', () => {
  it('shows differences by path when it says nothing', () => {
    const input = inputOf(viewOf({}, { pair, side: null, query: '' }));
    assert.deepEqual(input.states, ['only-a', 'only-b', 'unverified', 'conflict', 'case-clash']);
    assert.equal(input.sort, 'path');
  });

  it('puts the best match first while searching, unless a column was chosen', () => {
    assert.equal(inputOf(viewOf({}, { pair, side: null, query: 'flux' })).sort, 'relevance');
    const bySize = inputOf(viewOf({ sort: '-size-a' }, { pair, side: null, query: 'flux' }));
    assert.deepEqual([bySize.sort, bySize.descending], ['size-a', true]);
  });

  it('ignores what it does not know', () => {
    assert.deepEqual(parseSyncSearch({ folder: 'loras', evil: 'x', q: '', at: 3 }), { folder: 'loras' });
    assert.deepEqual(
      viewOf({ show: 'nonsense', sort: 'nonsense' }, { pair, side: null, query: '' }),
      viewOf({}, { pair, side: null, query: '' }),
    );
  });

  it('drops what is set to nothing', () => {
    assert.deepEqual(changeSearch({ folder: 'loras', row: 'a' }, { row: undefined, folder: '' }), {});
  });

  it('has one key for one list', () => {
    assert.equal(
      viewKey(viewOf({}, { pair, side: null, query: ' flux ' })),
      viewKey(viewOf({}, { pair, side: null, query: 'flux' })),
    );
    assert.notEqual(
      viewKey(viewOf({}, { pair, side: null, query: 'flux' })),
      viewKey(viewOf({ folder: 'a' }, { pair, side: null, query: 'flux' })),
    );
  });
});

describe('the current row', () => {
  const cases = [
    ['ArrowDown', null, 0],
    ['ArrowUp', null, 99],
    ['ArrowDown', 99, 99],
    ['PageDown', 5, 25],
    ['PageUp', 5, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['x', 50, null],
  ] as const;
  for (const [key, from, to] of cases) {
    it(`goes from ${from} to ${to} with ${key}`, () => assert.equal(targetOf(key, from, 100, 20), to));
  }

  it('goes nowhere in an empty list', () => assert.equal(targetOf('End', null, 0, 20), null));
});

describe('the selection', () => {
  it('toggles rows and forgets them when another row is chosen', () => {
    let state = reduceSelection(noSelection, { type: 'toggle', index: 3, row: rowOf('c') });
    state = reduceSelection(state, { type: 'toggle', index: 4, row: rowOf('d') });
    state = reduceSelection(state, { type: 'toggle', index: 3, row: rowOf('c') });
    assert.deepEqual([isPicked(state, 'c'), isPicked(state, 'd'), state.focus], [false, true, 3]);
    state = reduceSelection(state, { type: 'focus', index: 9, path: 'j' });
    assert.equal(pickedCount(state, 100), 0);
  });

  it('of all rows counts those of the filter, seen or not', () => {
    const state = reduceSelection(noSelection, { type: 'all' });
    assert.equal(pickedCount(state, 200_000), 200_000);
    assert.ok(isPicked(state, 'never loaded'));
  });

  it('keeps its rows when the list moves under it', () => {
    const focused = reduceSelection(noSelection, { type: 'focus', index: 9, path: 'j' });
    const shifted = reduceSelection(focused, { type: 'shift', by: 2 });
    assert.deepEqual([shifted.focus, shifted.anchor, shifted.focusPath], [11, 11, 'j']);
  });
});

describe('what differs', () => {
  const names = { a: 'Local', b: 'Lake' };
  it('is said in sentences', () => {
    const row: CompareRow = {
      relPath: 'f',
      state: 'conflict',
      a: { ...side, size: 2048, mtimeMs: 0, blake3: 'aa' },
      b: { ...side, size: 1024, mtimeMs: 3 * 86_400_000, blake3: 'bb' },
    };
    assert.deepEqual(whatDiffers(row, names), [
      'Local is larger by 1.00 KiB.',
      'Their BLAKE3 hashes differ.',
      'Lake is newer by 3 days.',
    ]);
  });

  it('leaves out times that drives round, and sizes of folders', () => {
    const row: CompareRow = { relPath: 'f', state: 'conflict', a: { ...side, mtimeMs: 2_000 }, b: side };
    assert.deepEqual(whatDiffers(row, names), []);
    const folder: CompareRow = { ...row, b: { ...side, kind: 'folder', size: 0 } };
    assert.deepEqual(whatDiffers(folder, names), ['It is a file on Local and a folder on Lake.']);
  });
});

describe('the folder tree', () => {
  const zero = Object.fromEntries(compareStates.map((state) => [state, { files: 0, bytes: 0 }]));
  const summary = { ...zero, conflict: { files: 2, bytes: 5 }, 'same-verified': { files: 9, bytes: 1 } } as never;
  const node = (path: string, hasFolders: boolean) => ({
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    hasFolders,
    onA: true,
    onB: true,
    summary,
    moved: 0,
  });
  const known = {
    root: node('', true),
    childrenOf: (path: string) => ({ '': [node('a', true), node('b', false)], a: [node('a/c', false)] })[path],
  };

  it('shows only what is unfolded', () => {
    assert.deepEqual(
      treeLines(known, new Set()).map(({ node: { path } }) => path),
      ['', 'a', 'b'],
    );
    assert.deepEqual(
      treeLines(known, new Set(['a'])).map(({ node: { path }, level }) => [path, level]),
      [
        ['', 1],
        ['a', 2],
        ['a/c', 3],
        ['b', 2],
      ],
    );
  });

  it('counts what is not the same as differing', () => assert.equal(differingFiles(summary), 2));
  it('knows the way to a folder', () => assert.deepEqual(foldersAbove('a/b/c'), ['a', 'a/b']));
});
