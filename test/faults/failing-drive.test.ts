import assert from 'node:assert/strict';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { type Cleanup, errorOf, makePlace, type Place, run, runJson } from '../program/program.ts';
import { serve, until } from '../program/server.ts';
import { bytesOf, writeFile } from '../program/trees.ts';
import { type FaultMount, mountFaulty, skipWithoutFuse } from './fault-mount.ts';

const { EIO } = constants.errno;

interface Problem {
  readonly location: string;
  readonly relPath: string;
  readonly code: string;
  readonly message: string;
}

interface Refreshed {
  readonly locations: readonly {
    readonly id: string;
    readonly files: number;
    readonly problems: number;
    readonly outcome?: string;
    readonly message?: string;
  }[];
}

interface HashRun {
  readonly files: number;
  readonly hashed: number;
  readonly verified: number;
  readonly failed: readonly Problem[];
  readonly changed: readonly Problem[];
}

/** Only `lake`, on a drive with faults. */
async function makeFaultyLake(t: Cleanup): Promise<{ place: Place; drive: FaultMount; backing: string }> {
  const made = makePlace(t);
  const drive = await mountFaulty(t, made.folder, 'drive');
  const lake = path.join(drive.mountPoint, 'lake');
  const backing = path.join(drive.backing, 'lake');
  for (const [n, relPath] of ['loras/one.pt', 'loras/two.pt', 'vae/bad.pt', 'vae/good.pt', 'deep/a/b/c.pt'].entries()) {
    writeFile(backing, { relPath, seed: n, size: 300_000 + n });
  }
  return { place: { ...made, lake, env: { APP_DATA_DIR: made.appData, LAKE_MODELS_ROOT: lake } }, drive, backing };
}

async function problemsOf(place: Place): Promise<readonly Problem[]> {
  const { problems } = await runJson<{ problems: readonly Problem[] }>(place, ['index', 'problems']);
  return problems;
}

describe('a drive that reports errors', { skip: skipWithoutFuse, concurrency: 2 }, () => {
  test('a folder that cannot be listed is a problem; its files stay in the index and the rest is read', async (t) => {
    const { place, drive, backing } = await makeFaultyLake(t);
    await runJson(place, ['index', 'refresh']);
    drive.faults({ on: 'readdir', path: '/deep/a', what: { errno: EIO } });
    writeFile(backing, { relPath: 'loras/three.pt', seed: 9, size: 9 });
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh'], { status: 3 });
    assert.deepEqual([locations[0]?.files, locations[0]?.problems], [6, 1]);
    const [problem] = await problemsOf(place);
    assert.deepEqual([problem?.relPath, problem?.code], ['deep/a', 'IO_FAILED']);
    assert.match(problem?.message ?? '', /the drive reports an error/);
  });

  test('a file whose facts cannot be read is a problem; the rest is read, and it is back when the error is gone', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    drive.faults({ on: 'getattr', path: 'bad.pt', what: { errno: EIO } });
    const first = await runJson<Refreshed>(place, ['index', 'refresh'], { status: 3 });
    assert.deepEqual([first.locations[0]?.files, first.locations[0]?.problems], [4, 1]);
    const [problem] = await problemsOf(place);
    assert.deepEqual([problem?.relPath, problem?.code], ['vae/bad.pt', 'IO_FAILED']);
    drive.faults();
    const second = await runJson<Refreshed>(place, ['index', 'refresh']);
    assert.deepEqual([second.locations[0]?.files, second.locations[0]?.problems], [5, 0]);
  });

  test('a file that was read before and cannot be looked at now does not count as gone', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    await runJson(place, ['index', 'refresh']);
    drive.faults({ on: 'getattr', path: 'bad.pt', what: { errno: EIO } });
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh'], { status: 3 });
    assert.deepEqual([locations[0]?.files, locations[0]?.problems], [5, 1]);
  });

  test('a file that cannot be read gets no hash; all others do', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    await runJson(place, ['index', 'refresh']);
    drive.faults({ on: 'read', path: 'bad.pt', what: { errno: EIO } });
    const hashed = await runJson<HashRun>(place, ['hash'], { status: 3 });
    assert.equal(hashed.hashed, 4);
    assert.deepEqual(
      hashed.failed.map(({ relPath, code }) => [relPath, code]),
      [['vae/bad.pt', 'IO_FAILED']],
    );
    const alone = await run(place, ['hash', path.join(place.lake, 'vae/bad.pt'), '--json']);
    assert.equal(alone.status, 7);
    assert.equal(errorOf(alone).code, 'IO_FAILED');
    drive.faults();
    const again = await runJson<HashRun>(place, ['hash']);
    assert.deepEqual([again.hashed, again.failed], [1, []]);
  });

  test('a root that answers with an error is offline, with the reason', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    await runJson(place, ['index', 'refresh']);
    drive.faults({ on: '*', what: { errno: EIO } });
    const result = await run(place, ['index', 'refresh', '--json']);
    assert.equal(result.status, 7);
    assert.match(errorOf(result).message, /the drive reports an error/);
    drive.faults();
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh']);
    assert.equal(locations[0]?.files, 5);
  });

  test('a flipped bit is found by hash --verify, and only there', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    await runJson(place, ['index', 'refresh']);
    await runJson(place, ['hash']);
    const clean = await runJson<HashRun>(place, ['hash', '--verify']);
    assert.deepEqual([clean.verified, clean.changed], [5, []]);
    drive.faults({ on: 'read', path: 'vae/good.pt', what: 'flip' });
    const rotten = await runJson<HashRun>(place, ['hash', '--verify'], { status: 3 });
    assert.equal(rotten.verified, 4);
    assert.deepEqual(
      rotten.changed.map(({ relPath, code }) => [relPath, code]),
      [['vae/good.pt', 'CONTENT_CHANGED']],
    );
    const problems = await problemsOf(place);
    assert.deepEqual(
      problems.map(({ relPath, code }) => [relPath, code]),
      [['vae/good.pt', 'CONTENT_CHANGED']],
    );
  });
});

describe('a drive that is gone', { skip: skipWithoutFuse, concurrency: 2 }, () => {
  test('a dead file system (ENOTCONN), then an empty mount point, forget nothing; mounted again all is as before', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    await runJson(place, ['index', 'refresh']);
    await runJson(place, ['hash']);
    await drive.kill();
    const dead = await run(place, ['index', 'refresh', '--json']);
    assert.equal(dead.status, 7);
    assert.match(errorOf(dead).message, /no longer connected/);
    drive.unmount();
    const unmounted = await run(place, ['index', 'refresh', '--json']);
    assert.equal(unmounted.status, 7);
    assert.match(errorOf(unmounted).message, /does not exist/);
    const { locations } = await runJson<{
      locations: { files: number; hashedFiles: number; state: { kind: string } }[];
    }>(place, ['index', 'status']);
    assert.deepEqual([locations[0]?.files, locations[0]?.hashedFiles], [5, 5]);
    await drive.mount();
    const { locations: back } = await runJson<Refreshed>(place, ['index', 'refresh']);
    assert.equal(back[0]?.files, 5);
    const { hashed } = await runJson<HashRun>(place, ['hash']);
    assert.equal(hashed, 0);
  });

  test('a root that is itself a mount point counts as unmounted when it is an empty folder', async (t) => {
    const { place, drive } = await makeFaultyLake(t);
    const env = { LAKE_MODELS_ROOT: drive.mountPoint };
    await runJson(place, ['index', 'refresh'], { env });
    await drive.kill();
    drive.unmount();
    const unmounted = await run(place, ['index', 'refresh', '--json'], { env });
    assert.equal(unmounted.status, 7);
    assert.match(errorOf(unmounted).message, /where a drive was mounted before/);
    const { locations } = await runJson<{ locations: { files: number }[] }>(place, ['index', 'status'], { env });
    assert.equal(locations[0]?.files, 5);
  });

  const vanishings: readonly (readonly [string, (backing: string) => void, RegExp])[] = [
    ['is renamed away', (backing) => fs.renameSync(backing, `${backing}-away`), /does not exist/],
    [
      'is replaced by another folder',
      (backing) => {
        fs.renameSync(backing, `${backing}-away`);
        fs.mkdirSync(path.join(backing, 'loras'), { recursive: true });
        fs.writeFileSync(path.join(backing, 'loras', 'other.pt'), 'another drive');
      },
      /was replaced or unmounted while it was being read|does not exist/,
    ],
  ];
  for (const [how, vanish, sentence] of vanishings) {
    test(`a root that ${how} in the middle of a scan: offline, and nothing is forgotten`, async (t) => {
      const { place, drive, backing } = await makeFaultyLake(t);
      for (let n = 0; n < 20; n += 1) writeFile(backing, { relPath: `more/folder${n}/x.pt`, seed: n, size: n });
      const server = await serve(t, place);
      const lake = async () => (await server.api.listLocations({})).locations[0]!;
      await until('the drive is read', lake, ({ index }) => index.files === 25 && !index.refreshing);
      drive.faults({ on: 'readdir', what: { delayMs: 150 } });
      const refreshing = server.api.refreshIndex({ wait: true });
      await new Promise((resolve) => setTimeout(resolve, 700));
      vanish(backing);
      const { locations } = await refreshing;
      assert.equal(locations[0]?.outcome, 'offline');
      assert.match(locations[0]?.message ?? '', sentence);
      assert.equal((await lake()).index.files, 25);
    });
  }

  test('a file system that dies in the middle of a scan or of hashing takes its location offline, and no other', async (t) => {
    const { place: lakeOnly, drive } = await makeFaultyLake(t);
    writeFile(lakeOnly.local, { relPath: 'x.pt', seed: 1, size: 5 });
    const place = { ...lakeOnly, env: { ...lakeOnly.env, LOCAL_MODELS_ROOT: lakeOnly.local } };
    const server = await serve(t, place);
    const lake = async () => (await server.api.listLocations({})).locations.find(({ id }) => id === 'lake')!;
    await until('the drive is read', lake, ({ index }) => index.files === 5 && !index.refreshing);
    drive.faults({ on: 'read', what: { delayMs: 300 } });
    const hashing = server.api.hash({ scope: { kind: 'location', location: 'lake', folder: '' }, wait: true });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await drive.kill();
    const hashed = await hashing;
    assert.ok(hashed.failed.length > 0);
    assert.equal(hashed.hashed + hashed.failed.length, 5);
    const { locations } = await server.api.refreshIndex({ wait: true });
    assert.deepEqual(locations.map(({ id, outcome }) => [id, outcome]).sort(), [
      ['lake', 'offline'],
      ['local', 'done'],
    ]);
    assert.equal((await lake()).index.files, 5);
  });
});

describe('a slow drive', { skip: skipWithoutFuse, concurrency: 2 }, () => {
  test('one folder that takes longer than any deadline is read to its end', async (t) => {
    const { place, drive, backing } = await makeFaultyLake(t);
    for (let n = 0; n < 300; n += 1) fs.writeFileSync(path.join(backing, 'loras', `small${n}.pt`), '');
    drive.faults({ on: 'getattr', path: 'small', what: { delayMs: 20 } });
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh']);
    assert.equal(locations[0]?.files, 305);
    assert.equal(locations[0]?.outcome, undefined);
  });

  test('one file that takes longer than any deadline is hashed to its end, and looking at the drive meanwhile works', async (t) => {
    const { place, drive, backing } = await makeFaultyLake(t);
    fs.writeFileSync(path.join(backing, 'huge.gguf'), bytesOf(1, 1_600_000));
    const server = await serve(t, place);
    const lake = async () => (await server.api.listLocations({})).locations[0]!;
    await until('the drive is read', lake, ({ index }) => index.files === 6 && !index.refreshing);
    drive.faults({ on: 'read', path: 'huge', what: { delayMs: 1_500 } });
    const hashing = server.api.hash({ scope: { kind: 'location', location: 'lake', folder: '' }, wait: true });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    assert.equal((await server.api.checkLocation({ id: 'lake' })).state.kind, 'online');
    const { hashed, failed } = await hashing;
    assert.deepEqual([hashed, failed], [6, []]);
  });
});
