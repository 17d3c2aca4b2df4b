import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { type Cleanup, errorOf, makePlace, type Place, run, runJson } from './program.ts';
import { serve } from './server.ts';
import { fingerprint, writeFile } from './trees.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly layout: string;
  readonly drive: string;
  readonly allowDelete: boolean;
  readonly origin: string;
  readonly state: { readonly kind: string; readonly reason?: string; readonly message?: string };
  readonly index: { readonly files: number; readonly hashedFiles: number };
}

async function list(place: Place, env: Record<string, string> = {}): Promise<readonly Shown[]> {
  return (await runJson<{ locations: readonly Shown[] }>(place, ['location', 'list'], { env })).locations;
}

/** No location configured; `local` and `lake` are plain folders to be added. */
function bare(t: Cleanup): Place {
  const place = makePlace(t);
  return { ...place, env: { APP_DATA_DIR: place.appData } };
}

describe('locations of the person, by command and by API', { concurrency: 2 }, () => {
  test('added, read, edited and removed; its files are never touched', async (t) => {
    const place = bare(t);
    writeFile(place.local, { relPath: 'loras/a.pt', seed: 1, size: 100 });
    const before = fingerprint(place.local);
    const added = await runJson<Shown>(place, ['location', 'add', place.local, '--id', 'mine', '--name', 'My models']);
    assert.deepEqual(
      [added.id, added.name, added.path, added.origin, added.state.kind],
      ['mine', 'My models', place.local, 'user', 'online'],
    );
    await runJson(place, ['index', 'refresh', 'mine']);
    await runJson(place, [
      'location',
      'edit',
      'mine',
      '--name',
      'Renamed',
      '--layout',
      'plain',
      '--drive',
      'network',
      '--allow-delete',
    ]);
    const [edited] = await list(place);
    assert.deepEqual(
      [edited?.name, edited?.layout, edited?.drive, edited?.allowDelete, edited?.index.files],
      ['Renamed', 'plain', 'network', true, 1],
    );
    assert.deepEqual(await runJson(place, ['location', 'remove', 'mine']), { removed: 'mine' });
    assert.deepEqual(await list(place), []);
    assert.equal(fingerprint(place.local), before);
  });

  test('the same over the API of a server', async (t) => {
    const place = bare(t);
    writeFile(place.local, { relPath: 'a.pt', seed: 1, size: 100 });
    const server = await serve(t, place);
    const json = { 'content-type': 'application/json' };
    const post = await server.request('/api/locations', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ path: place.local }),
    });
    assert.equal(post.status, 200);
    const { id } = (await post.json()) as Shown;
    assert.equal(id, 'local');
    const patch = await server.request(`/api/locations/${id}`, {
      method: 'PATCH',
      headers: json,
      body: JSON.stringify({ name: 'New' }),
    });
    assert.equal(((await patch.json()) as Shown).name, 'New');
    const twice = await server.request('/api/locations', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ path: place.local }),
    });
    assert.equal(twice.status, 409);
    const removed = await server.request(`/api/locations/${id}`, { method: 'DELETE' });
    assert.deepEqual(await removed.json(), { removed: id });
    const gone = await server.request(`/api/locations/${id}/check`, { method: 'POST', headers: json, body: '{}' });
    assert.equal(gone.status, 404);
    await server.stop();
    assert.deepEqual(await list(place), []);
  });

  test('a place that cannot be a location is refused with the reason', async (t) => {
    const place = bare(t);
    fs.mkdirSync(path.join(place.local, 'inner'));
    fs.mkdirSync(path.join(place.folder, 'other'));
    fs.symlinkSync(path.join(place.local, 'inner'), path.join(place.folder, 'way-in'));
    fs.writeFileSync(path.join(place.folder, 'file'), '');
    fs.mkdirSync(path.join(place.folder, 'secret'), { mode: 0o000 });
    await runJson(place, ['location', 'add', place.local, '--id', 'first']);
    const rows: readonly (readonly [string, readonly string[], number, string, RegExp])[] = [
      [place.local, [], 5, 'LOCATION_EXISTS', /is already the location/],
      [path.join(place.local, 'inner'), [], 5, 'LOCATION_NESTED', /lies inside/],
      [path.join(place.folder, 'way-in'), [], 5, 'LOCATION_NESTED', /lies inside/],
      [place.folder, [], 5, 'LOCATION_NESTED', /lies inside/],
      [place.appData, [], 5, 'LOCATION_NESTED', /own data/],
      [path.join(place.folder, 'missing'), [], 4, 'FILE_NOT_FOUND', /does not exist/],
      [path.join(place.folder, 'file'), [], 7, 'LOCATION_OFFLINE', /is a file, not a folder/],
      [path.join(place.folder, 'other'), ['--id', 'first'], 5, 'LOCATION_EXISTS', /already is a location called/],
      [path.join(place.folder, 'other'), ['--id', 'NOT OK'], 2, 'INVALID_INPUT', /id/],
    ];
    for (const [folder, more, status, code, sentence] of rows) {
      const result = await run(place, ['location', 'add', folder, ...more, '--json']);
      assert.equal(result.status, status, `${folder}: ${result.stderr}`);
      assert.equal(errorOf(result).code, code);
      assert.match(errorOf(result).message, sentence);
    }
    assert.deepEqual(
      (await list(place)).map(({ id }) => id),
      ['first'],
    );
  });

  test('a folder that this user may not read is refused, and says whose permission is missing', {
    skip: !isRoot && 'needs root to become another user',
  }, async (t) => {
    const place = bare(t);
    fs.mkdirSync(path.join(place.folder, 'secret'), { mode: 0o700 });
    fs.chmodSync(place.folder, 0o755);
    fs.mkdirSync(place.appData);
    fs.chownSync(place.appData, nobody, nobody);
    const refused = await run(place, ['location', 'add', path.join(place.folder, 'secret'), '--json'], { uid: nobody });
    assert.equal(refused.status, 6, refused.stderr);
    assert.equal(errorOf(refused).code, 'ACCESS_DENIED');
    assert.match(errorOf(refused).message, /may not be read by this user/);
  });

  test('a location from the environment is changed there and nowhere else', async (t) => {
    const place = makePlace(t);
    for (const args of [
      ['location', 'remove', 'local'],
      ['location', 'edit', 'local', '--name', 'x'],
    ]) {
      const refused = await run(place, [...args, '--json']);
      assert.deepEqual([refused.status, errorOf(refused).code], [5, 'LOCATION_MANAGED']);
      assert.match(errorOf(refused).message, /defined in the environment/);
    }
  });

  test('roots that overlap are refused before anything is opened', async (t) => {
    const place = makePlace(t);
    const inner = path.join(place.local, 'inner');
    fs.mkdirSync(inner);
    const refused = await run(place, ['index', 'refresh', '--json'], { env: { LAKE_MODELS_ROOT: inner } });
    assert.equal(refused.status, 2);
    assert.match(errorOf(refused).message, /LOCAL_MODELS_ROOT .* contains LAKE_MODELS_ROOT/);
    assert.ok(!fs.existsSync(place.appData));
  });

  test('another root under the same app data starts anew and is not taken for a loss', async (t) => {
    const place = makePlace(t);
    const other = path.join(place.folder, 'other');
    for (let n = 0; n < 20; n += 1) writeFile(place.local, { relPath: `a${n}.pt`, seed: n, size: 10 });
    writeFile(other, { relPath: 'only.pt', seed: 1, size: 10 });
    await runJson(place, ['index', 'refresh']);
    const env = { LOCAL_MODELS_ROOT: other };
    const { locations } = await runJson<{ locations: { id: string; files: number; outcome?: string }[] }>(
      place,
      ['index', 'refresh'],
      { env },
    );
    assert.deepEqual(
      locations.map(({ id, files, outcome }) => [id, files, outcome]),
      [
        ['local', 1, undefined],
        ['lake', 0, undefined],
      ],
    );
    const [local] = await list(place, env);
    assert.deepEqual([local?.index.files, local?.origin], [1, 'environment']);
  });

  test('more than half gone at once waits for a person, and is kept until then', async (t) => {
    const place = makePlace(t);
    for (let n = 0; n < 20; n += 1) writeFile(place.local, { relPath: `dir/a${n}.pt`, seed: n, size: 10 });
    await runJson(place, ['index', 'refresh']);
    for (let n = 0; n < 15; n += 1) fs.unlinkSync(path.join(place.local, `dir/a${n}.pt`));
    const shrunken = await run(place, ['diff', '--json']);
    assert.deepEqual([shrunken.status, errorOf(shrunken).code], [7, 'LOCATION_SHRUNKEN']);
    assert.match(errorOf(shrunken).message, /15 of 20 files are gone/);
    assert.equal((await list(place))[0]?.index.files, 20);
    fs.rmSync(path.join(place.local, 'dir'), { recursive: true });
    const empty = await run(place, ['index', 'refresh', 'local', '--json']);
    assert.deepEqual([empty.status, errorOf(empty).code], [7, 'LOCATION_SHRUNKEN']);
    assert.match(errorOf(empty).message, /is empty now; 20 files were there before/);
    await runJson(place, ['location', 'accept', 'local']);
    const [accepted] = await list(place);
    assert.equal(accepted?.index.files, 0);
    assert.equal((await run(place, ['diff', '--json'])).status, 0);
  });
});
