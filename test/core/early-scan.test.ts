import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocationFiles, ScanBatch, ScanEnd, ScanRequest } from '../../src/core/ports/location-files.ts';
import { beginScan } from '../../src/features/indexing/early-scan.ts';
import { restlessPacer, steadyPacer } from '../support/time.ts';

const request: ScanRequest = { folder: '', recursive: true, ignoreGlobs: [], threads: 1, atOnce: 1 };
const scanEnd: ScanEnd = { caseSensitive: true, unicodeSensitive: true };

/** A scan that finds what the test says, when the test says it. */
function openScan() {
  const end = Promise.withResolvers<ScanEnd>();
  let onBatch = (_batch: ScanBatch): void => {};
  const files: Pick<LocationFiles, 'scan'> = {
    scan(_request, found) {
      onBatch = found;
      return end.promise;
    },
  };
  const stop = new AbortController();
  return {
    stop,
    end,
    find: (name: string) =>
      onBatch({ folders: [{ relPath: name, files: null }], problems: [], files: 0, bytes: 0, foldersLeft: 0 }),
    scan: beginScan(files as LocationFiles, request, stop),
  };
}

const nameOf = ({ folders }: ScanBatch): string => folders[0]?.relPath ?? '';

for (const [title, pacer] of [
  ['without pauses', steadyPacer],
  ['with a pause after each batch', restlessPacer],
] as const) {
  test(`${title}: everything found is handed over in order, before the scan counts as complete`, async () => {
    const { scan, find, end } = openScan();
    const taken: string[] = [];
    find('a');
    find('b');
    const taking = scan.take((batch) => {
      taken.push(nameOf(batch));
      if (nameOf(batch) === 'b') find('c');
      if (nameOf(batch) === 'c') end.resolve(scanEnd);
    }, pacer);
    assert.deepEqual(await taking, scanEnd);
    assert.deepEqual(taken, ['a', 'b', 'c']);
  });
}

test('batches that come while nothing waits are handed over as they come', async () => {
  const { scan, find, end } = openScan();
  const taken: string[] = [];
  const taking = scan.take((batch) => taken.push(nameOf(batch)), steadyPacer);
  for (const name of ['a', 'b', 'c']) {
    await new Promise((resolve) => setImmediate(resolve));
    find(name);
  }
  end.resolve(scanEnd);
  await taking;
  assert.deepEqual(taken, ['a', 'b', 'c']);
});

test('a scan that fails hands over what it found, then fails', async () => {
  const { scan, find, end } = openScan();
  const taken: string[] = [];
  find('a');
  find('b');
  end.reject(new Error('the drive is gone'));
  await assert.rejects(
    scan.take((batch) => taken.push(nameOf(batch)), restlessPacer),
    /the drive is gone/,
  );
  assert.deepEqual(taken, ['a', 'b']);
});

test('what goes wrong with a batch is told to whoever takes the scan, and nothing follows', async () => {
  const { scan, find, end } = openScan();
  const taken: string[] = [];
  find('a');
  find('b');
  const taking = scan.take((batch) => {
    taken.push(nameOf(batch));
    throw new Error('cannot be merged');
  }, restlessPacer);
  end.resolve(scanEnd);
  await assert.rejects(taking, /cannot be merged/);
  find('c');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(taken, ['a']);
});
