import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortedPositions } from '../../src/core/catalog/ordered-sort.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';

function sortPlainly(keys: readonly number[], descending: boolean): number[] {
  return keys
    .map((key, position) => ({ key, position }))
    .sort((x, y) => {
      if (Number.isNaN(x.key) || Number.isNaN(y.key)) return Number(Number.isNaN(x.key)) - Number(Number.isNaN(y.key));
      return descending ? y.key - x.key : x.key - y.key;
    })
    .map(({ position }) => position);
}

test('positions come out by key, equal keys in their order, absent ones last', async () => {
  const key = fc.constantFrom(0, -0, 1, 2, 3, -1, 1e15, Number.NaN);
  await fc.assert(
    fc.asyncProperty(
      fc.array(key, { maxLength: 40 }),
      fc.boolean(),
      fc.boolean(),
      async (keys, descending, restless) => {
        const sorted = await sortedPositions(
          Float64Array.from(keys),
          descending,
          restless ? restlessPacer : steadyPacer,
        );
        assert.deepEqual([...sorted], sortPlainly(keys, descending));
      },
    ),
  );
});

for (const count of [4_095, 4_096, 4_097, 8_192, 8_193, 12_289, 50_000]) {
  test(`${count} keys, around and beyond the length that is sorted at once`, async () => {
    const keys = Array.from({ length: count }, (_, k) => (k % 17 === 0 ? Number.NaN : (k * 7_919) % 1_000));
    for (const descending of [false, true]) {
      assert.deepEqual(
        [...(await sortedPositions(Float64Array.from(keys), descending, steadyPacer))],
        sortPlainly(keys, descending),
      );
    }
  });
}
