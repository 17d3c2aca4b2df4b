import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DedupeScan } from '../../src/contract/dedupe.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { AppError } from '../../src/core/errors/app-error.ts';
import { sampledEnd, wholeSampleSize } from '../../src/core/hashing/sample-file.ts';
import { hashFiles } from '../../src/features/hashing/hash-files.ts';
import { FaultyFileSystem } from '../../src/platform/memory/fault-injection.ts';
import { MemoryFileSystem } from '../../src/platform/memory/memory-file-system.ts';
import { createTestDedupe } from '../support/dedupe.ts';
import { duplicatesIn } from '../support/duplicate-library.ts';
import { createTestEngine, type TestEngine } from '../support/engine.ts';
import { createMemoryCatalogStore } from '../support/memory-catalog-store.ts';
import { runs } from '../support/runs.ts';
import { restlessPacer } from '../support/time.ts';

const roots = { local: '/m', lake: '/n' };
const noon = 1_700_000_000_000_000_000n;
const scanInput = { folder: '', minBytes: 1, variants: false, wait: true } as const;

interface Lab {
  readonly fs: MemoryFileSystem;
  readonly engine: TestEngine;
  readonly dedupe: ReturnType<typeof createTestDedupe>;
  /** Calls that read content, so far. */
  reads(): number;
  scan(
    sides?: readonly string[],
    extra?: { folder?: string; minBytes?: number; variants?: boolean },
  ): Promise<DedupeScan>;
  groups(scanId: string): Promise<string[]>;
}

function lab(fs: MemoryFileSystem, options: Partial<Parameters<typeof createTestEngine>[0]> = {}): Lab {
  for (const root of Object.values(roots)) fs.folder(root);
  let reads = 0;
  const watched = new FaultyFileSystem(fs, { onCall: ({ op }) => (reads += op === 'read' ? 1 : 0) });
  const engine = createTestEngine({ fs: watched, roots, ...options });
  const dedupe = createTestDedupe(engine);
  return {
    fs,
    engine,
    dedupe,
    reads: () => reads,
    scan: (sides = ['local'], extra = {}) => dedupe.scanDuplicates({ ...scanInput, sides: [...sides], ...extra }),
    groups: async (scanId) => asLines((await dedupe.duplicates({ scanId, limit: 1000 })).groups),
  };
}

interface AnyGroup {
  readonly blake3: string;
  readonly size: number;
  readonly files: readonly { readonly location: string; readonly relPath: string }[];
}

function asLines(groups: readonly AnyGroup[]): string[] {
  return groups
    .map(({ blake3, size, files }) => {
      const names = files.map(({ location, relPath }) => `${location}:${relPath}`).sort();
      return `${size} ${blake3} ${names.join(' ')}`;
    })
    .sort();
}

const rejectsWith = (code: ErrorCode, work: Promise<unknown>): Promise<void> =>
  assert.rejects(work, (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    return true;
  });

/** Sizes on both sides of what a sample covers, few enough contents to meet, and bytes that differ in one place. */
function strew(fs: MemoryFileSystem, seed: number): void {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const sizes = [0, 1, sampledEnd, wholeSampleSize - 1, wholeSampleSize, wholeSampleSize + 1, 40_000];
  const made: string[] = [];
  for (let n = 0, count = 4 + random(20); n < count; n += 1) {
    const path = `${['/m', '/m/a', '/m/a/b', '/n', '/n/c'][random(5)]}/${n}.bin`;
    const twin = made[random(made.length || 1)];
    if (twin?.slice(0, 2) === path.slice(0, 2) && random(4) === 0) {
      fs.hardLink(path, twin);
    } else {
      const size = sizes[random(sizes.length)] ?? 0;
      fs.file(path, { size, content: `content ${random(2)}`, mtimeNs: noon + BigInt(random(2)) });
      if (size > 0 && random(3) === 0)
        fs.patch(path, [0, size >> 1, size - 1][random(3)] ?? 0, Uint8Array.of(random(2)));
    }
    made.push(path);
  }
}

describe('a scan for duplicates', () => {
  test('finds what hashing everything and comparing finds, whatever was known before', async () => {
    for (let seed = 1; seed <= runs(120); seed += 1) {
      const fs = new MemoryFileSystem({ seed });
      strew(fs, seed);
      const { scan, groups, engine, reads } = lab(fs);
      const expected = asLines(duplicatesIn(fs, roots));
      if (seed % 3 === 0) await hashSome(engine, seed);
      const first = await scan(['local', 'lake']);
      assert.equal(first.state, 'done');
      assert.deepEqual(await groups(first.scanId), expected, `seed ${seed}`);
      const readBefore = reads();
      const second = await scan(['local', 'lake']);
      assert.deepEqual(await groups(second.scanId), expected, `seed ${seed}, again`);
      assert.equal(second.summary.bytesRead, 0, `seed ${seed}`);
      assert.equal(reads(), readBefore, `seed ${seed}: no content is read again`);
    }
  });

  test('equal ends and times, another byte in the middle: no duplicates; equal bytes at another time: duplicates', async () => {
    const fs = new MemoryFileSystem();
    const big = 11 * 1024 * 1024;
    for (const name of ['a', 'b', 'c']) fs.file(`/m/${name}.safetensors`, { size: big, content: 'x', mtimeNs: noon });
    fs.patch('/m/b.safetensors', big >> 1, Uint8Array.of(1, 2, 3));
    fs.setTime('/m/c.safetensors', noon + 5n);
    const { scan, groups } = lab(fs);
    const { scanId, summary } = await scan();
    assert.deepEqual(asNames(await groups(scanId)), ['local:a.safetensors local:c.safetensors']);
    assert.deepEqual([summary.groups, summary.redundantFiles, summary.reclaimableBytes], [1, 1, big]);
  });

  test('reads both ends of files that differ there, and no more', async () => {
    const fs = new MemoryFileSystem();
    for (const name of ['a', 'b', 'c']) fs.file(`/m/${name}.bin`, { size: 1_000_000, content: name });
    fs.file('/m/alone.bin', { size: 1_000_001 });
    const { scan } = lab(fs);
    const { summary } = await scan();
    assert.equal(summary.groups, 0);
    assert.equal(summary.bytesRead, 3 * wholeSampleSize);
  });

  test('names of one file are one file: they make no group, and are marked in one', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a.bin', { size: 100, content: 'x' });
    fs.hardLink('/m/b.bin', '/m/a.bin');
    const { scan, groups, dedupe } = lab(fs);
    const alone = await scan();
    assert.deepEqual([alone.summary.groups, alone.sharedFiles, alone.summary.bytesRead], [0, 1, 0]);
    fs.file('/m/c.bin', { size: 100, content: 'x' });
    const { scanId, summary } = await scan();
    assert.deepEqual(asNames(await groups(scanId)), ['local:a.bin local:b.bin local:c.bin']);
    assert.deepEqual([summary.redundantFiles, summary.reclaimableBytes], [1, 100]);
    const page = await dedupe.duplicates({ scanId, limit: 1 });
    assert.deepEqual(
      page.groups[0]?.files.map(({ sameFileAs, links }) => [sameFileAs, links]),
      [
        [undefined, 2],
        ['local:a.bin', 2],
        [undefined, 1],
      ],
    );
  });

  test('a file that cannot be read, or changes meanwhile, is in no group and counted', async () => {
    const fs = new MemoryFileSystem();
    for (const name of ['a', 'b', 'c', 'd']) fs.file(`/m/${name}.bin`, { size: 50_000, content: 'x' });
    fs.setReadable('/m/b.bin', false);
    const watched = new FaultyFileSystem(fs, {
      onCall({ op, path }) {
        if (op === 'read' && path === '/m/c.bin') fs.setTime('/m/c.bin', noon + 99n);
      },
    });
    const { scan, groups } = lab(fs, { fs: watched });
    const { scanId, unreadable } = await scan();
    assert.deepEqual(asNames(await groups(scanId)), ['local:a.bin local:d.bin']);
    assert.equal(unreadable, 2);
  });

  test('a folder, a smallest size, links to files', async () => {
    const fs = new MemoryFileSystem();
    for (const path of ['loras/a', 'loras/b', 'vae/c']) fs.file(`/m/${path}.bin`, { size: 1_000, content: 'x' });
    for (const name of ['d', 'e']) fs.file(`/m/loras/${name}.txt`, { size: 5, content: 'y' });
    fs.link('/m/loras/l.bin', 'a.bin');
    const { scan, groups } = lab(fs);
    const { scanId } = await scan(['local'], { folder: 'loras', minBytes: 6 });
    assert.deepEqual(asNames(await groups(scanId)), ['local:loras/a.bin local:loras/b.bin']);
    await rejectsWith('ENTRY_NOT_FOUND', scan(['local'], { folder: 'nowhere' }));
  });

  test('groups that free most come first, page by page', async () => {
    const fs = new MemoryFileSystem();
    for (let n = 1; n <= 30; n += 1) {
      for (const copy of ['a', 'b']) fs.file(`/m/${n}${copy}.bin`, { size: 10 * n, content: `${n}` });
    }
    const { scan, dedupe } = lab(fs);
    const { scanId } = await scan();
    const sizes: number[] = [];
    let cursor: string | null = '0';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof dedupe.duplicates>> = await dedupe.duplicates({ scanId, cursor, limit: 7 });
      assert.equal(page.total, 30);
      sizes.push(...page.groups.map(({ size }) => size));
      cursor = page.cursor;
    }
    assert.deepEqual(
      sizes,
      Array.from({ length: 30 }, (_, n) => 300 - 10 * n),
    );
  });
});

describe('scans as they are kept', () => {
  test('the results are there after a restart; what ran then is stale', async () => {
    const fs = new MemoryFileSystem();
    for (const name of ['a', 'b']) fs.file(`/m/${name}.bin`, { size: 100_000, content: 'x' });
    const catalog = createMemoryCatalogStore();
    const { scan, groups } = lab(fs, { catalog });
    const { scanId } = await scan();
    const header = JSON.stringify({
      scan: { ...(await scan()), scanId: 'running1', state: 'running' },
      variants: [],
      parts: 0,
    });
    await catalog.saveDuplicateScan({ id: 'running1', createdAtMs: 5, header });
    const again = lab(fs, { catalog });
    assert.deepEqual(await again.groups(scanId), await groups(scanId));
    const { scans } = await again.dedupe.duplicateScans({});
    assert.equal(scans.find((one) => one.scanId === 'running1')?.state, 'stale');
    await rejectsWith('SCAN_STATE', again.dedupe.planDedupe(choice('running1')));
  });

  test('the newest 20 stay', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a.bin', { size: 1 });
    const { scan, dedupe, engine } = lab(fs);
    const { scanId: oldest } = await scan();
    for (let n = 0; n < 20; n += 1) {
      engine.clock.advance(1);
      await scan();
    }
    assert.equal((await dedupe.duplicateScans({})).scans.length, 20);
    assert.equal((await engine.catalog.duplicateScans()).length, 20);
    await rejectsWith('SCAN_NOT_FOUND', dedupe.duplicates({ scanId: oldest, limit: 1 }));
  });

  test('without an id: the newest scan of a location', async () => {
    const { scan, dedupe, engine } = lab(new MemoryFileSystem());
    await rejectsWith('SCAN_NOT_FOUND', dedupe.duplicates({ side: 'local', limit: 1 }));
    await scan(['local']);
    engine.clock.advance(1);
    const { scanId } = await scan(['local']);
    engine.clock.advance(1);
    await scan(['lake']);
    assert.equal((await dedupe.duplicates({ side: 'local', limit: 1 })).scan.scanId, scanId);
  });

  test('cancelled: what was hashed stays known, and groups that were found can be used', async () => {
    const fs = new MemoryFileSystem();
    for (let n = 0; n < 40; n += 1) {
      for (const copy of ['a', 'b']) fs.file(`/m/${n}${copy}.bin`, { size: 20_000 + n, content: `${n}` });
    }
    const { dedupe, engine, groups, reads } = lab(fs, { pacer: restlessPacer });
    const { scanId } = await dedupe.scanDuplicates({ ...scanInput, sides: ['local'], wait: false });
    while ((await dedupe.duplicates({ scanId, limit: 1 })).scan.stage !== 'hashing') await turn();
    const readBefore = reads();
    while (reads() < readBefore + 20) await turn();
    const cancelled = await dedupe.cancelDuplicateScan({ scanId });
    assert.equal(cancelled.state, 'cancelled');
    await dedupe.planDedupe(choice(scanId));
    const stopped = reads();
    for (let n = 0; n < 20; n += 1) await turn();
    assert.equal(reads(), stopped, 'nothing is read any more');
    const known = engine.slot('local').index.totals().hashedFiles;
    const again = await dedupe.scanDuplicates({ ...scanInput, sides: ['local'] });
    assert.equal(again.summary.groups, 40);
    assert.ok(known > 0 && again.summary.bytesRead < 80 * 21_000);
    assert.deepEqual(await groups(again.scanId), asLines(duplicatesIn(fs, roots)));
  });

  test('all hashing is cancelled by somebody: the scan does not pretend to be done', async () => {
    const fs = new MemoryFileSystem();
    for (let n = 0; n < 40; n += 1) fs.file(`/m/${n}.bin`, { size: 20_000, content: 'x' });
    const { dedupe, engine } = lab(fs, { pacer: restlessPacer });
    const { scanId } = await dedupe.scanDuplicates({ ...scanInput, sides: ['local'], wait: false });
    while (engine.hashing.status().state === 'idle') await turn();
    engine.hashing.cancel();
    assert.equal((await dedupe.waitForDuplicateScan({ scanId })).state, 'cancelled');
  });

  test('a drive that goes away ends the scan with its reason', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a.bin', { size: 1 });
    const { scan, dedupe } = lab(fs);
    fs.remove('/n');
    await rejectsWith('LOCATION_OFFLINE', scan(['local', 'lake']));
    const { scans } = await dedupe.duplicateScans({});
    assert.equal(scans[0]?.state, 'failed');
    assert.match(scans[0]?.message ?? '', /\S/);
  });

  test('events tell of progress and end, and the end is the last word', async () => {
    const fs = new MemoryFileSystem();
    for (const name of ['a', 'b']) fs.file(`/m/${name}.bin`, { size: 20_000, content: 'x' });
    const { scan, engine } = lab(fs);
    const events: string[] = [];
    engine.events.subscribe(({ type, data }) => {
      if (type === 'dedupe.progressed') events.push(data.state);
      if (type === 'dedupe.finished') events.push(`${data.state} ${data.summary.groups}`);
    });
    await scan();
    assert.equal(events.at(-1), 'done 1');
    assert.ok(events.length > 1 && events.slice(0, -1).every((state) => state === 'running'));
  });
});

describe('plans of a scan', () => {
  test('counts by location and folder, and what really comes free', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/x.bin', { size: 100, content: 'x' });
    fs.file('/m/deep/x.bin', { size: 100, content: 'x' });
    fs.file('/n/far/x.bin', { size: 100, content: 'x' });
    fs.file('/n/far/y.bin', { size: 7, content: 'y' });
    fs.file('/n/y.bin', { size: 7, content: 'y' });
    fs.hardLink('/n/elsewhere/y.bin', '/n/y.bin');
    const { scan, dedupe } = lab(fs);
    const { scanId } = await scan(['local', 'lake']);
    const plan = await dedupe.planDedupe({ ...choice(scanId), rules: [{ kind: 'prefer', folder: 'far' }] });
    assert.deepEqual(plan.total, { files: 4, bytes: 214 });
    assert.equal(plan.reclaimedBytes, 207, 'both names of y go, and it is one file');
    assert.deepEqual(plan.byLocation, [
      { location: 'local', files: 2, bytes: 200 },
      { location: 'lake', files: 2, bytes: 14 },
    ]);
    const untouched = await dedupe.planDedupe({
      ...choice(scanId),
      keepSelections: [{ group: 0, keep: [], skip: true }],
    });
    assert.deepEqual([untouched.groups, untouched.untouched], [0, 2]);
  });

  test('a link is only promised where it can be made', async () => {
    const fs = new MemoryFileSystem();
    fs.mount('/n', {});
    for (const path of ['/m/a.bin', '/m/long.bin', '/n/b.bin']) fs.file(path, { size: 100, content: 'x' });
    const { scan, dedupe } = lab(fs);
    const { scanId } = await scan(['local', 'lake']);
    const rules = [{ kind: 'prefer' as const, folder: 'a.bin' }];
    const plan = await dedupe.planDedupe({ ...choice(scanId), rules, action: 'hardlink' });
    assert.deepEqual(plan.total, { files: 1, bytes: 100 });
    assert.match(plan.problems.join(), /another drive/);
    assert.deepEqual((await dedupe.planDedupe({ ...choice(scanId), rules })).total.files, 2);
  });

  test('what was not confirmed is not executed', async () => {
    const fs = new MemoryFileSystem();
    for (const name of ['a', 'b']) fs.file(`/m/${name}.bin`, { size: 20, content: 'x' });
    const { scan, dedupe } = lab(fs);
    const { scanId } = await scan();
    const execute = (files: number, bytes: number) =>
      dedupe.executeDedupe({
        ...choice(scanId),
        rules: [{ kind: 'oldest' }],
        confirmed: { files, bytes },
        paranoid: false,
      });
    await rejectsWith('PLAN_STALE', execute(2, 20));
    await rejectsWith('PLAN_STALE', execute(1, 19));
    await assert.rejects(execute(1, 20), /nothing is executed here/);
  });

  test('ids and selections that no page would send', async () => {
    const fs = new MemoryFileSystem();
    for (const name of ['a', 'b']) fs.file(`/m/${name}.bin`, { size: 20, content: 'x' });
    const { scan, dedupe } = lab(fs);
    const { scanId } = await scan();
    await rejectsWith('SCAN_NOT_FOUND', dedupe.planDedupe(choice('nobody00')));
    await rejectsWith('INVALID_INPUT', dedupe.proposeKeepers({ scanId, rules: [], groups: [1] }));
    const forged = { ...choice(scanId), keepSelections: [{ group: 0, keep: [2], skip: false }] };
    await rejectsWith('INVALID_INPUT', dedupe.planDedupe(forged));
    await rejectsWith(
      'INVALID_PATH',
      dedupe.planDedupe({ ...choice(scanId), rules: [{ kind: 'prefer', folder: '../x' }] }),
    );
    await rejectsWith(
      'LOCATION_NOT_FOUND',
      dedupe.planDedupe({ ...choice(scanId), rules: [{ kind: 'protect', folder: '', location: 'nowhere' }] }),
    );
  });
});

describe('what only looks like a duplicate', () => {
  test('one name with other content, biggest first; equal content is not told', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a/model.bin', { size: 20_000, content: 'x' });
    fs.file('/m/b/model.bin', { size: 20_000, content: 'y' });
    fs.file('/m/a/big.bin', { size: 50_000, content: 'x' });
    fs.file('/m/b/big.bin', { size: 40_000, content: 'x' });
    for (const folder of ['a', 'b']) fs.file(`/m/${folder}/same.bin`, { size: 90_000, content: 'z' });
    const { scan, dedupe } = lab(fs);
    const { scanId } = await scan();
    const { sameName } = await dedupe.duplicateHints({ scanId, limit: 10 });
    assert.deepEqual(
      sameName.map(({ name }) => name),
      ['big.bin', 'model.bin'],
    );
  });

  test('the same tensors under another header, only when asked', async () => {
    const fs = new MemoryFileSystem();
    fs.file('/m/a.safetensors', { bytes: safetensors('first', 7) });
    fs.file('/m/resaved.safetensors', { bytes: safetensors('second, and longer', 7) });
    fs.file('/m/copy.safetensors', { bytes: safetensors('first', 7) });
    fs.file('/m/other.safetensors', { bytes: safetensors('third of all', 8) });
    const { scan, dedupe } = lab(fs);
    const plain = await scan();
    assert.deepEqual((await dedupe.duplicateHints({ scanId: plain.scanId, limit: 10 })).variants, []);
    const { scanId } = await scan(['local'], { variants: true });
    const { variants } = await dedupe.duplicateHints({ scanId, limit: 10 });
    assert.deepEqual(
      variants.map(({ dataBytes, files }) => [dataBytes, files.map(({ relPath }) => relPath).sort()]),
      [[10_000, ['a.safetensors', 'copy.safetensors', 'resaved.safetensors']]],
    );
  });
});

function safetensors(title: string, filling: number): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(
    JSON.stringify({ __metadata__: { title }, w: { dtype: 'U8', shape: [10_000], data_offsets: [0, 10_000] } }),
  );
  const bytes = new Uint8Array(8 + json.length + 10_000).fill(filling);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function choice(scanId: string) {
  return { scanId, rules: [], keepSelections: [], action: 'delete' as const };
}

const asNames = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ').slice(2).join(' '));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Every other file is hashed already, as by a comparison. */
async function hashSome(engine: TestEngine, seed: number): Promise<void> {
  for (const id of ['local', 'lake']) {
    await engine.refresh(id);
    const { index } = engine.slot(id);
    for (const { relPath, files } of index.inOrder()) {
      for (let i = seed % 2; i < files.count; i += 2) {
        const path = relPath === '' ? files.name(i) : `${relPath}/${files.name(i)}`;
        await hashOne(engine, id, path, files.size(i));
      }
    }
  }
}

async function hashOne(engine: TestEngine, id: string, relPath: string, size: number): Promise<void> {
  const files = [{ slot: engine.slot(id), relPath, size }];
  await hashFiles(engine.hashing, files, { signal: new AbortController().signal, onRead: () => {} });
}
