import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareStates } from '../../src/contract/sync-words.ts';
import { CompareView } from '../../src/core/catalog/compare-view.ts';
import { findFile, type LocationIndex } from '../../src/core/catalog/location-index.ts';
import { findMoves } from '../../src/core/catalog/moves.ts';
import {
  compareNaively,
  countMovesNaively,
  lastName,
  type OracleAnswer,
  type OracleSide,
} from '../support/compare-oracle.ts';
import { hashInto, indexOf } from '../support/index-tree.ts';
import { keyOf, type OracleRules } from '../support/name-keys.ts';
import { runs } from '../support/runs.ts';
import { steadyPacer } from '../support/time.ts';
import { type PlantedTree, plantTree, treePairs, type VolumeKind, volumeKinds } from '../support/tree-pairs.ts';
import { foldersOf, rowsOf, sumRows, type ViewRow } from '../support/view-rows.ts';
import { walkTree } from '../support/walk-tree.ts';

const pairsOfKinds = [
  [0, 0],
  [0, 1],
  [1, 1],
  [2, 0],
  [3, 0],
  [3, 1],
  [4, 4],
].map(([a, b]) => [volumeKinds[a ?? 0], volumeKinds[b ?? 0]] as const);

function weaker(a: VolumeKind, b: VolumeKind): OracleRules {
  const isCaseSensitive = ({ platform, volume }: VolumeKind): boolean => volume.caseSensitive ?? platform === 'posix';
  return {
    caseSensitive: isCaseSensitive(a) && isCaseSensitive(b),
    unicodeSensitive: (a.volume.unicodeSensitive ?? true) && (b.volume.unicodeSensitive ?? true),
  };
}

function prepare(location: string, { fs, root, wanted }: PlantedTree): { index: LocationIndex; side: OracleSide } {
  const index = indexOf(location, fs, root);
  const tree = walkTree(fs, root);
  const hashed = new Set([...wanted].filter((relPath) => tree.files.has(relPath) && findFile(index, relPath) !== null));
  for (const relPath of hashed) hashInto(index, fs, root, relPath);
  return { index, side: { ...tree, hashed } };
}

function requireEachFileOnce(rows: readonly ViewRow[], answer: OracleAnswer, side: 'a' | 'b'): void {
  const expected = [...answer[side]].sort();
  const actual = rows.flatMap((row): [string, string][] =>
    row[side] !== null && row[side] !== 'folder' ? [[row[side], row.state]] : [],
  );
  assert.deepEqual(actual.sort(), expected, `states of the files of ${side}`);
}

function requireRowsOfKeys(rows: readonly ViewRow[], answer: OracleAnswer, rules: OracleRules): void {
  const counts = new Map<string, number>();
  for (const { shown } of rows) counts.set(keyOf(shown, rules), (counts.get(keyOf(shown, rules)) ?? 0) + 1);
  assert.deepEqual([...counts].sort(), [...answer.rowsOfKey].sort(), 'rows of each name');
  for (const { a, b, state } of rows) {
    if (a === null || b === null || a === 'folder' || b === 'folder') continue;
    assert.equal(keyOf(a, rules), keyOf(b, rules), 'two names side by side are one by the rules');
    if (state !== 'case-clash') assert.equal(a, b);
  }
}

function requireFolderMarks(rows: readonly ViewRow[], a: OracleSide, b: OracleSide, rules: OracleRules): void {
  for (const row of rows) {
    for (const [mark, other] of [
      [row.a, a],
      [row.b, b],
    ] as const) {
      if (mark !== 'folder') continue;
      const isThere = [...other.folders].some((folder) => keyOf(folder, rules) === keyOf(row.shown, rules));
      assert.ok(isThere, `${row.shown} stands against a folder that is there`);
    }
  }
}

test('the generated pairs show every state, moves and unknown contents', () => {
  const seen = new Map<string, number>();
  const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (const [kindA, kindB] of pairsOfKinds) {
    if (!kindA || !kindB) continue;
    for (const pair of fc.sample(treePairs, { numRuns: 150, seed: 1 })) {
      const a = prepare('a', plantTree(pair.a, kindA)).side;
      const b = prepare('b', plantTree(pair.b, kindB)).side;
      const answer = compareNaively(a, b, weaker(kindA, kindB));
      for (const state of [...answer.a.values(), ...answer.b.values()]) note(state);
      const { pairs, pairsOfOneName } = countMovesNaively(answer, a, b);
      if (pairs > pairsOfOneName) note('renamed');
      if (pairsOfOneName > 0) note('moved');
    }
  }
  for (const what of [...compareStates, 'renamed', 'moved'])
    assert.ok((seen.get(what) ?? 0) > 20, `${what}: ${seen.get(what)}`);
});

describe('compare agrees with the table of the specification', () => {
  for (const [kindA, kindB] of pairsOfKinds) {
    if (!kindA || !kindB) continue;
    const rules = weaker(kindA, kindB);

    test(`${kindA.title} against ${kindB.title}: states, rows, roll-ups and moves`, async () => {
      await fc.assert(
        fc.asyncProperty(treePairs, async (pair) => {
          const a = prepare('a', plantTree(pair.a, kindA));
          const b = prepare('b', plantTree(pair.b, kindB));
          const view = new CompareView(a.index, b.index, rules);
          await view.update(steadyPacer);
          const answer = compareNaively(a.side, b.side, rules);
          const rows = rowsOf(view);
          requireEachFileOnce(rows, answer, 'a');
          requireEachFileOnce(rows, answer, 'b');
          requireRowsOfKeys(rows, answer, rules);
          requireFolderMarks(rows, a.side, b.side, rules);

          assert.deepEqual(
            [...foldersOf(view).keys()].map((path) => keyOf(path, rules)).sort(),
            [...answer.folderKeys].sort(),
          );
          for (const [path, subtree] of foldersOf(view)) {
            assert.deepEqual(subtree, sumRows(rows, path, rules), `roll-up of “${path}”`);
          }

          const moves = await findMoves(view, steadyPacer);
          const expected = countMovesNaively(answer, a.side, b.side);
          assert.equal(moves.fromA.size, expected.pairs);
          let sameName = 0;
          for (const [onA, onB] of moves.fromA) {
            assert.equal(moves.fromB.get(onB), onA);
            assert.equal(answer.a.get(onA), 'only-a');
            assert.equal(answer.b.get(onB), 'only-b');
            assert.equal(a.side.files.get(onA)?.content, b.side.files.get(onB)?.content);
            if (lastName(onA) === lastName(onB)) sameName += 1;
          }
          assert.equal(sameName, expected.pairsOfOneName);
        }),
        { numRuns: runs(250) },
      );
    });
  }
});
