import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { rankLetter } from '../../src/core/catalog/letter-ranking.ts';
import { matchNames, rankedPages } from '../../src/core/catalog/name-match.ts';
import { buildNameTable, type NameTable } from '../../src/core/catalog/name-table.ts';
import { PackedFolder, packFolder } from '../../src/core/catalog/packed-folder.ts';
import { runs } from '../support/runs.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';

function tableOf(folders: Readonly<Record<string, readonly string[]>>): Promise<NameTable> {
  const groups = Object.entries(folders).map(([relPath, names]) => {
    const facts = names.map((name) => ({
      ...{ name, kind: 'file' as const, size: 1, mtimeNs: 0n, fileId: 1n, links: 1, device: 0 },
    }));
    const files = new PackedFolder(packFolder(facts));
    return { relPath, count: files.count, nameSource: (i: number) => ({ files, i }) };
  });
  return buildNameTable(groups, steadyPacer);
}

async function compare(table: NameTable, letter: string, accept: ((ordinal: number) => boolean) | null): Promise<void> {
  const sizes = Float64Array.from({ length: table.count }, (_, ordinal) => 2 ** (ordinal % 40));
  const ranking = await rankLetter(table, letter, { accept, sizes, pacer: restlessPacer });
  const matches = await matchNames(table, [letter], { accept, confirm: null, pacer: steadyPacer });
  const pageOf = rankedPages(matches);
  assert.ok(ranking);
  assert.equal(ranking.total, matches.ordinals.length);
  assert.equal(
    ranking.totalBytes,
    matches.ordinals.reduce((sum, ordinal) => sum + (sizes[ordinal] ?? 0), 0),
  );
  for (const [offset, limit] of [
    [0, 3],
    [4_090, 20],
    [0, table.count],
    [table.count, 5],
  ] as const)
    assert.deepEqual([...ranking.pageOf(offset, limit)], [...pageOf(offset, limit)], `${offset} ${limit}`);
}

describe('a first key press', () => {
  const letters = fc.constantFrom('a', 'b', 'A', '_', '-', '1', 'é', 'ア', ' ', 'z');
  const name = fc.string({ unit: letters, minLength: 1, maxLength: 9 });
  const folder = fc.tuple(name, fc.uniqueArray(name, { maxLength: 9 }));

  test('ranks as any other word does, in names and in folders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(folder, { selector: ([relPath]) => relPath, maxLength: 8 }),
        fc.constantFrom('a', 'b', 'z', 'q'),
        fc.option(fc.integer({ min: 1, max: 4 })),
        async (folders, letter, every) => {
          const table = await tableOf(Object.fromEntries(folders));
          await compare(table, letter, every === null ? null : (ordinal) => ordinal % every === 0);
        },
      ),
      { numRuns: runs(300) },
    );
  });

  test('beyond the pages that are kept, and two at a time', async () => {
    const names = Array.from({ length: 6_000 }, (_, k) => `${k % 7 === 0 ? 'x' : 'a'}${'-'.repeat(k % 300)}${k}`);
    const table = await tableOf({ 'loras/b': names, z: names.slice(0, 500) });
    await Promise.all([compare(table, 'a', null), compare(table, 'b', (ordinal) => ordinal % 2 === 0)]);
    await compare(table, 'x', null);
  });

  test('is for one letter alone', async () => {
    const table = await tableOf({ a: ['a'] });
    for (const word of ['', 'ab', '1', 'é', ' '])
      assert.equal(await rankLetter(table, word, { accept: null, sizes: null, pacer: steadyPacer }), null, word);
  });
});
