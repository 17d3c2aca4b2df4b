import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DedupeRule } from '../../src/contract/dedupe.ts';
import { checkSelections } from '../../src/core/dedupe/check-selections.ts';
import { chooseKeepers, type KeeperChoice, type KeepSelection } from '../../src/core/dedupe/choose-keepers.ts';
import type { DuplicateGroup } from '../../src/core/dedupe/duplicate-group.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { ChangingFileSystem } from '../../src/core/ports/changing-file-system.ts';
import type { DedupeAction } from '../../src/core/ports/transfer-files.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { type Chance, makeChance } from '../crash/chance.ts';
import {
  finalFiles,
  forge,
  type Meddling,
  makeLibrary,
  meddleBefore,
  meddleDuring,
  quietly,
  roots,
  withAliases,
} from '../support/adversary.ts';
import { AliasedFileSystem } from '../support/aliased-file-system.ts';
import { duplicatesIn, filesBelow } from '../support/duplicate-library.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { createTestQueue, type TestQueue, turns } from '../support/queue.ts';
import { runs } from '../support/runs.ts';
import { bytesOf, digestOf, isPart } from '../support/transfer-lab.ts';

/**
 * RUNS=10000 tries 10,000 selections, in slices that can run side by side; usually it is fewer. Each follows from its
 * number alone, so that one which fails can be tried again: `SELECTION=4711`.
 */
const selections = runs(400);
const slices = 4;
const only = process.env.SELECTION === undefined ? null : Number(process.env.SELECTION);

const actions: readonly DedupeAction[] = ['delete', 'delete', 'delete', 'hardlink', 'reflink', 'symlink'];
const drives = Object.values(roots);
const errors = ['EIO', 'EACCES', 'ENOSPC', 'ESTALE', 'ENOENT', 'EBUSY', 'EROFS', 'EEXIST'];

/** Calls of the queue, as numbers; what happens at one of them. */
type Accident = 'none' | 'meddling' | 'error' | 'error after it was done' | 'kill' | 'power cut' | 'unmount';

function chosen(chance: Chance, groups: readonly DuplicateGroup[]): KeeperChoice[] {
  const rules: DedupeRule[] = chance.pick<DedupeRule[]>([
    [{ kind: 'shortest-path' }],
    [{ kind: 'oldest' }],
    [{ kind: 'protect', folder: 'kept' }, { kind: 'newest' }],
    [{ kind: 'prefer', folder: 'loras' }],
    [],
  ]);
  const picked = groups.flatMap((group, number): KeepSelection[] => {
    if (chance.next() < 0.5) return [];
    return [{ group: number, keep: [chance.whole(0, group.files.length - 1)], skip: chance.next() < 0.1 }];
  });
  const forged = { group: chance.whole(0, 9), keep: [chance.whole(0, 9)], skip: false };
  const sent = chance.next() < 0.1 ? [...picked, forged] : picked;
  checkSelections(groups, sent);
  return chooseKeepers(groups, rules, sent);
}

interface Seen {
  /** Content by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly freeBytes: number;
}

function look(memory: MemoryFileSystem): Seen {
  const files = new Map(finalFiles(memory).map((path) => [path, digestOf(bytesOf(memory, path))]));
  const freeBytes = drives.reduce((sum, root) => sum + (memory.volume(root).freeBytes ?? 0), 0);
  return { files, freeBytes };
}

/** One selection, from the library to the judgement. Returns what it came to, for the statistics. */
async function tryOne(number: number): Promise<string> {
  const chance = makeChance(number);
  const memory = makeLibrary(chance);
  const world: Meddling = { chance, memory, log: [`selection ${number}`], hidden: new Set() };
  const faulty = new FaultyFileSystem(memory, { onCall: () => onCall() });
  let onCall = (): void => {};
  const alias = chance.next() < 0.2 ? { from: `${chance.pick(drives)}/kept`, to: '' } : null;
  const twin = alias && { ...alias, to: alias.from.replace('/kept', '/twin') };
  const fs: ChangingFileSystem = twin
    ? new AliasedFileSystem(faulty, twin.to, twin.from, { liesAboutIds: true, remembers: chance.next() < 0.5 })
    : faulty;
  const found = duplicatesIn(memory, roots);
  const groups = twin ? withAliases(chance, found, twin) : found;
  const journal = createMemoryJournal();
  let queue = await createTestQueue({ fs, roots, journal, retryCount: 1, deletable: [] });
  let choices: KeeperChoice[];
  try {
    choices = chosen(chance, groups);
  } catch (thrown) {
    assert.ok(thrown instanceof AppError && thrown.code === 'INVALID_INPUT', String(thrown));
    return 'refused';
  }
  const isForged = chance.next() < 0.15;
  if (isForged) choices = forge(chance, groups, choices);
  const action = chance.pick(actions);
  for (let k = chance.whole(0, 3); k > 0; k -= 1) meddleBefore(world);
  const before = look(memory);
  const paranoid = chance.next() < 0.2;
  let id: string;
  await queue.api.pauseQueue({});
  try {
    id = (await queue.dedupe({ plan: { scanId: 'scan0001', action }, groups, choices, paranoid })).id;
  } catch (thrown) {
    assert.ok(thrown instanceof AppError && thrown.code === 'INVALID_INPUT', String(thrown));
    return 'refused';
  }
  const accident = accidentOf(chance, world, faulty);
  onCall = accident.onCall;
  await queue.api.resumeQueue({});
  for (let tries = 0; tries < 30 && !queue.queue.require(id).hasEnded; tries += 1) {
    await turns(30);
    if (accident.isKilled()) {
      accident.recover();
      queue = await createTestQueue({ fs, roots, journal, retryCount: 1, deletable: [] });
      continue;
    }
    accident.recover();
    if (queue.queue.require(id).hasEnded) break;
    for (const slot of queue.registry.list()) await queue.registry.look(slot);
    await queue.pass(130_000);
  }
  accident.recover();
  return judge({ queue, id, before, world, action, kind: accident.kind, twin });
}

/** Something goes wrong at one call, or at several. */
function accidentOf(chance: Chance, world: Meddling, faulty: FaultyFileSystem) {
  const kinds: readonly Accident[] = [
    ...(['none', 'none', 'meddling', 'meddling', 'error', 'error after it was done', 'kill', 'power cut'] as const),
    'unmount',
  ];
  const kind = chance.pick(kinds);
  const at = chance.whole(1, 90);
  const seed = chance.whole(0, 1_000);
  const root = chance.pick(drives);
  world.log.push(`${kind} at call ${at}`);
  let calls = 0;
  let isCut = kind === 'power cut';
  let isAway = false;
  if (kind === 'kill' || kind === 'power cut')
    faulty.setFaults([{ nth: at, fail: 'hang', isDone: chance.next() < 0.5 }]);
  if (kind === 'error') faulty.setFaults([{ nth: at, fail: chance.pick(errors) }]);
  if (kind === 'error after it was done') faulty.setFaults([{ nth: at, fail: chance.pick(errors), isDone: true }]);
  return {
    kind,
    isKilled: () => (kind === 'kill' || kind === 'power cut') && calls >= at,
    onCall(): void {
      calls += 1;
      if (kind === 'meddling' && calls >= at && calls < at + 3) meddleDuring(world);
      if (kind !== 'unmount' || calls !== at) return;
      world.memory.unmount(root);
      isAway = true;
    },
    /** The drive is back, the machine has power again. */
    recover(): void {
      faulty.setFaults([]);
      if (isAway) world.memory.remount(root);
      isAway = false;
      if (isCut && calls >= at) world.memory.powerCut(seed);
      // Without the fault it goes on, and the power stays.
      isCut = false;
    },
  };
}

interface Case {
  readonly queue: TestQueue;
  readonly id: string;
  readonly before: Seen;
  readonly world: Meddling;
  readonly action: DedupeAction;
  readonly kind: Accident;
  readonly twin: { readonly from: string; readonly to: string } | null;
}

async function judge({ queue, id, before, world, action, kind, twin }: Case): Promise<string> {
  const { memory, hidden, log } = world;
  const what = [...log, action].join('\n');
  for (const path of [...finalFiles(memory), ...hidden]) quietly(() => memory.setReadable(path, true));
  const after = look(memory);
  const task = queue.queue.require(id).describe();
  assert.ok(queue.queue.require(id).hasEnded, `${what}\nended: ${JSON.stringify(task)}`);
  const left = new Set(after.files.values());
  for (const [path, content] of before.files) assert.ok(left.has(content), `${what}\nthe content of ${path} is gone`);
  const parts = drives.flatMap((root) => filesBelow(memory, root)).filter(isPart);
  assert.deepEqual(parts, [], what);
  const { steps } = await queue.api.taskSteps({ id, fromN: 0, limit: 1000 });
  const pathOf = ({ from, relPath }: (typeof steps)[number]): string => {
    const path = `/${from ?? task.src}/${relPath}`;
    return twin ? path.replace(`${twin.to}/`, `${twin.from}/`) : path;
  };
  if (kind !== 'meddling') {
    const going = new Set(steps.map(pathOf));
    for (const [path, content] of before.files) {
      if (!going.has(path)) assert.equal(after.files.get(path), content, `${what}\n${path} was none of the victims`);
    }
  }
  // In memory a clone takes as much as a copy.
  if (action !== 'reflink' && !isUnsure(kind, log)) {
    const tooMuch = task.reclaimedBytes - (after.freeBytes - before.freeBytes);
    // Interrupted between the two names of one file, nobody knows by which of them it went; it must be said then.
    const isTold = twin !== null && wasInterrupted(kind) && task.reclaimedIsEstimate === true;
    const twice = isTold ? steps.filter((step) => isBelow(twin, step.from ?? task.src, step.relPath)) : [];
    const most = twice.reduce((sum, { freedBytes }) => sum + (freedBytes ?? 0), 0) / 2;
    assert.ok(tooMuch >= 0 && tooMuch <= most, `${what}\nreclaimed ${tooMuch} too much`);
  }
  return task.done.files > 0 ? 'freed' : 'left alone';
}

/**
 * Where a batch was interrupted, nobody knows of a file that is gone whether it went by the program's own hand; it tells
 * what the plan said. That is right unless others removed files meanwhile, or a drive came back with other file ids.
 */
function isUnsure(kind: Accident, log: readonly string[]): boolean {
  const isDisturbed = log.some((line) => /removed|renamed|link|one more name|replaced/.test(line));
  return kind === 'unmount' || (wasInterrupted(kind) && isDisturbed);
}

function wasInterrupted(kind: Accident): boolean {
  return kind !== 'none' && kind !== 'meddling';
}

type Twin = NonNullable<Case['twin']>;

/** Under either name of the folder that has two. */
function isBelow({ from, to }: Twin, location: string | null, relPath: string): boolean {
  return [from, to].some((folder) => `/${location}/${relPath}`.startsWith(`${folder}/`));
}

describe('adversarial selections', () => {
  if (only !== null) {
    test(`selection ${only}`, async () => void (await tryOne(only)));
    return;
  }
  for (let slice = 0; slice < slices; slice += 1) {
    test(`slice ${slice + 1} of ${slices}: no content is lost, what is told to be free is free`, async (t) => {
      const ends = new Map<string, number>();
      for (let number = slice; number < selections; number += slices) {
        const end = await tryOne(number);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
      t.diagnostic([...ends].map(([end, count]) => `${count} ${end}`).join(', '));
      assert.ok((ends.get('freed') ?? 0) > selections / slices / 8, 'most selections have something to do');
    });
  }
});
