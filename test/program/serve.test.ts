import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { errorOf, makePlace, run, runJson } from './program.ts';
import { serve, until } from './server.ts';
import { bytesOf, writeFile, writePair } from './trees.ts';

interface SocketEvent {
  readonly type: string;
}

/** There a process that is told to end is ended on the spot. */
const skip = process.platform === 'win32' && 'Windows has no SIGTERM';

describe('weightroom serve', { concurrency: 2 }, () => {
  test('prints one line with its address, answers there with the token, and ends cleanly on SIGTERM', {
    skip,
  }, async (t) => {
    const place = makePlace(t);
    writePair(place.local, place.lake);
    const server = await serve(t, place);
    assert.match(server.line, /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{20,}$/);

    assert.equal((await fetch(`${server.baseUrl}/api/health`)).status, 200);
    assert.equal((await fetch(`${server.baseUrl}/api/locations`)).status, 403);
    const { locations } = await server.api.listLocations({});
    assert.deepEqual(
      locations.map(({ id, path: root }) => [id, root]),
      [
        ['local', place.local],
        ['lake', place.lake],
      ],
    );
    const page = await fetch(server.baseUrl);
    if (page.status === 200) assert.match(await page.text(), /<div id="root"|<!doctype html>/i);

    const { status, stdout, stderr, stopMs } = await server.stop();
    assert.deepEqual([status, stdout, stderr], [0, `${server.line}\n`, '']);
    assert.ok(stopMs < 2_000, `took ${stopMs} ms`);
    assert.deepEqual(
      fs.readdirSync(place.appData).filter((name) => name.endsWith('-wal') || name === 'instance.json'),
      [],
    );
  });

  test('events of a first scan arrive over the socket', async (t) => {
    const place = makePlace(t);
    const server = await serve(t, place);
    const types = new Set<string>();
    const socket = new WebSocket(`${server.baseUrl.replace('http', 'ws')}/api/events`, {
      headers: { authorization: `Bearer ${server.token}` },
    } as unknown as string[]);
    socket.addEventListener('message', ({ data }) => types.add((JSON.parse(String(data)) as SocketEvent).type));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('the socket was refused')));
    });
    writeFile(place.local, { relPath: 'a.pt', seed: 1, size: 100 });
    await server.api.refreshIndex({ wait: true });
    await until(
      'events arrived',
      async () => [...types],
      (seen) => seen.includes('index.finished') && seen.includes('location.changed'),
    );
    socket.close();
  });

  test('a command hands its work to the running server', async (t) => {
    const place = makePlace(t);
    writePair(place.local, place.lake);
    const server = await serve(t, place);
    const before = fs.readFileSync(path.join(place.appData, 'instance.json'), 'utf8');
    const { locations } = await runJson<{ locations: { files: number }[] }>(place, ['index', 'refresh']);
    assert.ok(locations.every(({ files }) => files > 5));
    const diff = await runJson<{ summary: Record<string, { files: number }> }>(place, ['diff', '--hash']);
    assert.ok(diff.summary['same-verified']!.files > 0);
    assert.equal(fs.readFileSync(path.join(place.appData, 'instance.json'), 'utf8'), before);
    // The hashes are the server's own now.
    const status = await server.api.listLocations({});
    assert.ok(status.locations.every(({ index }) => index.hashedFiles > 0));
  });

  test('a second instance is refused with a sentence that names the first', async (t) => {
    const place = makePlace(t);
    const server = await serve(t, place);
    const second = await run(place, ['serve', '--port', '0', '--no-open', '--json']);
    assert.equal(second.status, 5);
    assert.equal(second.stdout, '');
    assert.equal(errorOf(second).code, 'INSTANCE_RUNNING');
    assert.ok(errorOf(second).message.includes(`the server at ${server.baseUrl} (process ${server.child.pid}`));
    assert.equal((await server.request('/api/locations')).status, 200);
  });

  test('a server that was killed leaves nothing that hinders the next one', async (t) => {
    const place = makePlace(t);
    writePair(place.local, place.lake);
    const first = await serve(t, place);
    await first.api.refreshIndex({ wait: true });
    first.child.kill('SIGKILL');
    await first.end;
    const second = await serve(t, place);
    const { locations } = await second.api.listLocations({});
    assert.ok(locations.every(({ index }) => index.files > 0));
  });

  test('two commands at the same time wait for each other', async (t) => {
    const place = makePlace(t);
    writePair(place.local, place.lake);
    const both = await Promise.all([run(place, ['diff', '--json']), run(place, ['index', 'refresh', '--json'])]);
    assert.deepEqual(
      both.map(({ status, stderr }) => [status, stderr]),
      [
        [0, ''],
        [0, ''],
      ],
    );
  });

  test('a command that comes while a server is starting is served by it', async (t) => {
    const place = makePlace(t);
    writePair(place.local, place.lake);
    const starting = serve(t, place);
    const deadline = performance.now() + 10_000;
    while (!fs.existsSync(path.join(place.appData, 'instance.json')) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { status, stderr } = await run(place, ['index', 'status', '--json']);
    assert.deepEqual([status, stderr], [0, '']);
    await starting;
  });

  test('a port that is taken is named', async (t) => {
    const place = makePlace(t);
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const result = await run(place, ['serve', '--port', String(port), '--no-open', '--json']);
    assert.equal(result.status, 5);
    assert.deepEqual(
      [errorOf(result).code, errorOf(result).message],
      ['PORT_IN_USE', `Port ${port} is taken by another program.`],
    );
    // Nothing stays locked.
    assert.equal((await run(place, ['index', 'status', '--json'])).status, 0);
  });

  test('SIGTERM during the first scan and during hashing ends it within two seconds, and the next start goes on', {
    skip,
  }, async (t) => {
    const place = makePlace(t);
    for (let n = 0; n < 3_000; n += 1) {
      const folder = path.join(place.local, `folder${n % 300}`);
      if (n < 300) fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, `file${n}.pt`), `${n}`);
    }
    const scanning = await serve(t, place);
    const first = await scanning.stop();
    assert.deepEqual([first.status, first.stderr], [0, '']);

    for (let n = 0; n < 3; n += 1) fs.writeFileSync(path.join(place.lake, `large${n}.gguf`), '');
    for (let n = 0; n < 3; n += 1) fs.truncateSync(path.join(place.lake, `large${n}.gguf`), 40 * 1024 ** 3);
    const hashing = await serve(t, place);
    await hashing.api.refreshIndex({ wait: true });
    const { locations } = await hashing.api.listLocations({});
    assert.deepEqual(
      locations.map(({ index }) => index.files),
      [3_000, 3],
    );
    await hashing.api.hash({ scope: { kind: 'location', location: 'lake', folder: '' }, wait: false });
    await until(
      'bytes are read',
      () => hashing.api.hashStatus({}),
      ({ bytesDone }) => bytesDone > 0,
    );
    const second = await hashing.stop();
    assert.deepEqual([second.status, second.stderr], [0, '']);
    t.diagnostic(
      `ended ${Math.round(first.stopMs)} ms (scan) and ${Math.round(second.stopMs)} ms (hashing) after SIGTERM`,
    );
    assert.ok(first.stopMs < 2_000 && second.stopMs < 2_000);
    assert.equal((await run(place, ['index', 'refresh', '--json'])).status, 0);
  });

  test('with no location configured it shows the demo library, whose states are all there', async (t) => {
    const place = makePlace(t);
    const env = { LOCAL_MODELS_ROOT: '', LAKE_MODELS_ROOT: '', TMPDIR: place.folder, TEMP: place.folder };
    const server = await serve(t, place, { env, args: ['--port', '0', '--no-open', '--demo-when-empty'] });
    const { locations } = await server.api.refreshIndex({ wait: true });
    assert.deepEqual(
      locations.map(({ id, outcome }) => [id, outcome]),
      [
        ['local', 'done'],
        ['lake', 'done'],
      ],
    );
    const { summary } = await server.api.diff({ a: 'local', b: 'lake', limit: 0 });
    for (const state of ['only-a', 'only-b', 'same-probable', 'unverified', 'conflict'] as const) {
      assert.ok(summary[state].files > 0, state);
    }
    const used = fs.readdirSync(place.folder).filter((name) => name.startsWith('weightroom-demo-'));
    assert.equal(used.length, 1);
    const { locations: shown } = await server.api.listLocations({});
    assert.deepEqual(
      shown.map(({ origin }) => origin),
      ['demo', 'demo'],
    );
  });

  test('without a location and without the demo it starts, says what to do, and has nothing to show', async (t) => {
    const place = makePlace(t);
    const env = { LOCAL_MODELS_ROOT: '', LAKE_MODELS_ROOT: '' };
    const server = await serve(t, place, { env });
    assert.deepEqual((await server.api.listLocations({})).locations, []);
    const refused = await run(place, ['diff', '--json'], { env });
    assert.equal(refused.status, 4);
    assert.match(errorOf(refused).hint ?? '', /location add|LOCAL_MODELS_ROOT/);
  });

  test('a file of many parts is hashed to its end although its progress is reported on the way', async (t) => {
    const place = makePlace(t);
    for (const root of [place.local, place.lake]) {
      fs.writeFileSync(path.join(root, 'big.gguf'), bytesOf(3, 1_000_000));
      fs.truncateSync(path.join(root, 'big.gguf'), 300_000_000);
    }
    const { summary } = await runJson<{ summary: Record<string, { files: number }> }>(place, ['diff', '--hash']);
    assert.equal(summary['same-verified']?.files, 1);
  });
});
