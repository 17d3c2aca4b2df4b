import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { atEnd, errorOf, makePlace, type Place, run, runJson } from './program.ts';
import { serve, until } from './server.ts';
import { fingerprint, writeFile } from './trees.ts';

const onLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

interface Problem {
  readonly relPath: string;
  readonly code: string;
  readonly message: string;
}

interface Refreshed {
  readonly locations: readonly { readonly id: string; readonly files: number; readonly problems: number }[];
}

const onlyLocal = (place: Place): Place => ({
  ...place,
  env: { LOCAL_MODELS_ROOT: place.local, APP_DATA_DIR: place.appData },
});

async function problemsOf(place: Place): Promise<Record<string, string>> {
  const { problems } = await runJson<{ problems: readonly Problem[] }>(place, ['index', 'problems']);
  for (const { message } of problems) assert.match(message, /^“.+\.$/s);
  return Object.fromEntries(problems.map(({ relPath, code }) => [relPath, code]));
}

async function namesOf(place: Place): Promise<readonly string[]> {
  const { entries } = await runJson<{ entries: readonly { relPath: string }[] }>(place, ['index', 'list', '--all']);
  return entries.map(({ relPath }) => relPath).sort();
}

describe('trees as they are found in the wild', {
  skip: !onLinux && 'needs the file names of Linux',
  concurrency: 2,
}, () => {
  test('links: inside they are followed one level, loops are cut, and nothing outside is ever read', async (t) => {
    const place = onlyLocal(makePlace(t));
    const outside = path.join(place.folder, 'outside');
    writeFile(outside, { relPath: 'secret.pt', seed: 66, size: 66 });
    writeFile(outside, { relPath: 'folder/deep.pt', seed: 67, size: 67 });
    writeFile(place.local, { relPath: 'real/model.pt', seed: 1, size: 10 });
    writeFile(place.local, { relPath: 'real/below/second.pt', seed: 2, size: 20 });
    const links: readonly (readonly [string, string, string | null])[] = [
      ['file-inside.pt', 'real/model.pt', null],
      ['folder-inside', 'real', null],
      ['chain-inside.pt', 'file-inside.pt', null],
      ['up', '..', 'LINK_ESCAPES'],
      ['real/back', '..', 'LINK_LOOP'],
      ['real/here', '.', 'LINK_LOOP'],
      ['real/below/around', '../..', 'LINK_LOOP'],
      ['myself', 'myself', 'LINK_LOOP'],
      ['ping', 'pong', 'LINK_LOOP'],
      ['pong', 'ping', 'LINK_LOOP'],
      ['nowhere.pt', 'does/not/exist', 'LINK_BROKEN'],
      ['out-file.pt', path.join(outside, 'secret.pt'), 'LINK_ESCAPES'],
      ['out-relative.pt', '../outside/secret.pt', 'LINK_ESCAPES'],
      ['out-folder', outside, 'LINK_ESCAPES'],
      ['out-chain.pt', 'out-file.pt', 'LINK_ESCAPES'],
      ['out-through.pt', 'out-folder/folder/deep.pt', 'LINK_ESCAPES'],
      ['out-root', '/', 'LINK_ESCAPES'],
      ['sibling', `${place.local}-but-longer`, 'LINK_ESCAPES'],
    ];
    writeFile(`${place.local}-but-longer`, { relPath: 'x.pt', seed: 3, size: 3 });
    for (const [name, target] of links) fs.symlinkSync(target, path.join(place.local, name));
    const before = [fingerprint(place.local), fingerprint(outside)];

    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh']);
    const found = await problemsOf(place);
    for (const [name, , code] of links) if (code !== null) assert.equal(found[name], code, name);
    const inside = ['chain-inside.pt', 'file-inside.pt', 'folder-inside/below/second.pt', 'folder-inside/model.pt'];
    assert.deepEqual(await namesOf(place), [...inside, 'real/below/second.pt', 'real/model.pt']);
    assert.equal(locations[0]?.files, 6);
    const hashed = await runJson<{ hashed: number; failed: unknown[] }>(place, ['hash']);
    assert.deepEqual([hashed.hashed, hashed.failed], [6, []]);
    assert.deepEqual([fingerprint(place.local), fingerprint(outside)], before);
  });

  test('a folder that is replaced by a link to the outside after the scan is not hashed', async (t) => {
    const place = onlyLocal(makePlace(t));
    const secret = writeFile(path.join(place.folder, 'outside'), { relPath: 'model.pt', seed: 5, size: 500 });
    writeFile(place.local, { relPath: 'folder/model.pt', seed: 5, size: 500 });
    await runJson(place, ['index', 'refresh']);
    fs.rmSync(path.join(place.local, 'folder'), { recursive: true });
    fs.symlinkSync(path.dirname(secret), path.join(place.local, 'folder'));
    const { failed, hashed } = await runJson<{ hashed: number; failed: Problem[] }>(place, ['hash'], { status: 3 });
    assert.deepEqual([hashed, failed.map(({ code }) => code)], [0, ['LINK_ESCAPES']]);
  });

  test('names: not valid Unicode, as long as can be, and full of characters that mean something elsewhere', async (t) => {
    const place = makePlace(t);
    const odd = [
      'new\nline.pt',
      'tab\t.pt',
      'back\\slash.pt',
      '-rf',
      ' spaces ',
      '#a?b%20c&d.pt',
      '"quoted\'.pt',
      '$(touch x).pt',
      'CON',
      'nul.txt',
      'trailing.',
      'a:b.pt',
      'star*?.pt',
      'emoji😀.pt',
      '\u202Eltr.pt',
      'e\u0301.pt',
      'é.pt',
      'İ.pt',
      '\uFEFFbom.pt',
      '__proto__',
      'constructor',
      'x'.repeat(255),
      '水'.repeat(85),
      'zero.bin',
      '\uFFFD legal.pt',
    ];
    for (const root of [place.local, place.lake]) {
      for (const [n, name] of odd.entries()) {
        writeFile(root, { relPath: `files/${name}`, seed: n, size: name === 'zero.bin' ? 0 : n + 1 });
        writeFile(root, { relPath: `folders/${name}/inside.pt`, seed: n, size: n + 50 });
      }
    }
    const bad = (name: number[]) => Buffer.concat([Buffer.from(`${place.local}/files/`), Buffer.from(name)]);
    fs.writeFileSync(bad([0x62, 0xff, 0x2e, 0x70, 0x74]), 'not Unicode');
    fs.mkdirSync(bad([0xfe, 0xfe]));
    fs.writeFileSync(bad([0xfe, 0xfe, 0x2f, 0x61]), 'below');
    // Reads like the legal name above when its bytes are not looked at.
    fs.writeFileSync(bad([0xff, ...Buffer.from(' legal.pt')]), 'another');
    const before = fingerprint(place.local);

    const diff = await runJson<{ problems: Problem[]; entries: { relPath: string; state: string }[] }>(
      place,
      ['diff', '--hash', '--entries'],
      { status: 3 },
    );
    const expected = odd.flatMap((name) => [`files/${name}`, `folders/${name}/inside.pt`]).sort();
    assert.deepEqual(diff.entries.map(({ relPath }) => relPath).sort(), expected);
    assert.deepEqual(
      diff.entries.filter(({ state }) => state !== 'same-verified'),
      [],
    );
    assert.deepEqual(diff.problems.map(({ relPath, code }) => [relPath, code]).sort(), [
      ['files/b\uFFFD(ff).pt', 'NAME_NOT_UTF8'],
      ['files/\uFFFD(fe)\uFFFD(fe)', 'NAME_NOT_UTF8'],
      ['files/\uFFFD(ff) legal.pt', 'NAME_NOT_UTF8'],
    ]);
    assert.equal(fingerprint(place.local), before);
  });

  test('folders so deep that their path is too long for the system', async (t) => {
    const place = onlyLocal(makePlace(t));
    writeFile(place.local, { relPath: 'aaa/fine.pt', seed: 1, size: 1 });
    writeFile(place.local, { relPath: 'zzz/fine.pt', seed: 1, size: 1 });
    atEnd(t, () => void spawnSync('rm', ['-rf', place.local]));
    const dig = `const fs = require('fs'); for (let n = 0; n < 25; n += 1) { const d = 'd'.repeat(200); fs.mkdirSync(d); process.chdir(d); fs.writeFileSync('m' + n, 'x'); }`;
    assert.equal(spawnSync(process.execPath, ['-e', dig], { cwd: place.local }).status, 0);
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh'], { status: 3 });
    assert.ok(locations[0]!.files > 15);
    const found = await problemsOf(place);
    assert.deepEqual(new Set(Object.values(found)), new Set(['NAME_TOO_LONG']));
    assert.ok((await namesOf(place)).includes('zzz/fine.pt'));
  });

  test('pipes, sockets and devices are listed as left out, and nothing waits for them', async (t) => {
    const place = onlyLocal(makePlace(t));
    writeFile(place.local, { relPath: 'model.pt', seed: 1, size: 1 });
    const expected: Record<string, string> = {
      pipe: 'SPECIAL_FILE',
      socket: 'SPECIAL_FILE',
      'link-to-pipe': 'SPECIAL_FILE',
    };
    assert.equal(spawnSync('mkfifo', [path.join(place.local, 'pipe')]).status, 0);
    const socket = createServer().listen(path.join(place.local, 'socket'));
    atEnd(t, () => void socket.close());
    await new Promise((resolve) => socket.once('listening', resolve));
    fs.symlinkSync('pipe', path.join(place.local, 'link-to-pipe'));
    if (isRoot && spawnSync('mknod', [path.join(place.local, 'null'), 'c', '1', '3']).status === 0)
      expected.null = 'SPECIAL_FILE';
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh']);
    assert.equal(locations[0]?.files, 1);
    assert.deepEqual(await problemsOf(place), expected);
    const hashed = await run(place, ['hash', path.join(place.local, 'pipe'), '--json']);
    assert.deepEqual([hashed.status, errorOf(hashed).code], [10, 'SPECIAL_FILE']);
  });

  test('what this user may not read is a problem with its path; the root itself is offline', {
    skip: !isRoot && 'needs root to become another user',
  }, async (t) => {
    const place = onlyLocal(makePlace(t));
    writeFile(place.local, { relPath: 'open/a.pt', seed: 1, size: 1 });
    writeFile(place.local, { relPath: 'closed/b.pt', seed: 2, size: 2 });
    const c = writeFile(place.local, { relPath: 'open/unreadable.pt', seed: 3, size: 3 });
    fs.chmodSync(place.folder, 0o755);
    fs.mkdirSync(place.appData);
    fs.chownSync(place.appData, nobody, nobody);
    fs.chmodSync(path.join(place.local, 'closed'), 0o700);
    fs.chmodSync(c, 0o600);
    const { locations } = await runJson<Refreshed>(place, ['index', 'refresh'], { uid: nobody, status: 3 });
    assert.deepEqual([locations[0]?.files, locations[0]?.problems], [2, 1]);
    const { problems } = await runJson<{ problems: Problem[] }>(place, ['index', 'problems'], { uid: nobody });
    assert.deepEqual(
      problems.map(({ relPath, code }) => [relPath, code]),
      [['closed', 'ACCESS_DENIED']],
    );
    const { failed } = await runJson<{ failed: Problem[] }>(place, ['hash'], { uid: nobody, status: 3 });
    assert.deepEqual(
      failed.map(({ relPath, code }) => [relPath, code]),
      [['open/unreadable.pt', 'ACCESS_DENIED']],
    );

    fs.chmodSync(place.local, 0o700);
    const closed = await run(place, ['index', 'refresh', '--json'], { uid: nobody });
    assert.equal(closed.status, 7);
    assert.match(errorOf(closed).message, /may not be read by this user/);
    const { locations: kept } = await runJson<{ locations: { files: number; state: { reason: string } }[] }>(
      place,
      ['index', 'status'],
      { uid: nobody },
    );
    assert.equal(kept[0]?.files, 2);
  });

  test('a file that changes while it is being hashed gets no hash', async (t) => {
    const place = onlyLocal(makePlace(t));
    const file = writeFile(place.local, { relPath: 'growing.gguf', seed: 1, size: 1 });
    writeFile(place.local, { relPath: 'still.gguf', seed: 2, size: 2 });
    fs.truncateSync(file, 2 * 1024 ** 3);
    const server = await serve(t, place);
    await server.api.refreshIndex({ wait: true });
    const hashing = server.api.hash({ scope: { kind: 'location', location: 'local', folder: '' }, wait: true });
    await until(
      'bytes are read',
      () => server.api.hashStatus({}),
      ({ bytesDone }) => bytesDone > 1000,
    );
    fs.appendFileSync(file, 'more');
    const { failed, hashed } = await hashing;
    assert.deepEqual(
      [hashed, failed.map(({ relPath, code }) => [relPath, code])],
      [1, [['growing.gguf', 'FILE_CHANGED']]],
    );
    const { entries } = await server.api.listEntries({ location: 'local' });
    assert.deepEqual(entries.map(({ relPath, hash }) => [relPath, hash]).sort(), [
      ['growing.gguf', 'failed'],
      ['still.gguf', 'known'],
    ]);
  });
});
