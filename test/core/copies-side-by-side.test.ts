import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import type { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { contentsOf, copyOf, createLab, isPart, lakeRoot, localRoot, run } from '../support/transfer-lab.ts';

const seeds = Array.from({ length: 24 }, (_, k) => k + 1);

/** As another thread of the run does: nothing that it made is durable yet. */
function makeBeside(memory: MemoryFileSystem, relPath: string): void {
  const parts = relPath.split('/');
  const above = memory.openFolder([lakeRoot, ...parts.slice(0, -1)].join('/'));
  above.makeFolder(parts.at(-1) ?? '');
  above.close();
}

/** Seeds of power cuts right after all was reported that cost a file. */
function lostAt(isBeside: boolean): readonly number[] {
  return seeds.filter((seed) => {
    const { memory } = createLab();
    memory.file(`${localRoot}/a/b/one.bin`, { size: 2_000 });
    memory.file(`${localRoot}/a/c/two.bin`, { size: 2_000 });
    makeBeside(memory, 'a');
    makeBeside(memory, 'a/b');
    let hasMore = true;
    const { reports } = run(memory, [copyOf(memory, 'a/b/one.bin')], {
      isBeside,
      more() {
        if (!hasMore) return [];
        hasMore = false;
        // In a folder that this thread has dealt with already.
        makeBeside(memory, 'a/c');
        return [copyOf(memory, 'a/c/two.bin')];
      },
    });
    assert.equal(reports.filter(({ type }) => type === 'done').length, 2);
    memory.powerCut(seed);
    return contentsOf(memory, lakeRoot).size < 2;
  });
}

describe('copies beside those of other threads', () => {
  test('are reported when the folders that the others made would survive a power cut too', () => {
    assert.deepEqual(lostAt(true), []);
    assert.notDeepEqual(lostAt(false), [], 'the power cuts of this test cost folders that nobody synced');
  });

  test('a folder above that may not be opened keeps no file out of one that is there', () => {
    const { memory } = createLab();
    memory.file(`${localRoot}/a/b/one.bin`, { size: 2_000 });
    memory.folder(`${lakeRoot}/a/b`);
    const faulty = new FaultyFileSystem(memory, {
      faults: [{ op: 'openFolder', path: `${lakeRoot}/a`, fail: 'EACCES' }],
    });
    assert.deepEqual([...run(faulty, [copyOf(memory, 'a/b/one.bin')], { isBeside: true }).ends.values()], ['stream']);
  });

  test('a folder above that reports an error is no ground to promise anything', () => {
    const { memory } = createLab();
    memory.file(`${localRoot}/a/one.bin`, { size: 2_000 });
    makeBeside(memory, 'a');
    const faulty = new FaultyFileSystem(memory, { faults: [{ op: 'syncFolder', path: lakeRoot, fail: 'EIO' }] });
    const { ends } = run(faulty, [copyOf(memory, 'a/one.bin')], { isBeside: true });
    assert.deepEqual([...ends.values()], ['IO_FAILED']);
  });
});

describe('orders that come while others are carried out', () => {
  test('are carried out with them, each reported once', () => {
    const { memory } = createLab();
    const names = Array.from({ length: 60 }, (_, k) => `loras/f${k}.bin`);
    for (const name of names) memory.file(`${localRoot}/${name}`, { size: 1_500 });
    const orders = names.map((name) => copyOf(memory, name));
    const waiting = [orders.slice(20, 33), [], orders.slice(33, 34), orders.slice(34)];
    const { reports, thrown } = run(memory, orders.slice(0, 20), { together: 4, more: () => waiting.shift() ?? [] });
    assert.equal(thrown, null);
    const done = reports.filter(({ type }) => type === 'done').map(({ n }) => n);
    assert.deepEqual(
      done.sort((x, y) => x - y),
      orders.map(({ n }) => n),
    );
    assert.deepEqual([...contentsOf(memory, lakeRoot).keys()].filter(isPart), []);
  });

  test('nothing waits for them: what is known is reported before they are there', () => {
    const { memory } = createLab();
    for (const name of ['a.bin', 'b.bin']) memory.file(`${localRoot}/${name}`, { size: 1_500 });
    const [first, second] = [copyOf(memory, 'a.bin'), copyOf(memory, 'b.bin')];
    const done: number[] = [];
    let asked = 0;
    run(memory, [first], {
      onReport: ({ type, n }) => void (type === 'done' && done.push(n)),
      more() {
        asked += 1;
        if (done.length === 0 || asked > 20) return [];
        return done.length === 1 ? [second] : [];
      },
    });
    assert.deepEqual(done, [first.n, second.n]);
  });
});
