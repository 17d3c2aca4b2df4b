import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CompareView } from '../../src/core/catalog/compare-view.ts';
import { findFile, LocationIndex } from '../../src/core/catalog/location-index.ts';
import { findMoves, type Moves } from '../../src/core/catalog/moves.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { hashInto, indexOf, scanInto } from '../support/index-tree.ts';
import { runs } from '../support/runs.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';
import { plant, plantTree, type Seedling, seedlings, treePairs, volumeKinds } from '../support/tree-pairs.ts';
import { foldersOf, rowsOf } from '../support/view-rows.ts';

type Edit =
  | { readonly kind: 'plant'; readonly side: 'a' | 'b'; readonly seedling: Seedling }
  | { readonly kind: 'remove'; readonly side: 'a' | 'b'; readonly pick: number }
  | { readonly kind: 'rename'; readonly side: 'a' | 'b'; readonly pick: number; readonly to: string }
  | { readonly kind: 'hash'; readonly side: 'a' | 'b'; readonly pick: number }
  | { readonly kind: 'rules'; readonly caseSensitive: boolean; readonly unicodeSensitive: boolean }
  | { readonly kind: 'refresh' };

const side = fc.constantFrom('a' as const, 'b' as const);
const pick = fc.nat(50);
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    { arbitrary: fc.record({ kind: fc.constant('plant' as const), side, seedling: seedlings }), weight: 4 },
    { arbitrary: fc.record({ kind: fc.constant('remove' as const), side, pick }), weight: 3 },
    {
      arbitrary: fc.record({
        kind: fc.constant('rename' as const),
        side,
        pick,
        to: fc.constantFrom('a', 'A/b', 'x/y/z', '\u00e9'),
      }),
      weight: 2,
    },
    { arbitrary: fc.record({ kind: fc.constant('hash' as const), side, pick }), weight: 2 },
    {
      arbitrary: fc.record({
        kind: fc.constant('rules' as const),
        caseSensitive: fc.boolean(),
        unicodeSensitive: fc.boolean(),
      }),
      weight: 1,
    },
    { arbitrary: fc.record({ kind: fc.constant('refresh' as const) }), weight: 3 },
  ),
  { minLength: 1, maxLength: 12 },
);

interface Side {
  readonly fs: MemoryFileSystem;
  readonly root: string;
  readonly index: LocationIndex;
}

/** All names below the root, sorted; a pick among them is stable under shrinking. */
function namesOf({ fs, root }: Side): string[] {
  const walk = (folder: string): string[] =>
    fs
      .list(folder)
      .flatMap(({ name, kind }) => [`${folder}/${name}`, ...(kind === 'folder' ? walk(`${folder}/${name}`) : [])]);
  return walk(root).sort();
}

function apply(edit: Exclude<Edit, { kind: 'rules' | 'refresh' }>, target: Side): void {
  const { fs, root, index } = target;
  if (edit.kind === 'plant') return void plant(fs, root, edit.seedling);
  if (edit.kind === 'hash') {
    const files = index
      .inOrder()
      .flatMap((folder) =>
        folder.files.names().map((name) => (folder.relPath === '' ? name : `${folder.relPath}/${name}`)),
      );
    const relPath = files[edit.pick % Math.max(1, files.length)];
    if (relPath === undefined || findFile(index, relPath) === null) return;
    try {
      hashInto(index, fs, root, relPath);
    } catch {
      // Changed since the last refresh: it gets no hash.
    }
    return;
  }
  const names = namesOf(target);
  const path = names[edit.pick % Math.max(1, names.length)];
  if (path === undefined) return;
  if (edit.kind === 'remove') {
    fs.remove(path);
    return;
  }
  const to = `${root}/${edit.to}`;
  if (to === path || to.startsWith(`${path}/`) || path.startsWith(`${to}/`)) return;
  try {
    fs.rename(path, to);
  } catch {
    // The way there leads through a file.
  }
}

function stateOf(view: CompareView): { rows: ReturnType<typeof rowsOf>; folders: ReturnType<typeof foldersOf> } {
  return { rows: rowsOf(view), folders: foldersOf(view) };
}

for (const [title, kind] of [
  ['ext4', volumeKinds[0]],
  ['apfs', volumeKinds[3]],
] as const) {
  for (const pacer of [steadyPacer, restlessPacer]) {
    test(`${title}: a view that followed every edit equals one that is made anew${pacer === restlessPacer ? ', also when edits come while it is updated' : ''}`, async () => {
      await fc.assert(
        fc.asyncProperty(treePairs, edits, async (pair, steps) => {
          const open = (seeds: readonly Seedling[], location: string): Side => {
            const { fs, root } = plantTree(seeds, kind ?? volumeKinds[0]!);
            return { fs, root, index: indexOf(location, fs, root) };
          };
          const sides = { a: open(pair.a, 'a'), b: open(pair.b, 'b') };
          const rules = { caseSensitive: title === 'ext4', unicodeSensitive: title === 'ext4' };
          const view = new CompareView(sides.a.index, sides.b.index, rules);
          await view.update(steadyPacer);
          const movesOf = new Map<number, Moves>();
          // Who remembers moves by this version must find the same ones.
          const checkMoves = async (): Promise<void> => {
            const found = await findMoves(view, steadyPacer);
            assert.deepEqual(found, movesOf.get(view.loneVersion) ?? found);
            movesOf.set(view.loneVersion, found);
          };
          await checkMoves();
          let underWay: Promise<void> = Promise.resolve();
          for (const step of steps) {
            if (step.kind === 'refresh') {
              for (const { fs, root, index } of Object.values(sides)) scanInto(index, fs, root);
              underWay = view.update(pacer);
              if (pacer === steadyPacer) await underWay.then(checkMoves);
            } else if (step.kind === 'rules') {
              view.setRules(step);
            } else {
              apply(step, sides[step.side]);
            }
          }
          await underWay;
          for (const { fs, root, index } of Object.values(sides)) scanInto(index, fs, root);
          await view.update(pacer);
          await checkMoves();

          for (const { fs, root, index } of Object.values(sides)) {
            const fresh = indexOf(index.location, fs, root);
            assert.deepEqual(
              index.inOrder().map(({ relPath, files }) => [relPath, files.bytes]),
              fresh.inOrder().map(({ relPath, files }) => [relPath, files.bytes]),
            );
            const { hashedFiles: _, ...totals } = index.totals();
            const { hashedFiles: __, ...freshTotals } = fresh.totals();
            assert.deepEqual(totals, freshTotals);
          }
          const fresh = new CompareView(sides.a.index, sides.b.index, view.nameRules());
          await fresh.update(steadyPacer);
          assert.deepEqual(stateOf(view), stateOf(fresh));
        }),
        { numRuns: runs(150) },
      );
    });
  }
}

test('a folder that is read before the folders above it counts in their roll-ups', async () => {
  const fs = new MemoryFileSystem();
  fs.file('/m/new/deep/a.bin', { size: 7 });
  const index = new LocationIndex('a');
  scanInto(index, fs, '/m', 'new/deep');
  const view = new CompareView(index, new LocationIndex('b'), { caseSensitive: true, unicodeSensitive: true });
  await view.update(steadyPacer);
  assert.deepEqual(foldersOf(view).get(''), { 'only-a': [1, 7] });
  assert.deepEqual(foldersOf(view).get('new'), { 'only-a': [1, 7] });
});

test('who remembers moves learns of a file that goes, comes and is hashed, and of nothing else', async () => {
  const fs = new MemoryFileSystem();
  fs.file('/a/old/x.pt', { size: 10, content: 'x' });
  fs.file('/b/new/x.pt', { size: 10, content: 'x' });
  const [a, b] = [indexOf('a', fs, '/a'), indexOf('b', fs, '/b')];
  const view = new CompareView(a, b, { caseSensitive: true, unicodeSensitive: true });
  await view.update(steadyPacer);
  const seen: (readonly [boolean, number])[] = [];
  const look = async (): Promise<void> => {
    const before = view.loneVersion;
    scanInto(a, fs, '/a');
    await view.update(steadyPacer);
    seen.push([view.loneVersion > before, (await findMoves(view, steadyPacer)).fromA.size]);
  };
  fs.file('/a/other/y.pt', { size: 11, content: 'y' });
  await look();
  hashInto(a, fs, '/a', 'old/x.pt');
  hashInto(b, fs, '/b', 'new/x.pt');
  await look();
  fs.remove('/a/other');
  await look();
  // Beside a hashed lone file, whose folder is looked at again but did not change.
  fs.file('/a/old/below/z.pt', { size: 12, content: 'z' });
  await look();
  fs.remove('/a/old/below');
  await look();
  // In its folder, and then in its way.
  fs.file('/a/old/z.pt', { size: 12, content: 'z' });
  await look();
  fs.file('/b/old/x.pt/deeper.pt', { size: 13, content: 'd' });
  scanInto(b, fs, '/b');
  await look();
  fs.remove('/a/old');
  await look();
  assert.deepEqual(seen, [
    [false, 0],
    [true, 1],
    [false, 1],
    [false, 1],
    [false, 1],
    [true, 1],
    [true, 0],
    [true, 0],
  ]);
});
