import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { entryIdOf, parseEntryId } from '../../src/core/catalog/entry-id.ts';
import { type FileFacts, PackedFolder, packFolder } from '../../src/core/catalog/packed-folder.ts';
import { AppError } from '../../src/core/errors/app-error.ts';

const names = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom(
      '\uFEFFmodel.bin',
      '\uFEFF',
      'a',
      'Ａ',
      '😀.bin',
      '\uD7FF',
      '\uE000',
      '\u0000',
      'a\nb',
      'e\u0301',
      'é',
      '__proto__',
    ),
  )
  .filter((name) => !name.includes('/') && !/\p{Cs}/u.test(name));

const facts: fc.Arbitrary<FileFacts> = fc.record(
  {
    name: names,
    kind: fc.constantFrom('file' as const, 'link' as const),
    size: fc.oneof(fc.nat(), fc.constantFrom(0, 4_294_967_296, 5e11, Number.MAX_SAFE_INTEGER)),
    mtimeNs: fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.constantFrom(0n, -1n, 1_700_000_000_000_000_001n),
    ),
    fileId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    links: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    device: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  },
  { noNullPrototype: true },
);
const folders = fc.uniqueArray(facts, { selector: ({ name }) => name, maxLength: 20 });

const byCodeUnit = (x: FileFacts, y: FileFacts): number => (x.name < y.name ? -1 : 1);

describe('a packed folder', () => {
  test('gives back what was packed, sorted by name, whatever the order it came in', () => {
    fc.assert(
      fc.property(folders, (files) => {
        const packed = new PackedFolder(packFolder(files));
        const read = Array.from({ length: packed.count }, (_, i) => packed.facts(i));
        assert.deepEqual(read, [...files].sort(byCodeUnit));
        assert.deepEqual(packFolder([...files].reverse()), packed.bytes);
        assert.ok(packed.equals(packFolder(files)));
        for (const { name } of files) assert.equal(packed.name(packed.indexOf(name)), name);
        assert.equal(packed.indexOf('certainly not there'), -1);
        assert.equal(
          packed.totalBytes(),
          read.reduce((sum, { size }) => sum + size, 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('reads from the middle of a larger block of memory', () => {
    const files = [{ name: 'a', kind: 'file' as const, size: 7, mtimeNs: 9n, fileId: 1n, links: 1, device: 0 }];
    const bytes = packFolder(files);
    const block = new Uint8Array(bytes.length + 13);
    block.set(bytes, 13);
    assert.deepEqual(new PackedFolder(block.subarray(13)).facts(0), files[0]);
  });

  test('tells the difference of two times to the nanosecond, as far as it matters', () => {
    const time = fc.bigInt({ min: 1_600_000_000_000_000_000n, max: 1_608_000_000_000_000_000n });
    const pack = (mtimeNs: bigint): PackedFolder =>
      new PackedFolder(packFolder([{ name: 'a', kind: 'file', size: 1, mtimeNs, fileId: 1n, links: 1, device: 0 }]));
    fc.assert(
      fc.property(time, time, (x, y) => {
        assert.equal(pack(x).mtimeDifferenceNs(0, pack(y), 0), Number(x - y));
        assert.ok(Math.abs(pack(x).mtimeMs(0) - Number(x / 1_000_000n)) <= 1);
      }),
    );
    assert.equal(pack(-1n).mtimeDifferenceNs(0, pack(1n), 0), -2);
    assert.equal(pack(-1_500_000n).mtimeMs(0), -1.5);
  });

  const damaged: readonly (readonly [
    title: string,
    damage: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  ])[] = [
    ['empty', () => new Uint8Array(0)],
    ['cut off in its head', (bytes) => bytes.slice(0, 9)],
    ['cut off at its end', (bytes) => bytes.slice(0, -1)],
    ['longer than it says', (bytes) => Uint8Array.of(...bytes, 0)],
    ['of another version', (bytes) => bytes.with(0, 2) as Uint8Array<ArrayBuffer>],
    ['with another number of files', (bytes) => bytes.with(4, 3) as Uint8Array<ArrayBuffer>],
    ['with a number of files that no memory holds', (bytes) => bytes.with(7, 255) as Uint8Array<ArrayBuffer>],
  ];
  for (const [title, damage] of damaged) {
    test(`${title} is refused`, () => {
      const bytes = packFolder(
        ['a', 'b'].map((name) => ({ name, kind: 'file', size: 1, mtimeNs: 1n, fileId: 1n, links: 1, device: 0 })),
      );
      assert.throws(() => new PackedFolder(damage(bytes)), RangeError);
    });
  }
});

describe('entry ids', () => {
  test('give back location and path, whatever the name holds', () => {
    fc.assert(
      fc.property(fc.constantFrom('local', 'lake-2'), names, names, (location, folder, name) => {
        const relPath = `${folder}/${name}`;
        const id = entryIdOf(location, relPath);
        assert.match(id, /^[a-z0-9-]+:[A-Za-z0-9_-]+$/);
        assert.deepEqual(parseEntryId(id), { location, relPath });
      }),
    );
  });

  for (const id of ['', 'local', ':YQ', 'local:Y!', 'local:YQ==']) {
    test(`“${id}” is no id`, () => {
      assert.throws(
        () => parseEntryId(id),
        (thrown) => thrown instanceof AppError && thrown.code === 'ENTRY_NOT_FOUND',
      );
    });
  }
});
