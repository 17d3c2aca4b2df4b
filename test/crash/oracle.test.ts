import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Seen, SeenFile } from './disks.ts';
import { judge, kindsOfFinding, type OrderState } from './oracle.ts';

const file = (sha256: string, mtimeMs = 1_000_000): SeenFile => ({ sha256, mtimeMs, size: 1 });

const before: Seen = {
  local: new Map([
    ['w/a', file('A')],
    ['w/b', file('B')],
    ['w/stays', file('S')],
  ]),
  lake: new Map([['w/other', file('O')]]),
};

function after(change: (disks: { local: Map<string, SeenFile>; lake: Map<string, SeenFile> }) => void): Seen {
  const disks = { local: new Map(before.local), lake: new Map(before.lake) };
  change(disks);
  return disks;
}

const order = (
  verb: OrderState['order']['verb'],
  relPaths: string[],
  progress: OrderState['progress'],
): OrderState => ({
  order: { verb, relPaths },
  progress,
});

function found(seen: Seen, orders: readonly OrderState[]): readonly string[] {
  const findings = judge(before, seen, orders);
  return kindsOfFinding.flatMap((kind) => [...findings[kind]].map((place) => `${kind} ${place}`));
}

const moving = [order('move', ['w/a', 'w/b'], 'begun')];
const moved = [order('move', ['w/a', 'w/b'], 'done')];
const copied = [order('copy', ['w/a'], 'done')];

const cases: readonly (readonly [string, Seen, readonly OrderState[], readonly string[]])[] = [
  ['nothing asked, nothing changed', before, [], []],
  [
    'a move in the middle',
    after(({ local, lake }) => {
      local.delete('w/a');
      lake.set('w/a', file('A'));
      lake.set('w/b', file('B'));
    }),
    moving,
    [],
  ],
  ['a source that is gone', after(({ local }) => local.delete('w/a')), moving, ['lost local/w/a']],
  [
    'a source that is gone, half of it at the target',
    after(({ local, lake }) => {
      local.delete('w/a');
      lake.set('w/a', file('half'));
    }),
    moving,
    ['lost local/w/a', 'partial lake/w/a'],
  ],
  ['a bystander that is gone', after(({ local }) => local.delete('w/stays')), moving, ['lost local/w/stays']],
  [
    'a bystander with other bytes',
    after(({ lake }) => lake.set('w/other', file('?'))),
    moving,
    ['overwritten lake/w/other'],
  ],
  [
    'an empty file under a final name',
    after(({ lake }) => lake.set('w/a', file('half'))),
    moving,
    ['partial lake/w/a'],
  ],
  ['a forgotten file', after(({ lake }) => lake.set('w/.a.part', file('half'))), moving, ['leaked lake/w/.a.part']],
  ['a move that is done in words only', before, moved, ['undone local/w/a', 'undone local/w/b']],
  [
    'a move whose sources are still there',
    after(({ lake }) => lake.set('w/a', file('A')).set('w/b', file('B'))),
    moved,
    ['doubled local/w/a', 'doubled local/w/b'],
  ],
  ['a copy that is done in words only', before, copied, ['undone local/w/a']],
  [
    'a file that nobody asked for yet',
    after(({ lake }) => lake.set('w/a', file('A'))),
    [order('copy', ['w/a'], 'waiting')],
    ['partial lake/w/a'],
  ],
  ['a delete that is done', after(({ lake }) => lake.delete('w/other')), [order('delete', ['w/other'], 'done')], []],
  ['a delete that is done in words only', before, [order('delete', ['w/other'], 'done')], ['undone lake/w/other']],
  [
    'a delete before it was asked for',
    after(({ lake }) => lake.delete('w/other')),
    [order('delete', ['w/other'], 'waiting')],
    ['lost lake/w/other'],
  ],
  [
    'a mirror that deletes what only the target has',
    after(({ lake }) => {
      lake.delete('w/other');
      for (const [relPath, seen] of before.local) lake.set(relPath, seen);
    }),
    [{ order: { verb: 'mirror', relPaths: [], folder: 'w' }, progress: 'done' }],
    [],
  ],
];

for (const [scenario, seen, orders, expected] of cases) {
  test(`the oracle on ${scenario}`, () => assert.deepEqual(found(seen, orders), expected));
}

test('the oracle on a copy with another time', () => {
  const late = after(({ lake }) => lake.set('w/a', file('A', 9_000_000)));
  assert.match(found(late, copied).join(), /^other local\/w\/a: the copy has another time/);
});
