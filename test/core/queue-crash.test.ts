import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { Journal } from '../../src/core/ports/journal.ts';
import { FaultyFileSystem, HangingCall } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import type { MemoryVolumeOptions } from '../../src/platform/memory/memory-volume.ts';
import { pathsOf } from '../support/index-facts.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { copyDefaults, createTestQueue, mirrorAll, type TestQueue, turns } from '../support/queue.ts';
import { contentsOf } from '../support/transfer-lab.ts';

const wish = { ...copyDefaults, srcSide: 'local', srcRelPath: 'loras', dstSide: 'lake' };

interface Scenario {
  readonly title: string;
  readonly undo?: readonly string[];
  readonly lake?: MemoryVolumeOptions;
  /** Asks for the task; what it returns is acknowledged. */
  readonly ask: (queue: TestQueue) => Promise<unknown>;
  /** Done before the trouble begins. */
  readonly prepare?: (queue: TestQueue) => Promise<unknown>;
}

const deleteAll = async (queue: TestQueue): Promise<void> => {
  const { task } = await queue.api.queueDelete({ side: 'lake', relPath: 'extra', sidecars: false });
  await queue.ended(task);
};

const scenarios: readonly Scenario[] = [
  { title: 'copy', ask: (queue) => queue.api.queueCopy(wish) },
  {
    title: 'copy to a drive without hard links',
    lake: { hardLinks: false },
    ask: (queue) => queue.api.queueCopy(wish),
  },
  { title: 'move', ask: (queue) => queue.api.queueMove(wish) },
  { title: 'delete', ask: (queue) => queue.api.queueDelete({ side: 'lake', relPath: 'extra', sidecars: false }) },
  {
    title: 'delete with undo',
    undo: ['lake'],
    ask: (queue) => queue.api.queueDelete({ side: 'lake', relPath: 'extra', sidecars: false }),
  },
  {
    title: 'mirror',
    undo: ['lake'],
    async ask(queue) {
      const { planId } = await queue.api.planMirror(mirrorAll);
      return queue.api.executeMirror({ planId });
    },
  },
  {
    title: 'undo',
    undo: ['lake'],
    prepare: deleteAll,
    async ask(queue) {
      const { tasks } = await queue.api.queue({ show: 'finished', offset: 0, limit: 1 });
      if (tasks[0] && tasks[0].undoUntilMs !== null) await queue.api.undoTask({ id: tasks[0].id });
    },
  },
];

function drives(lake: MemoryVolumeOptions = {}): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  fs.mount('/local');
  fs.mount('/lake', lake);
  fs.file('/local/loras/a.pt', { size: 1_000 });
  fs.file('/local/loras/deep/b.pt', { size: 2_000 });
  fs.file('/local/vae/v.pt', { size: 10 });
  fs.file('/lake/vae/v.pt', { size: 11 });
  fs.file('/lake/extra/x.ckpt', { size: 20 });
  fs.file('/lake/extra/y.ckpt', { size: 21 });
  return fs;
}

type Disk = Readonly<Record<'local' | 'lake', Readonly<Record<string, string>>>>;

const diskOf = (fs: MemoryFileSystem): Disk => ({
  local: Object.fromEntries([...contentsOf(fs, '/local')].sort()),
  lake: Object.fromEntries([...contentsOf(fs, '/lake')].sort()),
});

/** A computer that can be switched off: from then on no call has an effect, and none returns. */
function createMachine(fs: MemoryFileSystem, inner: Journal) {
  const machine = { calls: 0, isOff: false, offAt: Number.POSITIVE_INFINITY, isDone: false, inJournal: false };
  const never = new Promise<never>(() => {});
  const faulty = new FaultyFileSystem(fs, { onCall: () => throwIfOff() });
  function throwIfOff(): void {
    if (machine.isOff) throw new HangingCall('switched off');
    machine.calls += 1;
    if (machine.calls < machine.offAt) return;
    machine.isOff = true;
    throw new HangingCall('switched off');
  }
  const journal = Object.fromEntries(
    Object.entries(inner).map(([name, call]) => [
      name,
      typeof call !== 'function'
        ? call
        : (...args: unknown[]) => {
            if (machine.isOff) return never;
            machine.calls += 1;
            if (machine.calls < machine.offAt) return (call as (...all: unknown[]) => unknown)(...args);
            machine.isOff = true;
            machine.inJournal = true;
            // What was asked for may be on the drive although nobody was told.
            if (machine.isDone) void (call as (...all: unknown[]) => Promise<unknown>)(...args);
            return never;
          },
    ]),
  ) as unknown as Journal;
  return { machine, faulty, journal };
}

async function rest(queue: TestQueue): Promise<void> {
  for (let k = 0; k < 20; k += 1) {
    await turns(20);
    if (queue.queue.list.active().length === 0) break;
    await queue.pass(130_000);
  }
  await turns(50);
}

function contents({ local, lake }: Disk): Set<string> {
  return new Set([...Object.values(local), ...Object.values(lake)]);
}

/** What must hold whatever happened. `end`: the disk after a run without trouble. */
async function check(
  queue: TestQueue,
  fs: MemoryFileSystem,
  { before, end }: { readonly before: Disk; readonly end: Disk },
): Promise<Disk> {
  const now = diskOf(fs);
  const kept = contents(end);
  for (const content of contents(before)) if (kept.has(content)) assert.ok(contents(now).has(content), 'I1');
  for (const side of ['local', 'lake'] as const) {
    const paths = Object.keys(now[side]);
    assert.deepEqual(
      paths.filter((path) => path.endsWith('.part')),
      [],
      'I6: no unfinished file',
    );
    const shown = paths.filter((path) => !path.startsWith('.'));
    assert.deepEqual([...pathsOf(queue.slot(side).index)].sort(), shown.sort(), `I4: index of ${side}`);
    for (const [path, content] of Object.entries(now[side])) {
      assert.ok(contents(before).has(content) || contents(end).has(content), `I2: ${path}`);
    }
  }
  for (const task of queue.queue.list.all()) {
    if (task.state === 'planned') continue;
    const steps = await queue.journal.steps(task.id, { fromN: 0, limit: 1_000 });
    const open = steps.filter(({ state }) => state === 'waiting' || state === 'running');
    assert.deepEqual(open, [], 'I3: every step has ended');
    assert.ok(task.hasEnded, 'I3');
    const count = (state: string) => steps.filter((step) => step.state === state).length;
    assert.deepEqual([task.details.done.files, task.details.failed], [count('done'), count('failed')], 'counters');
    assert.equal(task.bytesUnderWay, 0);
    // A staged file is one that can be put back.
    const staged = steps
      .filter(({ way }) => way === 'staged')
      .map(({ n }) => `.weightroom-undo/${task.id}/${n}.deleted`);
    const hidden = Object.keys(now.lake).filter((path) => path.startsWith(`.weightroom-undo/${task.id}/`));
    assert.deepEqual(hidden.sort(), staged.sort(), 'staged files are those the journal names');
    if (hidden.length > 0) assert.ok(task.details.undo !== null, 'what is staged can be undone');
  }
  return now;
}

async function runThrough({ undo = [], lake, ask, prepare }: Scenario) {
  const fs = drives(lake);
  const { machine, faulty, journal } = createMachine(fs, createMemoryJournal());
  const queue = await createTestQueue({ fs: faulty, journal, undo });
  await prepare?.(queue);
  await rest(queue);
  const [before, first] = [diskOf(fs), machine.calls];
  await ask(queue);
  await rest(queue);
  return { before, end: withoutIds(diskOf(fs)), first, calls: machine.calls };
}

/** Task ids differ from run to run. */
function withoutIds({ local, lake }: Disk): Disk {
  const renamed = Object.entries(lake).map(([path, content]) => [path.replace(/task\d{4}/, 'task'), content]);
  return { local, lake: Object.fromEntries(renamed) };
}

async function switchOffAt(scenario: Scenario, at: number, isDone: boolean) {
  const { undo = [], lake, ask, prepare } = scenario;
  const fs = drives(lake);
  const inner = createMemoryJournal();
  const { machine, faulty, journal } = createMachine(fs, inner);
  const queue = await createTestQueue({ fs: faulty, journal, undo });
  await prepare?.(queue);
  await rest(queue);
  machine.offAt = machine.calls + at;
  machine.isDone = isDone;
  let isAcknowledged = false;
  void ask(queue).then(
    () => {
      isAcknowledged ||= !machine.isOff;
    },
    () => {},
  );
  for (let k = 0; k < 60 && !machine.isOff; k += 1) await turns(10);
  assert.ok(machine.isOff, `call ${at} was made`);
  return { fs, inner, undo, inJournal: machine.inJournal, isAcknowledged: () => isAcknowledged };
}

describe('a computer that is switched off at any call', () => {
  for (const scenario of scenarios) {
    test(`${scenario.title}: the next start ends it as if nothing had happened`, async () => {
      const { before, end, first, calls } = await runThrough(scenario);
      for (let at = 1; at <= calls - first; at += 1) {
        for (const isDone of [false, true]) {
          const { fs, inner, undo, inJournal, isAcknowledged } = await switchOffAt(scenario, at, isDone);
          const again = await createTestQueue({ fs, journal: inner, undo });
          await rest(again);
          if (scenario.title === 'undo') await scenario.ask(again);
          const now = withoutIds(await check(again, fs, { before, end }));
          const isUntouched = JSON.stringify(now) === JSON.stringify(withoutIds(before));
          if (isAcknowledged() || !isUntouched) assert.deepEqual(now, end, `call ${at} of ${calls - first}`);
          await again.queue.close();
          if (!inJournal) break;
        }
      }
    });

    if (scenario.title === 'undo') continue;
    test(`${scenario.title}: cancelled at the next start it leaves no traces`, async () => {
      const { before, end, first, calls } = await runThrough(scenario);
      for (let at = 1; at <= calls - first; at += 1) {
        const { fs, inner, undo } = await switchOffAt(scenario, at, true);
        await inner.setPaused(true);
        const again = await createTestQueue({ fs, journal: inner, undo });
        await again.api.cancelTasks({ all: true });
        await rest(again);
        await check(again, fs, { before, end });
        await again.queue.close();
      }
    });
  }
});

describe('a journal that fails once, at any call', () => {
  for (const scenario of scenarios) {
    test(`${scenario.title}: ends as if nothing had happened, or was refused`, async () => {
      const { undo = [], lake, ask, prepare } = scenario;
      const { before, end } = await runThrough(scenario);
      for (let at = 1; ; at += 1) {
        const fs = drives(lake);
        let calls = Number.NEGATIVE_INFINITY;
        let hasFailed = false;
        const journal = createMemoryJournal({
          failing() {
            calls += 1;
            hasFailed ||= calls === at;
            return calls === at ? new AppError('IO_FAILED', 'The drive of the journal reports an error.') : null;
          },
        });
        const queue = await createTestQueue({ fs, journal, undo });
        await prepare?.(queue);
        await rest(queue);
        calls = 0;
        const isRefused = await ask(queue).then(
          () => false,
          () => true,
        );
        await rest(queue);
        calls = Number.NEGATIVE_INFINITY;
        if (!hasFailed) break;
        if (scenario.title === 'undo') await ask(queue);
        const now = withoutIds(await check(queue, fs, { before, end }));
        const isUntouched = JSON.stringify(now) === JSON.stringify(withoutIds(before));
        if (!isRefused || !isUntouched) assert.deepEqual(now, end, `call ${at}`);
        const states = [...queue.queue.list.all()].map(({ state }) => state).filter((state) => state !== 'planned');
        assert.deepEqual(
          [...new Set(states)].filter((state) => state !== 'done'),
          [],
          `call ${at}`,
        );
        await queue.queue.close();
      }
    });
  }
});
