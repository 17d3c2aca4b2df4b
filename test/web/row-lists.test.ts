import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CompareRow } from '../../src/contract/sync.ts';
import { columnsOf, isStateTight, widthOf } from '../../src/web/features/sync/columns.ts';
import { type DiffView, inputOf } from '../../src/web/features/sync/diff-view.ts';
import { nextSort } from '../../src/web/features/sync/next-sort.ts';
import { layoutOf, viewOf } from '../../src/web/features/sync/sync-search.ts';
import { shiftOf } from '../../src/web/features/sync/use-keep-place.ts';
import { clampSpan, sightOf, spanOf } from '../../src/web/features/sync/use-row-window.ts';
import { isRush } from '../../src/web/features/sync/use-rush.ts';

const pair = { a: 'local', b: 'lake' };
const names = { a: 'Local', b: 'Lake' };

describe('the rows that are drawn', () => {
  it('are those in sight and a few around them', () => {
    assert.deepEqual(spanOf(0, 280, 28), { first: 0, last: 15 });
    const { first, last } = spanOf(28_000, 280, 28);
    assert.ok(first <= 1000 && first >= 990 && last >= 1009 && last <= 1020);
  });

  it('are those in sight alone in a list that just came', () => {
    assert.deepEqual(sightOf(0, 280, 28), { first: 0, last: 9 });
    assert.deepEqual(sightOf(28_014, 280, 28), { first: 1000, last: 1010 });
  });

  it('stay the same while one scrolls by less than a few rows', () => {
    assert.deepEqual(spanOf(28_010, 280, 28), spanOf(28_020, 280, 28));
  });

  it('are the last ones when the list has become shorter', () => {
    assert.deepEqual(clampSpan({ first: 100, last: 119 }, 50), { first: 30, last: 49 });
    assert.deepEqual(clampSpan({ first: 0, last: 19 }, 5), { first: 0, last: 4 });
    assert.deepEqual(clampSpan({ first: 0, last: 19 }, 0), { first: 0, last: -1 });
  });
});

describe('a row that moved in the list', () => {
  const rowsFrom = (paths: readonly string[]) => (index: number) => {
    const relPath = paths[index];
    return relPath === undefined ? undefined : ({ relPath } as CompareRow);
  };
  const cases = [
    ['where it was', ['a', 'b', 'c'], 0],
    ['below, after rows came', ['x', 'y', 'a', 'b', 'c'], 2],
    ['above, after rows went', ['b', 'c'], -1],
    ['nowhere: it stays where it was', ['x', 'y', 'z'], 0],
  ] as const;
  for (const [where, paths, by] of cases) {
    it(`is found ${where}`, () => assert.equal(shiftOf({ index: 1, relPath: 'b' }, rowsFrom(paths)), by));
  }
});

describe('a list of one side', () => {
  const statesOf = (shown: DiffView) => inputOf(shown).states as readonly string[];
  const view = (search: Parameters<typeof viewOf>[0], side: 'a' | 'b') => viewOf(search, { pair, side, query: '' });

  it('leaves out what that side does not have', () => {
    assert.deepEqual(inputOf(view({}, 'a')).states, ['only-a', 'unverified', 'conflict', 'case-clash']);
    assert.ok(!statesOf(view({ show: 'all' }, 'b')).includes('only-a'));
    assert.deepEqual(inputOf(view({ show: 'only-a' }, 'b')).states, []);
  });

  it('shows moved files of that side alone', () => {
    const shown = view({ show: 'moved' }, 'b');
    assert.equal(inputOf(shown).moved, true);
    assert.ok(statesOf(shown).includes('only-b') && !statesOf(shown).includes('only-a'));
  });

  it('has an order of its own, never one by the other side', () => {
    assert.equal(view({ sort: '-size-a', sortB: 'mtime-b' }, 'b').sort, 'mtime-b');
    assert.equal(view({ sort: 'size-b' }, 'a').sort, null);
  });

  it('is chosen by the address, else as it was last', () => {
    assert.equal(layoutOf({ layout: 'panes' }, 'aligned'), 'panes');
    assert.equal(layoutOf({}, 'panes'), 'panes');
    assert.equal(layoutOf({ layout: 'nonsense' }, 'aligned'), 'aligned');
  });
});

describe('a column', () => {
  it('keeps within bounds, whatever was remembered', () => {
    assert.equal(widthOf('size-a', names, { 'size-a': 5 }), 76);
    assert.equal(widthOf('size-a', names, { 'size-a': 9_000 }), 260);
    assert.equal(widthOf('size-a', names, { 'size-a': 'wide' }), widthOf('size-a', names, {}));
  });

  it('has room for the longest state', () => {
    const long = { a: 'Workstation in the attic', b: 'Lake' };
    assert.ok(widthOf('state', long, {}) > widthOf('state', names, {}));
  });

  it('takes the room that is left only when it is the path', () => {
    for (const side of [null, 'a', 'b'] as const) {
      const free = columnsOf(names, side).filter(({ grows }) => grows === null);
      assert.deepEqual(
        free.map(({ id }) => id),
        ['path'],
      );
    }
  });

  it('sorts largest first, then smallest, then as usual', () => {
    const view = viewOf({}, { pair, side: null, query: '' });
    assert.deepEqual(nextSort(view, 'size-a'), ['size-a', true]);
    assert.deepEqual(nextSort({ ...view, sort: 'size-a', descending: true }, 'size-a'), ['size-a', false]);
    assert.deepEqual(nextSort({ ...view, sort: 'size-a', descending: false }, 'size-a'), [null, false]);
    assert.deepEqual(nextSort(view, 'path'), ['path', true]);
  });
});

describe('the words of a state', () => {
  const state = (a: string) => columnsOf({ a, b: 'Lake' }, null).find(({ id }) => id === 'state');
  const usual = (a: string) => widthOf('state', { a, b: 'Lake' }, {});

  it('are cut only where a name may need more room than its column has', () => {
    assert.ok(state('Local'));
    assert.ok(!isStateTight({ a: 'Local', b: 'Lake' }, usual('Local')));
    assert.ok(isStateTight({ a: 'Local', b: 'Lake' }, 100));
    assert.ok(
      isStateTight({ a: 'the long name of a network share', b: 'Lake' }, usual('the long name of a network share')),
    );
    for (const name of ['模型模型模型模型模型', 'WORKSTATION MMWW']) {
      assert.ok(isStateTight({ a: name, b: 'Lake' }, usual(name)), name);
    }
  });
});

describe('rows that rush by', () => {
  const height = 600;
  const jumps = (...steps: readonly (readonly [by: number, at: number])[]) => steps.map(([by, at]) => ({ by, at }));

  it('are those of two long jumps, one right after the other', () => {
    assert.ok(isRush(jumps([600, 1000], [600, 1016]), height));
    assert.ok(isRush(jumps([5, 900], [400, 1000], [400, 1033]), height));
  });

  it('are not those of one page down, of jumps apart, or of rows one can follow', () => {
    assert.ok(!isRush(jumps([600, 1000]), height));
    assert.ok(!isRush(jumps([600, 1000], [600, 1200]), height));
    assert.ok(!isRush(jumps([120, 1000], [120, 1016]), height));
    assert.ok(!isRush(jumps([600, 1000], [40, 1016]), height));
    assert.ok(!isRush([], height));
  });
});
