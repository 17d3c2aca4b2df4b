import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TransferOrder } from '../../src/core/ports/transfer-files.ts';
import { type Fault, FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import {
  again,
  codeOf,
  contentsOf,
  copyOf,
  createLab,
  deleteOf,
  inLake,
  inLocal,
  isPart,
  lakeRoot,
  localRoot,
  type Outcome,
  restoreOf,
  run,
  stagedPath,
  stageIn,
} from '../support/transfer-lab.ts';

const errnos = [
  'EIO',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EBUSY',
  'EMFILE',
  'ENAMETOOLONG',
  'ESTALE',
  'ENOTCONN',
  'ETIMEDOUT',
] as const;

interface Scene {
  readonly memory: MemoryFileSystem;
  readonly orders: readonly TransferOrder[];
  /** Most orders that share their waits. */
  readonly together?: number;
}

interface Scenario {
  readonly title: string;
  readonly create: () => Scene;
  /** What both locations hold in the end, when nothing went wrong. */
  readonly end: (before: Disk) => { readonly local: readonly string[]; readonly lake: readonly string[] };
}

/** Both locations: relPath → content. */
interface Disk {
  readonly local: ReadonlyMap<string, string>;
  readonly lake: ReadonlyMap<string, string>;
}

const diskOf = (memory: MemoryFileSystem): Disk => ({
  local: contentsOf(memory, localRoot),
  lake: contentsOf(memory, lakeRoot),
});

function filled(local: MemoryVolumeOptions = {}, lake: MemoryVolumeOptions = local): MemoryFileSystem {
  const { memory } = createLab({ local, lake });
  for (const name of ['a', 'b', 'c']) memory.file(`${localRoot}/loras/${name}.bin`, { size: 1_500, content: name });
  memory.file(`${localRoot}/big.bin`, { size: 5 * 1_000 });
  memory.file(`${lakeRoot}/old.bin`, { size: 700 });
  return memory;
}

const copies = (memory: MemoryFileSystem, options = {}): TransferOrder[] =>
  ['loras/a.bin', 'loras/b.bin', 'big.bin'].map((relPath) => copyOf(memory, relPath, options));

const all = ['big.bin', 'loras/a.bin', 'loras/b.bin', 'loras/c.bin'];
const copied = { local: all, lake: ['big.bin', 'loras/a.bin', 'loras/b.bin', 'old.bin'] };

const scenarios: readonly Scenario[] = [
  {
    title: 'copies',
    create() {
      const memory = filled();
      return { memory, orders: copies(memory) };
    },
    end: () => copied,
  },
  {
    title: 'copies of which one is written while the drive stores those before',
    create() {
      const memory = filled();
      return { memory, orders: copies(memory), together: 1 };
    },
    end: () => copied,
  },
  {
    title: 'copies that are read back',
    create() {
      const memory = filled();
      return { memory, orders: copies(memory, { verify: 'readback' }) };
    },
    end: () => copied,
  },
  {
    title: 'copies to a drive without hard links',
    create() {
      const memory = filled({}, { hardLinks: false, timeGranularityNs: 2_000_000_000n, caseSensitive: false });
      return { memory, orders: copies(memory) };
    },
    end: () => copied,
  },
  {
    title: 'clones',
    create() {
      const { memory } = createLab({ together: true, local: { reflink: true } });
      memory.file(`${localRoot}/loras/a.bin`, { size: 1_500 });
      memory.file(`${localRoot}/b.bin`, { size: 0 });
      return { memory, orders: [copyOf(memory, 'loras/a.bin'), copyOf(memory, 'b.bin')] };
    },
    end: () => ({ local: ['b.bin', 'loras/a.bin'], lake: ['b.bin', 'loras/a.bin'] }),
  },
  {
    title: 'a copy that goes on',
    create() {
      const memory = filled();
      const [order] = copies(memory);
      const part = `${lakeRoot}/loras/.a.bin.task1234.part`;
      memory.file(part, { size: 1_200, content: 'a' });
      return { memory, orders: order ? [again(order)] : [] };
    },
    end: () => ({ local: all, lake: ['loras/a.bin', 'old.bin'] }),
  },
  {
    title: 'a copy that was done',
    create() {
      const memory = filled();
      memory.file(`${lakeRoot}/loras/a.bin`, { size: 1_500, content: 'a' });
      memory.hardLink(`${lakeRoot}/loras/.a.bin.task1234.part`, `${lakeRoot}/loras/a.bin`);
      return { memory, orders: copies(memory).slice(0, 1).map(again) };
    },
    end: () => ({ local: all, lake: ['loras/a.bin', 'old.bin'] }),
  },
  {
    title: 'deletes',
    create() {
      const memory = filled();
      return { memory, orders: ['loras/a.bin', 'loras/b.bin'].map((relPath) => deleteOf(memory, relPath)) };
    },
    end: () => ({ local: ['big.bin', 'loras/c.bin'], lake: ['old.bin'] }),
  },
  ...[true, false].map(
    (hardLinks): Scenario => ({
      title: `staged deletes on a drive with${hardLinks ? '' : 'out'} hard links`,
      create() {
        const memory = filled({ hardLinks });
        const orders = ['a', 'b'].map((name) => deleteOf(memory, `loras/${name}.bin`, { stage: stageIn(name) }));
        return { memory, orders };
      },
      end: () => ({ local: [stagedPath('a'), stagedPath('b'), 'big.bin', 'loras/c.bin'], lake: ['old.bin'] }),
    }),
  ),
  ...[true, false].map(
    (hardLinks): Scenario => ({
      title: `restores on a drive with${hardLinks ? '' : 'out'} hard links`,
      create() {
        const memory = filled({ hardLinks });
        run(
          memory,
          ['a', 'b'].map((name) => deleteOf(memory, `loras/${name}.bin`, { stage: stageIn(name) })),
        );
        memory.remove(`${localRoot}/loras`);
        return { memory, orders: ['a', 'b'].map((name) => restoreOf(memory, stagedPath(name), `loras/${name}.bin`)) };
      },
      end: () => ({ local: ['big.bin', 'loras/a.bin', 'loras/b.bin'], lake: ['old.bin'] }),
    }),
  ),
  {
    title: 'tidying',
    create() {
      const memory = filled();
      run(memory, [deleteOf(memory, 'loras/a.bin', { stage: stageIn('a') })]);
      memory.file(`${lakeRoot}/.old.bin.task1234.part`, { size: 10 });
      memory.folder(`${lakeRoot}/empty`);
      const orders: TransferOrder[] = [
        { op: 'tidy', n: 1, at: inLocal('.weightroom-undo/task1234'), what: { kind: 'staged' } },
        { op: 'tidy', n: 2, at: inLake('old.bin'), what: { kind: 'part', tag: 'task1234' } },
        { op: 'tidy', n: 3, at: inLake('empty'), what: { kind: 'empty-folder' } },
      ];
      return { memory, orders };
    },
    end: () => ({ local: ['big.bin', 'loras/b.bin', 'loras/c.bin'], lake: ['old.bin'] }),
  },
];

const isOurs = (relPath: string): boolean => isPart(relPath) || relPath.startsWith('.weightroom-undo/');

/**
 * What holds at any moment, whatever went wrong: contents are somewhere unless their deletion was asked for; under final
 * names lies what belongs there; what was there and is no part of an order is untouched.
 */
function requireSafe(before: Disk, now: Disk, { orders }: Scene, what: string): void {
  const contents = new Set([...now.local.values(), ...now.lake.values()]);
  const deleted = new Set(orders.flatMap((order) => (order.op === 'delete' && !order.stage ? [order.at.relPath] : [])));
  const mayGo = (relPath: string): boolean =>
    deleted.has(relPath) || (isOurs(relPath) && hasTidy(orders)) || isPart(relPath);
  for (const side of ['local', 'lake'] as const) {
    for (const [relPath, content] of before[side]) {
      if (!mayGo(relPath)) assert.ok(contents.has(content), `the content of ${side} ${relPath} is lost: ${what}`);
    }
    const known = new Set([...before.local.values(), ...before.lake.values()]);
    for (const [relPath, content] of now[side]) {
      if (isPart(relPath) || (isOurs(relPath) && content === empty)) continue;
      assert.ok(
        known.has(content) || isPlaceholder(relPath, content, now[side]),
        `${side} ${relPath} is partial: ${what}`,
      );
    }
  }
  assert.equal(now.lake.get('old.bin'), before.lake.get('old.bin'), what);
  assert.equal(now.local.get('loras/c.bin'), before.local.get('loras/c.bin'), what);
}

const hasTidy = (orders: readonly TransferOrder[]): boolean => orders.some(({ op }) => op === 'tidy');
const empty = 'e3b0c44298fc1c14';

/** Only while the file that belongs there waits beside it, or in the staging folder. */
function isPlaceholder(relPath: string, content: string, side: ReadonlyMap<string, string>): boolean {
  if (content !== empty) return false;
  const name = relPath.slice(relPath.lastIndexOf('/') + 1);
  return [...side.keys()].some((path) => isOurs(path) && path.includes(name.replace('.bin', '')));
}

function requireEnd({ end }: Scenario, before: Disk, now: Disk, what: string): void {
  const { local, lake } = end(before);
  assert.deepEqual([...now.local.keys()].sort(), [...local].sort(), what);
  assert.deepEqual([...now.lake.keys()].sort(), [...lake].sort(), what);
}

/** What the queue does next: everything that has no good end is tried again. */
function retry(memory: MemoryFileSystem, { orders }: Scene, { ends }: Outcome): Outcome {
  const failed = orders.filter(({ n }) => !isGood(ends.get(n)));
  return run(memory, failed.map(again));
}

const isGood = (end: string | undefined): boolean => end !== undefined && end === end.toLowerCase();

/** Reports that say "done" are true. */
function requireTrue({ ends }: Outcome, { orders }: Scene, now: Disk, what: string): void {
  for (const order of orders) {
    if (!isGood(ends.get(order.n))) continue;
    if (order.op === 'copy') assert.equal(now.lake.get(order.to.relPath), now.local.get(order.from.relPath), what);
    if (order.op === 'delete') assert.equal(now.local.has(order.at.relPath), false, what);
    if (order.op === 'restore') assert.equal(now.local.has(order.to.relPath), true, what);
  }
}

function callsOf(scenario: Scenario): number {
  const { memory, orders, ...options } = scenario.create();
  const faulty = new FaultyFileSystem(memory);
  const { thrown } = run(faulty, orders, options);
  assert.equal(thrown, null);
  return faulty.calls;
}

function tryWith(scenario: Scenario, fault: Fault, what: string): void {
  const scene = scenario.create();
  const before = diskOf(scene.memory);
  const faulty = new FaultyFileSystem(scene.memory, { faults: [fault] });
  const outcome = run(faulty, scene.orders, scene);
  if (outcome.thrown !== null) assert.equal(codeOf(outcome.thrown), 'LOCATION_OFFLINE', what);
  for (const report of outcome.reports) {
    if (report.type !== 'failed') continue;
    assert.match(report.message, /^[“T].*\.$/, what);
    assert.ok(['local', 'lake'].includes(report.location), what);
  }
  const now = diskOf(scene.memory);
  requireSafe(before, now, scene, what);
  requireTrue(outcome, scene, now, what);
  const second = retry(scene.memory, scene, outcome);
  assert.equal(second.thrown, null, what);
  requireEnd(scenario, before, diskOf(scene.memory), what);
}

for (const scenario of scenarios) {
  describe(`${scenario.title}, while one call fails`, () => {
    test('nothing fails: the scenario ends as it should', () => {
      const scene = scenario.create();
      const before = diskOf(scene.memory);
      assert.equal(run(scene.memory, scene.orders, scene).thrown, null);
      requireEnd(scenario, before, diskOf(scene.memory), 'no fault');
    });

    for (const fail of errnos) {
      test(`${fail} at any one call, before or after its effect: nothing is lost, and a second try finishes`, () => {
        const calls = callsOf(scenario);
        for (let nth = 1; nth <= calls; nth += 1) {
          for (const isDone of [false, true]) {
            tryWith(scenario, { nth, fail, isDone }, `${fail} ${isDone ? 'after' : 'at'} call ${nth} of ${calls}`);
          }
        }
      });
    }

    test('every call fails from some point on: nothing is lost, and a second try finishes', () => {
      const calls = callsOf(scenario);
      for (const fail of ['EIO', 'ESTALE', 'EROFS']) {
        for (let from = 1; from <= calls; from += 1) {
          let seen = 0;
          const isLate = (): boolean => {
            seen += 1;
            return seen >= from;
          };
          tryWith(scenario, { path: isLate, fail }, `${fail} from call ${from} of ${calls} on`);
        }
      }
    });

    test('the power goes at any call: nothing is lost, and a second try finishes', () => {
      const calls = callsOf(scenario);
      for (let cutAt = 1; cutAt <= calls; cutAt += 1) {
        for (let seed = 0; seed < 8; seed += 1) cutPowerAt(scenario, cutAt, seed);
      }
    });

    test('the program is killed at any call: a second try finishes', () => {
      const calls = callsOf(scenario);
      for (let cutAt = 1; cutAt <= calls; cutAt += 1) cutPowerAt(scenario, cutAt, null);
    });
  });
}

/** `seed` null: the program is killed, the machine goes on. */
function cutPowerAt(scenario: Scenario, cutAt: number, seed: number | null): void {
  const scene = scenario.create();
  const before = diskOf(scene.memory);
  const gone = new Error('gone');
  const faulty = new FaultyFileSystem(scene.memory, {
    onCall: ({ number }) => {
      if (number >= cutAt) throw gone;
    },
  });
  const outcome = run(faulty, scene.orders, scene);
  assert.equal(outcome.thrown, gone);
  const what = seed === null ? `killed at call ${cutAt}` : `power cut ${seed} at call ${cutAt}`;
  if (seed !== null) scene.memory.powerCut(seed);
  const now = diskOf(scene.memory);
  requireSafe(before, now, scene, what);
  requireTrue(outcome, scene, now, what);
  assert.equal(retry(scene.memory, scene, outcome).thrown, null, what);
  if (seed !== null) scene.memory.powerCut(seed);
  requireEnd(scenario, before, diskOf(scene.memory), what);
}
