import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { carefulScript } from './careful-script.ts';
import { killAtEveryCall, skipWithoutCompiler } from './kill-points.ts';
import type { Mover } from './mover.ts';
import { peerMovers } from './peers.ts';
import { cutPower } from './power-cut.ts';
import { skipWithoutLoops } from './power-domain.ts';

const peer = (name: string): Mover => peerMovers.find((mover) => mover.name.startsWith(name))!;

/** A harness that finds nothing anywhere, or something everywhere, proves nothing. */
describe('what the harness finds', { concurrency: 2 }, () => {
  const skipCuts = skipWithoutLoops('ext4');

  test('a power cut loses files that mv has moved', async (t) => {
    const why = await skipCuts;
    if (why) return t.skip(why);
    const { counts } = await cutPower({ mover: peer('mv'), fileSystem: 'ext4', seed: 1, cycles: 8, power: 'all' });
    assert.ok(counts.lost > 0, JSON.stringify(counts));
    assert.ok(counts.partial > 0, JSON.stringify(counts));
    assert.deepEqual([counts.overwritten, counts.other], [0, 0]);
  });

  test('a power cut loses nothing of a script that syncs before it removes', async (t) => {
    const why = await skipCuts;
    if (why) return t.skip(why);
    const { counts } = await cutPower({ mover: carefulScript, fileSystem: 'ext4', seed: 1, cycles: 8, power: 'all' });
    assert.deepEqual([counts.lost, counts.partial, counts.undone, counts.overwritten], [0, 0, 0, 0]);
  });

  test('cp leaves partial files under final names when it is killed; the careful script does not', {
    skip: skipWithoutCompiler,
  }, async () => {
    const options = { seed: 1, points: 24, of: 'disks' } as const;
    const cp = await killAtEveryCall({ ...options, mover: peer('cp') });
    assert.ok(cp.tally.counts.partial > 0, JSON.stringify(cp.tally));
    const careful = await killAtEveryCall({ ...options, mover: carefulScript });
    assert.ok(careful.tally.cycles > 12);
    assert.deepEqual(careful.tally.examples, []);
    for (const call of ['link', 'unlink', 'fsync']) assert.ok(careful.reached.has(call), `${call} was never the one`);
  });
});
