import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/core/errors/app-error.ts';
import type { Journal } from '../../src/core/ports/journal.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { copyDefaults, createTestQueue, type TestQueue, turns } from '../support/queue.ts';
import { contentsOf, isPart } from '../support/transfer-lab.ts';

const files = 900;
const loras = { ...copyDefaults, srcSide: 'local', srcRelPath: 'loras', dstSide: 'lake' };

function drives(): MemoryFileSystem {
  const fs = new MemoryFileSystem();
  fs.mount('/local');
  fs.mount('/lake');
  for (let k = 0; k < files; k += 1) fs.file(`/local/loras/f${k}.pt`, { size: 10 + k });
  return fs;
}

/** Steps by state, as the journal has them. */
async function statesOf(queue: TestQueue, id: string): Promise<Record<string, number>> {
  const counts = await queue.journal.countSteps(id);
  return Object.fromEntries(counts.map(({ state, files: count }) => [state, count]));
}

describe('batches of a task', () => {
  test('the next one is in the journal while one is carried out, and no file is touched before it is', async () => {
    const begun = new Set<string>();
    const names = new Map<number, string>();
    let ended = 0;
    let made = 0;
    const inner = createMemoryJournal();
    const journal: Journal = {
      ...inner,
      async steps(task, query) {
        const steps = await inner.steps(task, query);
        for (const { n, relPath } of steps) names.set(n, relPath);
        return steps;
      },
      async saveSteps(task, changes) {
        await inner.saveSteps(task, changes);
        for (const { n, state } of changes) {
          if (state === 'running') begun.add(names.get(n) ?? '');
          else ended += 1;
        }
        assert.ok(begun.size - ended <= 512, 'a third batch is begun when it is known what became of the first');
      },
    };
    const fs = new FaultyFileSystem(drives(), {
      onCall({ op, path }) {
        if (op !== 'createFile') return;
        const name = /\.(f\d+\.pt)\./.exec(path)?.[1] ?? '';
        assert.ok(begun.has(`loras/${name}`), `${name} was begun in the journal before`);
        made += 1;
        // In the middle of the first batch.
        if (made === 100) queue.files.pause(true);
      },
    });
    const queue: TestQueue = await createTestQueue({ fs, journal });
    const { task } = await queue.api.queueCopy(loras);
    await turns();
    assert.ok(made < 256 && begun.size === 512, `${made} made, ${begun.size} begun`);
    queue.files.pause(false);
    assert.equal((await queue.ended(task)).done.files, files);
    assert.deepEqual(await statesOf(queue, task?.id ?? ''), { done: files });
  });

  test('cancelled while the next one is being begun: nothing stays begun', async () => {
    const fs = drives();
    const inner = createMemoryJournal();
    const held: (() => void)[] = [];
    let saves = 0;
    const journal: Journal = {
      ...inner,
      async saveSteps(task, changes) {
        saves += 1;
        if (saves === 2) await new Promise<void>((resolve) => held.push(resolve));
        return inner.saveSteps(task, changes);
      },
    };
    const queue = await createTestQueue({ fs, journal });
    const { task } = await queue.api.queueCopy(loras);
    const id = task?.id ?? '';
    while (held.length === 0) await turns(1);
    const cancelling = queue.api.cancelTasks({ ids: [id], all: false });
    await turns();
    for (const resolve of held) resolve();
    await cancelling;
    await turns();
    assert.equal(queue.queue.require(id).state, 'cancelled');
    const { running = 0, waiting = 0 } = await statesOf(queue, id);
    assert.deepEqual([running, waiting], [0, 0]);
    assert.deepEqual([...contentsOf(fs, '/lake').keys()].filter(isPart), []);
  });

  test('one that the journal cannot begin is begun later, and what was under way is not done twice', async () => {
    const memory = drives();
    let saves = 0;
    const journal = createMemoryJournal({
      failing: (call) => {
        if (call === 'saveSteps') saves += 1;
        return call === 'saveSteps' && saves === 2 ? new AppError('IO_FAILED', 'The drive reports an error.') : null;
      },
    });
    const made = new Map<string, number>();
    const fs = new FaultyFileSystem(memory, {
      onCall: ({ op, path }) => void (op === 'createFile' && made.set(path, (made.get(path) ?? 0) + 1)),
    });
    const queue = await createTestQueue({ fs, journal });
    const { task } = await queue.api.queueCopy(loras);
    await turns();
    for (let tries = 0; tries < 10 && queue.queue.require(task?.id ?? '').isActive; tries += 1)
      await queue.pass(70_000);
    assert.equal((await queue.ended(task)).done.files, files);
    assert.deepEqual(
      [...made.values()].filter((count) => count > 1),
      [],
    );
  });
});
