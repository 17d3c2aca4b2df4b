import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createBLAKE3 } from 'hash-wasm';
import type { CompareSummary } from '../../src/contract/sync.ts';
import { type CompareState, compareStates } from '../../src/contract/sync-words.ts';
import { errorOf, makePlace, type Place, run, runJson } from './program.ts';
import { bytesOf, type FileSpec, fileAgainstFolder, fingerprint, movedPair, pairCases, writePair } from './trees.ts';

interface Side {
  readonly size: number;
  readonly mtimeMs: number;
  readonly blake3?: string;
  readonly kind?: string;
}

interface Diff {
  readonly a: string;
  readonly b: string;
  readonly summary: CompareSummary;
  readonly moved: number;
  readonly problems: readonly { readonly relPath: string; readonly code: string }[];
  readonly entries?: readonly {
    readonly relPath: string;
    readonly state: CompareState;
    readonly a: Side | null;
    readonly b: Side | null;
  }[];
}

async function blake3(bytes: Uint8Array): Promise<string> {
  return (await createBLAKE3()).init().update(bytes).digest();
}

/** What `diff` has to say about the tree pair, worked out from the table it was made of. */
function expectedStates(when: 'quick' | 'settled'): Record<string, CompareState> {
  const states = pairCases.map((entry) => [(entry.a ?? entry.b)!.relPath, entry[when]]);
  return Object.fromEntries([
    ...states,
    [movedPair.a.relPath, 'only-a'],
    [movedPair.b.relPath, 'only-b'],
    [fileAgainstFolder.a.relPath, 'conflict'],
    [fileAgainstFolder.b.relPath, 'only-b'],
  ]) as Record<string, CompareState>;
}

function expectedSummary(when: 'quick' | 'settled'): CompareSummary {
  const summary = Object.fromEntries(compareStates.map((state) => [state, { files: 0, bytes: 0 }])) as CompareSummary;
  const sides = [
    ...pairCases,
    { a: movedPair.a },
    { b: movedPair.b },
    { a: fileAgainstFolder.a },
    { b: fileAgainstFolder.b },
  ];
  for (const { a, b } of sides as readonly { a?: FileSpec; b?: FileSpec }[]) {
    const one = (a ?? b)!;
    const total = summary[expectedStates(when)[one.relPath]!];
    total.files += 1;
    total.bytes += one.size;
  }
  return summary;
}

function statesOf(diff: Diff): Record<string, CompareState> {
  return Object.fromEntries(diff.entries!.map(({ relPath, state }) => [relPath, state]));
}

function pairPlace(t: Parameters<typeof makePlace>[0]): Place {
  const place = makePlace(t);
  writePair(place.local, place.lake);
  return place;
}

describe('the contract for scripts, on real folders', () => {
  test('index refresh --json prints one line per location with its totals', async (t) => {
    const place = pairPlace(t);
    const { status, stdout, stderr } = await run(place, ['index', 'refresh', '--json']);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const { locations } = JSON.parse(stdout) as { locations: { id: string; elapsedMs: number }[] };
    assert.ok(locations.every(({ elapsedMs }) => elapsedMs > 0));
    const totals = (side: 'a' | 'b') => {
      const files = [...pairCases, movedPair, fileAgainstFolder].flatMap((entry) => entry[side] ?? []);
      return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), problems: 0 };
    };
    assert.deepEqual(
      locations.map(({ elapsedMs: _elapsedMs, ...rest }) => rest),
      [
        { id: 'local', ...totals('a') },
        { id: 'lake', ...totals('b') },
      ],
    );
  });

  test('diff --json finds every state, first by facts and then by content, and changes no file', async (t) => {
    const place = pairPlace(t);
    const before = [fingerprint(place.local), fingerprint(place.lake)];

    const quick = await runJson<Diff>(place, ['diff', '--entries']);
    assert.deepEqual([quick.a, quick.b, quick.problems], ['local', 'lake', []]);
    assert.deepEqual(statesOf(quick), expectedStates('quick'));
    assert.deepEqual(quick.summary, expectedSummary('quick'));

    const settled = await runJson<Diff>(place, ['diff', '--hash', '--entries']);
    assert.deepEqual(statesOf(settled), expectedStates('settled'));
    assert.deepEqual(settled.summary, expectedSummary('settled'));
    assert.equal(settled.moved, 1);

    const { entries: _entries, ...withoutEntries } = settled;
    assert.deepEqual(await runJson<Diff>(place, ['diff']), withoutEntries);

    assert.deepEqual([fingerprint(place.local), fingerprint(place.lake)], before);
  });

  test('diff --entries carries size, time and hash of both sides', async (t) => {
    const place = pairPlace(t);
    const { entries } = await runJson<Diff>(place, ['diff', '--hash', '--entries']);
    const { relPath, seed, size } = pairCases[3]!.a!;
    const row = entries!.find((entry) => entry.relPath === relPath);
    const side = {
      size,
      mtimeMs: fs.statSync(path.join(place.local, relPath)).mtimeMs,
      blake3: await blake3(bytesOf(seed, size)),
    };
    assert.deepEqual(row, { relPath, state: 'same-verified', a: side, b: side });
    const lone = entries!.find(({ state }) => state === 'only-b');
    assert.equal(lone?.a, null);
    assert.ok(lone?.b);
  });

  test('index find --json finds by words, with filters, from the index alone', async (t) => {
    const place = pairPlace(t);
    await runJson(place, ['index', 'refresh']);
    fs.renameSync(place.local, `${place.local}-away`);
    const find = async (...words: string[]) => {
      const { hits, elapsedMs } = await runJson<{ hits: unknown[]; elapsedMs: number }>(place, [
        'index',
        'find',
        ...words,
      ]);
      assert.ok(elapsedMs >= 0);
      return hits;
    };
    assert.deepEqual(await find('renamed'), [{ location: 'lake', relPath: movedPair.b.relPath, size: 3333 }]);
    assert.deepEqual(await find('水墨', 'location:local'), [
      { location: 'local', relPath: pairCases[9]!.a!.relPath, size: 33 },
    ]);
    assert.deepEqual(await find('ext:gguf', 'location:lake', 'close'), [
      { location: 'lake', relPath: 'unet/close.gguf', size: 901 },
    ]);
    assert.deepEqual(await find('nothing-like-this-anywhere'), []);
  });

  test('hash PATH… --json prints all three hashes of each file, and the rest when one fails', async (t) => {
    const place = pairPlace(t);
    const big = path.join(place.folder, 'big.bin');
    fs.writeFileSync(big, bytesOf(99, 17 * 1024 * 1024 + 5));
    const small = path.join(place.local, movedPair.a.relPath);
    const hashes = await runJson<Record<string, unknown>[]>(place, ['hash', small, big]);
    for (const [k, file] of [small, big].entries()) {
      const bytes = fs.readFileSync(file);
      const { quickHash, ...rest } = hashes[k]!;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      assert.deepEqual(rest, { path: file, size: bytes.length, blake3: await blake3(bytes), sha256 });
      assert.match(String(quickHash), /^[a-z0-9]+:[0-9a-f]{64}$/);
    }
    const missing = path.join(place.folder, 'missing');
    const mixed = await runJson<{ path: string; error?: { code: string } }[]>(place, ['hash', missing, small], {
      status: 3,
    });
    assert.deepEqual(
      mixed.map(({ error }) => error?.code),
      ['FILE_NOT_FOUND', undefined],
    );
    const alone = await run(place, ['hash', missing, '--json']);
    assert.equal(alone.status, 4);
    assert.equal(alone.stdout, '');
    assert.equal(errorOf(alone).code, 'FILE_NOT_FOUND');
  });

  test('a location that cannot be reached ends diff with 7 and leaves stdout empty', async (t) => {
    const place = pairPlace(t);
    await runJson(place, ['index', 'refresh']);
    fs.renameSync(place.lake, `${place.lake}-away`);
    const result = await run(place, ['diff', '--json']);
    assert.equal(result.status, 7);
    assert.equal(result.stdout, '');
    assert.deepEqual(errorOf(result).code, 'LOCATION_OFFLINE');
    assert.ok(errorOf(result).message.includes(place.lake));
    // What the index remembers is still there to be compared.
    const remembered = await runJson<Diff>(place, ['diff', '--no-refresh', '--entries']);
    assert.deepEqual(statesOf(remembered), expectedStates('quick'));
  });

  test('refreshing two locations of which one is away reads the other and ends with 3', async (t) => {
    const place = pairPlace(t);
    fs.rmSync(place.lake, { recursive: true });
    const { locations } = await runJson<{
      locations: { id: string; files: number; outcome?: string; message?: string }[];
    }>(place, ['index', 'refresh'], { status: 3 });
    assert.equal(locations[0]?.outcome, undefined);
    assert.ok(locations[0]!.files > 0);
    assert.equal(locations[1]?.outcome, 'offline');
    assert.match(locations[1]?.message ?? '', /does not exist/);
  });
});
