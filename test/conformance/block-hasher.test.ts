import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BlockHasher } from '../../src/core/ports/block-hasher.ts';
import { createDirectBlockHasher } from '../../src/core/transfers/direct-block-hasher.ts';
import { createBlockRing } from '../../src/platform/hash-workers/block-ring.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { createRingBlockHasher } from '../../src/platform/hash-workers/ring-block-hasher.ts';

const hashers = await loadHashers();
const thread = fileURLToPath(new URL('../../src/app/entries/block-hash-thread.ts', import.meta.url));
const block = 1024 * 1024;
const content = randomBytes(24 * block);

const kinds = [
  { title: 'on the thread that reads', make: () => createDirectBlockHasher(hashers) },
  {
    title: 'on a thread of its own',
    make(t: TestContext) {
      const ring = createBlockRing();
      const worker = new Worker(thread, { workerData: { ring } });
      t.after(() => worker.terminate());
      return createRingBlockHasher(ring, hashers);
    },
  },
] as const;

function expected(size: number): string {
  const hasher = hashers.blake3();
  hasher.update(content.subarray(0, size));
  return Buffer.from(hasher.digest()).toString('hex');
}

/** Adds pieces of at most `most` bytes, as a reader does: with a look for more after the last one. */
function addAll(blocks: BlockHasher, size: number, most: number): void {
  for (let done = 0; ; ) {
    const memory = blocks.next();
    const count = Math.min(memory.length, most, size - done);
    if (count === 0) return;
    memory.set(content.subarray(done, done + count));
    blocks.add(count);
    done += count;
  }
}

for (const { title, make } of kinds) {
  describe(`BlockHasher, ${title}`, () => {
    test('files of many sizes, read in pieces of many sizes, one after the other', (t) => {
      const blocks = make(t);
      for (const size of [0, 1, 1023, 1024, block - 1, block, block + 1, 2 * block, 7 * block, 8 * block, 24 * block]) {
        for (const most of [block, 100_000]) {
          blocks.begin();
          addAll(blocks, size, most);
          assert.equal(Buffer.from(blocks.digest()).toString('hex'), expected(size), `${size} bytes by ${most}`);
        }
      }
    });

    test('a file that was given up does not show in the next one', (t) => {
      const blocks = make(t);
      for (const [givenUp, next] of [
        [1, 2],
        [block, 3 * block],
        [5 * block, 10],
        [20 * block, 20 * block],
      ] as const) {
        blocks.begin();
        addAll(blocks, givenUp, block);
        blocks.begin();
        addAll(blocks, next, block);
        assert.equal(Buffer.from(blocks.digest()).toString('hex'), expected(next));
      }
    });

    test('what was added stays as it is until the next block is asked for', (t) => {
      const blocks = make(t);
      blocks.begin();
      for (let n = 0; n < 24; n += 1) {
        const memory = blocks.next();
        memory.set(content.subarray(n * block, (n + 1) * block));
        blocks.add(block);
        assert.ok(content.subarray(n * block, (n + 1) * block).equals(memory));
      }
      assert.equal(Buffer.from(blocks.digest()).toString('hex'), expected(24 * block));
    });
  });
}
