import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Api } from '../../src/contract/api.ts';
import { type Cleanup, makePlace, type Place, runJson } from './program.ts';
import { serve } from './server.ts';
import { fingerprint, writeFile } from './trees.ts';

const isWindows = process.platform === 'win32';

/** An opener that writes down what it was asked to open. */
function fakeOpener(place: Place, exitStatus = 0): { readonly env: Record<string, string>; opened(): string } {
  const bin = path.join(place.folder, 'bin');
  const log = path.join(place.folder, 'opened.txt');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s|%s' "$#" "$1" > '${log}'\nexit ${exitStatus}\n`, {
    mode: 0o755,
  });
  fs.writeFileSync(path.join(bin, 'gio'), '#!/bin/sh\nexit 2\n', { mode: 0o755 });
  return {
    env: { PATH: `${bin}:${process.env.PATH}`, DISPLAY: ':99', WAYLAND_DISPLAY: '' },
    opened: () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : ''),
  };
}

/** No location configured. */
function bare(t: Cleanup): Place {
  const place = makePlace(t);
  return { ...place, env: { APP_DATA_DIR: place.appData } };
}

async function refused(code: string, call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => assert.fail(`was not refused with ${code}`),
    (thrown: Error & { code?: string }) => thrown,
  );
  assert.equal(error.code, code, error.message);
  return error.message;
}

describe('opening a folder in the file manager', { skip: isWindows && 'uses xdg-open', concurrency: 2 }, () => {
  const strange = 'loras/$(touch pwned) ; `x` "y"/a b.safetensors';

  test('opens the folder of a file, whatever its name, as one argument and without a shell', async (t) => {
    const place = makePlace(t);
    const opener = fakeOpener(place);
    writeFile(place.local, { relPath: strange, seed: 1, size: 10 });
    const { api } = await serve(t, place, { env: opener.env });
    const { opened } = await api.openFolder({ location: 'local', relPath: strange });
    assert.equal(opened, path.join(place.local, path.dirname(strange)));
    assert.equal(opener.opened(), `1|${opened}`);
    await api.openFolder({ location: 'local', relPath: '' });
    assert.equal(opener.opened(), `1|${place.local}`);
  });

  test('refuses what is outside, gone or unknown, and asks nothing of the desktop', async (t) => {
    const place = makePlace(t);
    const opener = fakeOpener(place);
    fs.symlinkSync('/etc', path.join(place.local, 'out'));
    const { api } = await serve(t, place, { env: opener.env });
    await refused('INVALID_PATH', api.openFolder({ location: 'local', relPath: '../lake/x' }));
    await refused('INVALID_PATH', api.openFolder({ location: 'local', relPath: '/etc/passwd' }));
    await refused('LINK_ESCAPES', api.openFolder({ location: 'local', relPath: 'out/passwd' }));
    await refused('FILE_NOT_FOUND', api.openFolder({ location: 'local', relPath: 'loras/gone.pt' }));
    await refused('LOCATION_NOT_FOUND', api.openFolder({ location: 'nas', relPath: '' }));
    assert.equal(opener.opened(), '');
  });

  test('says so where there is no desktop, and where the opener fails', async (t) => {
    const place = makePlace(t);
    const { api } = await serve(t, place, { env: { DISPLAY: '', WAYLAND_DISPLAY: '' } });
    const sentence = await refused('UNSUPPORTED', api.openFolder({ location: 'local', relPath: '' }));
    assert.match(sentence, /was not opened\. This machine has no desktop/);
    const other = makePlace(t);
    const failing = await serve(t, other, { env: fakeOpener(other, 4).env });
    await refused('UNSUPPORTED', failing.api.openFolder({ location: 'local', relPath: '' }));
  });
});

describe('choosing folders', { concurrency: 2 }, () => {
  test('lists folders with the way back, and says what is wrong with a path', async (t) => {
    const place = makePlace(t);
    fs.mkdirSync(path.join(place.folder, 'ComfyUI', 'models', 'checkpoints'), { recursive: true });
    fs.mkdirSync(path.join(place.folder, 'ComfyUI', 'models', 'loras'));
    fs.writeFileSync(path.join(place.folder, 'ComfyUI', 'main.py'), '');
    const { api } = await serve(t, place);
    const { path: at, parent, crumbs, folders } = await api.listFolders({ path: `${place.folder}/./local/..` });
    assert.deepEqual([at, parent], [place.folder, path.dirname(place.folder)]);
    assert.equal(crumbs.at(-1)?.path, place.folder);
    const install = folders.find(({ name }) => name === 'ComfyUI');
    assert.deepEqual([install?.looks, install?.modelsPath], ['comfyui', path.join(place.folder, 'ComfyUI', 'models')]);
    await refused('INVALID_PATH', api.listFolders({ path: 'models' }));
    await refused('FILE_NOT_FOUND', api.listFolders({ path: path.join(place.folder, 'nowhere') }));
    assert.ok(
      (await api.listPlaces({})).places.some(({ kind, path: home }) => kind === 'home' && home === place.folder),
    );
  });

  test('finds an install below the home folder and proposes it', async (t) => {
    const place = bare(t);
    const models = path.join(place.folder, 'AI', 'ComfyUI', 'models');
    for (const name of ['checkpoints', 'loras', 'vae']) fs.mkdirSync(path.join(models, name), { recursive: true });
    fs.writeFileSync(path.join(place.folder, 'AI', 'ComfyUI', 'main.py'), '');
    writeFile(models, { relPath: 'loras/a.safetensors', seed: 1, size: 10 });
    const before = fingerprint(models);
    const found = await runJson<Awaited<ReturnType<Api['discoverFolders']>>>(place, ['location', 'discover']);
    const mine = found.candidates.find(({ path: at }) => at === models);
    assert.deepEqual([mine?.looks, mine?.modelFiles, mine?.isPartial], ['comfyui', 1, false]);
    assert.equal(fingerprint(models), before);
  });
});

describe('the first run', { concurrency: 2 }, () => {
  const demo = ['--port', '0', '--no-open', '--demo-when-empty'];

  test('takes two folders in the place of the demo library, for good', async (t) => {
    const place = bare(t);
    const first = await serve(t, place, { args: demo, env: { TMPDIR: place.folder } });
    const origins = async () => (await first.api.listLocations({})).locations.map(({ id, origin }) => [id, origin]);
    assert.deepEqual(await origins(), [
      ['local', 'demo'],
      ['lake', 'demo'],
    ]);
    await refused('FILE_NOT_FOUND', first.api.setUpLocations({ local: place.local, lake: `${place.lake}-gone` }));
    await refused('LOCATION_NESTED', first.api.setUpLocations({ local: place.local, lake: place.local }));
    assert.equal((await origins())[0]?.[1], 'demo', 'nothing was taken from a choice that failed');
    const { locations } = await first.api.setUpLocations({ local: place.local, lake: place.lake });
    assert.deepEqual(
      locations.map(({ id, name, path: at, state }) => [id, name, at, state.kind]),
      [
        ['local', 'Local', place.local, 'online'],
        ['lake', 'Lake', place.lake, 'online'],
      ],
    );
    await refused('LOCATION_EXISTS', first.api.setUpLocations({ local: place.local }));
    await first.stop();
    const second = await serve(t, place, { args: demo, env: { TMPDIR: place.folder } });
    assert.deepEqual(
      (await second.api.listLocations({})).locations.map(({ id, origin }) => [id, origin]),
      [
        ['local', 'user'],
        ['lake', 'user'],
      ],
    );
  });

  test('opens the demo library where there is nothing, and only there', async (t) => {
    const place = bare(t);
    const { api } = await serve(t, place, { env: { TMPDIR: place.folder } });
    assert.deepEqual((await api.listLocations({})).locations, []);
    const { locations } = await api.openDemo({});
    assert.deepEqual(
      locations.map(({ id, origin, state }) => [id, origin, state.kind]),
      [
        ['local', 'demo', 'online'],
        ['lake', 'demo', 'online'],
      ],
    );
    await refused('LOCATION_EXISTS', api.openDemo({}));
  });
});

test('a location can be pointed at another folder, which is then read anew', async (t) => {
  const place = bare(t);
  writeFile(place.local, { relPath: 'a.pt', seed: 1, size: 10 });
  writeFile(place.lake, { relPath: 'b.pt', seed: 2, size: 20 });
  const { api } = await serve(t, place);
  await api.addLocation({ path: place.local, id: 'mine' });
  await api.refreshIndex({ wait: true });
  await refused('FILE_NOT_FOUND', api.editLocation({ id: 'mine', path: `${place.local}-gone` }));
  const moved = await api.editLocation({ id: 'mine', path: place.lake, name: 'Moved' });
  assert.deepEqual([moved.path, moved.name, moved.index.files], [place.lake, 'Moved', 0]);
  await api.refreshIndex({ wait: true });
  const { entries } = await api.listEntries({ location: 'mine' });
  assert.deepEqual(
    entries.map(({ relPath }) => relPath),
    ['b.pt'],
  );
  await api.addLocation({ path: place.local, id: 'other' });
  await refused('LOCATION_EXISTS', api.editLocation({ id: 'other', path: place.lake }));
});
