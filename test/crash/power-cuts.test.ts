import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutPower } from './power-cut.ts';
import { skipWithoutLoops } from './power-domain.ts';
import { weightroom } from './weightroom-mover.ts';

describe('a power cut during transfers', { concurrency: 2 }, () => {
  for (const [fileSystem, power, cycles] of [
    ['ext4', 'all', 8],
    ['xfs', 'all', 8],
    ['btrfs', 'all', 4],
    ['ext4', 'target', 2],
  ] as const) {
    const whose = power === 'all' ? 'of everything' : 'of the target only';
    test(`${fileSystem}, ${whose}: what was acknowledged is there, and nothing is lost, partial or left behind`, async (t) => {
      const why = await skipWithoutLoops(fileSystem);
      if (why) return t.skip(why);
      const tally = await cutPower({ mover: weightroom, fileSystem, seed: 7, cycles, power });
      assert.deepEqual(tally.examples, []);
      assert.equal(tally.cycles, cycles);
    });
  }
});
