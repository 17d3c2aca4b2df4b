import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { relPathOf } from '../../src/core/catalog/compare-rows.ts';
import { findFiles } from '../../src/core/catalog/find-files.ts';
import { LocationIndex } from '../../src/core/catalog/location-index.ts';
import { PackedFolder, packFolder } from '../../src/core/catalog/packed-folder.ts';
import { parseSearchQuery } from '../../src/core/catalog/search-query.ts';
import { createTypoMatch } from '../../src/core/catalog/typo-match.ts';
import { runs } from '../support/runs.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';

const library = [
  'checkpoints/sdxl/juggernautXL_v9.safetensors',
  'checkpoints/sdxl/sd_xl_base_1.0.safetensors',
  'checkpoints/dreamshaper_8.safetensors',
  'diffusion_models/flux1-dev.safetensors',
  'diffusion_models/wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors',
  'loras/flux/add_detail.safetensors',
  'loras/pony/アニメ塗り_v3.safetensors',
  'loras/Style é.safetensors',
  'upscale_models/4x-UltraSharp.pth',
  'readme.txt',
];

function indexWith(paths: readonly string[], location = 'local'): LocationIndex {
  const index = new LocationIndex(location);
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? '' : path.slice(0, slash);
    folders.set(folder, [...(folders.get(folder) ?? []), path.slice(slash + 1)]);
  }
  for (const [relPath, names] of folders) {
    const facts = names.map((name, n) => ({
      name,
      kind: 'file' as const,
      size: n,
      mtimeNs: 0n,
      fileId: 1n,
      links: 1,
      device: 0,
    }));
    index.set({ relPath, files: new PackedFolder(packFolder(facts)), hashes: null });
  }
  return index;
}

async function find(indexes: readonly LocationIndex[], text: string): Promise<string[]> {
  const found = await findFiles(indexes, parseSearchQuery(text, 0), steadyPacer);
  return found.page(0, 10_000).map(relPathOf);
}

const plain = (text: string): string => text.toLowerCase().normalize('NFC');

describe('searching for words that are there', () => {
  const letters = fc.constantFrom('a', 'b', 'A', '_', '-', '1', 'é', 'e\u0301', 'É', 'ア', ' ');
  const name = fc.string({ unit: letters, minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== '');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

  test('finds exactly the paths in which every word occurs, in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
        fc.array(
          fc.string({ unit: letters, minLength: 1, maxLength: 3 }).filter((word) => word.trim() !== ''),
          { minLength: 1, maxLength: 3 },
        ),
        fc.boolean(),
        async (paths, words, restless) => {
          const query = words.map((word) => `"${word}"`).join(' ');
          const expected = paths
            .filter((path) => words.every((word) => plain(path).includes(plain(word.trim()))))
            .sort();
          if (expected.length === 0) return;
          const found = await findFiles(
            [indexWith(paths)],
            parseSearchQuery(query, 0),
            restless ? restlessPacer : steadyPacer,
          );
          assert.deepEqual(found.page(0, 100).map(relPathOf).sort(), expected);
          assert.equal(found.total, expected.length);
        },
      ),
      { numRuns: runs(400) },
    );
  });

  const cases: readonly (readonly [query: string, expected: readonly string[]])[] = [
    ['juggernaut', ['checkpoints/sdxl/juggernautXL_v9.safetensors']],
    ['FLUX dev', ['diffusion_models/flux1-dev.safetensors']],
    ['dev flux', ['diffusion_models/flux1-dev.safetensors']],
    ['loras/flux', ['loras/flux/add_detail.safetensors']],
    ['loras\\flux', ['loras/flux/add_detail.safetensors']],
    ['flux/add', ['loras/flux/add_detail.safetensors']],
    ['"style é"', ['loras/Style é.safetensors']],
    ['style e\u0301', ['loras/Style é.safetensors']],
    ['アニメ', ['loras/pony/アニメ塗り_v3.safetensors']],
    ['nothing-like-it', []],
  ];
  for (const [query, expected] of cases) {
    test(`“${query}” finds ${expected.length === 0 ? 'nothing' : expected.join(', ')}`, async () => {
      assert.deepEqual(await find([indexWith(library)], query), expected);
    });
  }

  test('a word at the start of a name comes before one at the start of a word, before one inside, before one in the folder', async () => {
    const found = await find([indexWith(['flux/other.bin', 'x/myflux.bin', 'x/my-flux.bin', 'x/flux-my.bin'])], 'flux');
    assert.deepEqual(found, ['x/flux-my.bin', 'x/my-flux.bin', 'x/myflux.bin', 'flux/other.bin']);
  });

  test('no words: all files in path order', async () => {
    const found = await find([indexWith(library)], '');
    assert.equal(found.length, library.length);
    assert.equal(found[0], 'readme.txt', 'what lies in the root comes first');
  });

  test('several locations: hits of both, and a change of one is seen by the next search', async () => {
    const lake = indexWith(['b/flux.bin'], 'lake');
    const local = indexWith(['a/flux.bin']);
    assert.deepEqual(await find([local, lake], 'flux'), ['a/flux.bin', 'b/flux.bin']);
    lake.delete('b');
    assert.deepEqual(await find([local, lake], 'flux'), ['a/flux.bin']);
    assert.deepEqual(await find([local, lake], 'flux location:lake'), []);
  });
});

/** Every text that is one slip away: a letter too many, too few, wrong, or two swapped. */
function slips(word: string): string[] {
  const made: string[] = [];
  for (let k = 0; k <= word.length; k += 1) {
    made.push(`${word.slice(0, k)}q${word.slice(k)}`);
    if (k === word.length) continue;
    made.push(word.slice(0, k) + word.slice(k + 1), `${word.slice(0, k)}q${word.slice(k + 1)}`);
    if (k > 0) made.push(word.slice(0, k - 1) + word[k] + word[k - 1] + word.slice(k + 1));
  }
  return made;
}

describe('searching with a typing error', () => {
  for (const word of ['juggernaut', 'dreamshaper', 'ultrasharp', 'flux1', 'detail', 'scaled', 'アニメ塗り']) {
    test(`every slip in “${word}” still finds it`, async () => {
      const index = indexWith(library);
      const exact = await find([index], word);
      assert.ok(exact.length > 0);
      for (const slip of slips(word)) {
        if (slip.length < 4) continue;
        const found = await find([index], slip);
        for (const path of exact)
          assert.ok(found.includes(path), `“${slip}” finds ${path}, not only ${found.join(', ')}`);
      }
    });
  }

  test('is only looked for when nothing fits as it is typed', async () => {
    const found = await find([indexWith(['detail.bin', 'derail.bin'])], 'derail');
    assert.deepEqual(found, ['derail.bin']);
  });

  test('a short word or a number is taken as it is', async () => {
    const index = indexWith(library);
    assert.deepEqual(await find([index], 'vax'), []);
    assert.deepEqual(await find([index], '14c'), []);
  });

  test('the matcher agrees with a plain search over all slips', () => {
    const unit = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 4, maxLength: 8 }), fc.string({ unit, maxLength: 14 }), (word, text) => {
        const matches = createTypoMatch(word);
        assert.equal(matches?.(text), containsWithOneSlip(text, word));
      }),
      { numRuns: 3_000 },
    );
  });

  test('words outside 4 to 30 letters have no matcher', () => {
    assert.equal(createTypoMatch('abc'), null);
    assert.equal(createTypoMatch('a'.repeat(31)), null);
    assert.equal(createTypoMatch('ab'.repeat(15))?.(`x${'ab'.repeat(14)}b`), true);
  });
});

/** Is there a part of the text that is the word, or one slip away from it? */
function containsWithOneSlip(text: string, word: string): boolean {
  for (let start = 0; start <= text.length; start += 1) {
    for (let end = start; end <= Math.min(text.length, start + word.length + 1); end += 1) {
      if (isOneSlipAway(text.slice(start, end), word)) return true;
    }
  }
  return false;
}

function isOneSlipAway(part: string, word: string): boolean {
  if (part === word) return true;
  let k = 0;
  while (k < part.length && part[k] === word[k]) k += 1;
  return (
    part.slice(k + 1) === word.slice(k + 1) ||
    part.slice(k + 1) === word.slice(k) ||
    part.slice(k) === word.slice(k + 1) ||
    (part[k] === word[k + 1] && part[k + 1] === word[k] && part.slice(k + 2) === word.slice(k + 2))
  );
}
