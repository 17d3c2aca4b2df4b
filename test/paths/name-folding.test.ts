import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldName, weakerRules } from '../../src/core/paths/name-folding.ts';

const exact = { caseSensitive: true, unicodeSensitive: true };
const ntfs = { caseSensitive: false, unicodeSensitive: true };
const apfs = { caseSensitive: false, unicodeSensitive: false };
const zfs = { caseSensitive: true, unicodeSensitive: false };

const same = (a: string, b: string, rules: typeof exact): boolean => foldName(a, rules) === foldName(b, rules);

test('which names are one', () => {
  const rows: readonly (readonly [string, string, { exact: boolean; ntfs: boolean; zfs: boolean; apfs: boolean }])[] = [
    ['A.bin', 'a.bin', { exact: false, ntfs: true, zfs: false, apfs: true }],
    ['É', 'é', { exact: false, ntfs: true, zfs: false, apfs: true }],
    ['\u00e9', 'e\u0301', { exact: false, ntfs: false, zfs: true, apfs: true }],
    ['\u00c9', 'e\u0301', { exact: false, ntfs: false, zfs: false, apfs: true }],
    ['H\u0331', '\u1e96', { exact: false, ntfs: false, zfs: false, apfs: true }],
    ['Straße', 'STRASSE', { exact: false, ntfs: false, zfs: false, apfs: false }],
    ['ß', 'ẞ', { exact: false, ntfs: true, zfs: false, apfs: true }],
    ['ΣΑΣ', 'σας', { exact: false, ntfs: true, zfs: false, apfs: true }],
    ['İ', 'i', { exact: false, ntfs: false, zfs: false, apfs: false }],
    ['ﬁ', 'fi', { exact: false, ntfs: false, zfs: false, apfs: false }],
    ['𐐀', '𐐨', { exact: false, ntfs: true, zfs: false, apfs: true }],
    ['日本', '日本', { exact: true, ntfs: true, zfs: true, apfs: true }],
    ['a/B', 'A/b', { exact: false, ntfs: true, zfs: false, apfs: true }],
  ];
  for (const [a, b, expected] of rows) {
    const found = { exact: same(a, b, exact), ntfs: same(a, b, ntfs), zfs: same(a, b, zfs), apfs: same(a, b, apfs) };
    assert.deepEqual(found, expected, `${a} and ${b}`);
  }
});

test('a key folds to itself, and separators stay where they are', () => {
  const rules = fc.record({ caseSensitive: fc.boolean(), unicodeSensitive: fc.boolean() });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), rules, (name, chosen) => {
      const key = foldName(name, chosen);
      assert.equal(foldName(key, chosen), key);
      assert.equal(key.split('/').length, name.split('/').length);
    }),
    { numRuns: 3_000 },
  );
});

test('every character folds to itself the second time, alone and composed', () => {
  for (let point = 0; point <= 0x1ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const character = String.fromCodePoint(point);
    for (const rules of [ntfs, apfs]) {
      const key = foldName(character, rules);
      if (foldName(key, rules) !== key) assert.fail(`U+${point.toString(16)}`);
    }
  }
});

test('composed and decomposed spellings are one where Unicode forms are not told apart, also when case is not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (name) => {
      for (const rules of [zfs, apfs]) {
        assert.equal(foldName(name.normalize('NFD'), rules), foldName(name.normalize('NFC'), rules));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('plain names fold as ASCII does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 60 }), (name) => {
      assert.equal(foldName(name, apfs), name.toLowerCase());
      assert.equal(foldName(name, zfs), name);
    }),
  );
});

test('between two places the weaker rules hold', () => {
  assert.deepEqual(weakerRules(exact, exact), exact);
  assert.deepEqual(weakerRules(exact, ntfs), ntfs);
  assert.deepEqual(weakerRules(ntfs, zfs), apfs);
});
