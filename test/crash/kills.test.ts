import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { killAtRandom } from './kill-at-random.ts';
import { killAtEveryCall, skipWithoutCompiler } from './kill-points.ts';
import { killServer } from './kill-server.ts';
import { weightroom } from './weightroom-mover.ts';

describe('a transfer that is killed', { skip: process.platform !== 'linux' && 'needs Linux', concurrency: 2 }, () => {
  test('at random moments: nothing lost, partial, doubled or left behind', async (t) => {
    const tally = await killAtRandom({ mover: weightroom, seed: 7, cycles: 16 });
    t.diagnostic(`${tally.cycles} kills`);
    assert.deepEqual(tally.examples, []);
    assert.equal(tally.cycles, 16);
  });

  test('with a server whose queue is full: nothing lost, partial, doubled or left behind', async (t) => {
    const tally = await killServer({ seed: 7, cycles: 24 });
    t.diagnostic(`${tally.cycles} kills`);
    assert.deepEqual(tally.examples, []);
    assert.equal(tally.cycles, 24);
  });

  test('at calls that change a file: nothing lost, partial, doubled or left behind', {
    skip: skipWithoutCompiler,
  }, async (t) => {
    const { tally, reached } = await killAtEveryCall({ mover: weightroom, seed: 7, points: 4, of: 'disks' });
    t.diagnostic(`${tally.cycles} kills: ${[...reached].map(([call, count]) => `${call} ${count}`).join(', ')}`);
    assert.deepEqual(tally.examples, []);
    assert.ok(reached.size >= 4, 'too few kinds of calls were reached');
  });
});
