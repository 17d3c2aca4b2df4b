import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareStates } from '../../src/contract/sync-words.ts';
import { selectRows } from '../../src/core/catalog/compare-rows.ts';
import { CompareView } from '../../src/core/catalog/compare-view.ts';
import { hashKnown, hashStateAt } from '../../src/core/catalog/folder-hashes.ts';
import { stateCode } from '../../src/core/catalog/folder-pair.ts';
import { findFile, type LocationIndex } from '../../src/core/catalog/location-index.ts';
import { findMoves } from '../../src/core/catalog/moves.ts';
import type { SearchFilter } from '../../src/core/catalog/search-query.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { hashInto, indexOf } from '../support/index-tree.ts';
import { type NaiveFacts, type NaiveRequest, type NaiveRow, selectNaively } from '../support/naive-search.ts';
import { runs } from '../support/runs.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';
import { rowOf, rowsOf, type ViewRow } from '../support/view-rows.ts';

const exact = { caseSensitive: true, unicodeSensitive: true };
const noQuery = { terms: [], filters: [] };

const names = fc.constantFrom('a', 'A', 'ab', 'flux', 'Flux', 'lora', 'x y', 'b-1');
const files = fc.array(
  fc.record({
    folders: fc.array(names, { maxLength: 3 }),
    name: fc
      .tuple(names, fc.constantFrom('.gguf', '.GGUF', '.safetensors', '.bin', '', '.png', '.preview.png', '.tar.gz'))
      .map(([stem, extension]) => stem + extension),
    sizeA: fc.option(fc.constantFrom(1, 10, 10, 2048)),
    sizeB: fc.option(fc.constantFrom(1, 10, 10, 2048)),
    timeA: fc.constantFrom(1, 2, 3, 100),
    timeB: fc.constantFrom(1, 2, 3, 100),
    hashA: fc.boolean(),
    hashB: fc.boolean(),
  }),
  { maxLength: 16 },
);
const requests: fc.Arbitrary<NaiveRequest> = fc.record({
  folder: fc.oneof(
    { arbitrary: fc.constant(''), weight: 2 },
    { arbitrary: fc.array(names, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('/')), weight: 1 },
  ),
  states: fc.option(fc.subarray([...compareStates], { minLength: 1 })),
  terms: fc.array(fc.constantFrom('a', 'fl', 'flux', 'a/a', '.gguf', 'x y', 'ab', 'o'), { maxLength: 2 }),
  extensions: fc.option(
    fc.constantFrom(['gguf'], ['bin', 'safetensors'], ['png'], ['preview.png'], ['tar.gz'], ['gz', 'png']),
    { freq: 3 },
  ),
  categories: fc.option(fc.constantFrom(['flux'], ['a', 'x y'], ['']), { freq: 3 }),
  minSize: fc.option(fc.constantFrom(2, 10, 5000), { freq: 3 }),
  hashed: fc.option(fc.boolean(), { freq: 3 }),
  location: fc.option(fc.constantFrom('a' as const, 'b' as const), { freq: 3 }),
  sort: fc.constantFrom('path', 'state', 'size-a', 'size-b', 'mtime-a', 'mtime-b'),
  descending: fc.boolean(),
});

interface Library {
  readonly fs: MemoryFileSystem;
  readonly view: CompareView;
}

async function build(trees: typeof files extends fc.Arbitrary<infer T> ? T : never): Promise<Library> {
  const fs = new MemoryFileSystem();
  for (const root of ['/a', '/b']) fs.folder(root);
  const hashed: [string, string][] = [];
  for (const file of trees) {
    const relPath = [...file.folders, file.name].join('/');
    for (const [root, size, time, isHashed] of [
      ['/a', file.sizeA, file.timeA, file.hashA],
      ['/b', file.sizeB, file.timeB, file.hashB],
    ] as const) {
      if (size === null) continue;
      try {
        fs.file(`${root}/${relPath}`, { size, mtimeNs: BigInt(time) * 1_000_000_000n, content: 'same' });
        if (isHashed) hashed.push([root, relPath]);
      } catch {
        // A folder stands there.
      }
    }
  }
  const indexes = { '/a': indexOf('a', fs, '/a'), '/b': indexOf('b', fs, '/b') };
  for (const [root, relPath] of hashed) {
    const index = indexes[root as '/a' | '/b'];
    if (findFile(index, relPath)) hashInto(index, fs, root, relPath);
  }
  const view = new CompareView(indexes['/a'], indexes['/b'], exact);
  await view.update(steadyPacer);
  return { fs, view };
}

function factsOf(index: LocationIndex, relPath: string | null): NaiveFacts | null {
  const file = relPath === null || relPath === 'folder' ? null : findFile(index, relPath);
  if (!file) return null;
  const { files: packed, hashes } = file.folder;
  return {
    size: packed.size(file.i),
    mtimeMs: Number(packed.mtimeNs(file.i) / 1_000_000n),
    isHashed: hashStateAt(hashes, file.i) === hashKnown,
  };
}

function naiveRows(view: CompareView): NaiveRow[] {
  return rowsOf(view).map((row) => ({ ...row, factsA: factsOf(view.a, row.a), factsB: factsOf(view.b, row.b) }));
}

function toFilters({ extensions, categories, minSize, hashed, location }: NaiveRequest): SearchFilter[] {
  return [
    ...(extensions ? [{ kind: 'extension' as const, extensions: extensions.map((extension) => `.${extension}`) }] : []),
    ...(categories ? [{ kind: 'category' as const, categories }] : []),
    ...(minSize === null ? [] : [{ kind: 'size' as const, min: minSize, max: Number.POSITIVE_INFINITY }]),
    ...(hashed === null ? [] : [{ kind: 'hash' as const, known: hashed }]),
    ...(location === null ? [] : [{ kind: 'location' as const, locations: [location] }]),
  ];
}

function toRequest(request: NaiveRequest): Parameters<typeof selectRows>[1] {
  return {
    folder: request.folder,
    states:
      request.states === null
        ? null
        : new Set(request.states.map((state) => stateCode[state as keyof typeof stateCode])),
    onlyMoved: null,
    query: { terms: request.terms, filters: toFilters(request) },
    sort: request.sort,
    descending: request.descending,
  };
}

const spell = ({ a, b, state }: ViewRow): string => `${state}: ${a} | ${b}`;

describe('the rows of a request', () => {
  test('are those that fit it, in its order, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        files,
        requests,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (trees, request, limit, restless) => {
          const { view } = await build(trees);
          const expected = selectNaively(naiveRows(view), request);
          const selection = await selectRows(view, toRequest(request), restless ? restlessPacer : steadyPacer);
          // Words that occur nowhere are searched again as typing errors.
          if (expected.length === 0 && request.terms.length > 0) return;
          const pages: string[] = [];
          for (let offset = 0; offset < selection.total; offset += limit) {
            pages.push(...(await selection.page(offset, limit)).map(({ pair, row }) => spell(rowOf(pair, row))));
          }
          assert.deepEqual(pages, expected.map(spell));
          assert.equal(selection.total, expected.length);
          assert.equal(
            selection.totalBytes,
            expected.reduce((sum, { bytes }) => sum + bytes, 0),
          );
          assert.deepEqual(await selection.page(selection.total, 10), []);
        },
      ),
      { numRuns: runs(400) },
    );
  });

  test('below one of two folders that differ only by case', async () => {
    const fs = new MemoryFileSystem();
    for (const path of ['/a/A/x/1.bin', '/a/a/x/2.bin', '/a/A/3.bin', '/b/a/x/4.bin']) fs.file(path, { size: 1 });
    const view = new CompareView(indexOf('a', fs, '/a'), indexOf('b', fs, '/b'), exact);
    await view.update(steadyPacer);
    const select = async (folder: string): Promise<string[]> => {
      const selection = await selectRows(
        view,
        { folder, states: null, onlyMoved: null, query: noQuery, sort: 'path', descending: false },
        steadyPacer,
      );
      return (await selection.page(0, 10)).map(({ pair, row }) => rowOf(pair, row).shown);
    };
    assert.deepEqual(await select('A'), ['A/3.bin', 'A/x/1.bin']);
    assert.deepEqual(await select('a'), ['a/x/2.bin', 'a/x/4.bin']);
  });

  test('that were moved, and no others', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/a/old/model.bin', { size: 10, content: 'model' });
    fs.file('/b/new/model.bin', { size: 10, content: 'model' });
    fs.file('/a/lone.bin', { size: 10, content: 'lone' });
    fs.file('/a/same.bin', { size: 10, content: 'same' });
    fs.file('/b/same.bin', { size: 10, content: 'same' });
    const a = indexOf('a', fs, '/a');
    const b = indexOf('b', fs, '/b');
    for (const relPath of ['old/model.bin', 'lone.bin', 'same.bin']) hashInto(a, fs, '/a', relPath);
    for (const relPath of ['new/model.bin', 'same.bin']) hashInto(b, fs, '/b', relPath);
    const view = new CompareView(a, b, exact);
    await view.update(steadyPacer);
    const moves = await findMoves(view, steadyPacer);
    const selection = await selectRows(
      view,
      { folder: '', states: null, onlyMoved: moves, query: noQuery, sort: 'path', descending: false },
      steadyPacer,
    );
    assert.deepEqual(
      (await selection.page(0, 10)).map(({ pair, row }) => spell(rowOf(pair, row))),
      ['only-b: null | new/model.bin', 'only-a: old/model.bin | null'],
    );
  });
});
