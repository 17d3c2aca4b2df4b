import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { DedupeRule } from '../../src/contract/dedupe.ts';
import type { Step, Task } from '../../src/contract/queue.ts';
import {
  type Choices,
  changeChoices,
  choiceInput,
  countDecisions,
  decisionOf,
  groupsShown,
  nextUndecided,
  noChoices,
} from '../../src/web/features/dedupe/choices.ts';
import { partsOfPaths } from '../../src/web/features/dedupe/common-parts.ts';
import { reportCsv } from '../../src/web/features/dedupe/dedupe-report.ts';
import { atStep, groupOf, parseDedupeSearch, searchAt, stepOf } from '../../src/web/features/dedupe/dedupe-search.ts';
import { freedBytes, toggleKept, withOtherNames } from '../../src/web/features/dedupe/group-files.ts';
import { executeLabel, flagText, sharedText } from '../../src/web/features/dedupe/plan-words.ts';
import {
  addRule,
  moveRule,
  placeAfterDrop,
  removeRule,
  ruleKey,
  ruleText,
} from '../../src/web/features/dedupe/rule-list.ts';
import { countWays } from '../../src/web/features/dedupe/run-counts.ts';
import { listNames, stageShare } from '../../src/web/features/dedupe/scan-words.ts';
import { type FolderBytes, folderTree, layOut, nodeAt } from '../../src/web/features/dedupe/treemap-layout.ts';
import { fateOf, linkingOf, verdictOf } from '../../src/web/features/dedupe/verdict.ts';

const GiB = 1024 ** 3;

interface Name {
  readonly path: string;
  readonly location?: string;
  readonly links?: number;
  /** Place of the first name of the same file. */
  readonly same?: number;
}

function groupOfNames(names: readonly Name[], size = 10) {
  const at = ({ location = 'local', path }: Name) => `${location}:${path}`;
  return {
    size,
    files: names.map((name, index) => {
      const first = name.same === undefined ? undefined : names[name.same];
      return {
        index,
        location: name.location ?? 'local',
        relPath: name.path,
        mtimeMs: 0,
        links: name.links ?? 1,
        sidecars: 0,
        ...(first ? { sameFileAs: at(first) } : {}),
      };
    }),
  };
}

const three = groupOfNames([{ path: 'a' }, { path: 'b' }, { path: 'c' }]);
const linked = groupOfNames([{ path: 'a', links: 2 }, { path: 'b', links: 2, same: 0 }, { path: 'c' }]);

describe('which files of a group stay', () => {
  it('keeps all names of a file together', () => {
    assert.deepEqual(withOtherNames(linked, [1]), [0, 1]);
    assert.deepEqual(toggleKept(linked, [2], 1), [0, 1, 2]);
    assert.deepEqual(toggleKept(linked, [0, 1, 2], 0), [2]);
  });

  it('never lets the last file go', () => {
    assert.equal(toggleKept(three, [1], 1), null);
    assert.equal(toggleKept(linked, [0, 1], 1), null);
  });

  it('keeps at least one, however one chooses', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2), { maxLength: 30 }), (presses) => {
        let keep: readonly number[] = [];
        for (const index of presses) keep = toggleKept(linked, keep, index) ?? keep;
        assert.equal(keep.length > 0, presses.length > 0);
      }),
    );
  });

  it('counts what really comes free', () => {
    assert.equal(freedBytes(three, [0]), 20);
    assert.equal(freedBytes(linked, [2]), 10, 'both names of a file go');
    assert.equal(freedBytes(linked, [0, 2]), 0, 'one name of it stays');
    const elsewhere = groupOfNames([{ path: 'a', links: 3 }, { path: 'b' }]);
    assert.equal(freedBytes(elsewhere, [1]), 0, 'names outside of the group keep the bytes');
  });
});

describe('choices', () => {
  const keep = (choices: Choices, group: number, positions: readonly number[]): Choices =>
    changeChoices(choices, { kind: 'mark', group, mark: { kind: 'keep', keep: positions } });
  const skip = (choices: Choices, group: number): Choices =>
    changeChoices(choices, { kind: 'mark', group, mark: { kind: 'skip' } });

  it('send only what was decided by hand until the rules apply', () => {
    const marked = skip(keep(noChoices, 3, [1]), 5);
    assert.deepEqual(choiceInput(marked), {
      rules: [],
      keepSelections: [
        { group: 3, keep: [1], skip: false },
        { group: 5, keep: [], skip: true },
      ],
      action: 'delete',
    });
    const applied = changeChoices(marked, { kind: 'apply', appliesToAll: true });
    assert.deepEqual(choiceInput(applied).rules, [{ kind: 'shortest-path' }]);
    assert.equal(choiceInput(applied).keepSelections.length, 2, 'own choices stay');
  });

  it('refuse to keep nothing', () => {
    assert.equal(keep(noChoices, 0, []), noChoices);
  });

  it('rules with a protected folder decide every group: else it would not hold for all', () => {
    const rules: DedupeRule[] = [{ kind: 'protect', folder: 'loras' }];
    const choices = changeChoices(noChoices, { kind: 'rules', rules });
    assert.equal(decisionOf(choices, 7), 'by-rules');
    assert.deepEqual(choiceInput(choices).rules, rules);
  });

  it('without a rule nothing applies to all', () => {
    const applied = changeChoices(noChoices, { kind: 'apply', appliesToAll: true });
    const none = changeChoices(applied, { kind: 'rules', rules: [] });
    assert.equal(decisionOf(none, 0), 'undecided');
    assert.equal(changeChoices(none, { kind: 'apply', appliesToAll: true }).appliesToAll, false);
  });

  it('count and list decisions', () => {
    const choices = skip(keep(noChoices, 1, [0]), 2);
    assert.deepEqual(countDecisions(choices, 5), { byHand: 1, byRules: 0, skipped: 1, undecided: 3 });
    assert.deepEqual(groupsShown(choices, 'undecided', 5), [0, 3, 4]);
    assert.deepEqual(groupsShown(choices, 'skipped', 5), [2]);
    assert.equal(groupsShown(choices, 'all', 5), null);
    const taken = changeChoices(choices, { kind: 'mark', group: 1, mark: null });
    assert.equal(countDecisions(taken, 5).undecided, 4);
  });

  it('go on to the next undecided group, round the end', () => {
    const choices = skip(keep(noChoices, 4, [0]), 0);
    assert.equal(nextUndecided(choices, 3, 5), 1);
    assert.equal(nextUndecided(changeChoices(choices, { kind: 'apply', appliesToAll: true }), 3, 5), null);
  });
});

describe('the verdict on a group', () => {
  const protectedRule: DedupeRule = { kind: 'protect', folder: 'safe' };
  const group = groupOfNames([{ path: 'safe/a' }, { path: 'b' }, { path: 'c' }]);

  it('is a proposal until the rules apply', () => {
    assert.equal(verdictOf(group, 0, noChoices, [1]).source, 'proposed');
    const applied = changeChoices(noChoices, { kind: 'apply', appliesToAll: true });
    assert.equal(verdictOf(group, 0, applied, [1]).source, 'rules');
    assert.equal(verdictOf(group, 0, noChoices, 'none').source, 'open');
  });

  it('keeps nothing but what is protected while the rules are asked', () => {
    const rules = changeChoices(noChoices, { kind: 'rules', rules: [protectedRule] });
    const verdict = verdictOf(group, 0, rules, 'asked');
    assert.deepEqual([verdict.source, verdict.keep], ['asked', [0]]);
    assert.deepEqual([fateOf(verdict, 0), fateOf(verdict, 1)], ['stays', 'open']);
  });

  it('adds what is protected to what one chose', () => {
    const rules = changeChoices(noChoices, { kind: 'rules', rules: [protectedRule] });
    const marked = changeChoices(rules, { kind: 'mark', group: 0, mark: { kind: 'keep', keep: [2] } });
    const verdict = verdictOf(group, 0, marked, 'none');
    assert.deepEqual(verdict.keep, [0, 2]);
    assert.equal(fateOf(verdict, 0), 'stays');
    assert.equal(fateOf(verdict, 1), 'goes');
  });

  it('does not promise links that cannot be', () => {
    const apart = groupOfNames([{ path: 'a' }, { path: 'b' }, { path: 'c', location: 'lake' }]);
    const verdict = verdictOf(apart, 0, noChoices, [0]);
    assert.equal(linkingOf(apart, verdict, 1, 'symlink'), 'yes');
    assert.equal(linkingOf(apart, verdict, 2, 'symlink'), 'never');
    assert.equal(linkingOf(apart, verdict, 2, 'hardlink'), 'same-drive');
    assert.equal(linkingOf(apart, verdict, 2, 'delete'), 'yes');
  });

  it('lets everything stay in a skipped group', () => {
    const skipped = changeChoices(noChoices, { kind: 'mark', group: 0, mark: { kind: 'skip' } });
    assert.deepEqual(verdictOf(group, 0, skipped, [0]).keep, [0, 1, 2]);
  });
});

describe('the list of rules', () => {
  const nameOf = (id: string): string => (id === 'lake' ? 'Lake' : 'Local');
  const rules: readonly DedupeRule[] = [{ kind: 'oldest' }, { kind: 'newest' }, { kind: 'shortest-path' }];
  const kinds = (list: readonly DedupeRule[]): string => list.map(({ kind }) => kind).join(' ');

  it('puts protection first, a folder before what says less, the rest at the end', () => {
    const protectedFirst = addRule(rules, { kind: 'protect', folder: 'x' });
    assert.equal(kinds(protectedFirst), 'protect oldest newest shortest-path');
    assert.equal(
      kinds(addRule(protectedFirst, { kind: 'prefer', folder: 'y' })),
      'protect prefer oldest newest shortest-path',
    );
    assert.equal(kinds(addRule(rules, { kind: 'has-sidecars' })), 'oldest newest shortest-path has-sidecars');
  });

  it('does not hold a rule twice; folders of two locations are two rules', () => {
    const once = addRule([], { kind: 'prefer', folder: 'y' });
    assert.equal(addRule(once, { kind: 'prefer', folder: 'y' }), once);
    assert.equal(addRule(once, { kind: 'prefer', folder: 'y', location: 'lake' }).length, 2);
  });

  it('moves within its bounds and loses nothing', () => {
    assert.equal(kinds(moveRule(rules, 'shortest-path', 0)), 'shortest-path oldest newest');
    assert.equal(moveRule(rules, 'oldest', -1), rules);
    assert.equal(moveRule(rules, 'no such rule', 1), rules);
    fc.assert(
      fc.property(fc.nat(2), fc.integer({ min: -5, max: 8 }), (from, to) => {
        const moved = moveRule(rules, ruleKey(rules[from]!), to);
        assert.deepEqual([...moved].map(ruleKey).sort(), rules.map(ruleKey).sort());
      }),
    );
  });

  it('drops a dragged rule into the gap that is shown', () => {
    for (const [from, gap, result] of [
      [0, 2, 'newest oldest shortest-path'],
      [0, 1, 'oldest newest shortest-path'],
      [2, 0, 'shortest-path oldest newest'],
      [0, 3, 'newest shortest-path oldest'],
    ] as const) {
      assert.equal(kinds(moveRule(rules, ruleKey(rules[from]!), placeAfterDrop(from, gap))), result);
    }
  });

  it('says what it does', () => {
    assert.equal(
      ruleText({ kind: 'prefer', folder: 'loras/flux', location: 'lake' }, nameOf),
      'Prefer loras/flux on Lake',
    );
    assert.equal(ruleText({ kind: 'protect', folder: '', location: 'local' }, nameOf), 'Protect all of Local');
    assert.equal(ruleText({ kind: 'prefer', folder: 'vae' }, nameOf), 'Prefer vae');
    assert.equal(kinds(removeRule(rules, 'newest')), 'oldest shortest-path');
  });
});

describe('paths side by side', () => {
  const shown = (paths: readonly string[]): readonly string[] =>
    partsOfPaths(paths).map(({ head, own, tail }) => `${head}|${own}|${tail}`);

  it('tell what they share from what is their own', () => {
    assert.deepEqual(shown(['loras/a/x.pt', 'loras/b/c/x.pt']), ['loras/|a|/x.pt', 'loras/|b/c|/x.pt']);
    assert.deepEqual(shown(['x.pt', 'old/x.pt']), ['|x.pt|', '|old/x.pt|']);
    assert.deepEqual(shown(['a/x.pt', 'a/x.pt']), ['a/|x.pt|', 'a/|x.pt|']);
  });

  it('lose nothing, and leave each something of its own', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 5 }), (paths) => {
        partsOfPaths(paths).forEach(({ head, own, tail }, k) => {
          assert.equal(head + own + tail, paths[k]);
          assert.notEqual(own, '');
        });
      }),
    );
  });
});

describe('the map of folders', () => {
  const folders: readonly FolderBytes[] = [
    { location: 'local', folder: 'loras/flux', files: 3, bytes: 60 },
    { location: 'local', folder: 'loras', files: 1, bytes: 10 },
    { location: 'local', folder: 'backup/old/vae', files: 2, bytes: 30 },
    { location: 'lake', folder: '', files: 1, bytes: 25 },
  ];

  it('adds folders up, and joins those that hold nothing but another', () => {
    const tree = folderTree(folders);
    assert.equal(tree.bytes, 125);
    const local = nodeAt(tree, ['local']);
    assert.deepEqual(
      local.children.map(({ name, bytes }) => [name, bytes]),
      [
        ['loras', 70],
        ['backup/old/vae', 30],
      ],
    );
    assert.deepEqual(
      nodeAt(tree, ['local', 'loras']).children.map(({ name }) => name),
      ['flux', 'directly here'],
    );
    assert.deepEqual(nodeAt(tree, ['lake', 'gone']).path, ['lake']);
  });

  it('gives areas like the bytes, inside of the frame, without overlaps', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sizes, (list) => {
        const tree = folderTree(list.map((bytes, k) => ({ location: 'local', folder: `f${k}`, files: 1, bytes })));
        const tiles = layOut(nodeAt(tree, ['local']), 900, 320).filter(({ depth }) => depth === 1);
        assert.equal(tiles.length, list.length);
        for (const { left, top, width, height } of tiles) {
          assert.ok(left >= 0 && top >= 0 && left + width <= 900 && top + height <= 320);
        }
        for (const [k, one] of tiles.entries()) {
          for (const other of tiles.slice(k + 1)) {
            const isApart =
              one.left + one.width <= other.left ||
              other.left + other.width <= one.left ||
              one.top + one.height <= other.top ||
              other.top + other.height <= one.top;
            assert.ok(isApart || one.width * one.height * other.width * other.height === 0);
          }
        }
      }),
    );
  });

  it('shows nothing where there is no room', () => {
    assert.deepEqual(layOut(folderTree(folders), 0, 320), []);
    assert.deepEqual(layOut(folderTree([]), 100, 100), []);
  });
});

describe('the address', () => {
  it('survives what people type into it', () => {
    assert.deepEqual(parseDedupeSearch({ scan: 'abcd1234', group: '3', step: 'review', x: 1 }), {
      scan: 'abcd1234',
      group: '3',
      step: 'review',
    });
    assert.deepEqual(parseDedupeSearch({ scan: '../../etc' }), {});
    assert.equal(stepOf({ step: 'nonsense' }), 'groups');
    assert.equal(groupOf({ group: '99' }, 10), 9);
    assert.equal(groupOf({ group: 'x' }, 10), 0);
    assert.equal(groupOf(searchAt('abcd1234', 4), 10), 4);
    assert.deepEqual(atStep({ scan: 'abcd1234', step: 'review', group: '2' }, 'groups'), {
      scan: 'abcd1234',
      group: '2',
    });
  });
});

describe('the words', () => {
  const plan = {
    scanId: 'abcd1234',
    action: 'delete' as const,
    groups: 980,
    total: { files: 1204, bytes: 213 * GiB },
    reclaimedBytes: 212.4 * GiB,
    byLocation: [],
    byFolder: [],
    untouched: 0,
    problems: [],
    unknownFolders: [],
  };

  it('say how many files, that it is for good, and what comes free', () => {
    assert.equal(executeLabel(plan), 'Delete 1,204 files for good, 212 GiB freed');
    assert.equal(executeLabel({ ...plan, action: 'hardlink' }), 'Hard-link 1,204 files, 212 GiB freed');
    assert.match(sharedText(plan) ?? '', /614 MiB of that stays in use/);
    assert.equal(sharedText({ ...plan, reclaimedBytes: plan.total.bytes }), null);
    assert.match(flagText(['Lake']), /\(Lake\)/);
    assert.equal(listNames(['Local', 'Lake', 'Archive']), 'Local, Lake and Archive');
  });

  it('go by bytes where there are any, and know when the end is not known', () => {
    const scan = { filesDone: 5, filesTotal: 10, bytesDone: 1, bytesTotal: 4 } as Parameters<typeof stageShare>[0];
    assert.equal(stageShare(scan), 0.25);
    assert.equal(stageShare({ ...scan, bytesTotal: 0 }), 0.5);
    assert.equal(stageShare({ ...scan, bytesTotal: 0, filesTotal: 0 }), undefined);
  });
});

describe('the report', () => {
  const step: Step = {
    n: 0,
    bucket: 'delete',
    state: 'done',
    relPath: 'loras/a, "b".pt',
    toRelPath: null,
    from: 'lake',
    size: 12,
    code: null,
    message: null,
    way: 'deleted',
    keeper: { location: 'local', relPath: 'a.pt' },
    blake3: 'ab',
    freedBytes: 12,
    endedMs: 0,
  };
  const task = { src: 'local' } as Task;

  it('is one line a file, and no spreadsheet runs what is in a name', () => {
    const [head, first, second] = reportCsv(task, [step, { ...step, relPath: '=1+1', from: null }]).split('\r\n');
    assert.equal(head, 'state,location,relPath,size,blake3,keeper,way,freedBytes,endedAt,code,message');
    assert.equal(first, 'done,lake,"loras/a, ""b"".pt",12,ab,local:a.pt,deleted,12,1970-01-01T00:00:00.000Z,,');
    assert.equal(second, "done,local,'=1+1,12,ab,local:a.pt,deleted,12,1970-01-01T00:00:00.000Z,,");
  });

  it('counts what became of the files', () => {
    const states = [
      step,
      { ...step, way: 'hardlink' },
      { ...step, state: 'skipped' as const },
      { ...step, state: 'failed' as const },
    ];
    assert.deepEqual(countWays(states), { deleted: 1, replaced: 1, skipped: 1, failed: 1 });
  });
});
