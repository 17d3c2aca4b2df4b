import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failingDrives } from './failing-drives.ts';
import { smallMounts } from './small-mounts.ts';
import { meetTrouble } from './troubles.ts';
import { weightroom } from './weightroom-mover.ts';

describe('a transfer between bad drives fails with a sentence, harms nothing, and can be finished later', {
  concurrency: 2,
}, () => {
  for (const [n, trouble] of [...smallMounts, ...failingDrives].entries()) {
    test(trouble.name, async (t) => {
      const why = await trouble.skip();
      if (why) return t.skip(why);
      const verb = trouble.verbs.includes('move') ? 'move' : trouble.verbs[0]!;
      const mover = { ...weightroom, verbs: [verb] };
      const tally = await meetTrouble(trouble, { mover, seed: n + 1, cycles: 1 });
      assert.deepEqual(tally.examples, []);
    });
  }
});
