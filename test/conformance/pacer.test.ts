import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPacer } from '../../src/platform/clock.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('of several long computations one goes on in each turn of the event loop, and each gets its turn', async () => {
  // Each slice is over as soon as it begins.
  const pacer = createPacer(0);
  let turn: string[] = [];
  const compute = async (name: string): Promise<void> => {
    for (let step = 0; step < 4; step += 1) {
      await pacer.breathe();
      turn.push(name);
    }
  };
  const turns: string[][] = [];
  let isOver = false;
  const all = Promise.all(['a', 'b', 'c'].map(compute)).then(() => {
    isOver = true;
  });
  while (!isOver) {
    await nextTurn();
    if (turn.length > 0) turns.push(turn);
    turn = [];
  }
  await all;
  assert.deepEqual(turns.flat().join(''), 'abcabcabcabc');
  assert.equal(Math.max(...turns.map(({ length }) => length)), 1, turns.join(' '));
});

test('a computation goes on without a pause while its slice lasts', async () => {
  const pacer = createPacer(60_000);
  assert.equal(pacer.breathe(), undefined);
});
