import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DedupeRule } from '../../src/contract/dedupe.ts';
import { checkSelections } from '../../src/core/dedupe/check-selections.ts';
import { chooseKeepers, type KeepSelection, proposeKeepers } from '../../src/core/dedupe/choose-keepers.ts';
import {
  type DuplicateFile,
  type DuplicateGroup,
  freedBytes,
  reclaimableBytes,
} from '../../src/core/dedupe/duplicate-group.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { runs } from '../support/runs.ts';

type Named = Partial<DuplicateFile> & { readonly relPath: string };

function group(size: number, ...files: readonly Named[]): DuplicateGroup {
  return {
    blake3: 'ab'.repeat(32),
    size,
    files: files.map((file, index) => ({
      location: 'local',
      mtimeNs: 0n,
      fileId: BigInt(index + 1),
      device: 1,
      links: 1,
      sameAs: null,
      sidecars: 0,
      ...file,
    })),
  };
}

const keptBy = (rules: readonly DedupeRule[], of: DuplicateGroup): string[] =>
  proposeKeepers(of, rules).map((index) => of.files[index]?.relPath ?? '?');

describe('which file of a group stays', () => {
  const files = group(
    10,
    { relPath: 'old/deep/a.bin', mtimeNs: 5n, sidecars: 2 },
    { relPath: 'b.bin', mtimeNs: 9n },
    { relPath: 'lib/c.bin', mtimeNs: 1n, location: 'lake' },
  );
  const cases: readonly (readonly [title: string, rules: readonly DedupeRule[], kept: readonly string[]])[] = [
    ['without rules: the shortest path', [], ['b.bin']],
    ['the oldest', [{ kind: 'oldest' }], ['lib/c.bin']],
    ['the newest', [{ kind: 'newest' }], ['b.bin']],
    ['the one with sidecars', [{ kind: 'has-sidecars' }], ['old/deep/a.bin']],
    ['the one in the preferred folder', [{ kind: 'prefer', folder: 'old' }], ['old/deep/a.bin']],
    ['a folder is not another one that begins like it', [{ kind: 'prefer', folder: 'ol' }], ['b.bin']],
    [
      'a preferred folder of another location does not count',
      [{ kind: 'prefer', folder: 'lib', location: 'local' }],
      ['b.bin'],
    ],
    ['a whole location', [{ kind: 'prefer', folder: '', location: 'lake' }], ['lib/c.bin']],
    [
      'the first rule that tells them apart decides',
      [{ kind: 'prefer', folder: 'nowhere' }, { kind: 'oldest' }, { kind: 'newest' }],
      ['lib/c.bin'],
    ],
    [
      'everything protected stays, whatever else is said',
      [{ kind: 'newest' }, { kind: 'protect', folder: 'old' }, { kind: 'protect', folder: 'lib' }],
      ['old/deep/a.bin', 'lib/c.bin'],
    ],
  ];
  for (const [title, rules, kept] of cases) test(title, () => assert.deepEqual(keptBy(rules, files), kept));

  test('equally good files: the first by name', () => {
    assert.deepEqual(keptBy([{ kind: 'shortest-path' }], group(1, { relPath: 'y' }, { relPath: 'x' })), ['x']);
  });

  test('other names of what stays stay too', () => {
    const linked = group(1, { relPath: 'a', links: 2 }, { relPath: 'long', links: 2, sameAs: 0 }, { relPath: 'bb' });
    const [choice] = chooseKeepers([linked], [{ kind: 'shortest-path' }], []);
    assert.deepEqual(choice, { group: 0, keep: [0, 1], victims: [{ index: 2, keeper: 0 }] });
  });

  test('what goes is put in the care of a file on its own drive, where one stays', () => {
    const two = group(1, { relPath: 'a', device: 7 }, { relPath: 'b', device: 8 }, { relPath: 'c', device: 8 });
    const [choice] = chooseKeepers([two], [], [{ group: 0, keep: [0, 1], skip: false }]);
    assert.deepEqual(choice?.victims, [{ index: 2, keeper: 1 }]);
  });

  test('without rules only groups that are named are touched; a skipped one is not', () => {
    const groups = [files, files, files];
    const selections = [
      { group: 1, keep: [0], skip: false },
      { group: 2, keep: [], skip: true },
    ];
    assert.deepEqual(
      chooseKeepers(groups, [], selections).map((choice) => choice.group),
      [1],
    );
    assert.deepEqual(
      chooseKeepers(groups, [{ kind: 'oldest' }], selections).map((choice) => choice.group),
      [0, 1],
    );
  });

  test('a selection cannot give up what is protected', () => {
    const [choice] = chooseKeepers(
      [files],
      [{ kind: 'protect', folder: 'old' }],
      [{ group: 0, keep: [1], skip: false }],
    );
    assert.deepEqual(choice?.keep, [0, 1]);
  });
});

describe('bytes that come free', () => {
  const linked = group(
    10,
    { relPath: 'a', links: 2 },
    { relPath: 'b', links: 2, sameAs: 0 },
    { relPath: 'c' },
    { relPath: 'd', links: 3 },
  );

  test('a file is free when all of its names went, those elsewhere included', () => {
    assert.equal(freedBytes(linked, [0]), 0);
    assert.equal(freedBytes(linked, [0, 1]), 10);
    assert.equal(freedBytes(linked, [2, 3]), 10);
    assert.equal(freedBytes(linked, [0, 1, 2, 3]), 20);
  });

  test('best kept is a file that would free nothing', () => {
    assert.equal(reclaimableBytes(linked), 20);
    assert.equal(reclaimableBytes(group(10, { relPath: 'a' }, { relPath: 'b' })), 10);
    assert.equal(reclaimableBytes(group(10, { relPath: 'a', links: 2 }, { relPath: 'b', links: 2 })), 0);
  });
});

describe('selections that no page would send', () => {
  const groups = [group(1, { relPath: 'a' }, { relPath: 'b' })];
  const forged: readonly (readonly [title: string, selections: readonly KeepSelection[]])[] = [
    ['a group that is not there', [{ group: 1, keep: [0], skip: false }]],
    ['a file that is not in the group', [{ group: 0, keep: [0, 2], skip: false }]],
    ['nothing stays', [{ group: 0, keep: [], skip: false }]],
    [
      'one group twice',
      [
        { group: 0, keep: [0], skip: false },
        { group: 0, keep: [1], skip: false },
      ],
    ],
  ];
  for (const [title, selections] of forged) {
    test(`${title}: refused`, () => {
      assert.throws(
        () => checkSelections(groups, selections),
        (thrown) => thrown instanceof AppError && thrown.code === 'INVALID_INPUT',
      );
    });
  }

  test('a skipped group needs nothing that stays', () => {
    checkSelections(groups, [{ group: 0, keep: [], skip: true }]);
  });
});

describe('any rules, any selections, forged ones too', () => {
  test('no group is emptied, a file that stays loses no name, and each file goes once', () => {
    for (let seed = 1; seed <= runs(3_000); seed += 1) {
      const random = createRandom(seed);
      const groups = Array.from({ length: 1 + random(4) }, () => randomGroup(random));
      const rules = Array.from({ length: random(4) }, () => randomRule(random));
      const selections = Array.from({ length: random(6) }, () => ({
        group: random(6),
        keep: Array.from({ length: random(4) }, () => random(7)),
        skip: random(5) === 0,
      }));
      for (const { group: number, keep, victims } of chooseKeepers(groups, rules, selections)) {
        const of = groups[number];
        assert.ok(of, `seed ${seed}`);
        const first = (index: number): number => of.files[index]?.sameAs ?? index;
        const kept = new Set(keep.map(first));
        assert.ok(keep.length > 0 && victims.length > 0, `seed ${seed}`);
        assert.deepEqual(
          [...keep, ...victims.map(({ index }) => index)].sort((x, y) => x - y),
          of.files.map((_, index) => index),
        );
        for (const { index, keeper } of victims) {
          assert.ok(keep.includes(keeper), `seed ${seed}: ${keeper} stays`);
          assert.ok(!kept.has(first(index)), `seed ${seed}: ${index} is no name of what stays`);
        }
        for (const [index, file] of of.files.entries()) {
          const isProtected = rules.some(
            (rule) => rule.kind === 'protect' && `${file.relPath}/`.startsWith(`${rule.folder}/`),
          );
          if (isProtected) assert.ok(keep.includes(index), `seed ${seed}: ${index} is protected`);
        }
      }
    }
  });
});

type Random = (below: number) => number;

function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

function randomGroup(random: Random): DuplicateGroup {
  const files: Named[] = [];
  for (let n = 0, count = 2 + random(5); n < count; n += 1) {
    const earlier = random(3) === 0 && n > 1 ? random(n) : null;
    const sameAs = earlier === null ? null : (files[earlier]?.sameAs ?? earlier);
    files.push({
      relPath: `${['x', 'y', 'x/z'][random(3)]}/${n}.bin`,
      location: ['local', 'lake'][random(2)] ?? 'local',
      device: random(2),
      links: 1 + random(3),
      mtimeNs: BigInt(random(3)),
      sameAs,
      sidecars: random(2),
    });
  }
  return group(1 + random(9), ...files);
}

function randomRule(random: Random): DedupeRule {
  const folder = ['x', 'y', 'x/z'][random(3)] ?? 'x';
  const rules: readonly DedupeRule[] = [
    { kind: 'protect', folder },
    { kind: 'prefer', folder },
    { kind: 'shortest-path' },
    { kind: 'oldest' },
    { kind: 'newest' },
    { kind: 'has-sidecars' },
  ];
  return rules[random(rules.length)] ?? { kind: 'oldest' };
}
