import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raceForNames } from './race-for-names.ts';
import { weightroom } from './weightroom-mover.ts';

test('names that another program takes while files are copied stay its own', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, async () => {
  const tally = await raceForNames({ mover: weightroom, seed: 1, cycles: 4 });
  assert.deepEqual(tally.examples, []);
  assert.equal(tally.cycles, 4);
});
