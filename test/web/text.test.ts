import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commandScore } from '../../src/web/app/command-score.ts';
import { fullPath } from '../../src/web/features/sync/full-path.ts';
import { formatBytes, formatCompact } from '../../src/web/ui/format.ts';
import { formatDuration } from '../../src/web/ui/format-time.ts';
import { hasRoom, splitTail, visibleName } from '../../src/web/ui/visible-name.ts';

describe('figures in words', () => {
  const sizes = [
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1.00 KiB'],
    [6_938_078_334, '6.46 GiB'],
    [107_374_182_400, '100 GiB'],
    [1_099_511_627_776, '1.00 TiB'],
  ] as const;
  for (const [bytes, text] of sizes) it(`${bytes} bytes are ${text}`, () => assert.equal(formatBytes(bytes), text));

  it('counts stay exact below 100,000', () => {
    assert.equal(formatCompact(99_999), '99,999');
    assert.equal(formatCompact(148_000), '148K');
  });

  it('durations have one or two units', () => {
    assert.deepEqual([8, 90, 4_800].map(formatDuration), ['8 s', '2 min', '1 h 20 min']);
  });
});

describe('a name on the page', () => {
  it('writes out marks that reorder, hide or break text', () => {
    assert.equal(visibleName('exe.\u202Egnp'), 'exe.‹U+202E›gnp');
    assert.equal(visibleName('a\nb\u0000'), 'a‹U+000A›b‹U+0000›');
  });

  it('leaves joined emoji and accents alone', () => {
    assert.equal(visibleName('👩‍🚀 e\u0301.pt'), '👩‍🚀 e\u0301.pt');
  });

  it('is written as it is only when nothing in it is wide, invisible or too long', () => {
    assert.ok(hasRoom('flux/detail tweaker.safetensors', 31));
    assert.ok(!hasRoom('flux/detail tweaker.safetensors', 30));
    for (const name of ['模型.pt', 'a\u202eb', 'a\nb', 'e\u0301.pt', '👩‍🚀']) assert.ok(!hasRoom(name, 100), name);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        if (hasRoom(name, 40)) assert.equal(visibleName(name), name);
      }),
    );
  });

  it('is split into two parts that make the whole, never inside a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 1, max: 30 }), (name, length) => {
        const [head, tail] = splitTail(name, length);
        assert.equal(head + tail, name);
        assert.ok(head.isWellFormed() && tail.isWellFormed());
        if (head !== '') assert.doesNotMatch(tail, /^[\p{M}\u200d]/u);
      }),
    );
  });
});

describe('a full path', () => {
  const cases = [
    ['D:\\ComfyUI\\models', 'loras/a.pt', 'D:\\ComfyUI\\models\\loras\\a.pt'],
    ['\\\\nas\\models\\', 'a.pt', '\\\\nas\\models\\a.pt'],
    ['/mnt/models', 'loras/a.pt', '/mnt/models/loras/a.pt'],
    ['/', 'a.pt', '/a.pt'],
  ] as const;
  for (const [root, relPath, full] of cases) {
    it(`of ${relPath} in ${root} has the form of its platform`, () => assert.equal(fullPath(root, relPath), full));
  }
});

describe('commands by what is typed', () => {
  const scored = (typed: string) =>
    ['Hash what is not verified', 'Show: same', 'Refresh Lake'].map((title) => commandScore(title, typed));

  it('finds words by their beginning, in any order, and nothing by letters that are merely in this order', () => {
    assert.deepEqual(scored('hash'), [1, 0, 0]);
    assert.deepEqual(scored('veri has'), [1, 0, 0]);
    assert.deepEqual(scored(''), [1, 1, 1]);
  });

  it('puts the beginning of a word before its inside', () => {
    assert.deepEqual(scored('sh'), [0.5, 1, 0.5]);
  });
});
