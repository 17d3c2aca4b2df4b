import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Location } from '../../src/contract/locations.ts';
import { type Cleanup, ended, errorOf, makePlace, type Place, run, spawnProgram } from '../program/program.ts';
import { type Served, serve, until } from '../program/server.ts';
import { fingerprint, writeFile } from '../program/trees.ts';
import { type FaultMount, frozen, mountFaulty, skipWithoutFuse } from './fault-mount.ts';

const folders = 12;

/** `local` on a plain folder, `lake` on a drive that can freeze; the same files on both. */
async function makeFreezable(t: Cleanup): Promise<{ place: Place; drive: FaultMount }> {
  const made = makePlace(t);
  const drive = await mountFaulty(t, made.folder, 'drive');
  const lake = path.join(drive.mountPoint, 'lake');
  for (const root of [made.local, path.join(drive.backing, 'lake')]) {
    for (let n = 0; n < folders * 4; n += 1) {
      writeFile(root, { relPath: `loras/folder${n % folders}/model${n}.safetensors`, seed: n, size: 20_000 + n });
    }
  }
  return { place: { ...made, lake, env: { ...made.env, LAKE_MODELS_ROOT: lake } }, drive };
}

async function stateOf(server: Served, id: string): Promise<Location> {
  const { locations } = await server.api.listLocations({});
  return locations.find((location) => location.id === id)!;
}

const isIdle = ({ index, state }: Location): boolean => !index.refreshing && state.kind !== 'checking';

/** Both locations read. */
async function serveRead(t: Cleanup, place: Place): Promise<Served> {
  const server = await serve(t, place);
  for (const id of ['local', 'lake'])
    await until(
      `${id} is read`,
      () => stateOf(server, id),
      (one) => isIdle(one) && one.index.files > 0,
    );
  return server;
}

/** Processes that the server has started and that have not ended. */
function readersOf({ child }: Served): number {
  return fs.readdirSync('/proc').filter((name) => {
    try {
      const [, parent] = /\) \S (\d+) /.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      return Number(parent) === child.pid;
    } catch {
      return false;
    }
  }).length;
}

/** Before that, Ctrl+C ends a program without asking it. */
function catchesInterrupts(pid: number | undefined): boolean {
  const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${caught}`) & 2n) !== 0n;
}

function percentile(times: readonly number[], share: number): number {
  return [...times].sort((x, y) => x - y)[Math.min(times.length - 1, Math.floor(times.length * share))]!;
}

describe('a drive that stops answering', { skip: skipWithoutFuse }, () => {
  test('goes offline with a sentence, while everything else keeps working, and comes back by itself', async (t) => {
    const { place, drive } = await makeFreezable(t);
    const server = await serveRead(t, place);
    const { entries } = await server.api.listEntries({ location: 'lake', limit: 1 });
    const other = path.join(drive.mountPoint, 'other');
    fs.mkdirSync(path.join(drive.backing, 'other'));
    await server.api.addLocation({ path: other, id: 'other' });

    drive.faults(frozen);
    const checkedAt = performance.now();
    const checked = await server.api.checkLocation({ id: 'lake' });
    const offlineMs = performance.now() - checkedAt;
    assert.equal(checked.state.kind, 'offline');
    assert.match(checked.state.kind === 'offline' ? checked.state.message : '', /took too long to answer/);

    // All that the page asks for, in rounds, while refreshes of the dead drive are tried again and again.
    const times: number[] = [];
    const targets = [
      '/',
      '/api/locations',
      '/api/diff?a=local&b=lake',
      '/api/index?query=model3',
      `/api/entries/${entries[0]!.id}`,
      '/api/problems',
      '/api/hash',
    ];
    let trying = true;
    const attempts = (async () => {
      while (trying) await server.api.refreshIndex({ location: 'lake', wait: true });
    })();
    for (let round = 0; round < 40; round += 1) {
      for (const target of targets) {
        const startedAt = performance.now();
        const answer = await server.request(target);
        await answer.arrayBuffer();
        times.push(performance.now() - startedAt);
        assert.ok(answer.status === 200 || (target === '/' && answer.status === 404), `${target}: ${answer.status}`);
      }
    }
    trying = false;
    assert.ok(readersOf(server) <= 6, `${readersOf(server)} processes wait for the drive`);
    assert.deepEqual(await server.api.removeLocation({ id: 'other' }), { removed: 'other' });

    writeFile(place.local, { relPath: 'new.pt', seed: 900, size: 10 });
    const { locations } = await server.api.refreshIndex({ location: 'local', wait: true });
    assert.deepEqual([locations[0]?.outcome, locations[0]?.files], ['done', folders * 4 + 1]);
    const hashed = await server.api.hash({ scope: { kind: 'location', location: 'local', folder: '' }, wait: true });
    assert.equal(hashed.hashed, folders * 4 + 1);
    const diff = await run(place, ['diff', '--json']);
    assert.equal(diff.status, 7);
    assert.equal(errorOf(diff).code, 'LOCATION_OFFLINE');
    const remembered = await run(place, ['diff', '--no-refresh', '--json']);
    assert.equal(remembered.status, 0, remembered.stderr);
    const added = await run(place, ['location', 'add', path.join(drive.mountPoint, 'elsewhere'), '--json']);
    assert.equal(added.status, 7);
    assert.match(errorOf(added).message, /took too long to answer/);
    assert.ok(added.elapsedMs < 10_000);
    await attempts;

    drive.faults();
    const back = await until(
      'the drive is online again and was read again',
      () => stateOf(server, 'lake'),
      (one) => one.state.kind === 'online' && isIdle(one),
    );
    assert.equal(back.index.files, folders * 4);
    const again = await server.api.refreshIndex({ location: 'lake', wait: true });
    assert.equal(again.locations[0]?.outcome, 'done');

    const p95 = percentile(times, 0.95);
    t.diagnostic(
      `offline after ${Math.round(offlineMs)} ms; ${times.length} requests during the freeze: p50 ${percentile(times, 0.5).toFixed(1)}, p95 ${p95.toFixed(1)}, longest ${Math.max(...times).toFixed(1)} ms`,
    );
    assert.ok(offlineMs < 10_000);
    assert.ok(p95 < 1_000);
  });
});

describe('a drive that stops answering in the middle of something', { skip: skipWithoutFuse, concurrency: 3 }, () => {
  test('does not hold up the end of the server, whatever it was doing', async (t) => {
    const { place, drive } = await makeFreezable(t);
    const server = await serveRead(t, place);
    drive.faults({ on: 'read', what: 'freeze' });
    const hashing = server.api
      .hash({ scope: { kind: 'location', location: 'lake', folder: '' }, wait: true })
      .catch(() => {});
    await until(
      'hashing has begun',
      () => server.api.hashStatus({}),
      ({ state }) => state === 'running',
    );
    drive.faults(frozen);
    const scanning = server.api.refreshIndex({ location: 'lake', wait: true }).catch(() => {});
    const { status, stopMs, stderr } = await server.stop();
    await Promise.all([hashing, scanning]);
    t.diagnostic(`ended ${Math.round(stopMs)} ms after SIGTERM`);
    assert.equal(status, 0, stderr);
    assert.ok(stopMs < 3_000);
  });

  test('a scan: the refresh ends as offline, nothing is forgotten, the next one resumes', async (t) => {
    const { place, drive } = await makeFreezable(t);
    const server = await serveRead(t, place);
    drive.faults({ on: 'readdir', what: { delayMs: 200 } });
    const refresh = server.api.refreshIndex({ location: 'lake', wait: true });
    await new Promise((resolve) => setTimeout(resolve, 600));
    drive.faults(frozen);
    const { locations } = await refresh;
    assert.equal(locations[0]?.outcome, 'offline');
    assert.match(locations[0]?.message ?? '', /took too long/);
    const offline = await stateOf(server, 'lake');
    assert.equal(offline.state.kind, 'offline');
    assert.equal(offline.index.files, folders * 4);
    drive.faults();
    await until(
      'the drive is online again and was read again',
      () => stateOf(server, 'lake'),
      (one) => one.state.kind === 'online' && isIdle(one),
    );
    writeFile(path.join(drive.backing, 'lake'), { relPath: 'loras/arrived.pt', seed: 77, size: 7 });
    const resumed = await server.api.refreshIndex({ location: 'lake', wait: true });
    assert.deepEqual([resumed.locations[0]?.outcome, resumed.locations[0]?.files], ['done', folders * 4 + 1]);
  });

  test('hashing: the files that were read keep their hash, the rest is listed and can be hashed later', async (t) => {
    const { place, drive } = await makeFreezable(t);
    const server = await serveRead(t, place);
    drive.faults({ on: 'open', path: 'model40', what: 'freeze' });
    const scope = { kind: 'location', location: 'lake', folder: '' } as const;
    const run1 = await server.api.hash({ scope, wait: true });
    assert.ok(run1.failed.length > 0);
    assert.ok(
      run1.failed.every(({ code }) => code === 'LOCATION_OFFLINE'),
      JSON.stringify(run1.failed[0]),
    );
    assert.equal(run1.hashed + run1.failed.length, folders * 4);
    drive.faults();
    await until(
      'the drive is online again and was read again',
      () => stateOf(server, 'lake'),
      (one) => one.state.kind === 'online' && isIdle(one),
    );
    const run2 = await server.api.hash({ scope, wait: true });
    assert.deepEqual([run2.failed, run2.cached, run2.hashed], [[], run1.hashed, run1.failed.length]);
  });

  test('commands without a server end too, with the right status and their output closed', async (t) => {
    const { place, drive } = await makeFreezable(t);
    const before = fingerprint(path.join(drive.backing, 'lake'));
    assert.equal((await run(place, ['index', 'refresh', '--json'])).status, 0);
    const file = path.join(place.lake, 'loras/folder1/model1.safetensors');
    drive.faults(frozen);
    const cases: readonly (readonly [readonly string[], number])[] = [
      [['diff', '--json'], 7],
      [['index', 'refresh', '--json'], 3],
      [['index', 'find', 'model1', '--json'], 0],
      [['location', 'check', 'lake', '--json'], 7],
      [['doctor', '--json'], 3],
      [['hash', file, path.join(place.local, 'loras/folder1/model1.safetensors'), '--json'], 3],
    ];
    for (const [args, status] of cases) {
      const result = await run(place, args);
      assert.equal(result.status, status, `${args[0]}: ${result.stderr}`);
      assert.ok(result.elapsedMs < 20_000);
      assert.doesNotMatch(result.stderr, /\n\s+at /);
    }
    drive.faults();
    assert.equal((await run(place, ['diff', '--json'])).status, 0);
    assert.equal(fingerprint(path.join(drive.backing, 'lake')), before);
  });

  test('a server that starts while a drive is frozen answers, and reads the drive when it comes back', async (t) => {
    const { place, drive } = await makeFreezable(t);
    drive.faults(frozen);
    const server = await serve(t, place);
    await until(
      'the plain folder is read',
      () => stateOf(server, 'local'),
      (one) => isIdle(one) && one.index.files > 0,
    );
    const dead = await until(
      'the drive counts as offline',
      () => stateOf(server, 'lake'),
      ({ state }) => state.kind === 'offline',
    );
    assert.equal(dead.index.scannedAtMs, null);
    drive.faults();
    await until(
      'the drive is read',
      () => stateOf(server, 'lake'),
      ({ index }) => index.files === folders * 4,
    );
  });

  test('a command that is interrupted while it waits for the drive ends at once', async (t) => {
    const { place, drive } = await makeFreezable(t);
    drive.faults(frozen);
    for (const args of [['diff'], ['hash', path.join(place.lake, 'loras/folder1/model1.safetensors')]]) {
      const child = spawnProgram(place, args);
      const end = ended(child);
      await until('it listens for Ctrl+C', async () => catchesInterrupts(child.pid), Boolean);
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      const startedAt = performance.now();
      child.kill('SIGINT');
      assert.equal((await end).status, 130);
      assert.ok(performance.now() - startedAt < 3_000);
    }
  });
});

test('the tests leave no frozen mount behind', { skip: skipWithoutFuse }, () => {
  const mounts = fs.readFileSync('/proc/self/mounts', 'utf8');
  assert.doesNotMatch(mounts, /weightroom-program-\S+\/drive .*faultfs/);
});
